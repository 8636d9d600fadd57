//! Reads codes in a video's pictures: by the browser's own detector where it knows QR codes, else by our decoder, which is
//! fetched only then.

use js_sys::{Array, Function, Promise, Reflect};
use kopilka_browser::{await_promise, get_global, get_method, get_property, page, set_property};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

/// Width of the picture that is searched, in pixels.
const WIDTH: u32 = 640;
/// Number of faults one after the other that are borne.
const FAULTS: u32 = 5;
/// Names of what the browser's detector and our decoder are asked for.
const CODE: &str = "qr_code";

#[wasm_bindgen]
extern "C" {
    /// Fetches a script module.
    #[wasm_bindgen(js_name = "import", catch)]
    fn import(address: &str) -> Result<Promise, JsValue>;
}

/// The reader went wrong again and again.
pub struct ReaderFailure;

/// A reader of codes.
pub struct QrCodeReader {
    way: ReaderBackend,
    faults: u32,
}

enum ReaderBackend {
    /// The browser's detector.
    BrowserDetector(JsValue),
    /// Our decoder: its function, the canvas that pictures are drawn to, how many there were.
    OwnDecoder(Function, CanvasRenderingContext2d, u32),
}

impl QrCodeReader {
    /// A reader that is ready; nothing where the browser has none and ours did not come.
    pub async fn load_reader() -> Option<Self> {
        let way = match browser_detector().await {
            Some(detector) => ReaderBackend::BrowserDetector(detector),
            None => load_own_decoder().await?,
        };
        Some(Self { way, faults: 0 })
    }

    /// The text of a code in the video's present picture.
    ///
    /// # Errors
    /// Where nothing but faults come of it.
    pub async fn read_code(
        &mut self,
        video: &HtmlVideoElement,
    ) -> Result<Option<String>, ReaderFailure> {
        let read = match &mut self.way {
            ReaderBackend::BrowserDetector(detector) => detect(detector, video).await,
            ReaderBackend::OwnDecoder(decode, canvas, look) => {
                *look = look.wrapping_add(1);
                decode_picture(decode, canvas, video, *look)
            }
        };
        match read {
            Some(read) => {
                self.faults = 0;
                Ok(read)
            }
            None if self.faults < FAULTS => {
                self.faults += 1;
                Ok(None)
            }
            None => Err(ReaderFailure),
        }
    }
}

/// The browser's detector of QR codes.
async fn browser_detector() -> Option<JsValue> {
    let class: Function = get_global("BarcodeDetector")?.dyn_into().ok()?;
    let asked = get_method(&class, "getSupportedFormats")?
        .call0(&class)
        .ok()?;
    let formats: Array = await_promise(asked).await?.dyn_into().ok()?;
    if !formats.includes(&CODE.into(), 0) {
        return None;
    }
    let wish = js_sys::Object::new();
    set_property(&wish, "formats", &Array::of1(&CODE.into()));
    Reflect::construct(&class, &Array::of1(&wish)).ok()
}

/// Our decoder, fetched and started.
async fn load_own_decoder() -> Option<ReaderBackend> {
    let camera = page::find_element("#camera")?;
    let module = await_promise(import(&camera.get_attribute("data-js")?).ok()?).await?;
    let options = js_sys::Object::new();
    let wasm = camera.get_attribute("data-wasm")?;
    set_property(&options, "module_or_path", &wasm.into());
    await_promise(
        get_method(&module, "default")?
            .call1(&module, &options)
            .ok()?,
    )
    .await?;
    let canvas: HtmlCanvasElement = page::document()?
        .create_element("canvas")
        .ok()?
        .unchecked_into();
    let options = js_sys::Object::new();
    // The picture is read back each time: a graphics card would only be in the way.
    set_property(&options, "willReadFrequently", &true.into());
    let context = canvas.get_context_with_context_options("2d", &options);
    Some(ReaderBackend::OwnDecoder(
        get_method(&module, "decode")?,
        context.ok()??.unchecked_into(),
        0,
    ))
}

/// Nothing at a fault; else what was read.
async fn detect(detector: &JsValue, video: &HtmlVideoElement) -> Option<Option<String>> {
    if video.video_width() == 0 {
        return Some(None);
    }
    let asked = get_method(detector, "detect")?
        .call1(detector, video)
        .ok()?;
    let found: Array = await_promise(asked).await?.dyn_into().ok()?;
    let mut texts = found
        .iter()
        .filter_map(|code| get_property(&code, "rawValue")?.as_string());
    Some(texts.find(|text| super::scanned_code::is_card_code(text)))
}

/// Nothing at a fault; else what was read.
fn decode_picture(
    decode: &Function,
    context: &CanvasRenderingContext2d,
    video: &HtmlVideoElement,
    look: u32,
) -> Option<Option<String>> {
    let height = (WIDTH * video.video_height()).checked_div(video.video_width());
    let Some(height) = height.filter(|height| *height > 0) else {
        // No picture has come yet.
        return Some(None);
    };
    let canvas = context.canvas()?;
    if (canvas.width(), canvas.height()) != (WIDTH, height) {
        canvas.set_width(WIDTH);
        canvas.set_height(height);
    }
    let (across, down) = (f64::from(WIDTH), f64::from(height));
    context
        .draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, across, down)
        .ok()?;
    let area = Array::of4(&0.into(), &0.into(), &WIDTH.into(), &height.into());
    let picture = get_method(context, "getImageData")?
        .apply(context, &area)
        .ok()?;
    let pixels = get_property(&picture, "data")?;
    let none = JsValue::UNDEFINED;
    let found = decode.call3(&none, &pixels, &WIDTH.into(), &look.into());
    Some(found.ok()?.as_string())
}
