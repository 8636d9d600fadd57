//! Draft of a receipt, which outlives a reload and the till's lock: what was typed is remembered in this tab until the
//! receipt is posted, left, or another customer's. Sums, lines and the receipt's key; no code of a card, no name.

use js_sys::{JSON, Object};
use kopilka_browser::{device_clock, get_property, page, set_property};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement};

use super::browser_memory::BrowserMemory;
use super::offline_sale::FormFields;
use super::{listen_on_page, page_exchange, page_facts, receipt_posting, send_once};

/// Key under which the receipt is remembered.
const DRAFT_KEY: &str = "receipt";
/// The key of the receipt that was last brought back.
const RESTORED_KEY: &str = "receipt-brought";
/// Time for which it is, in milliseconds: longer than the till's lock, shorter than anybody waits.
const DRAFT_LIFETIME_MS: i64 = 60 * 60 * 1_000;
/// Fields that name a card, and those that say nothing about the receipt.
const FORGOTTEN_FIELDS: [&str; 5] = ["code", "answered", "find", "found", "ask"];

/// Remembers the receipt at each change.
pub fn listen() {
    for name in ["input", "change"] {
        listen_on_page(name, |_: Event| keep_draft());
    }
}

/// Brings the remembered receipt back, or remembers this page's.
pub fn begin_page() {
    if is_done() {
        return forget_draft();
    }
    let Some(draft) = remembered_draft() else {
        return keep_draft();
    };
    match on_page() {
        // The server shows it, with whatever it had to say.
        Some(shown) if shown.first_value("key") == draft.first_value("key") => {
            allow_restoring();
            keep_draft();
        }
        Some(shown)
            if shown.first_value("visit") == draft.first_value("visit") && is_blank(&shown) =>
        {
            bring_back(&draft);
        }
        Some(_) => {
            forget_draft();
            keep_draft();
        }
        None if is_sale_page()
            && page::find_element("#code").is_some()
            && !page_facts::is_kept_page() =>
        {
            bring_back(&draft);
        }
        None => {}
    }
}

/// Forgets the receipt where the form that is being sent leaves its customer, and remembers it otherwise.
pub fn follow_submit(event: &Event, submitter: Option<&Element>) {
    let action = submitter.and_then(|button| button.get_attribute("formaction"));
    if action.as_deref() == Some("/api/till/leave") {
        forget_draft();
    } else if event.target().is_some() {
        keep_draft();
    }
}

/// The receipt stands on this page now, so it may be brought back again.
pub fn allow_restoring() {
    BrowserMemory::Tab.forget_value(RESTORED_KEY);
}

/// The remembered receipt, unless it is too old.
pub fn remembered_draft() -> Option<FormFields> {
    let draft = JSON::parse(&BrowserMemory::Tab.read_value(DRAFT_KEY)?).ok()?;
    let at: i64 = get_property(&draft, "at")?.as_string()?.parse().ok()?;
    let fresh = (0..DRAFT_LIFETIME_MS).contains(&(device_clock::device_time() - at));
    let fields = FormFields::from_js(&get_property(&draft, "form")?);
    fresh.then_some(fields)
}

/// Forgets the receipt.
pub fn forget_draft() {
    BrowserMemory::Tab.forget_value(DRAFT_KEY);
    BrowserMemory::Tab.forget_value(RESTORED_KEY);
}

/// Forgets the receipt where it has this key.
pub fn forget_key(key: &str) {
    if is_remembered(key) {
        forget_draft();
    }
}

fn is_remembered(key: &str) -> bool {
    remembered_draft().is_some_and(|draft| draft.first_value("key") == key)
}

/// Returns the part of a receipt that is remembered: all that was typed, without what names a card.
pub fn typed_part(form: &FormFields) -> FormFields {
    form.without_fields(&FORGOTTEN_FIELDS)
}

/// Has the server show this receipt as it was typed.
pub fn restore_draft(form: &FormFields) {
    allow_restoring();
    write_draft(form);
    bring_back(form);
}

/// Remembers the page's receipt, where something was typed; forgets it where nothing is any more.
fn keep_draft() {
    let Some(shown) = on_page() else {
        return;
    };
    if !is_blank(&shown) {
        write_draft(&typed_part(&shown));
    } else if is_remembered(&shown.first_value("key")) {
        // As after a scan whose first digits went into the field.
        BrowserMemory::Tab.forget_value(DRAFT_KEY);
    }
}

fn write_draft(form: &FormFields) {
    let draft = Object::new();
    set_property(
        &draft,
        "at",
        &device_clock::device_time().to_string().into(),
    );
    set_property(&draft, "form", form.as_js());
    if let Some(text) = JSON::stringify(&draft)
        .ok()
        .and_then(|text| text.as_string())
    {
        BrowserMemory::Tab.write_value(DRAFT_KEY, &text);
    }
}

/// The receipt form as it stands.
fn on_page() -> Option<FormFields> {
    receipt_posting::fields(&page::find_element("#receipt")?.dyn_into().ok()?)
}

/// Returns whether nothing was typed into the page's receipt, where there is one.
pub fn is_blank_on_page() -> bool {
    on_page().is_none_or(|form| is_blank(&form))
}

/// Returns whether nothing was typed into it.
fn is_blank(form: &FormFields) -> bool {
    let typed = ["amount", "points", "line_name[]", "line_amount[]"];
    form.name_value_pairs()
        .all(|(name, value)| value.trim().is_empty() || !typed.contains(&name.as_str()))
}

/// Returns whether this is the page of sales and answers no form: a receipt is never brought back in the place of a return, of a
/// report, or of what the server has to say.
fn is_sale_page() -> bool {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    path.as_deref() == Some("/till") && !page_facts::answers_form()
}

/// Returns whether the page tells that a receipt is posted.
fn is_done() -> bool {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    search.is_some_and(|search| search.contains("done="))
}

/// Has the server show the receipt again as it was: the form's own way to be changed, with nothing changed.
fn bring_back(draft: &FormFields) -> Option<()> {
    let key = draft.first_value("key");
    if BrowserMemory::Tab.read_value(RESTORED_KEY).as_deref() == Some(key.as_str()) {
        // It was brought already and is not here: the server does not take it.
        forget_draft();
        return None;
    }
    if !send_once::begin_sending() {
        // A scan goes first; the receipt is brought back after it.
        return None;
    }
    BrowserMemory::Tab.write_value(RESTORED_KEY, &key);
    let document = page::document()?;
    let form: HtmlFormElement = document.create_element("form").ok()?.dyn_into().ok()?;
    drop(form.set_attribute("method", "post"));
    drop(form.set_attribute("action", "/api/till/edit"));
    drop(form.set_attribute("hidden", ""));
    for (name, value) in draft.name_value_pairs() {
        let field: HtmlInputElement = document.create_element("input").ok()?.dyn_into().ok()?;
        drop(field.set_attribute("name", &name));
        drop(field.set_attribute("value", &value));
        form.append_child(&field).ok()?;
    }
    let main: Element = page::find_element("#main")?;
    main.append_child(&form).ok()?;
    if page_exchange::post_form(&form, None) {
        return Some(());
    }
    form.submit().ok()
}
