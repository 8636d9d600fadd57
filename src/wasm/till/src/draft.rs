//! Draft of a receipt, which outlives a reload and the till's lock: what was typed is remembered in this tab until the
//! receipt is posted, left, or another customer's. Sums, lines and the receipt's key; no code of a card, no name.

use js_sys::{JSON, Object};
use kopilka_browser::{clock, get, page, set};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement};

use super::memory::Memory;
use super::sale::Fields;
use super::{facts, on, posting};

/// Key under which the receipt is remembered.
const DRAFT: &str = "receipt";
/// The key of the receipt that was last brought back.
const BROUGHT: &str = "receipt-brought";
/// Time for which it is, in milliseconds: longer than the till's lock, shorter than anybody waits.
const LIFE: i64 = 60 * 60 * 1_000;
/// Fields that name a card, and those that say nothing about the receipt.
const OTHERS: [&str; 5] = ["code", "answered", "find", "found", "ask"];

/// Brings the remembered receipt back, or remembers this page's.
pub fn listen() {
    for name in ["input", "change"] {
        on(name, |_: Event| keep());
    }
    if is_done() {
        return forget();
    }
    let Some(draft) = remembered() else {
        return keep();
    };
    match on_page() {
        // The server shows it, with whatever it had to say.
        Some(shown) if shown.value("key") == draft.value("key") => {
            stands();
            keep();
        }
        Some(shown) if shown.value("visit") == draft.value("visit") && is_blank(&shown) => {
            bring_back(&draft);
        }
        Some(_) => {
            forget();
            keep();
        }
        None if is_counter() && page::find("#code").is_some() && !facts::is_kept_page() => {
            bring_back(&draft);
        }
        None => {}
    }
}

/// Forgets the receipt where the form that is being sent leaves its customer, and remembers it otherwise.
pub fn follow(event: &Event, submitter: Option<&Element>) {
    let action = submitter.and_then(|button| button.get_attribute("formaction"));
    if action.as_deref() == Some("/api/till/leave") {
        forget();
    } else if event.target().is_some() {
        keep();
    }
}

/// The receipt stands on this page now, so it may be brought back again.
pub fn stands() {
    Memory::Tab.forget(BROUGHT);
}

/// The remembered receipt, unless it is too old.
pub fn remembered() -> Option<Fields> {
    let draft = JSON::parse(&Memory::Tab.read(DRAFT)?).ok()?;
    let at: i64 = get(&draft, "at")?.as_string()?.parse().ok()?;
    let fresh = (0..LIFE).contains(&(clock::now() - at));
    let fields = Fields::of(&get(&draft, "form")?);
    fresh.then_some(fields)
}

/// Forgets the receipt.
pub fn forget() {
    Memory::Tab.forget(DRAFT);
    Memory::Tab.forget(BROUGHT);
}

/// Forgets the receipt where it has this key.
pub fn forget_key(key: &str) {
    if is_remembered(key) {
        forget();
    }
}

fn is_remembered(key: &str) -> bool {
    remembered().is_some_and(|draft| draft.value("key") == key)
}

/// Returns the part of a receipt that is remembered: all that was typed, without what names a card.
pub fn typed(form: &Fields) -> Fields {
    form.without(&OTHERS)
}

/// Has the server show this receipt as it was typed.
pub fn restore(form: &Fields) {
    stands();
    write(form);
    bring_back(form);
}

/// Remembers the page's receipt, where something was typed; forgets it where nothing is any more.
fn keep() {
    let Some(shown) = on_page() else {
        return;
    };
    if !is_blank(&shown) {
        write(&typed(&shown));
    } else if is_remembered(&shown.value("key")) {
        // As after a scan whose first digits went into the field.
        Memory::Tab.forget(DRAFT);
    }
}

fn write(form: &Fields) {
    let draft = Object::new();
    set(&draft, "at", &clock::now().to_string().into());
    set(&draft, "form", form.as_js());
    if let Some(text) = JSON::stringify(&draft)
        .ok()
        .and_then(|text| text.as_string())
    {
        Memory::Tab.write(DRAFT, &text);
    }
}

/// The receipt form as it stands.
fn on_page() -> Option<Fields> {
    posting::fields(&page::find("#receipt")?.dyn_into().ok()?)
}

/// Returns whether nothing was typed into the page's receipt, where there is one.
pub fn is_blank_on_page() -> bool {
    on_page().is_none_or(|form| is_blank(&form))
}

/// Returns whether nothing was typed into it.
fn is_blank(form: &Fields) -> bool {
    let typed = ["amount", "points", "line_name[]", "line_amount[]"];
    form.pairs()
        .all(|(name, value)| value.trim().is_empty() || !typed.contains(&name.as_str()))
}

/// Returns whether this is the page of sales and answers no form: a receipt is never brought back in the place of a return, of a
/// report, or of what the server has to say.
fn is_counter() -> bool {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    path.as_deref() == Some("/till") && !facts::answers_form()
}

/// Returns whether the page tells that a receipt is posted.
fn is_done() -> bool {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    search.is_some_and(|search| search.contains("done="))
}

/// Has the server show the receipt again as it was: the form's own way to be changed, with nothing changed.
fn bring_back(draft: &Fields) -> Option<()> {
    let key = draft.value("key");
    if Memory::Tab.read(BROUGHT).as_deref() == Some(key.as_str()) {
        // It was brought already and is not here: the server does not take it.
        forget();
        return None;
    }
    Memory::Tab.write(BROUGHT, &key);
    let document = page::document()?;
    let form: HtmlFormElement = document.create_element("form").ok()?.dyn_into().ok()?;
    drop(form.set_attribute("method", "post"));
    drop(form.set_attribute("action", "/api/till/edit"));
    drop(form.set_attribute("hidden", ""));
    for (name, value) in draft.pairs() {
        let field: HtmlInputElement = document.create_element("input").ok()?.dyn_into().ok()?;
        drop(field.set_attribute("name", &name));
        drop(field.set_attribute("value", &value));
        form.append_child(&field).ok()?;
    }
    let main: Element = page::find("#main")?;
    main.append_child(&form).ok()?;
    form.submit().ok()
}
