//! Sending once: a form that is on its way is not sent again, and holds every other back until the next page is there.

use std::cell::Cell;

use kopilka_browser::{get, page};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::on;

thread_local! {
    static SENT: Cell<bool> = const { Cell::new(false) };
}

/// Whether a form is on its way.
pub fn is_sent() -> bool {
    SENT.get()
}

/// Lets one form go and holds back every other until the next page is there.
pub fn listen() {
    on("submit", |event: Event| {
        if SENT.replace(true) {
            event.prevent_default();
        } else if let Some(button) = get(&event, "submitter") {
            let button: Element = button.unchecked_into();
            // Not `disabled`: a disabled button's own value would not be sent.
            drop(button.set_attribute("aria-disabled", "true"));
        }
    });
    // A page that comes back from the browser's memory can be used again.
    on("pageshow", |_: Event| free());
}

/// Lets forms be sent again on this page.
pub fn free() {
    SENT.set(false);
    for button in page::all("[aria-disabled]") {
        drop(button.remove_attribute("aria-disabled"));
    }
}
