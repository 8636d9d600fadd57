//! The browser's history, whose entries are pages of the till in one document. Each entry has a number of its own: Back and Forward
//! ask the server for the page of their entry, as they do for pages that are loaded.

use std::cell::Cell;

use kopilka_browser::device_clock;
use wasm_bindgen::JsValue;
use web_sys::{Event, History};

use super::listen_on_page;
use super::page_exchange::{self, HistoryStep};

thread_local! {
    /// Number of the entry that is shown.
    static SHOWN: Cell<i64> = const { Cell::new(0) };
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

/// Path and query of the page that is shown.
pub fn shown_address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location
            .as_ref()
            .and_then(|location| read(location).ok())
            .unwrap_or_default()
    };
    format!(
        "{}{}",
        part(web_sys::Location::pathname),
        part(web_sys::Location::search)
    )
}

/// Path and query of a whole address.
pub fn path_of(address: &str) -> String {
    let path = address
        .split_once("://")
        .and_then(|(_, rest)| rest.get(rest.find('/')?..));
    let path = path.unwrap_or(address);
    path.split('#').next().unwrap_or_default().to_owned()
}

/// Numbers this entry, and follows Back and Forward.
pub fn listen() {
    match current_number() {
        Some(number) => SHOWN.set(number),
        None => write_entry(&shown_address(), HistoryStep::Replace, new_number()),
    }
    listen_on_page("popstate", |_: Event| {
        // A link within the page makes an entry without a number.
        if let Some(number) = current_number()
            && number != SHOWN.get()
        {
            SHOWN.set(number);
            page_exchange::show_entry();
        }
    });
}

/// Returns the number of the entry at which the browser is; nothing for one without.
fn current_number() -> Option<i64> {
    history()?.state().ok()?.as_string()?.parse().ok()
}

/// Returns a number that no entry of this tab has.
fn new_number() -> i64 {
    device_clock::device_time().max(SHOWN.get() + 1)
}

/// Records an answered page in the history.
pub fn record(address: &str, step: HistoryStep) {
    match step {
        HistoryStep::Add => write_entry(address, step, new_number()),
        // Where a redirect leads elsewhere, the address is that of its end.
        HistoryStep::Replace | HistoryStep::Stay => replace_address(address),
    }
}

/// Gives the page that is shown another address, for a reload.
pub fn replace_address(address: &str) {
    write_entry(address, HistoryStep::Replace, SHOWN.get());
}

fn write_entry(address: &str, step: HistoryStep, number: i64) {
    let Some(history) = history() else {
        return;
    };
    let state = JsValue::from_str(&number.to_string());
    SHOWN.set(number);
    drop(if step == HistoryStep::Add {
        history.push_state_with_url(&state, "", Some(address))
    } else {
        history.replace_state_with_url(&state, "", Some(address))
    });
}

/// Loads a page as the browser does.
pub fn load_page(address: &str, step: HistoryStep) {
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return;
    };
    drop(match step {
        HistoryStep::Add => location.assign(address),
        HistoryStep::Replace | HistoryStep::Stay => location.replace(address),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_path_and_query_of_the_whole_address() {
        assert_eq!(
            path_of("http://till.example:3000/till?done=1#main"),
            "/till?done=1"
        );
        assert_eq!(path_of("/till?form=1"), "/till?form=1");
    }
}
