//! `karte fee` and `karte fee copay`: JSON in, JSON out, one line for each request and in their order.
//!
//! A request that cannot be calculated gives a line `{"error":{"path","message"}}` in its place, so that the lines of
//! answers stay beside those of the requests, and the exit code 1.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use ::fee::{Engine, FeeError, json};
use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::{Outcome, masters::Source};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// その日に有効な点数表・規則で計算する (改定の比較; 年齢・曜日・履歴は診療日のまま)
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 月ごとの患者負担 (保険・公費・高額療養費) を計算する
    Copay,
}

pub(super) fn run(arguments: Arguments) -> Outcome {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let lines = match arguments.what {
        Some(What::Copay) => json::copay_lines(&input),
        None => json::fee_lines_as_of(&input, &Engine, &*arguments.source.load()?, arguments.as_of),
    };
    write(&lines, &mut io::stdout().lock())
}

fn write(lines: &[Result<String, FeeError>], out: &mut impl Write) -> Outcome {
    for line in lines {
        match line {
            Ok(answer) => writeln!(out, "{answer}")?,
            Err(error) => {
                let said = serde_json::json!({ "error": { "path": error.path(), "message": error.to_string() } });
                writeln!(out, "{said}")?;
            }
        }
    }
    let all_good = lines.iter().all(Result::is_ok);
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
