//! `karte fhir validate FILE…`: checks documents against the national profiles; exit code 1 when one has an error.

use std::{io, path::PathBuf, process::ExitCode};

use ::fhir::Version;
use clap::{Args, Subcommand};

use super::Outcome;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// FHIR文書 (JSON) を電子カルテ情報共有サービスのプロファイルで検証する
    Validate {
        /// 検証するファイル
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// 結果を OperationOutcome (1ファイル1行のJSON) で出力する
        #[arg(long)]
        json: bool,
        /// プロファイルの版 (1.5.2 または 1.11)
        #[arg(long, value_name = "VERSION", default_value_t)]
        profiles: Version,
    },
}

pub(super) fn run(arguments: Arguments) -> Outcome {
    let What::Validate { files, json, profiles } = arguments.what;
    let all_good = ::fhir::cli::validate_files_as(&files, profiles, json, &mut io::stdout().lock())?;
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
