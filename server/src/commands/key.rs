//! The secret key of a deployment: where it is found, how it is made, and `kopilka key`. It is in `KOPILKA_KEY` or in a file
//! that its owner alone can read, and never in the database or in a backup.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use kopilka_core::secret_key::{KEY_BYTES, SecretKey};
use kopilka_core::store::Db;
use kopilka_core::usecases::secret_key::{self, KeyState};

use super::{CommandError, Place, data_folder, open};

/// Name of the key file in the data folder.
const KEY_FILE: &str = "kopilka.key";
/// Name of the variable that may hold the key instead.
const KEY_VARIABLE: &str = "KOPILKA_KEY";
/// Permissions of everybody but the owner.
const OTHERS: u32 = 0o077;

/// The secret key.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// For a key that is lost: forget everything that was hashed by it, so that the next start makes or takes another key.
    /// Who closed an account before then joins as a new person.
    Forget,
}

impl Key {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, place: &Place) -> Result<(), CommandError> {
        let Self::Forget = self;
        let kopilka = open(place).await?;
        secret_key::forget(&kopilka.db).await?;
        println!("the key is forgotten; the next start makes or takes another");
        Ok(())
    }
}

/// Finds the key of the database, and makes one where the database was never used with any.
///
/// # Errors
/// A sentence for the operator: a file or a variable that holds no key, a file that others may read, a key that is missing,
/// and a key that is not the one of this database.
pub async fn secret_key(place: &Place, db: &Db) -> Result<SecretKey, CommandError> {
    let (key, found_in, made) = match from_variable(place)? {
        Some(key) => (key, KEY_VARIABLE.to_owned(), None),
        None => {
            let file = key_file(place);
            let (key, made) = match read(&file)? {
                Some(key) => (key, None),
                None if secret_key::is_known(db).await? => return Err(missing(&file)),
                None => make(place, &file)?,
            };
            (key, file.display().to_string(), made)
        }
    };
    match secret_key::check(db, &key).await? {
        KeyState::Known => Ok(key),
        KeyState::Different => {
            // A key that was made a moment ago is of no use: another process was first.
            made.map(fs::remove_file);
            Err(CommandError::Said(format!(
                "the secret key in {found_in} is not the one that this database was used with; give every process over \
                 one database the same key, in {KEY_VARIABLE} or by --key FILE"
            )))
        }
    }
}

fn key_file(place: &Place) -> PathBuf {
    let usual = || place.data.join(KEY_FILE);
    place.key.clone().unwrap_or_else(usual)
}

fn from_variable(place: &Place) -> Result<Option<SecretKey>, CommandError> {
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
fn read(file: &Path) -> Result<Option<SecretKey>, CommandError> {
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
    if found.mode() & OTHERS != 0 {
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
fn make(place: &Place, file: &Path) -> Result<(SecretKey, Option<PathBuf>), CommandError> {
    let unwritten = |cause: String| {
        CommandError::Said(format!(
            "the secret key {} cannot be made: {cause}",
            file.display()
        ))
    };
    if place.key.is_none() {
        data_folder(&place.data)?;
    }
    let key = SecretKey::generate().map_err(|error| unwritten(error.to_string()))?;
    let part = file.with_extension(format!("key.{}", std::process::id()));
    let written = write_new(&part, &key).and_then(|()| fs::hard_link(&part, file));
    drop(fs::remove_file(&part));
    match written {
        Ok(()) => Ok((key, Some(file.to_path_buf()))),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let there = read(file)?.ok_or_else(|| unwritten("it has gone again".to_owned()))?;
            Ok((there, None))
        }
        Err(error) => Err(unwritten(error.to_string())),
    }
}

/// Writes the key to a new file that its owner alone can read.
fn write_new(file: &Path, key: &SecretKey) -> std::io::Result<()> {
    let mut part = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    part.write_all(key.as_bytes())?;
    part.sync_all()
}

fn missing(file: &Path) -> CommandError {
    CommandError::Said(format!(
        "the secret key of this database is missing: there is neither {} nor {KEY_VARIABLE}; bring the key from where this \
         database was used before, or run `kopilka key forget` if it is lost",
        file.display()
    ))
}
