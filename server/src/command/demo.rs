//! `karte demo`: two fictional clinics, staff of every role, a hundred patients with histories.

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
    Err("デモデータの生成はまだ組み込まれていません。 / the demo's generator is not wired in yet".into())
        .map(|()| ExitCode::SUCCESS)
}
