//! Doing things once: a form that is on its way is not sent again, and a card that a trembling hand scans twice is one.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, Storage};

use super::on;
use kopilka_browser::{clock, get, page};

/// Where the last scan is remembered from one page to the next.
const SCAN: &str = "scan";
/// How long the same scan counts for the same one, in milliseconds.
const SAME: i32 = 2_000;

/// Lets one form go and holds back every other until the next page is there.
pub fn send_once() {
    let sent = Rc::new(Cell::new(false));
    let again = Rc::clone(&sent);
    on("submit", move |event: Event| {
        if sent.replace(true) {
            event.prevent_default();
        } else if let Some(button) = get(&event, "submitter") {
            let button: Element = button.unchecked_into();
            // Not `disabled`: a disabled button's own value would not be sent.
            drop(button.set_attribute("aria-disabled", "true"));
        }
    });
    // A page that comes back from the browser's memory can be used again.
    on("pageshow", move |_: Event| {
        again.set(false);
        for button in page::all("[aria-disabled]") {
            drop(button.remove_attribute("aria-disabled"));
        }
    });
}

fn memory() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// Whether this very code was scanned a moment ago; it is remembered from now on.
pub fn is_scanned(scan: &str) -> bool {
    let Some(memory) = memory() else {
        return false;
    };
    let same = memory.get_item(SCAN).ok().flatten().as_deref() == Some(scan);
    if !same {
        drop(memory.set_item(SCAN, scan));
        forget_scan_soon();
    }
    same
}

/// Forgets the last scan when its time is over.
pub fn forget_scan_soon() {
    spawn_local(async {
        clock::sleep(SAME).await;
        if let Some(memory) = memory() {
            drop(memory.remove_item(SCAN));
        }
    });
}
