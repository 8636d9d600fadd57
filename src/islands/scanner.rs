//! The scanner at the till: a card is read wherever the cursor is, keys press the buttons that show them, a form is sent
//! once, and a result is heard. Ordinary typing is never touched, and without this island the page works all the same.

#[cfg(any(feature = "hydrate", test))]
mod burst;
#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "hydrate")]
mod once;
#[cfg(feature = "hydrate")]
mod tone;

use leptos::prelude::*;

/// Listens on the till's page for as long as it is open.
#[island]
pub fn Scanner() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    start();
}

#[cfg(feature = "hydrate")]
fn start() {
    once::send_once();
    once::forget_scan_soon();
    keys::listen();
    tone::tell();
}

/// Calls `heard` at each event of this name anywhere on the page, for as long as the document lives.
#[cfg(feature = "hydrate")]
fn on<E: wasm_bindgen::JsCast + 'static>(name: &str, heard: impl Fn(E) + 'static) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    let heard = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        heard(event.unchecked_into());
    });
    if let Some(window) = web_sys::window() {
        let heard = heard.into_js_value();
        drop(window.add_event_listener_with_callback(name, heard.unchecked_ref()));
    }
}
