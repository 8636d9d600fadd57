//! Sending once: a form that is on its way is not sent again, and holds every other back until the next page is there.

use std::cell::Cell;

use kopilka_browser::{get, page};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::{draft, offline, on, posting, scan, sent};

thread_local! {
    static SENT: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether a form is on its way.
pub fn is_sent() -> bool {
    SENT.get()
}

/// Begins to send; false where something is on its way already.
pub fn begin() -> bool {
    !SENT.replace(true)
}

/// Lets one form go and holds back every other until the next page is there.
pub fn listen() {
    on("submit", |event: Event| {
        if offline::takes(&event) {
            return event.prevent_default();
        }
        if !begin() {
            return event.prevent_default();
        }
        let submitter = get(&event, "submitter").map(JsCast::unchecked_into::<Element>);
        if let Some(button) = &submitter {
            // Not `disabled`: a disabled button's own value would not be sent.
            drop(button.set_attribute("aria-disabled", "true"));
        }
        if posting::takes(&event, submitter.as_ref()) {
            event.prevent_default();
        } else {
            scan::remember(&event);
            sent::remember_form(&event, submitter.as_ref());
            draft::follow(&event, submitter.as_ref());
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
