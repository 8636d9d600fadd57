//! The device's clock, in whole milliseconds since 1970, and waiting. The device may be wrong; see [`skew`].

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};

use super::{get, global, method, settled};

/// A number as a whole one. JavaScript has one kind of number; milliseconds since 1970 are whole ones, far below its limit of 53 bits.
#[expect(
    clippy::as_conversions,
    reason = "no lossless way from a JavaScript number exists"
)]
pub const fn whole(milliseconds: f64) -> i64 {
    milliseconds as i64
}

/// Returns the time by the device's clock, in milliseconds since 1970.
pub fn now() -> i64 {
    whole(js_sys::Date::now())
}

/// Returns the milliseconds by which the device is behind the server, when the page was answered at `server` by the server's
/// clock. Nothing for pages that the browser may have kept: their time is that of an earlier visit.
pub fn skew(server: i64) -> Option<i64> {
    let performance = global("performance")?;
    let entries =
        method(&performance, "getEntriesByType")?.call1(&performance, &"navigation".into());
    let navigation = get(&entries.ok()?, "0")?;
    if get(&navigation, "type")?.as_string()? == "back_forward" {
        return None;
    }
    let started = whole(get(&performance, "timeOrigin")?.as_f64()?);
    let answered = whole(get(&navigation, "responseStart")?.as_f64()?);
    (answered > 0).then(|| server - started - answered)
}

/// Returns the same as [`skew`], by the device's clock as it is now: it may have been set right or wrong since the page was
/// asked for.
pub fn skew_now(server: i64) -> Option<i64> {
    let performance = global("performance")?;
    let entries =
        method(&performance, "getEntriesByType")?.call1(&performance, &"navigation".into());
    let navigation = get(&entries.ok()?, "0")?;
    if get(&navigation, "type")?.as_string()? == "back_forward" {
        return None;
    }
    let elapsed = method(&performance, "now")?.call0(&performance).ok()?;
    let answered = whole(get(&navigation, "responseStart")?.as_f64()?);
    let since = whole(elapsed.as_f64()?) - answered;
    (answered > 0).then(|| server - now() + since.max(0))
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
    settled(promise).await;
}
