//! File modes of a SQLite database: only the owner of the file can read or write it, and what SQLite keeps beside it.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use crate::store::backup::path_beside;

/// Creates the database file where it is missing, and takes every right of the group and of others away from it, from
/// its write-ahead log and from its shared memory. SQLite gives new files beside the database the mode of the database.
///
/// # Errors
/// The error of the file system, such as a file that belongs to somebody else.
pub(super) fn restrict_database_files(database: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(database)?;
    for suffix in ["", "-wal", "-shm"] {
        restrict(&path_beside(database, suffix))?;
    }
    Ok(())
}

#[cfg(unix)]
fn restrict(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    let mode = metadata.permissions().mode();
    if mode & 0o077 != 0 {
        fs::set_permissions(file, fs::Permissions::from_mode(mode & 0o700))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn restrict(_file: &Path) -> io::Result<()> {
    Ok(())
}
