//! Where the database lives: the directories, the lock, and a socket path that is short enough.

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::account::Account;
use crate::error::{Error, Tried};
use crate::left_over;

/// A unix socket's path may have 107 bytes; PostgreSQL appends `/.s.PGSQL.5432` (and `.lock`).
const LONGEST_SOCKET_DIR: usize = 107 - "/.s.PGSQL.5432.lock".len();

/// How socket directories outside the data directory begin, so that left-over ones are known.
const SOCKET_PREFIX: &str = "karte-socket-";

/// The claimed data directory: nobody else has it while this value lives.
#[derive(Debug)]
pub(crate) struct Place {
    /// PGDATA.
    pub(crate) cluster: PathBuf,
    /// Whether the database account can walk to the cluster; else it is handed over open (see [`crate::postmaster`]).
    pub(crate) reachable: bool,
    /// The log file.
    pub(crate) log: PathBuf,
    root: PathBuf,
    socket: Option<TempDir>,
    _temporary: Option<TempDir>,
    _lock: File,
}

impl Place {
    /// Creates `<data_dir>/postgres` when missing and locks it for this process.
    pub(crate) fn claim(data_dir: &Path, account: &Account, temporary: Option<TempDir>) -> Result<Self, Error> {
        std::fs::create_dir_all(data_dir).tried(|| format!("{} を作成できません / mkdir", data_dir.display()))?;
        let data_dir = data_dir.canonicalize().tried(|| data_dir.display().to_string())?;
        let root = data_dir.join("postgres");
        // Others may walk through, never list: the database account must get to its own directories.
        directory(&root, 0o711)?;
        let lock_path = root.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .tried(|| format!("{} を開けません / open", lock_path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse { dir: data_dir }),
            Err(TryLockError::Error(source)) => {
                return Err(Error::Io { what: format!("{} をロックできません / lock", lock_path.display()), source });
            }
        }
        let reachable = account.can_enter(&root);
        Ok(Self {
            cluster: root.join("cluster"),
            log: root.join("log"),
            reachable,
            root,
            socket: None,
            _temporary: temporary,
            _lock: lock,
        })
    }

    /// A directory beside the cluster in which a new one is prepared; whatever was left in it is removed.
    pub(crate) fn nursery(&self, account: &Account) -> Result<PathBuf, Error> {
        let path = self.root.join("cluster.new");
        if path.exists() {
            std::fs::remove_dir_all(&path).tried(|| format!("{} を削除できません / rm", path.display()))?;
        }
        directory(&path, 0o700)?;
        account.own(&path)?;
        Ok(path)
    }

    /// The directory of the unix socket: in the data directory when that is short and reachable,
    /// else a fresh temporary one.
    pub(crate) fn socket_dir(&mut self, account: &Account) -> Result<PathBuf, Error> {
        let beside = self.root.join("socket");
        if self.reachable && suits(&beside) {
            directory(&beside, 0o700)?;
            account.own(&beside)?;
            return Ok(beside);
        }
        let candidates = [std::env::temp_dir(), "/tmp".into(), "/run".into(), "/dev/shm".into()];
        for candidate in candidates {
            let Ok(dir) = tempfile::Builder::new().prefix(SOCKET_PREFIX).tempdir_in(&candidate) else { continue };
            account.own(dir.path())?;
            if suits(dir.path()) && account.can_enter(dir.path()) {
                let path = dir.path().to_owned();
                self.socket = Some(dir);
                return Ok(path);
            }
        }
        Err(Error::NoSocketPlace)
    }
}

/// Removes the socket directory that a killed predecessor made outside its data directory.
pub(crate) fn remove_left_over_socket(note: &left_over::PidFile) {
    let ours = note.socket.file_name().is_some_and(|name| name.as_bytes().starts_with(SOCKET_PREFIX.as_bytes()));
    if ours && let Err(error) = std::fs::remove_dir_all(&note.socket) {
        tracing::debug!(%error, "left-over socket directory not removed");
    }
}

/// Short enough, and without characters that PostgreSQL's list of directories would need quoted.
fn suits(dir: &Path) -> bool {
    let bytes = dir.as_os_str().as_bytes();
    bytes.len() <= LONGEST_SOCKET_DIR && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"/._-+".contains(b))
}

/// Creates a directory when missing, and sets its mode whatever the umask says.
pub(crate) fn directory(path: &Path, mode: u32) -> Result<(), Error> {
    DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(path)
        .and_then(|()| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)))
        .tried(|| format!("{} を作成できません / mkdir", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_is_short_and_plain() {
        assert!(suits(Path::new("/srv/karte/data/postgres/socket")));
        assert!(!suits(&PathBuf::from(format!("/{}", "長い".repeat(5)))));
        assert!(!suits(Path::new("/srv/my data,1")));
        assert!(suits(&PathBuf::from(format!("/{}", "a".repeat(LONGEST_SOCKET_DIR - 1)))));
        assert!(!suits(&PathBuf::from(format!("/{}", "a".repeat(LONGEST_SOCKET_DIR)))));
    }
}
