//! The document: finding what the server drew and changing its text.

use gloo_net::http::Request;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, DomParser, Element, HtmlElement, SupportedType, UrlSearchParams};

use super::{get_property, listen};

/// The document.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The first element that a selector names.
pub fn find_element(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok()?
}

/// The first element that a selector names, which is one of HTML.
pub fn find_html(selector: &str) -> Option<HtmlElement> {
    find_element(selector).map(JsCast::unchecked_into)
}

/// Every element that a selector names.
pub fn find_all(selector: &str) -> Vec<Element> {
    let Some(Ok(found)) = document().map(|document| document.query_selector_all(selector)) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|place| Some(found.item(place)?.unchecked_into()))
        .collect()
}

/// Sets the text of every element that a selector names.
pub fn write_text(selector: &str, text: &str) {
    for element in find_all(selector) {
        element.set_text_content(Some(text));
    }
}

/// Sets an attribute of the first element that a selector names.
pub fn set_attribute(selector: &str, name: &str, value: &str) {
    if let Some(element) = find_element(selector) {
        drop(element.set_attribute(name, value));
    }
}

/// Says a sentence in the page's live region; the loader takes it away after a while.
pub fn announce(sentence: &str) {
    write_text(".live", sentence);
}

/// Returns whether the page is seen.
pub fn is_visible() -> bool {
    document()
        .and_then(|document| get_property(&document, "hidden"))
        .is_some_and(|hidden| hidden.is_falsy())
}

/// Calls `change` with whether the page is seen, whenever that changes, for as long as the document lives.
pub fn on_visibility(change: impl Fn(bool) + 'static) {
    let changed = Closure::<dyn FnMut()>::new(move || change(is_visible())).into_js_value();
    if let Some(document) = document() {
        listen(&document, "visibilitychange", &changed);
    }
}

/// Returns whether the visitor asked for no motion.
pub fn is_still() -> bool {
    web_sys::window()
        .and_then(|window| {
            window
                .match_media("(prefers-reduced-motion: reduce)")
                .ok()?
        })
        .and_then(|query| get_property(&query, "matches"))
        .is_some_and(|matches| matches.is_truthy())
}

/// The text that an address answers with, be it the sign-in page or an apology: readers look for what they know.
/// With `post`, an empty form is sent.
pub async fn fetch_text(address: &str, post: bool) -> Option<String> {
    let request = if post {
        // The page itself, not the way to it, where there is one.
        let request = Request::post(address).header("prefer", "return=representation");
        request.body(UrlSearchParams::new().ok()?)
    } else {
        Request::get(address).build()
    };
    request.ok()?.send().await.ok()?.text().await.ok()
}

/// A page of ours, read but not shown.
pub async fn fetch_document(address: &str) -> Option<Document> {
    let html = fetch_text(address, false).await?;
    DomParser::new()
        .ok()?
        .parse_from_string(&html, SupportedType::TextHtml)
        .ok()
}

/// Puts the same part of another page in place of this page's, unless the visitor is busy inside it.
pub fn take_over(selector: &str, other: &Document) -> Option<()> {
    let old = find_element(selector)?;
    let new = other.query_selector(selector).ok()??;
    let focus = document()?.active_element();
    if !old.contains(focus.as_deref()) {
        old.replace_with_with_node_1(&new).ok()?;
    }
    Some(())
}
