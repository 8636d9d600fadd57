//! Typed wrappers of browser APIs that islands and the till need. None of them fails loudly: what a browser lacks or
//! refuses is `None` or nothing, because the page behind them works without it.
//!
//! Properties are read by name: each typed getter would be one more import to load, some 40 bytes of JavaScript.

pub mod browser_store;
pub mod device_clock;
pub mod event_stream;
pub mod page;
pub mod wake_lock;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;

/// A property that is there and holds something.
pub fn get_property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into())
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

/// A property of the window.
pub fn get_global(name: &str) -> Option<JsValue> {
    get_property(&js_sys::global(), name)
}

/// Sets a property.
pub fn set_property(object: &JsValue, name: &str, value: &JsValue) {
    drop(Reflect::set(object, &name.into(), value));
}

/// A method, where this browser has it.
pub fn get_method(object: &JsValue, name: &str) -> Option<Function> {
    get_property(object, name)?.dyn_into().ok()
}

/// Calls `listener` at each event of this name.
pub fn listen(target: &EventTarget, event: &str, listener: &JsValue) {
    drop(target.add_event_listener_with_callback(event, listener.unchecked_ref()));
}

/// Waits for a promise and returns its value; nothing when it is rejected.
pub async fn await_promise(promise: impl Into<JsValue>) -> Option<JsValue> {
    JsFuture::from(Promise::resolve(&promise.into())).await.ok()
}
