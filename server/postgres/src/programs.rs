//! Finds PostgreSQL's programs.
//!
//! Debian keeps `initdb` and `postgres` out of the search path, in a directory for each major
//! version. We look in the path first, then in the usual places, newest version first, and take
//! exactly the version of an existing cluster: another one refuses to open its files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

/// The oldest major version we run on.
const OLDEST: u32 = 15;

/// The two programs, of one installation.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    pub(crate) initdb: PathBuf,
    pub(crate) postgres: PathBuf,
    major: u32,
}

impl Programs {
    /// The newest installation, or the one of the major version `needed` (of an existing cluster).
    pub(crate) fn find(needed: Option<&str>) -> Result<Self, Error> {
        Self::choose(&places(), needed)
    }

    fn choose(places: &[PathBuf], needed: Option<&str>) -> Result<Self, Error> {
        let mut found: Vec<Self> = places.iter().filter_map(|dir| Self::at(dir)).collect();
        // Stable: within one version the search path's choice stays first.
        found.sort_by_key(|programs| std::cmp::Reverse(programs.major));
        let Some(newest) = found.first().map(|programs| programs.major) else {
            let looked: Vec<_> = places.iter().map(|dir| dir.display().to_string()).collect();
            return Err(Error::ProgramsMissing { looked: looked.join(":") });
        };
        match needed {
            Some(needed) => found
                .into_iter()
                .find(|programs| programs.major.to_string() == needed)
                .ok_or_else(|| Error::VersionGone { needed: needed.to_owned() }),
            None if newest < OLDEST => Err(Error::TooOld { found: newest }),
            None => Ok(found.swap_remove(0)),
        }
    }

    /// The installation whose `initdb` is in `dir` (perhaps as a link), if its `postgres` is beside it.
    fn at(dir: &Path) -> Option<Self> {
        // PostgreSQL finds its libraries relative to the real place of the program.
        let initdb = dir.join("initdb").canonicalize().ok()?;
        let postgres = initdb.with_file_name("postgres").canonicalize().ok()?;
        let output = Command::new(&postgres).arg("--version").stderr(Stdio::null()).output().ok()?;
        let major = major(&String::from_utf8(output.stdout).ok()?)?;
        Some(Self { initdb, postgres, major })
    }
}

/// `postgres (PostgreSQL) 15.14 (Debian …)`, `… 19beta1` → the major version.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The search path, then `<root>/<version>/bin` of the usual packagings.
fn places() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    for root in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr"] {
        let Ok(entries) = std::fs::read_dir(root) else { continue };
        places.extend(
            entries
                .flatten()
                .filter(|entry| {
                    let name = entry.file_name();
                    root.ends_with("postgresql")
                        || name.to_string_lossy().starts_with("postgresql")
                        || name.to_string_lossy().starts_with("pgsql")
                })
                .map(|entry| entry.path().join("bin")),
        );
    }
    places.push("/usr/local/pgsql/bin".into());
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major("bash: postgres: command not found\n"), None);
    }

    #[test]
    fn missing_programs_are_named_in_both_languages() {
        let error = Programs::choose(&["/nowhere/bin".into()], None).expect_err("nothing is there").to_string();
        assert!(error.contains("見つかりません") && error.contains("DATABASE_URL") && error.contains("/nowhere/bin"));
    }

    #[test]
    fn the_version_of_an_existing_cluster_is_required() {
        if let Err(error) = Programs::find(None) {
            return eprintln!("SKIPPED: {error}");
        }
        assert!(matches!(Programs::find(Some("8")), Err(Error::VersionGone { .. })));
    }
}
