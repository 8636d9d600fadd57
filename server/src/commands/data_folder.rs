//! The folder of the SQLite file: only its owner can look into it.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

use super::CommandError;

/// Returns the data folder; creates it, for its owner alone, where it is missing. A folder that is empty or holds files of
/// Kopilka alone loses the rights of the group and of others; any other keeps its mode, since it may be used by other programs,
/// and the operator is warned. Kopilka's own files are for their owner alone in any folder.
///
/// # Errors
/// A sentence for the operator when the folder cannot be created or read.
pub fn data_folder(data: &Path) -> Result<&Path, CommandError> {
    create_folder(data).map_err(|error| {
        CommandError::Said(format!(
            "the data folder {} cannot be made: {error}",
            data.display()
        ))
    })?;
    Ok(data)
}

fn create_folder(data: &Path) -> io::Result<()> {
    if let Some(parent) = data.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(data) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && data.is_dir() => {
            restrict(data)
        }
        made => made,
    }
}

#[cfg(unix)]
fn restrict(data: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(data)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    if holds_our_files_alone(data)? {
        return fs::set_permissions(data, fs::Permissions::from_mode(mode & 0o700));
    }
    let others = match mode & 0o022 {
        0 => "see the names and times of Kopilka's files",
        _ => "replace the database and the secret key",
    };
    tracing::warn!(
        "the data folder {} holds files of other programs too, so its mode stays {:o}: other users of this machine can \
         {others}; give Kopilka a folder of its own by --data",
        data.display(),
        mode & 0o777,
    );
    Ok(())
}

#[cfg(not(unix))]
fn restrict(_data: &Path) -> io::Result<()> {
    Ok(())
}

/// Returns whether the folder holds nothing that is not Kopilka's: it is empty, or all files are named after Kopilka.
fn holds_our_files_alone(data: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(data)? {
        if !entry?.file_name().to_string_lossy().starts_with("kopilka.") {
            return Ok(false);
        }
    }
    Ok(true)
}
