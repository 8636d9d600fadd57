//! Handling of codes, however they were read (keys, clipboard, camera): a code is looked up through the page's own field.
//! One that comes while a form is on its way waits for the next page; a card that a trembling hand scans twice is one.

use kopilka_browser::{device_clock, get_method, get_property, page};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlInputElement};

use super::browser_memory::BrowserMemory;
use super::{listen_on_page, next_customer, offline_page, page_facts, scanned_code, send_once};

/// Key under which the last card is remembered from one page to the next.
const LAST: &str = "scan";
/// Time within which the same card counts for the same scan, in milliseconds.
const SAME: i32 = 2_000;
/// Key under which scans wait for the next page: each with the time when it was made.
const WAITING: &str = "scans";
/// Longest time that one waits, in milliseconds: longer, and the cashier has seen that nothing came of it.
const PATIENCE: i64 = 10_000;
/// The code that is being looked up, with the time when it was sent.
pub const LOOKING: &str = "looking";
/// Time for which it counts, in milliseconds.
const LOOKED: i64 = 60_000;

/// Takes pasted codes.
pub fn listen() {
    listen_on_page("paste", |event: Event| {
        if let Some(digits) = pasted_code(&event) {
            event.prevent_default();
            resolve(&digits);
        }
    });
    forget_last_soon();
}

/// Takes what was scanned while the page before was busy.
pub fn begin_page() {
    if !page_facts::is_kept_page() {
        BrowserMemory::Tab.forget_value(LOOKING);
    }
    take_waiting();
}

/// Looks up what was scanned while a form was on its way.
pub fn take_waiting() {
    if let Some(digits) = next_waiting() {
        look_up(&digits);
    }
}

/// Looks these digits up, once. False where this very card was scanned a moment ago, and nothing is done.
pub fn resolve(digits: &str) -> bool {
    if scanned_code::is_card(digits) && is_last(digits) {
        return false;
    }
    if send_once::is_sent() {
        keep_for_next_page(digits);
    } else {
        look_up(digits);
    }
    true
}

fn look_up(digits: &str) {
    if page_facts::is_kept_page() {
        return offline_page::take_code(digits);
    }
    if let Some(field) = code_field() {
        field.set_value(digits);
        if let Some(button) = page::find_html("#find") {
            button.click();
        }
    }
}

fn code_field() -> Option<HtmlInputElement> {
    page::find_element("#code")?.dyn_into().ok()
}

/// Returns what stands in the code's field.
pub fn field_value() -> String {
    code_field().map(|field| field.value()).unwrap_or_default()
}

/// Remembers the code that a form is being sent with, for the page that comes when there is no link.
pub fn remember(event: &Event) {
    let button = get_property(event, "submitter").map(JsCast::unchecked_into::<Element>);
    let typed = field_value();
    if !typed.is_empty() && button.is_some_and(|button| button.id() == "find") {
        let next = if next_customer::is_serving() {
            "next"
        } else {
            "same"
        };
        BrowserMemory::Tab.write_value(
            LOOKING,
            &format!("{typed} {} {next}", device_clock::device_time()),
        );
    }
}

/// A code that was being looked up when the link was lost.
pub struct UnansweredScan {
    /// The code.
    pub code: String,
    /// Marks a scan that began while somebody was being served: it is the next customer's.
    pub is_next: bool,
}

/// The code that was being looked up when the link was lost.
pub fn unanswered_scan() -> Option<UnansweredScan> {
    let looking = BrowserMemory::Tab.take_value(LOOKING)?;
    let (looking, next) = looking.rsplit_once(' ')?;
    let (typed, at) = looking.rsplit_once(' ')?;
    let fresh = at
        .parse::<i64>()
        .is_ok_and(|at| device_clock::device_time() - at < LOOKED);
    let code = scanned_code::digits_of_pasted(typed).filter(|_| fresh)?;
    let is_next = next == "next";
    Some(UnansweredScan { code, is_next })
}

/// The code that is being pasted anywhere but into another field than the code's own.
fn pasted_code(event: &Event) -> Option<String> {
    let at = page::document()?.active_element();
    let typing =
        at.is_some_and(|field| field.id() != "code" && field.matches(TYPING).is_ok_and(|is| is));
    if typing {
        return None;
    }
    let clipboard = get_property(event, "clipboardData")?;
    let text = get_method(&clipboard, "getData")?.call1(&clipboard, &JsValue::from_str("text"));
    scanned_code::digits_of_pasted(&text.ok()?.as_string()?)
}

/// Fields in which something is typed.
const TYPING: &str = "input:not([type=radio],[type=checkbox]),textarea";

/// Returns whether this very card was scanned a moment ago, and remembers it from now on.
fn is_last(digits: &str) -> bool {
    let same = BrowserMemory::Tab.read_value(LAST).as_deref() == Some(digits);
    if !same {
        BrowserMemory::Tab.write_value(LAST, digits);
        forget_last_soon();
    }
    same
}

/// Forgets the last card when its time is over.
fn forget_last_soon() {
    spawn_local(async {
        device_clock::sleep(SAME).await;
        BrowserMemory::Tab.forget_value(LAST);
    });
}

/// Lets a scan wait for the next page.
fn keep_for_next_page(digits: &str) {
    let mut waiting = BrowserMemory::Tab.read_value(WAITING).unwrap_or_default();
    waiting.push_str(&format!("{digits} {}\n", device_clock::device_time()));
    BrowserMemory::Tab.write_value(WAITING, &waiting);
}

/// The first scan that waits and is not too old; the others go on waiting.
fn next_waiting() -> Option<String> {
    let waiting = BrowserMemory::Tab.read_value(WAITING)?;
    let oldest = device_clock::device_time() - PATIENCE;
    let mut fresh = waiting.lines().filter(|line| {
        let at = line.split_once(' ').and_then(|(_, at)| at.parse().ok());
        at.is_some_and(|at: i64| at >= oldest)
    });
    let next = fresh.next()?.split_once(' ')?.0.to_owned();
    let rest: String = fresh.flat_map(|line| [line, "\n"]).collect();
    BrowserMemory::Tab.write_value(WAITING, &rest);
    Some(next)
}
