//! Keys on the till's page: bursts of a scanner wherever the cursor is, and the keys that buttons show.

use std::cell::RefCell;
use std::rc::Rc;

use kopilka_browser::{clock, page};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, KeyboardEvent};

use super::burst::{Burst, PATIENCE, sign};
use super::{on, scan};

#[derive(Default)]
struct Keys {
    burst: Burst,
    // Where the burst began to appear, with what stood there before.
    spoilt: Option<(HtmlInputElement, String)>,
    // Counts keys, so that only the last one's silence counts.
    turn: u32,
}

/// Listens to every key of the page.
pub fn listen() {
    let keys = Rc::new(RefCell::new(Keys::default()));
    on("keydown", move |event: KeyboardEvent| {
        pressed(&keys, &event)
    });
}

fn pressed(keys: &Rc<RefCell<Keys>>, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    match sign(&event.code(), &key) {
        // A key held down repeats as fast as a scanner types.
        Some(sign) if !event.repeat() => {
            if keys.borrow_mut().take(sign, typed_at(event)) {
                event.prevent_default();
            }
            end_in_silence(keys);
        }
        _ => match key.as_str() {
            // Some layouts need them for digits.
            "Shift" | "CapsLock" | "NumLock" => {}
            "Enter" | "Tab" => {
                if finish(keys) {
                    event.prevent_default();
                }
            }
            _ => {
                drop(keys.borrow_mut().burst.end());
                if !event.repeat() && press(&key) {
                    event.prevent_default();
                }
            }
        },
    }
}

/// Returns when the key was pressed, in whole milliseconds: a page that was busy meanwhile sees all keys of a scan at once.
#[expect(
    clippy::as_conversions,
    reason = "no lossless way from a JavaScript number exists"
)]
fn typed_at(event: &KeyboardEvent) -> i64 {
    event.time_stamp() as i64
}

impl Keys {
    /// Takes a key typed at this time; whether it must not reach the field, because a scanner typed it.
    fn take(&mut self, sign: char, at: i64) -> bool {
        self.turn = self.turn.wrapping_add(1);
        if self.burst.push(sign, at) {
            self.spoilt = focused().map(|field| {
                let before = field.value();
                (field, before)
            });
        }
        if !self.burst.is_scan() {
            return false;
        }
        if let Some((field, before)) = self.spoilt.take() {
            field.set_value(&before);
        }
        true
    }
}

/// The text field in which the cursor is.
fn focused() -> Option<HtmlInputElement> {
    page::document()?.active_element()?.dyn_into().ok()
}

/// Ends the burst when nothing more comes.
fn end_in_silence(keys: &Rc<RefCell<Keys>>) {
    let (keys, turn) = (Rc::clone(keys), keys.borrow().turn);
    spawn_local(async move {
        clock::sleep(PATIENCE).await;
        // Keys that waited while the page was busy come first.
        clock::sleep(0).await;
        if keys.borrow().turn == turn {
            finish(&keys);
        }
    });
}

/// Ends the burst; whether it was a scan, which is then looked up.
fn finish(keys: &Rc<RefCell<Keys>>) -> bool {
    let scanned = keys.borrow_mut().burst.end();
    if let Some(digits) = &scanned {
        scan::resolve(digits);
    }
    scanned.is_some()
}

/// Presses the button or link that shows this key; whether there is one.
fn press(key: &str) -> bool {
    // Letters are for typing: only keys with a name are looked for, `F2` or `Escape`.
    let named = key.len() > 1 && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let button = named
        .then(|| page::find_html(&format!("[data-key={key}]")))
        .flatten();
    if let Some(button) = &button {
        button.click();
    }
    button.is_some()
}
