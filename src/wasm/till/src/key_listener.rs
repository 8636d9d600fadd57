//! Keys on the till's page: bursts of a scanner wherever the cursor is, and the keys that buttons show.

use std::cell::RefCell;

use kopilka_browser::{device_clock, page};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, KeyboardEvent};

use super::scanner_burst::{PATIENCE, ScannerBurst, digit_of_key};
use super::{listen_on_page, scan};

#[derive(Default)]
struct KeyListener {
    burst: ScannerBurst,
    // Where the burst began to appear, with what stood there before.
    spoilt: Option<(HtmlInputElement, String)>,
    // Counts keys, so that only the last one's silence counts.
    turn: u32,
}

thread_local! {
    static KEYS: RefCell<KeyListener> = RefCell::default();
}

/// Listens to every key of the page.
pub fn listen() {
    listen_on_page("keydown", |event: KeyboardEvent| on_key(&event));
}

/// Goes on with a burst whose page was exchanged in the middle of it: its next signs appear in another field.
pub fn follow_page() {
    KEYS.with_borrow_mut(|keys| {
        let Some((old, before)) = keys.spoilt.take() else {
            return;
        };
        keys.note_field();
        // What has appeared of it went along, where the page is about the same receipt.
        if let Some((field, value)) = &mut keys.spoilt
            && field.id() == old.id()
            && field.value() == old.value()
        {
            *value = before;
        }
    });
}

fn on_key(event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    match digit_of_key(&event.code(), &key) {
        // A key held down repeats as fast as a scanner types.
        Some(sign) if !event.repeat() => {
            if KEYS.with_borrow_mut(|keys| keys.take_key(sign, typed_at(event))) {
                event.prevent_default();
            }
            end_in_silence();
        }
        _ => match key.as_str() {
            // Some layouts need them for digits.
            "Shift" | "CapsLock" | "NumLock" => {}
            "Enter" | "Tab" => {
                if finish_burst() {
                    event.prevent_default();
                }
            }
            _ => {
                drop(end_burst());
                if !event.repeat() && press_control(&key) {
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

impl KeyListener {
    /// Takes a key typed at this time; whether it must not reach the field, because a scanner typed it.
    fn take_key(&mut self, sign: char, at: i64) -> bool {
        self.turn = self.turn.wrapping_add(1);
        if self.burst.push_key(sign, at) {
            self.note_field();
        }
        if !self.burst.is_scan() {
            return false;
        }
        if let Some((field, before)) = self.spoilt.take() {
            field.set_value(&before);
        }
        true
    }

    /// Takes note of the field in which the burst appears.
    fn note_field(&mut self) {
        self.spoilt = focused().map(|field| {
            let before = field.value();
            (field, before)
        });
    }
}

/// The text field in which the cursor is.
fn focused() -> Option<HtmlInputElement> {
    page::document()?.active_element()?.dyn_into().ok()
}

/// Ends the burst when nothing more comes.
fn end_in_silence() {
    let turn = KEYS.with_borrow(|keys| keys.turn);
    spawn_local(async move {
        device_clock::sleep(PATIENCE).await;
        // Keys that waited while the page was busy come first.
        device_clock::sleep(0).await;
        if KEYS.with_borrow(|keys| keys.turn) == turn {
            finish_burst();
        }
    });
}

/// Ends the burst; whether it was a scan, which is then looked up.
fn finish_burst() -> bool {
    let scanned = end_burst();
    if let Some(digits) = &scanned {
        scan::resolve(digits);
    }
    scanned.is_some()
}

fn end_burst() -> Option<String> {
    KEYS.with_borrow_mut(|keys| keys.burst.end_burst())
}

/// Presses the button or link that shows this key; whether there is one.
fn press_control(key: &str) -> bool {
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
