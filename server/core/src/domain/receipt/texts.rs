//! Texts of a line as tills send them, cleaned when they are read: scanners and till programs leave control characters
//! in codes and names or send texts that are too long, and a receipt is not refused for that.

use super::MAX_TEXT;

/// Separates the parts of a GS1 code (a DataMatrix code of a marked item).
const GROUP_SEPARATOR: char = '\u{1d}';

/// Returns the text with a space instead of each control character, cut at [`MAX_TEXT`] characters.
pub fn clean_text(text: String) -> String {
    let mut text = if text.chars().any(char::is_control) {
        let clean = |c: char| if c.is_control() { ' ' } else { c };
        text.chars().map(clean).collect()
    } else {
        text
    };
    if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(end);
    }
    text
}

/// Returns the item code as [`clean_text`] does, but without group separators.
pub fn clean_code(mut code: String) -> String {
    code.retain(|c| c != GROUP_SEPARATOR);
    clean_text(code)
}
