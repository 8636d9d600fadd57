//! Facts that the page tells the module, in the attributes of its bar of waiting sales: words, where it is, what time it is.
//! A page that was kept for a time without a link tells nothing of the moment: then what this device knew last counts.

use kopilka_browser::{clock, get, page};
use web_sys::Element;

use super::memory::Memory;

/// Till and cashier of the last page that told them.
const PLACE: &str = "till-at";
/// Key under which it is remembered whether the browser was paired on the last page that told.
const PAIRED: &str = "till-paired";
/// Key of the milliseconds by which the device's clock is behind the server's.
const SKEW: &str = "till-skew";

/// The bar.
pub fn bar() -> Option<Element> {
    page::find("#queue")
}

/// An attribute of the bar or of what is in it; empty where there is none.
pub fn word(name: &str) -> String {
    let name = format!("data-{name}");
    page::find(&format!("#queue[{name}], #queue [{name}]"))
        .and_then(|place| place.get_attribute(&name))
        .unwrap_or_default()
}

/// The plural form of an attribute of the bar that fits a number, with the number in it.
pub fn counted(name: &str, n: usize) -> String {
    let words = word(name);
    let fitting = words.split('|').nth(form(&language(), n));
    fitting.unwrap_or_default().replace("#n", &n.to_string())
}

/// The language of the page.
pub fn language() -> String {
    page::document()
        .and_then(|document| get(&get(&document, "documentElement")?, "lang")?.as_string())
        .unwrap_or_default()
}

/// Returns which plural form a number takes: of one, of few, of many.
fn form(language: &str, n: usize) -> usize {
    let (ones, tens) = (n % 10, n % 100);
    match language {
        "ru" if ones == 1 && tens != 11 => 0,
        "ru" if (2..=4).contains(&ones) && !(12..=14).contains(&tens) => 1,
        "ru" => 2,
        _ if n == 1 => 0,
        _ => 2,
    }
}

/// Remembers where and when this page is, where it was answered by the server just now.
pub fn remember() {
    if is_kept_page() {
        return;
    }
    if let Some(skew) = word("now").parse().ok().and_then(clock::skew_now) {
        set_skew(skew);
    }
    let (till, staff) = (word("till"), word("staff"));
    if !till.is_empty() {
        Memory::Device.write(PLACE, &format!("{till} {staff}"));
        Memory::Device.write(PAIRED, &word("paired"));
    }
}

/// Returns whether sales may be kept on this device: the server takes them from paired browsers alone.
pub fn may_keep() -> bool {
    Memory::Device.read(PAIRED).as_deref() == Some("yes")
}

/// Returns whether this page stands in for the till's while there is no link.
pub fn is_kept_page() -> bool {
    page::find("#offline").is_some()
}

/// Returns whether this page shows how a form was answered.
pub fn answers_form() -> bool {
    !word("answers").is_empty()
}

/// Till and cashier; empty where this device never had any.
pub fn place() -> (String, String) {
    let place = Memory::Device.read(PLACE).unwrap_or_default();
    let (till, staff) = place.split_once(' ').unwrap_or_default();
    (till.to_owned(), staff.to_owned())
}

/// Remembers how far the device's clock is behind the server's.
pub fn set_skew(skew: i64) {
    Memory::Device.write(SKEW, &skew.to_string());
}

/// The server's time, in milliseconds since 1970, as far as the device can know.
pub fn now() -> i64 {
    let skew = Memory::Device.read(SKEW).and_then(|skew| skew.parse().ok());
    clock::now() + skew.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_plural_forms() {
        for (n, ru, en) in [
            (1, 0, 0),
            (2, 1, 2),
            (5, 2, 2),
            (11, 2, 2),
            (12, 2, 2),
            (21, 0, 2),
            (104, 1, 2),
        ] {
            assert_eq!((form("ru", n), form("en", n)), (ru, en), "{n}");
        }
    }
}
