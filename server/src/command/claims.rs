//! `karte claims replay FILE`: recomputes the receipts of a claim file (UKE) from the masters of their month.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use ::claims::{
    replay::{self, Replayed},
    uke::ClaimFile,
};
use clap::{Args, Subcommand};

use super::{Failure, Outcome, masters::Source};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// レセプトファイル (医科、UKE) の点数を、診療月のマスターで計算し直して比べる
    Replay {
        /// レセプトファイル
        #[arg(value_name = "FILE.uke")]
        file: PathBuf,
        /// 1レセプト1行のJSONで出力する
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        source: Source,
    },
}

/// A month of a large hospital has some 100 MB; more is no claim file.
const LIMIT: u64 = 512 * 1024 * 1024;

pub(super) fn run(arguments: Arguments) -> Outcome {
    let What::Replay { file, json, source } = arguments.what;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unreadable = |cause: &dyn std::fmt::Display| Failure::from(format!("{}: 読み込めません（{cause}）", file.display()));
    if file.metadata().map_err(|error| unreadable(&error))?.len() > LIMIT {
        return Err(unreadable(&"大きすぎます"));
    }
    let bytes = std::fs::read(&file).map_err(|error| unreadable(&error))?;
    let claims = ClaimFile::read(&name, &bytes)?;
    let tables = source.load()?;
    let replayed: Vec<Replayed> = claims.receipts().iter().map(|receipt| replay::replay(&*tables, receipt)).collect();
    let mut out = io::stdout().lock();
    if json {
        for receipt in &replayed {
            writeln!(out, "{}", serde_json::to_string(receipt)?)?;
        }
    } else {
        write!(out, "{}", replay::table(&replayed))?;
    }
    // A total that was not recomputed is a "no".
    Ok(if replayed.iter().all(Replayed::agrees) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
