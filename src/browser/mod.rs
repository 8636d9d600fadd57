//! Typed wrappers of browser APIs that islands need. None of them fails loudly: what a browser lacks or refuses is
//! `None` or nothing, because the page behind an island works without it.

pub mod clock;
pub mod key;
pub mod live;
pub mod page;
pub mod store;
pub mod wake;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A property that is there and holds something.
pub(crate) fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into())
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

/// Sets a property of an object of ours.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    drop(Reflect::set(object, &name.into(), value));
}

/// A method, where this browser has it.
pub(crate) fn method(object: &JsValue, name: &str) -> Option<Function> {
    get(object, name)?.dyn_into().ok()
}

/// What a promise comes to; nothing when it is refused.
pub(crate) async fn settled(promise: impl Into<JsValue>) -> Option<JsValue> {
    JsFuture::from(Promise::resolve(&promise.into())).await.ok()
}
