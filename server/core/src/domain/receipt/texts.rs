//! Texts of a line as tills send them, cleaned while they are read: scanners and till programs leave control characters
//! in codes and names, and a receipt is not refused for that.

use serde::{Deserialize, Deserializer};

use super::MAX_TEXT;

/// Separates the parts of a GS1 code (a DataMatrix code of a marked item).
const GROUP_SEPARATOR: char = '\u{1d}';

/// Returns the text with a space instead of each control character.
pub fn clean_text(text: String) -> String {
    if text.chars().any(char::is_control) {
        let clean = |c: char| if c.is_control() { ' ' } else { c };
        text.chars().map(clean).collect()
    } else {
        text
    }
}

/// Returns the item code without group separators, and with a space instead of any other control character.
pub fn clean_code(mut code: String) -> String {
    code.retain(|c| c != GROUP_SEPARATOR);
    clean_text(code)
}

/// Returns the name with a space instead of each control character, cut at [`MAX_TEXT`] characters.
pub fn clean_name(name: String) -> String {
    let mut name = clean_text(name);
    if let Some((end, _)) = name.char_indices().nth(MAX_TEXT) {
        name.truncate(end);
    }
    name
}

/// Reads a text with [`clean_text`].
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(clean_text)
}

/// Reads an item code with [`clean_code`].
pub(super) fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(clean_code)
}

/// Reads a name with [`clean_name`].
pub(super) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(clean_name)
}
