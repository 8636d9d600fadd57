//! The camera's panel, as the server drew it: shown, filled and hidden here. Its words stand in attributes of the page.

use kopilka_browser::{await_promise, get_method, page, set_property};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlVideoElement};

use super::CameraTrouble;
use super::source::CameraChoice;

fn set_hidden(selector: &str, hidden: bool) {
    if let Some(element) = page::find_element(selector) {
        drop(element.toggle_attribute_with_force("hidden", hidden));
    }
}

/// A sentence of the page, with a number put in.
fn sentence_with_number(name: &str, number: i64) -> String {
    page::find_element("#camera")
        .and_then(|camera| camera.get_attribute(&format!("data-{name}")))
        .unwrap_or_default()
        .replace("{n}", &number.to_string())
}

/// Writes a text where it changes: screen readers say a live region again each time.
fn write_changed(selector: &str, text: &str) {
    let changes = |element: &Element| element.text_content().as_deref() != Some(text);
    if page::find_element(selector).as_ref().is_some_and(changes) {
        page::write_text(selector, text);
    }
}

/// Shows the button, whose place was kept.
pub fn show_button() {
    if let Some(camera) = page::find_element("#camera") {
        drop(camera.remove_attribute("inert"));
    }
}

/// Returns whether the panel is open.
pub fn is_open() -> bool {
    page::find_element("#camera-view").is_some_and(|view| !view.has_attribute("hidden"))
}

/// Opens the panel in place of its button. The cursor stays where it is, but for that button.
pub fn open_panel() {
    let on_button = page::find_element("[data-camera=open]:focus").is_some();
    set_hidden("#camera-view", false);
    set_hidden("[data-camera=open]", true);
    if on_button && let Some(button) = page::find_html(".camera-close") {
        drop(button.focus());
    }
    write_changed(".camera-trouble", "");
    write_changed(".camera-hint", "");
    write_changed(".camera-time", &sentence_with_number("opening", 0));
    // It goes before every other button of this key, and only while it is open.
    page::set_attribute(".camera-close", "data-key", "Escape");
}

/// Closes the panel; the cursor goes to the code's field where it was in the panel.
pub fn close_panel() {
    let inside = page::find_element("#camera").is_some_and(|camera| {
        let focus = page::document().and_then(|document| document.active_element());
        camera.contains(focus.as_deref())
    });
    set_hidden("#camera-view", true);
    set_hidden("[data-camera=open]", false);
    set_hidden(".camera-torch", true);
    set_hidden(".camera-choice", true);
    if let Some(button) = page::find_element(".camera-close") {
        drop(button.remove_attribute("data-key"));
    }
    if let Some(video) = video_element() {
        set_property(&video, "srcObject", &JsValue::NULL);
    }
    if inside {
        type_instead();
    }
}

fn type_instead() {
    if let Some(field) = page::find_html("#code") {
        drop(field.focus());
    }
}

/// Says why there is no camera; the cursor goes to the code's field.
pub fn show_trouble(trouble: CameraTrouble) {
    let name = match trouble {
        CameraTrouble::Denied => "denied",
        CameraTrouble::Missing => "missing",
        CameraTrouble::Busy => "busy",
        CameraTrouble::Insecure => "insecure",
        CameraTrouble::Failed => "failed",
    };
    write_changed(".camera-trouble", &sentence_with_number(name, 0));
    type_instead();
}

fn video_element() -> Option<HtmlVideoElement> {
    page::find_element("#camera-view video")?.dyn_into().ok()
}

/// Shows what the camera sees.
pub async fn play_stream(stream: &JsValue) -> Option<HtmlVideoElement> {
    let video = video_element()?;
    // An attribute would come too late for browsers that play only what is silent.
    set_property(&video, "muted", &true.into());
    set_property(&video, "srcObject", stream);
    await_promise(get_method(&video, "play")?.call0(&video).ok()?).await?;
    Some(video)
}

/// Tells for how long it has been looking, and what would help.
pub fn show_progress(seconds: i64, long: bool) {
    write_changed(".camera-time", &sentence_with_number("looking", seconds));
    if long {
        write_changed(".camera-hint", &sentence_with_number("hint", 0));
    }
}

/// Shows the light's switch where there is one.
pub fn offer_torch(there: bool) {
    show_torch(false);
    set_hidden(".camera-torch", !there);
}

/// Returns whether the switch is on.
pub fn is_torch_lit() -> bool {
    page::find_element("[data-camera=torch][aria-pressed=true]").is_some()
}

/// Turns the switch.
pub fn show_torch(lit: bool) {
    let lit = if lit { "true" } else { "false" };
    page::set_attribute("[data-camera=torch]", "aria-pressed", lit);
}

/// Lets choose where there are several cameras.
pub fn offer_cameras(cameras: &[CameraChoice], used: Option<String>) {
    let Some(choice) = page::find_element("#camera-choice") else {
        return;
    };
    choice.set_text_content(None);
    for (number, camera) in (1..).zip(cameras) {
        let option = page::document().and_then(|document| document.create_element("option").ok());
        if let Some(option) = option {
            let unnamed = camera.name.is_empty();
            let name = if unnamed {
                sentence_with_number("name", number)
            } else {
                camera.name.clone()
            };
            option.set_text_content(Some(&name));
            drop(option.set_attribute("value", &camera.id));
            drop(choice.append_child(&option));
        }
    }
    if let Some(used) = used {
        set_property(&choice, "value", &used.into());
    }
    set_hidden(".camera-choice", cameras.len() < 2);
}

/// The chosen camera.
pub fn chosen_camera() -> String {
    page::find_element("#camera-choice")
        .and_then(|choice| kopilka_browser::get_property(&choice, "value")?.as_string())
        .unwrap_or_default()
}
