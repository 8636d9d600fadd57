//! What several commands take: names of a fixed set, text files, and the password of a person who proves who they are.

use std::path::Path;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use encoding_rs::WINDOWS_1251;
use kopilka_core::Kopilka;
use kopilka_core::usecases::access::staff::{self, Officer};

use super::{CommandError, explain_error, read_secret_line};

/// Makes a parser of one of these names, which the usage lists.
pub fn name_parser<T>(
    names: impl IntoIterator<Item = &'static str>,
) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| name.parse())
}

/// Returns the text of a file in UTF-8.
///
/// # Errors
/// [`CommandError::Said`].
pub fn read_utf8_file(file: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(file).map_err(|error| explain_unreadable(file, &error))
}

/// Returns the text of a file in UTF-8, or in the old code page of Russian shops where it is no UTF-8.
///
/// # Errors
/// [`CommandError::Said`].
pub fn read_text_file(file: &Path) -> Result<String, CommandError> {
    let bytes = std::fs::read(file).map_err(|error| explain_unreadable(file, &error))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let (text, faulty) = WINDOWS_1251.decode_without_bom_handling(error.as_bytes());
            if faulty || text.contains('\0') {
                return Err(CommandError::Said(format!(
                    "{} is text neither in UTF-8 nor in Windows-1251",
                    file.display()
                )));
            }
            eprintln!("{} is no UTF-8; it is read as Windows-1251", file.display());
            Ok(text.into_owned())
        }
    }
}

fn explain_unreadable(file: &Path, error: &std::io::Error) -> CommandError {
    CommandError::Said(format!("{} cannot be read: {error}", file.display()))
}

/// Reads the password of the person with this login, and returns who they have proven to be.
///
/// # Errors
/// [`CommandError`].
pub async fn prove_officer(service: &Kopilka, login: &str) -> Result<Officer, CommandError> {
    prove_officer_by(service, login, &read_secret_line("password")?).await
}

/// Returns the person whose login and password these are.
///
/// # Errors
/// [`CommandError`].
pub async fn prove_officer_by(
    service: &Kopilka,
    login: &str,
    password: &str,
) -> Result<Officer, CommandError> {
    staff::prove_officer(service, login, password)
        .await
        .map_err(explain_error)
}
