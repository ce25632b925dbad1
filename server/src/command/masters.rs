//! `karte masters`: looks into the national masters, those the program carries or a folder of official files.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use ::masters::Snapshot;
use chrono::{NaiveDate, Utc};
use clap::{Args, Subcommand, builder::PossibleValuesParser};
use model::{date, master::MasterKind};

use super::{Failure, Outcome};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

/// Which masters.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// 公式マスターファイルのディレクトリ (既定: 同梱のマスター)
    #[arg(long, value_name = "DIR")]
    masters: Option<PathBuf>,
}

impl Source {
    /// Loads them.
    pub(super) fn load(&self) -> Result<Arc<Snapshot>, Failure> {
        match &self.masters {
            None => Ok(Snapshot::starter()),
            Some(folder) => Ok(Arc::new(Snapshot::load_dir(folder)?)),
        }
    }
}

#[derive(Debug, Subcommand)]
enum What {
    /// マスターを検索する (コード・名称・読み・ローマ字)
    Search {
        /// マスターの種類
        #[arg(value_parser = PossibleValuesParser::new(MasterKind::ALL.map(MasterKind::as_str)))]
        kind: String,
        /// 検索する語
        query: String,
        /// 診療日 (既定: 今日)
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<NaiveDate>,
        /// 最大件数
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
        /// 1件1行のJSONで出力する
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        source: Source,
    },
    /// 取り込み済みの版を一覧する
    Editions {
        /// 1件1行のJSONで出力する
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        source: Source,
    },
}

pub(super) fn run(arguments: Arguments) -> Outcome {
    let mut out = io::stdout().lock();
    match arguments.what {
        What::Search { kind, query, on, limit, json, source } => {
            let masters = source.load()?;
            let kind = MasterKind::parse(&kind).ok_or_else(|| Failure::from("マスターの種類が正しくありません"))?;
            let on = on.unwrap_or_else(|| date::day_of(Utc::now()));
            let hits = masters.search(kind, &query, on, limit, &masters::search::House::nothing());
            for hit in &hits {
                if json {
                    writeln!(out, "{}", serde_json::to_string(hit)?)?;
                    continue;
                }
                let estimate = if hit.estimated { " (推定)" } else { "" };
                writeln!(out, "{}\t{}\t{}{estimate}\t{}\t{}", hit.code, hit.whole_name(), hit.figure, hit.detail, hit.warning)?;
            }
            // As grep does: nothing found is a "no".
            Ok(if hits.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
        What::Editions { json, source } => {
            let masters = source.load()?;
            for edition in masters.editions() {
                if json {
                    writeln!(out, "{}", serde_json::to_string(edition)?)?;
                    continue;
                }
                let (kind, name, rows) = (edition.kind.as_str(), &edition.name, edition.rows);
                writeln!(out, "{kind}\t{name}\t{rows}行 (推定 {})\t{}\t{}", edition.estimated, edition.file, edition.sha256)?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
