//! Sources of pictures: the browser's cameras, which of them, its light.

use js_sys::{Array, Object};
use kopilka_browser::{get, global, method, set, settled};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

use super::Trouble;

/// Key under which the chosen camera is remembered.
const CHOSEN: &str = "camera";

/// A camera to choose.
pub struct Camera {
    /// Id by which the browser knows it.
    pub id: String,
    /// Name by which its maker calls it; may be empty.
    pub name: String,
}

fn devices() -> Option<JsValue> {
    get(&global("navigator")?, "mediaDevices")
}

/// Opens the chosen camera, else the one that looks away from the cashier, else any.
pub async fn open() -> Result<JsValue, Trouble> {
    if global("isSecureContext").is_none_or(|secure| secure.is_falsy()) {
        return Err(Trouble::Insecure);
    }
    let devices = devices().ok_or(Trouble::Missing)?;
    if let Some(chosen) = memory().and_then(|memory| memory.get_item(CHOSEN).ok()?) {
        // A wish alone would weigh no more than the size of the picture.
        let this = object(&[("exact", &chosen.into())]);
        match ask(&devices, "deviceId", &this).await {
            // It is no longer there: any other.
            Err(Trouble::Missing) => {}
            asked => return asked,
        }
    }
    ask(&devices, "facingMode", &ideal("environment".into())).await
}

async fn ask(devices: &JsValue, name: &str, value: &JsValue) -> Result<JsValue, Trouble> {
    let video = object(&[
        ("width", &ideal(1280.into())),
        ("height", &ideal(720.into())),
        (name, value),
    ]);
    let wish = object(&[("video", &video)]);
    let ask = method(devices, "getUserMedia").ok_or(Trouble::Missing)?;
    let asked = ask.call1(devices, &wish).map_err(|_| Trouble::Failed)?;
    JsFuture::from(js_sys::Promise::resolve(&asked))
        .await
        .map_err(|error| trouble(&error))
}

/// Returns what an error of the browser means (Media Capture and Streams, 10.2, and the names of older browsers).
fn trouble(error: &JsValue) -> Trouble {
    let name = get(error, "name").and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotAllowedError" | "SecurityError") => Trouble::Denied,
        Some("NotFoundError" | "OverconstrainedError") => Trouble::Missing,
        Some("NotReadableError" | "AbortError") => Trouble::Busy,
        _ => Trouble::Failed,
    }
}

fn object(entries: &[(&str, &JsValue)]) -> JsValue {
    let object = JsValue::from(Object::new());
    for (name, value) in entries {
        set(&object, name, value);
    }
    object
}

fn ideal(value: JsValue) -> JsValue {
    object(&[("ideal", &value)])
}

fn memory() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Remembers this camera for the next time.
pub fn remember(id: &str) {
    if let Some(memory) = memory() {
        drop(memory.set_item(CHOSEN, id));
    }
}

/// The only track of a stream.
fn track(stream: &JsValue) -> Option<JsValue> {
    let tracks = method(stream, "getVideoTracks")?.call0(stream).ok()?;
    get(&tracks, "0")
}

/// Lets the camera go; its lamp goes out.
pub fn stop(stream: &JsValue) {
    if let Some(track) = track(stream)
        && let Some(stop) = method(&track, "stop")
    {
        drop(stop.call0(&track));
    }
}

/// Returns whether the camera has gone: pulled out, or taken away.
pub fn has_ended(stream: &JsValue) -> bool {
    let state = track(stream).and_then(|track| get(&track, "readyState")?.as_string());
    state.as_deref() != Some("live")
}

/// Returns the id by which the browser knows the open camera.
pub fn device(stream: &JsValue) -> Option<String> {
    let track = track(stream)?;
    let settings = method(&track, "getSettings")?.call0(&track).ok()?;
    get(&settings, "deviceId")?.as_string()
}

/// Every camera.
pub async fn cameras() -> Vec<Camera> {
    let all = async {
        let devices = devices()?;
        let asked = method(&devices, "enumerateDevices")?.call0(&devices).ok()?;
        settled(asked).await?.dyn_into::<Array>().ok()
    };
    let text = |device: &JsValue, name| get(device, name).and_then(|value| value.as_string());
    all.await
        .unwrap_or_default()
        .iter()
        .filter(|device| text(device, "kind").as_deref() == Some("videoinput"))
        .map(|device| Camera {
            id: text(&device, "deviceId").unwrap_or_default(),
            name: text(&device, "label").unwrap_or_default(),
        })
        .collect()
}

/// Returns whether the camera has a light that can be switched.
pub fn has_torch(stream: &JsValue) -> bool {
    let torch = track(stream).and_then(|track| {
        let abilities = method(&track, "getCapabilities")?.call0(&track).ok()?;
        get(&abilities, "torch")
    });
    torch.is_some_and(|torch| torch.is_truthy())
}

/// Switches the light; whether that was done.
pub async fn set_torch(stream: &JsValue, lit: bool) -> bool {
    let asked = track(stream).and_then(|track| {
        let torch = object(&[("torch", &lit.into())]);
        let wish = object(&[("advanced", &Array::of1(&torch))]);
        method(&track, "applyConstraints")?
            .call1(&track, &wish)
            .ok()
    });
    match asked {
        Some(asked) => settled(asked).await.is_some(),
        None => false,
    }
}
