//! Creates the cluster (PGDATA) on the first start.
//!
//! It is prepared in a directory beside and renamed when whole: a machine that loses power in
//! between leaves nothing that looks like a database.

use std::path::Path;

use crate::OWNER;
use crate::account::Account;
use crate::error::{Error, Tried};
use crate::place::Place;
use crate::postmaster::{Durability, handed_over};
use crate::programs::Programs;

/// The major version of an existing cluster.
pub(crate) fn version(cluster: &Path) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(cluster.join("PG_VERSION")) {
        Ok(version) => Ok(Some(version.trim().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { what: format!("{} を読めません / read", cluster.display()), source }),
    }
}

/// Runs `initdb` unless the cluster exists.
///
/// UTF-8, locale C (the same order and index behaviour on every machine; Japanese sorts by its
/// kana columns), page checksums, and no password: only who can enter the socket's directory,
/// mode 0700, can ask at all.
pub(crate) fn create_if_missing(
    place: &Place,
    programs: &Programs,
    account: &Account,
    durability: Durability,
) -> Result<(), Error> {
    if version(&place.cluster)?.is_some() {
        return Ok(());
    }
    tracing::info!(cluster = %place.cluster.display(), "creating the private PostgreSQL");
    let nursery = place.nursery(account)?;
    let (mut command, pgdata) = handed_over(account, &programs.initdb, &nursery, place.reachable)?;
    command.arg("--pgdata").arg(pgdata).args(["--username", OWNER, "--encoding=UTF8", "--locale=C", "--data-checksums"]).args([
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
    ]);
    if durability == Durability::None {
        command.arg("--no-sync");
    }
    let output = command.output().tried(|| format!("{} を実行できません / run", programs.initdb.display()))?;
    if !output.status.success() {
        return Err(Error::Initdb { detail: String::from_utf8_lossy(&output.stderr).into_owned() });
    }
    std::fs::rename(&nursery, &place.cluster).tried(|| format!("{} / rename", place.cluster.display()))
}
