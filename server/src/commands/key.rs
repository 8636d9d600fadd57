//! The secret key of a deployment: where it is found, how it is made, and `kopilka key`. It is in `KOPILKA_KEY` or in a file
//! that its owner alone can read, and never in the database or in a backup.

use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use kopilka_core::domain::actor::Actor;
use kopilka_core::secret_key::{KEY_BYTES, SecretKey};
use kopilka_core::store::Database;
use kopilka_core::usecases::operation::secret_key::{self, SecretKeyState};

use super::{CommandError, DataLocation, data_folder, open_service};

/// Name of the key file in the data folder.
const KEY_FILE: &str = "kopilka.key";
/// Name of the variable that may hold the key instead.
const KEY_VARIABLE: &str = "KOPILKA_KEY";
/// Beginning of the name of a key file that is being written.
const PART_PREFIX: &str = "kopilka.key.";
/// Permissions of everybody but the owner.
const NON_OWNER_PERMISSIONS: u32 = 0o077;

/// The secret key.
#[derive(Debug, Subcommand)]
pub enum SecretKeyCommand {
    /// For a key that is lost: forget everything that was hashed by it, so that the next `serve` makes or takes another key.
    /// Who closed an account before then joins as a new person.
    Forget,
}

impl SecretKeyCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, place: &DataLocation) -> Result<(), CommandError> {
        let Self::Forget = self;
        let service = open_service(place).await?;
        secret_key::forget_key(&service, &Actor::OPERATOR).await?;
        println!(
            "the key is forgotten; start every `serve` of this database again: it makes or takes another"
        );
        Ok(())
    }
}

/// Finds the key for the service, and makes one where the database was never used with any.
///
/// # Errors
/// A sentence for the operator: a file or a variable that holds no key, a file that others may read, a key that is missing,
/// and a key that is not the one of this database.
pub async fn find_or_make_key(
    place: &DataLocation,
    db: &Database,
) -> Result<SecretKey, CommandError> {
    let file = key_file(place);
    // Asked before the file is looked for: a process that starts at the same moment makes its file before it registers the key.
    let is_known = secret_key::is_known(db).await?;
    let (found, made) = match find_stored_key(place)? {
        Some(found) => (found, None),
        None if is_known => return Err(missing_key_error(&file)),
        None => {
            let (key, made) = make_key_file(place, &file)?;
            (LocatedSecretKey::in_file(key, &file), made)
        }
    };
    match secret_key::register_key(db, &found.key).await? {
        SecretKeyState::Known => Ok(found.key),
        SecretKeyState::Different | SecretKeyState::Unused => {
            // A key that was made a moment ago is of no use: another process was first.
            made.map(fs::remove_file);
            Err(found.is_another())
        }
    }
}

/// Finds the key for a command that needs it. It is neither made nor registered: that would keep the service, which may have
/// another one elsewhere, from starting.
///
/// # Errors
/// As [`find_or_make_key`], and where the database was used with no key yet.
pub async fn find_key(place: &DataLocation, db: &Database) -> Result<SecretKey, CommandError> {
    if !secret_key::is_known(db).await? {
        return Err(CommandError::Said(format!(
            "this command needs the secret key, and this database has none yet: start `kopilka serve` once, which takes \
             the key from {KEY_VARIABLE} or the file of --key, or makes {}",
            key_file(place).display()
        )));
    }
    let found = find_stored_key(place)?.ok_or_else(|| missing_key_error(&key_file(place)))?;
    match secret_key::compare_with_database(db, &found.key).await? {
        SecretKeyState::Known => Ok(found.key),
        SecretKeyState::Different | SecretKeyState::Unused => Err(found.is_another()),
    }
}

/// Reason for which seals cannot be verified.
pub enum Unverifiable {
    /// There is no key here.
    Missing,
    /// The key is another one or cannot be used: a sentence for the operator.
    Unusable(String),
}

/// Finds the key with which seals are verified.
pub async fn find_key_to_verify(
    place: &DataLocation,
    db: &Database,
) -> Result<SecretKey, Unverifiable> {
    let unusable = |error: CommandError| Unverifiable::Unusable(error.to_string());
    let found = find_stored_key(place).map_err(unusable)?;
    // A key that is not where the operator said is no reason to leave the seals alone.
    let found = match (found, &place.key) {
        (Some(found), _) => found,
        (None, Some(file)) => {
            let file = file.display();
            return Err(Unverifiable::Unusable(format!("there is no {file}")));
        }
        (None, None) => return Err(Unverifiable::Missing),
    };
    let state = secret_key::compare_with_database(db, &found.key).await;
    match state.map_err(|error| unusable(error.into()))? {
        SecretKeyState::Different => Err(unusable(found.is_another())),
        SecretKeyState::Known | SecretKeyState::Unused => Ok(found.key),
    }
}

/// A key and where it was found.
struct LocatedSecretKey {
    key: SecretKey,
    found_in: String,
}

