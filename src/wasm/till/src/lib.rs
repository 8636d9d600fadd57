//! The till in the browser: a card is read wherever the cursor is, keys press the buttons that show them, a form is sent
//! once, and a result is heard; a sale outlives a lost link on this device. Ordinary typing is never touched, and without
//! this module the pages work all the same.

mod bar;
mod burst;
mod camera;
mod code;
mod draft;
mod facts;
mod judged;
mod kept;
mod keys;
mod link;
mod list;
mod memory;
mod money;
mod next;
mod offline;
mod once;
mod posting;
mod sale;
pub mod scan;
mod sent;
mod tone;
mod wire;

use kopilka_browser::listen;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Event;

/// Listens on the till's page for as long as it is open; called by the till's loader.
#[wasm_bindgen]
pub fn start() {
    facts::remember();
    next::listen();
    next::follow_others();
    once::listen();
    keys::listen();
    sent::note();
    offline::listen();
    scan::listen();
    camera::listen();
    judged::listen();
    draft::listen();
    sent::listen();
    list::listen();
    tone::tell();
    bar::tell_left();
    link::listen();
}

/// Calls `heard` at each event of this name anywhere on the page, for as long as the document lives.
fn on<E: JsCast + 'static>(name: &str, heard: impl Fn(E) + 'static) {
    let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        heard(event.unchecked_into());
    });
    if let Some(window) = web_sys::window() {
        listen(&window, name, &heard.into_js_value());
    }
}
