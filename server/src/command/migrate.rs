//! `karte migrate`: brings the schema up to date and ends.

use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::{config::Storage, database::Database};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    storage: Storage,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let database = Database::join(&arguments.storage).await?;
    let migrated = clinic::db::migrate(database.options()).await;
    database.close().await;
    migrated?;
    eprintln!("データベースは最新です。");
    Ok(ExitCode::SUCCESS)
}