impl LocatedSecretKey {
    fn in_file(key: SecretKey, file: &Path) -> Self {
        Self {
            key,
            found_in: file.display().to_string(),
        }
    }

    fn is_another(&self) -> CommandError {
        CommandError::Said(format!(
            "the secret key in {} is not the one that this database was used with; give every process over one database \
             the same key, in {KEY_VARIABLE} or by --key FILE",
            self.found_in
        ))
    }
}

/// Returns the key of the variable or of the file; `None` = there is neither.
fn find_stored_key(place: &DataLocation) -> Result<Option<LocatedSecretKey>, CommandError> {
    if let Some(key) = from_variable(place)? {
        let found_in = KEY_VARIABLE.to_owned();
        return Ok(Some(LocatedSecretKey { key, found_in }));
    }
    let file = key_file(place);
    Ok(read_key_file(&file)?.map(|key| LocatedSecretKey::in_file(key, &file)))
}

fn key_file(place: &DataLocation) -> PathBuf {
    let usual = || place.data.join(KEY_FILE);
    place.key.clone().unwrap_or_else(usual)
}

fn from_variable(place: &DataLocation) -> Result<Option<SecretKey>, CommandError> {
    let Some(text) = std::env::var_os(KEY_VARIABLE).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if place.key.is_some() {
        return Err(CommandError::Said(format!(
            "the secret key is given twice: in {KEY_VARIABLE} and by --key; leave one of them out"
        )));
    }
    let key = text.to_str().and_then(|text| SecretKey::parse(text).ok());
    // The value is not repeated: it may be a key with one digit wrong.
    let wrong = || {
        CommandError::Said(format!(
            "{KEY_VARIABLE} does not hold a secret key: 64 hexadecimal digits, or 32 bytes as base64"
        ))
    };
    key.map(Some).ok_or_else(wrong)
}

/// Reads the key file; `None` = there is none.
fn read_key_file(file: &Path) -> Result<Option<SecretKey>, CommandError> {
    let unread = |cause: String| {
        CommandError::Said(format!(
            "the secret key in {} cannot be used: {cause}",
            file.display()
        ))
    };
    let mut opened = match File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unread(error.to_string())),
    };
    let found = opened
        .metadata()
        .map_err(|error| unread(error.to_string()))?;
    if !found.is_file() {
        return Err(unread("it is not a file".to_owned()));
    }
    if found.mode() & NON_OWNER_PERMISSIONS != 0 {
        return Err(unread(format!(
            "others may read or change the file; allow its owner alone (chmod 600 {})",
            file.display()
        )));
    }
    let mut bytes = Vec::new();
    // One byte more than a key has shows that the file is too long.
    let most = u64::try_from(KEY_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    Read::by_ref(&mut opened)
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| unread(error.to_string()))?;
    let key = SecretKey::from_bytes(&bytes);
    key.map(Some)
        .map_err(|_| unread(format!("the file does not have exactly {KEY_BYTES} bytes")))
}

/// Makes a key and its file, or takes the one that another process has made meanwhile. The file appears whole or not at all.
/// Returns its path where it was made here.
fn make_key_file(
    place: &DataLocation,
    file: &Path,
) -> Result<(SecretKey, Option<PathBuf>), CommandError> {
    let unwritten = |cause: String| {
        CommandError::Said(format!(
            "the secret key {} cannot be made: {cause}",
            file.display()
        ))
    };
    // Over SQLite the folder was made for the database.
    if place.key.is_none() && place.database_url.is_some() {
        data_folder(&place.data)?;
    }
    let key = SecretKey::generate().map_err(|error| unwritten(error.to_string()))?;
    match write_new(file, &key) {
        Ok(()) => Ok((key, Some(file.to_path_buf()))),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let there =
                read_key_file(file)?.ok_or_else(|| unwritten("it has gone again".to_owned()))?;
            Ok((there, None))
        }
        Err(error) => Err(unwritten(error.to_string())),
    }
}

/// Writes the key to a new file that its owner alone can read. It gets its name only once it is whole, and replaces none.
fn write_new(file: &Path, key: &SecretKey) -> std::io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // A new file under a name that nobody can foresee.
    let mut part = tempfile::Builder::new()
        .prefix(PART_PREFIX)
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(folder)?;
    part.write_all(key.as_bytes())?;
    part.as_file().sync_all()?;
    part.persist_noclobber(file).map_err(|error| error.error)?;
    // The name outlives a power cut too.
    File::open(folder)?.sync_all()
}

fn missing_key_error(file: &Path) -> CommandError {
    CommandError::Said(format!(
        "the secret key of this database is missing: there is neither {} nor {KEY_VARIABLE}; give the one that the service \
         has, in {KEY_VARIABLE} or by --key FILE, or bring it from where this database was used before; only if it is lost for \
         good, run `kopilka key forget`",
        file.display()
    ))
}
