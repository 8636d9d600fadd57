//! Sources of pictures: the browser's cameras, which of them, its light.

use js_sys::{Array, Object};
use kopilka_browser::{await_promise, get_global, get_method, get_property, set_property};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

use super::CameraTrouble;

/// Key under which the chosen camera is remembered.
const CHOSEN: &str = "camera";

/// A camera to choose.
pub struct CameraChoice {
    /// Id by which the browser knows it.
    pub id: String,
    /// Name by which its maker calls it; may be empty.
    pub name: String,
}

fn devices() -> Option<JsValue> {
    get_property(&get_global("navigator")?, "mediaDevices")
}

/// Opens the chosen camera, else the one that looks away from the cashier, else any.
pub async fn open_stream() -> Result<JsValue, CameraTrouble> {
    if get_global("isSecureContext").is_none_or(|secure| secure.is_falsy()) {
        return Err(CameraTrouble::Insecure);
    }
    let devices = devices().ok_or(CameraTrouble::Missing)?;
    if let Some(chosen) = memory().and_then(|memory| memory.get_item(CHOSEN).ok()?) {
        // A wish alone would weigh no more than the size of the picture.
        let this = object(&[("exact", &chosen.into())]);
        match request_stream(&devices, "deviceId", &this).await {
            // It is no longer there: any other.
            Err(CameraTrouble::Missing) => {}
            asked => return asked,
        }
    }
    request_stream(
        &devices,
        "facingMode",
        &ideal_constraint("environment".into()),
    )
    .await
}

async fn request_stream(
    devices: &JsValue,
    name: &str,
    value: &JsValue,
) -> Result<JsValue, CameraTrouble> {
    let video = object(&[
        ("width", &ideal_constraint(1280.into())),
        ("height", &ideal_constraint(720.into())),
        (name, value),
    ]);
    let wish = object(&[("video", &video)]);
    let ask = get_method(devices, "getUserMedia").ok_or(CameraTrouble::Missing)?;
    let asked = ask
        .call1(devices, &wish)
        .map_err(|_| CameraTrouble::Failed)?;
    JsFuture::from(js_sys::Promise::resolve(&asked))
        .await
        .map_err(|error| trouble(&error))
}

/// Returns what an error of the browser means (Media Capture and Streams, 10.2, and the names of older browsers).
fn trouble(error: &JsValue) -> CameraTrouble {
    let name = get_property(error, "name").and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotAllowedError" | "SecurityError") => CameraTrouble::Denied,
        Some("NotFoundError" | "OverconstrainedError") => CameraTrouble::Missing,
        Some("NotReadableError" | "AbortError") => CameraTrouble::Busy,
        _ => CameraTrouble::Failed,
    }
}

fn object(entries: &[(&str, &JsValue)]) -> JsValue {
    let object = JsValue::from(Object::new());
    for (name, value) in entries {
        set_property(&object, name, value);
    }
    object
}

fn ideal_constraint(value: JsValue) -> JsValue {
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
fn video_track(stream: &JsValue) -> Option<JsValue> {
    let tracks = get_method(stream, "getVideoTracks")?.call0(stream).ok()?;
    get_property(&tracks, "0")
}

/// Lets the camera go; its lamp goes out.
pub fn stop_stream(stream: &JsValue) {
    if let Some(track) = video_track(stream)
        && let Some(stop) = get_method(&track, "stop")
    {
        drop(stop.call0(&track));
    }
}

/// Returns whether the camera has gone: pulled out, or taken away.
pub fn has_ended(stream: &JsValue) -> bool {
    let state =
        video_track(stream).and_then(|track| get_property(&track, "readyState")?.as_string());
    state.as_deref() != Some("live")
}

/// Returns the id by which the browser knows the open camera.
pub fn device(stream: &JsValue) -> Option<String> {
    let track = video_track(stream)?;
    let settings = get_method(&track, "getSettings")?.call0(&track).ok()?;
    get_property(&settings, "deviceId")?.as_string()
}

/// Every camera.
pub async fn cameras() -> Vec<CameraChoice> {
    let all = async {
        let devices = devices()?;
        let asked = get_method(&devices, "enumerateDevices")?
            .call0(&devices)
            .ok()?;
        await_promise(asked).await?.dyn_into::<Array>().ok()
    };
    let text =
        |device: &JsValue, name| get_property(device, name).and_then(|value| value.as_string());
    all.await
        .unwrap_or_default()
        .iter()
        .filter(|device| text(device, "kind").as_deref() == Some("videoinput"))
        .map(|device| CameraChoice {
            id: text(&device, "deviceId").unwrap_or_default(),
            name: text(&device, "label").unwrap_or_default(),
        })
        .collect()
}

/// Returns whether the camera has a light that can be switched.
pub fn has_torch(stream: &JsValue) -> bool {
    let torch = video_track(stream).and_then(|track| {
        let abilities = get_method(&track, "getCapabilities")?.call0(&track).ok()?;
        get_property(&abilities, "torch")
    });
    torch.is_some_and(|torch| torch.is_truthy())
}

/// Switches the light; whether that was done.
pub async fn set_torch(stream: &JsValue, lit: bool) -> bool {
    let asked = video_track(stream).and_then(|track| {
        let torch = object(&[("torch", &lit.into())]);
        let wish = object(&[("advanced", &Array::of1(&torch))]);
        get_method(&track, "applyConstraints")?
            .call1(&track, &wish)
            .ok()
    });
    match asked {
        Some(asked) => await_promise(asked).await.is_some(),
        None => false,
    }
}
