//! The camera's panel, as the server drew it: shown, filled and hidden here. Its words stand in attributes of the page.

use kopilka_browser::{method, page, set, settled};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlVideoElement};

use super::Trouble;
use super::source::Camera;

fn hide(selector: &str, hidden: bool) {
    if let Some(element) = page::find(selector) {
        drop(element.toggle_attribute_with_force("hidden", hidden));
    }
}

/// A sentence of the page, with a number put in.
fn words(name: &str, number: i64) -> String {
    page::find("#camera")
        .and_then(|camera| camera.get_attribute(&format!("data-{name}")))
        .unwrap_or_default()
        .replace("{n}", &number.to_string())
}

/// Writes a text where it changes: screen readers say a live region again each time.
fn write(selector: &str, text: &str) {
    let changes = |element: &Element| element.text_content().as_deref() != Some(text);
    if page::find(selector).as_ref().is_some_and(changes) {
        page::write(selector, text);
    }
}

/// Shows the button, whose place was kept.
pub fn show() {
    if let Some(camera) = page::find("#camera") {
        drop(camera.remove_attribute("inert"));
    }
}

/// Returns whether the panel is open.
pub fn is_open() -> bool {
    page::find("#camera-view").is_some_and(|view| !view.has_attribute("hidden"))
}

/// Opens the panel in place of its button. The cursor stays where it is, but for that button.
pub fn open() {
    let on_button = page::find("[data-camera=open]:focus").is_some();
    hide("#camera-view", false);
    hide("[data-camera=open]", true);
    if on_button && let Some(button) = page::find_html(".camera-close") {
        drop(button.focus());
    }
    write(".camera-trouble", "");
    write(".camera-hint", "");
    write(".camera-time", &words("opening", 0));
    // It goes before every other button of this key, and only while it is open.
    page::set_attribute(".camera-close", "data-key", "Escape");
}

/// Closes the panel; the cursor goes to the code's field where it was in the panel.
pub fn close() {
    let inside = page::find("#camera").is_some_and(|camera| {
        let focus = page::document().and_then(|document| document.active_element());
        camera.contains(focus.as_deref())
    });
    hide("#camera-view", true);
    hide("[data-camera=open]", false);
    hide(".camera-torch", true);
    hide(".camera-choice", true);
    if let Some(button) = page::find(".camera-close") {
        drop(button.remove_attribute("data-key"));
    }
    if let Some(video) = video() {
        set(&video, "srcObject", &JsValue::NULL);
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
pub fn complain(trouble: Trouble) {
    let name = match trouble {
        Trouble::Denied => "denied",
        Trouble::Missing => "missing",
        Trouble::Busy => "busy",
        Trouble::Insecure => "insecure",
        Trouble::Failed => "failed",
    };
    write(".camera-trouble", &words(name, 0));
    type_instead();
}

fn video() -> Option<HtmlVideoElement> {
    page::find("#camera-view video")?.dyn_into().ok()
}

/// Shows what the camera sees.
pub async fn play(stream: &JsValue) -> Option<HtmlVideoElement> {
    let video = video()?;
    // An attribute would come too late for browsers that play only what is silent.
    set(&video, "muted", &true.into());
    set(&video, "srcObject", stream);
    settled(method(&video, "play")?.call0(&video).ok()?).await?;
    Some(video)
}

/// Tells for how long it has been looking, and what would help.
pub fn tell(seconds: i64, long: bool) {
    write(".camera-time", &words("looking", seconds));
    if long {
        write(".camera-hint", &words("hint", 0));
    }
}

/// Shows the light's switch where there is one.
pub fn offer_torch(there: bool) {
    show_torch(false);
    hide(".camera-torch", !there);
}

/// Returns whether the switch is on.
pub fn is_torch_lit() -> bool {
    page::find("[data-camera=torch][aria-pressed=true]").is_some()
}

/// Turns the switch.
pub fn show_torch(lit: bool) {
    let lit = if lit { "true" } else { "false" };
    page::set_attribute("[data-camera=torch]", "aria-pressed", lit);
}

/// Lets choose where there are several cameras.
pub fn offer_cameras(cameras: &[Camera], used: Option<String>) {
    let Some(choice) = page::find("#camera-choice") else {
        return;
    };
    choice.set_text_content(None);
    for (number, camera) in (1..).zip(cameras) {
        let option = page::document().and_then(|document| document.create_element("option").ok());
        if let Some(option) = option {
            let unnamed = camera.name.is_empty();
            let name = if unnamed {
                words("name", number)
            } else {
                camera.name.clone()
            };
            option.set_text_content(Some(&name));
            drop(option.set_attribute("value", &camera.id));
            drop(choice.append_child(&option));
        }
    }
    if let Some(used) = used {
        set(&choice, "value", &used.into());
    }
    hide(".camera-choice", cameras.len() < 2);
}

/// The chosen camera.
pub fn choice() -> String {
    page::find("#camera-choice")
        .and_then(|choice| kopilka_browser::get(&choice, "value")?.as_string())
        .unwrap_or_default()
}
