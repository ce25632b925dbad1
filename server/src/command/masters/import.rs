//! `karte masters import` and `withdraw`: the official files into the database, beside running servers or without one.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::Utc;
use clap::Args;
use clinic::masters::{self, Checked, Owner};
use model::{
    edition::{KindPreview, Refusal},
    ids::EditionId,
    money::grouped,
};
use sqlx::{Connection, PgConnection};

use super::super::{Failure, Outcome};
use crate::{config::Storage, database::Database, http::limit::FILE_LIMIT};

/// Reading needs two lines at a time and one for the number of the state.
const CONNECTIONS: u32 = 3;

/// Endings of files that are looked at in a folder.
const ENDINGS: [&str; 5] = ["csv", "txt", "zip", "xlsx", "fsh"];

#[derive(Debug, Args)]
pub(super) struct Import {
    /// 公表されたままのファイル (zip、csv、txt、xlsx)、またはそれらのあるディレクトリ
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 適用済みの版より古いファイルを、過去の版として加える
    #[arg(long)]
    past: bool,
    /// 何が変わるかを表示するだけで、適用しない
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
pub(super) struct Withdraw {
    /// 取り消す版のID (import の出力にある)
    #[arg(value_name = "ID")]
    edition: EditionId,
    /// 何が変わるかを表示するだけで、取り消さない
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    storage: Storage,
}

/// Applies files, all or none.
pub(super) async fn import(arguments: Import) -> Outcome {
    let mut files = Vec::new();
    for found in found(&arguments.paths)? {
        match read(&found).await? {
            Ok(Some(file)) => files.push(file),
            Ok(None) => {}
            Err(refusal) => return refused(&refusal),
        }
    }
    if files.is_empty() {
        return Err(Failure::from("マスターのファイルがありません"));
    }
    eprintln!("{}個のファイルから表を作っています…", files.len());
    at_work(&arguments.storage, arguments.dry_run, Work::Import(files, arguments.past)).await
}

/// Withdraws a file.
pub(super) async fn withdraw(arguments: Withdraw) -> Outcome {
    at_work(&arguments.storage, arguments.dry_run, Work::Withdraw(arguments.edition)).await
}

enum Work {
    Import(Vec<Checked>, bool),
    Withdraw(EditionId),
}

async fn at_work(storage: &Storage, dry_run: bool, work: Work) -> Outcome {
    let database = Database::join(storage).await?;
    let done = with_database(&database, dry_run, work).await;
    database.close().await;
    match done? {
        Ok(outcome) => {
            print(&outcome, dry_run)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => refused(&refusal),
    }
}

async fn with_database(database: &Database, dry_run: bool, work: Work) -> Result<Result<masters::Outcome, Refusal>, Failure> {
    clinic::db::migrate(database.options()).await?;
    let pool = clinic::db::pool(database.options().clone(), CONNECTIONS).await?;
    let mut connection = PgConnection::connect_with(database.options()).await?;
    let mut owner = Owner { pool: &pool, connection: &mut connection, now: Utc::now(), dry_run };
    let done = match work {
        Work::Import(files, past) => owner.import(files, past).await,
        Work::Withdraw(edition) => owner.withdraw(edition).await,
    };
    connection.close().await?;
    pool.close().await;
    done.map_err(|error| Failure::from(error.into_app("command line")))
}

/// A file to be read, and whether it was named itself.
struct Found {
    path: PathBuf,
    named: bool,
}

/// Files as named, and those that lie in folders or below them, by name.
fn found(paths: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, &mut files)?;
        } else if path.exists() {
            files.push(Found { path: path.clone(), named: true });
        } else {
            return Err(Failure::from(format!("{}: ありません", path.display())));
        }
    }
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<Found>) -> Result<(), Failure> {
    let mut entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    for path in entries {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        if path.is_dir() {
            walk(&path, files)?;
        } else if ENDINGS.contains(&ending.as_str()) {
            files.push(Found { path, named: false });
        }
    }
    Ok(())
}

/// Reads one file. What lies in a folder and is no master is passed over; what is one must be in order.
async fn read(found: &Found) -> Result<Result<Option<Checked>, Refusal>, Failure> {
    let name = found.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let path = |error: io::Error| Failure::from(format!("{}: {error}", found.path.display()));
    if found.path.metadata().map_err(path)?.len() > FILE_LIMIT as u64 {
        let message = format!("{name}: 大きすぎます（上限 {FILE_LIMIT} バイト）");
        return Ok(Err(Refusal { code: "too_large".into(), line: None, column: None, message }));
    }
    let content = fs::read(&found.path).map_err(path)?;
    let checked = masters::check(name.clone(), content).await.map_err(|error| Failure::from(error.into_app("command line")))?;
    match checked.found() {
        Ok(tables) => {
            let editions: Vec<&str> = tables.iter().map(|table| table.edition.as_str()).collect();
            eprintln!("読込 {name}: {}", editions.join("、"));
        }
        Err(refusal) if !found.named && refusal.code == "kind" => {
            eprintln!("対象外 {name}");
            return Ok(Ok(None));
        }
        Err(refusal) => return Ok(Err(refusal.clone())),
    }
    Ok(Ok(Some(checked)))
}

fn refused(refusal: &Refusal) -> Outcome {
    eprintln!("取り込めません: {}", refusal.message);
    eprintln!("何も変更していません。");
    Ok(ExitCode::FAILURE)
}

fn print(outcome: &masters::Outcome, dry_run: bool) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    for file in &outcome.known {
        writeln!(out, "適用済み\t{file}")?;
    }
    for kind in &outcome.kinds {
        writeln!(out, "{}", summary(kind))?;
    }
    for (id, file) in &outcome.files {
        let done = if dry_run { "対象" } else { "完了" };
        writeln!(out, "{done}\t{id}\t{file}")?;
    }
    match (outcome.files.is_empty(), dry_run) {
        (true, _) => eprintln!("変わるものはありません。"),
        (false, true) => eprintln!("適用していません（--dry-run）。"),
        (false, false) => eprintln!("{}件のファイルを反映しました（状態 {}）。", outcome.files.len(), outcome.state),
    }
    Ok(())
}

fn summary(kind: &KindPreview) -> String {
    let count = |label: &str, number: u32| (number > 0).then(|| format!("{label} {}", grouped(i64::from(number))));
    let counts: Vec<String> = [
        count("新設", kind.new),
        count("変更", kind.changed),
        count("廃止", kind.abolished),
        count("取消", kind.removed),
        count("増", kind.up),
        count("減", kind.down),
        count("推計から確定", kind.estimates_replaced),
    ]
    .into_iter()
    .flatten()
    .collect();
    let counts = if counts.is_empty() { "変更なし".to_owned() } else { counts.join("、") };
    format!("{}\t{counts}", kind.kind.label())
}
