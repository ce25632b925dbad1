//! `karte masters`: looks into the national masters, those the program carries, a folder of official files or a database;
//! and imports official files into the database.

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
use crate::{config::Storage, database::Database};

mod import;

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
    /// 取り込み済みの版を一覧する (--data か DATABASE_URL があればそのデータベース、なければ同梱のマスター)
    Editions {
        /// 1件1行のJSONで出力する
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        place: Place,
    },
    /// 公式マスターファイルを取り込み、適用する (全部か、まったくしないか)
    Import(import::Import),
    /// 適用したファイルを取り消す
    Withdraw(import::Withdraw),
}

/// A database, if one is named.
#[derive(Debug, Args)]
struct Place {
    /// データディレクトリ
    #[arg(long, env = "KARTE_DATA", value_name = "DIR")]
    data: Option<PathBuf>,

    /// 既存の PostgreSQL を使う場合の URL
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
}

impl Place {
    /// The masters of the database, if one is named.
    async fn load(self) -> Result<Option<Arc<Snapshot>>, Failure> {
        if self.data.is_none() && self.database_url.is_none() {
            return Ok(None);
        }
        let storage = Storage { data: self.data.unwrap_or_default(), database_url: self.database_url };
        let database = Database::join(&storage).await?;
        let loaded = from_database(&database).await;
        database.close().await;
        loaded.map(Some)
    }
}

async fn from_database(database: &Database) -> Result<Arc<Snapshot>, Failure> {
    clinic::db::migrate(database.options()).await?;
    let pool = clinic::db::pool(database.options().clone(), 3).await?;
    let loaded = clinic::masters::load(&pool).await;
    pool.close().await;
    loaded.map(|(_, masters)| masters).map_err(|error| Failure::from(error.into_app("command line")))
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    match arguments.what {
        What::Import(arguments) => import::import(arguments).await,
        What::Withdraw(arguments) => import::withdraw(arguments).await,
        What::Search { kind, query, on, limit, json, source } => {
            let mut out = io::stdout().lock();
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
        What::Editions { json, source, place } => {
            let stored = if source.masters.is_none() { place.load().await? } else { None };
            let masters = stored.map_or_else(|| source.load(), Ok)?;
            let mut out = io::stdout().lock();
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
