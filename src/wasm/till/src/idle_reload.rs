//! The way to the lock: the server has each page loaded anew once its till has been idle (`Refresh` header). The browser knows
//! the header of the page that it has loaded only; after an exchange the header of the newest answer counts.

use std::cell::Cell;

use kopilka_browser::{device_clock, get_global, get_property, listen as listen_on};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, EventTarget};

use super::page_exchange::HistoryStep;
use super::page_history;

thread_local! {
    /// Counts answers, so that only the newest one's time counts; 0: this page is as it was loaded.
    static TURN: Cell<u32> = const { Cell::new(0) };
    /// True once this module itself leads to the lock.
    static LEADS: Cell<bool> = const { Cell::new(false) };
}

/// Holds the browser back from loading anew a page that was exchanged since. A browser without the Navigation API loads it, which
/// brings the draft back.
pub fn listen() {
    let Some(navigation) =
        get_global("navigation").and_then(|it| it.dyn_into::<EventTarget>().ok())
    else {
        return;
    };
    let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let address = get_property(&event, "destination")
            .and_then(|to| get_property(&to, "url")?.as_string())
            .unwrap_or_default();
        if TURN.get() > 0 && !LEADS.get() && is_reload(&address) {
            event.prevent_default();
        }
    });
    listen_on(&navigation, "navigate", &heard.into_js_value());
}

/// Returns whether an address is one that a page asks for by itself: nobody has touched it.
fn is_reload(address: &str) -> bool {
    address.ends_with("?idle") || address.ends_with("&idle")
}

/// Follows the header of an answer that is shown now: seconds and the address to load.
pub fn follow(header: Option<&str>) {
    let turn = TURN.get().wrapping_add(1).max(1);
    TURN.set(turn);
    let Some((millis, address)) = header.and_then(parse_refresh) else {
        return;
    };
    spawn_local(async move {
        device_clock::sleep(millis).await;
        if TURN.get() == turn {
            LEADS.set(true);
            page_history::load_page(&address, HistoryStep::Replace);
        }
    });
}

/// Reads a `Refresh` header: milliseconds, and the address.
fn parse_refresh(header: &str) -> Option<(i32, String)> {
    let (seconds, address) = header.split_once(";url=")?;
    let seconds: i32 = seconds.trim().parse().ok()?;
    Some((seconds.checked_mul(1_000)?, address.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_when_and_where() {
        let lock = Some((902_000, "/till?idle".to_owned()));
        assert_eq!(parse_refresh("902;url=/till?idle"), lock);
        assert_eq!(parse_refresh("902"), None);
        assert_eq!(parse_refresh("99999999;url=/till?idle"), None);
    }

    #[test]
    fn only_a_page_that_loads_itself_is_held_back() {
        assert!(is_reload("http://till/till?idle") && is_reload("/till?done=1&idle"));
        assert!(!is_reload("/till") && !is_reload("/till/idle"));
    }
}
