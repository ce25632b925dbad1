//! `karte fhir`: looks into documents.

use clap::Args;

use super::Outcome;

#[derive(Debug, Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: Arguments) -> Outcome {
    Err("まだ使えません。".into())
}
