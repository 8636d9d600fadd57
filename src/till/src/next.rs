//! The next customer: once a sale is kept on this device, whoever was served is done with. The server may not know it yet, so
//! its page is asked for by an address that shows nobody.

use wasm_bindgen::JsValue;

use super::facts;
use super::memory::Memory;
use kopilka_browser::page;

/// Where it is remembered that the customer is done with.
const NEXT: &str = "till-next";
/// The till's page with nobody on it.
const NOBODY: &str = "/till?next";

/// Remembers that whoever was served is done with.
pub fn mark() {
    Memory::Tab.write(NEXT, "yes");
}

/// Address of the till's page: with nobody on it where the last customer is done with.
pub fn address() -> &'static str {
    if Memory::Tab.read(NEXT).is_some() {
        NOBODY
    } else {
        "/till"
    }
}

/// Leaves a page that shows a customer who is done with; forgets it once the server has shown nobody.
pub fn listen() {
    if facts::is_kept_page() {
        return page::set_attribute("#offline-again", "href", address());
    }
    let Some(window) = web_sys::window() else {
        return;
    };
    let location = window.location();
    if location.pathname().as_deref() != Ok("/till") || facts::word("till").is_empty() {
        return;
    }
    if location.search().as_deref() == Ok("?next") {
        Memory::Tab.forget(NEXT);
        // A reload is about whoever is served by then.
        if let Ok(history) = window.history() {
            drop(history.replace_state_with_url(&JsValue::NULL, "", Some("/till")));
        }
    } else if Memory::Tab.read(NEXT).is_some() {
        drop(location.replace(NOBODY));
    }
}
