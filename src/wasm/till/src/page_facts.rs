//! Facts that the page tells the module, in the attributes of its bar of waiting sales: words, where it is, what time it is.
//! A page that was kept for a time without a link tells nothing of the moment: then what this device knew last counts.

use kopilka_browser::{device_clock, get_property, page};
use web_sys::Element;

use super::browser_memory::BrowserMemory;

/// Till and cashier of the last page that told them.
const PLACE_KEY: &str = "till-at";
/// Key under which it is remembered whether the browser was paired on the last page that told.
const PAIRED_KEY: &str = "till-paired";
/// Key of the milliseconds by which the device's clock is behind the server's.
const SKEW_KEY: &str = "till-skew";

/// The bar.
pub fn queue_bar() -> Option<Element> {
    page::find_element("#queue")
}

/// An attribute of the bar or of what is in it; empty where there is none.
pub fn bar_attribute(name: &str) -> String {
    let name = format!("data-{name}");
    page::find_element(&format!("#queue[{name}], #queue [{name}]"))
        .and_then(|place| place.get_attribute(&name))
        .unwrap_or_default()
}

/// The plural form of an attribute of the bar that fits a number, with the number in it.
pub fn plural_attribute(name: &str, n: usize) -> String {
    let words = bar_attribute(name);
    let fitting = words.split('|').nth(plural_form(&language(), n));
    fitting.unwrap_or_default().replace("#n", &n.to_string())
}

/// The language of the page.
pub fn language() -> String {
    page::document()
        .and_then(|document| {
            get_property(&get_property(&document, "documentElement")?, "lang")?.as_string()
        })
        .unwrap_or_default()
}

/// Returns which plural form a number takes: of one, of few, of many.
fn plural_form(language: &str, n: usize) -> usize {
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
pub fn remember_page() {
    if is_kept_page() {
        return;
    }
    if let Some(skew) = bar_attribute("now")
        .parse()
        .ok()
        .and_then(device_clock::current_skew)
    {
        set_skew(skew);
    }
    let (till, staff) = (bar_attribute("till"), bar_attribute("staff"));
    if !till.is_empty() {
        BrowserMemory::Device.write_value(PLACE_KEY, &format!("{till} {staff}"));
        BrowserMemory::Device.write_value(PAIRED_KEY, &bar_attribute("paired"));
    }
}

/// Remembers the time of a page that was asked for at `began` by the device's clock and has taken this page's place.
pub fn follow_answer(began: i64) {
    if let Ok(now) = bar_attribute("now").parse::<i64>() {
        set_skew(now - i64::midpoint(began, device_clock::device_time()));
    }
}

/// Returns whether sales may be kept on this device: the server takes them from paired browsers alone.
pub fn may_keep() -> bool {
    BrowserMemory::Device.read_value(PAIRED_KEY).as_deref() == Some("yes")
}

/// Returns whether this page stands in for the till's while there is no link.
pub fn is_kept_page() -> bool {
    page::find_element("#offline").is_some()
}

/// Returns whether this page shows how a form was answered.
pub fn answers_form() -> bool {
    !bar_attribute("answers").is_empty()
}

/// Till and cashier; empty where this device never had any.
pub fn till_and_cashier() -> (String, String) {
    let place = BrowserMemory::Device
        .read_value(PLACE_KEY)
        .unwrap_or_default();
    let (till, staff) = place.split_once(' ').unwrap_or_default();
    (till.to_owned(), staff.to_owned())
}

/// Remembers how far the device's clock is behind the server's.
pub fn set_skew(skew: i64) {
    BrowserMemory::Device.write_value(SKEW_KEY, &skew.to_string());
}

/// The server's time, in milliseconds since 1970, as far as the device can know.
pub fn server_time() -> i64 {
    let skew = BrowserMemory::Device
        .read_value(SKEW_KEY)
        .and_then(|skew| skew.parse().ok());
    device_clock::device_time() + skew.unwrap_or(0)
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
            assert_eq!(
                (plural_form("ru", n), plural_form("en", n)),
                (ru, en),
                "{n}"
            );
        }
    }
}
