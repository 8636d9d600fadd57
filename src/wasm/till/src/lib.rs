//! The till in the browser: a card is read wherever the cursor is, keys press the buttons that show them, a form is sent
//! once, and a result is heard; a sale outlives a lost link on this device. Ordinary typing is never touched, and without
//! this module the pages work all the same.

mod browser_memory;
mod camera;
mod idle_reload;
mod key_listener;
mod live_judging;
mod money;
mod next_customer;
mod offline_page;
mod offline_sale;
mod offline_sales;
mod page_exchange;
mod page_facts;
mod page_history;
mod queue_list;
mod receipt_posting;
mod remembered_draft;
mod remembered_forms;
mod result_bar;
pub mod scan;
mod scanned_code;
mod scanner_burst;
mod send_once;
mod server_calls;
mod server_link;
mod tone;
mod typed_meanwhile;
mod unanswered_forms;

use kopilka_browser::listen;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Event;

/// Listens on the till's page for as long as it is open; called by the till's loader.
#[wasm_bindgen]
pub fn start() {
    page_history::listen();
    idle_reload::listen();
    page_facts::remember_page();
    page_exchange::note_heading();
    next_customer::follow_others();
    send_once::listen();
    key_listener::listen();
    scan::listen();
    camera::listen();
    live_judging::listen();
    remembered_draft::listen();
    queue_list::listen();
    server_link::listen();
    begin_page();
}

/// Begins the work of a page: one that was loaded, or one whose parts have taken the place of another's.
fn begin_page() {
    next_customer::begin_page();
    unanswered_forms::note_sent_form();
    offline_page::begin_page();
    scan::begin_page();
    camera::begin_page();
    live_judging::begin_page();
    remembered_draft::begin_page();
    unanswered_forms::begin_page();
    tone::play_page_result();
    result_bar::tell_remembered();
    server_link::begin_page();
}

/// Calls `heard` at each event of this name anywhere on the page, for as long as the document lives.
fn listen_on_page<E: JsCast + 'static>(name: &str, heard: impl Fn(E) + 'static) {
    let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if !page_exchange::is_exchanging() {
            heard(event.unchecked_into());
        }
    });
    if let Some(window) = web_sys::window() {
        listen(&window, name, &heard.into_js_value());
    }
}
