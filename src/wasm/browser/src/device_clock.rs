//! The device's clock, in whole milliseconds since 1970, and waiting. The device may be wrong; see [`skew`].

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};

use super::{await_promise, get_global, get_method, get_property};

/// A number as a whole one. JavaScript has one kind of number; milliseconds since 1970 are whole ones, far below its limit of 53 bits.
#[expect(
    clippy::as_conversions,
    reason = "no lossless way from a JavaScript number exists"
)]
pub const fn to_whole_millis(milliseconds: f64) -> i64 {
    milliseconds as i64
}

/// Returns the time by the device's clock, in milliseconds since 1970.
pub fn device_time() -> i64 {
    to_whole_millis(js_sys::Date::now())
}

/// Returns the milliseconds by which the device is behind the server, when the page was answered at `server` by the server's
/// clock. Nothing for pages that the browser may have kept: their time is that of an earlier visit.
pub fn page_skew(server: i64) -> Option<i64> {
    let performance = get_global("performance")?;
    let entries =
        get_method(&performance, "getEntriesByType")?.call1(&performance, &"navigation".into());
    let navigation = get_property(&entries.ok()?, "0")?;
    if get_property(&navigation, "type")?.as_string()? == "back_forward" {
        return None;
    }
    let started = to_whole_millis(get_property(&performance, "timeOrigin")?.as_f64()?);
    let answered = to_whole_millis(get_property(&navigation, "responseStart")?.as_f64()?);
    (answered > 0).then(|| server - started - answered)
}

/// Returns the same as [`skew`], by the device's clock as it is now: it may have been set right or wrong since the page was
/// asked for.
pub fn current_skew(server: i64) -> Option<i64> {
    let performance = get_global("performance")?;
    let entries =
        get_method(&performance, "getEntriesByType")?.call1(&performance, &"navigation".into());
    let navigation = get_property(&entries.ok()?, "0")?;
    if get_property(&navigation, "type")?.as_string()? == "back_forward" {
        return None;
    }
    let elapsed = get_method(&performance, "now")?.call0(&performance).ok()?;
    let answered = to_whole_millis(get_property(&navigation, "responseStart")?.as_f64()?);
    let since = to_whole_millis(elapsed.as_f64()?) - answered;
    (answered > 0).then(|| server - device_time() + since.max(0))
}

/// Waits.
pub async fn sleep(milliseconds: i32) {
    let promise = Promise::new_typed::<JsValue>(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            drop(
                window.set_timeout_with_callback_and_timeout_and_arguments_0(
                    resolve.unchecked_ref(),
                    milliseconds,
                ),
            );
        }
    });
    await_promise(promise).await;
}
