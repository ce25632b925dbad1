//! The command line: `karte <command>`.
//!
//! Each command is a file with its arguments and one function. What a command produces goes to standard output, what it
//! has to say to standard error; the exit code is 0, 1 for "no" (an invalid document, a failed start), 2 for wrong usage.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::LogFormat;

mod claims;
mod demo;
mod fee;
mod fhir;
mod masters;
mod migrate;
mod serve;

#[derive(Debug, Parser)]
#[command(name = "karte", version, about = "標準カルテ — 診療所のための標準型電子カルテ・レセプトコンピュータ", long_about = None)]
struct Karte {
    #[command(subcommand)]
    command: Command,

    /// ログの形式 (既定: 端末では pretty、それ以外では json)
    #[arg(long, env = "KARTE_LOG_FORMAT", value_enum, global = true)]
    log_format: Option<LogFormat>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// サーバーを起動する
    Serve(serve::Arguments),
    /// データベースのスキーマを最新にする (serve も起動時に行う)
    Migrate(migrate::Arguments),
    /// デモ用の架空の診療所2つと患者100人を作る
    Demo(demo::Arguments),
    /// 診療報酬の計算 (JSON Lines を標準入力から読み、標準出力へ書く)
    Fee(fee::Arguments),
    /// レセプトファイル (UKE) を読み、マスターから計算し直す
    Claims(claims::Arguments),
    /// 情報共有の文書 (FHIR)
    Fhir(fhir::Arguments),
    /// 全国マスター
    Masters(masters::Arguments),
}

/// Why a command failed, for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl<E: std::fmt::Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// What a command returns.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// Reads the arguments and does what they say.
pub async fn run() -> ExitCode {
    let karte = Karte::parse();
    crate::telemetry::init(karte.log_format);
    let outcome = match karte.command {
        Command::Serve(arguments) => serve::run(arguments).await,
        Command::Migrate(arguments) => migrate::run(arguments).await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Fee(arguments) => fee::run(arguments),
        Command::Claims(arguments) => claims::run(arguments),
        Command::Fhir(arguments) => fhir::run(arguments),
        Command::Masters(arguments) => masters::run(arguments).await,
    };
    outcome.unwrap_or_else(|Failure(message)| {
        eprintln!("karte: {message}");
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Karte::command().debug_assert();
    }
}
