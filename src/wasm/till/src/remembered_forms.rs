//! Forms that were sent, as this device remembers them until somebody has dealt with them.

use js_sys::{Array, JSON, Object};
use kopilka_browser::{device_clock, get_property, set_property};
use wasm_bindgen::JsValue;

use super::browser_memory::BrowserMemory;
use super::offline_sale::FormFields;
use super::{money, page_facts};

/// Forms that are on their way or whose answer is missing, oldest first.
const UNANSWERED_FORMS_KEY: &str = "till-unanswered";
/// Time after which a form that another tab has sent counts as unanswered, in milliseconds: that tab is closed by then, or waits
/// in vain.
const LONGEST_DELIVERY_MS: i64 = 180_000;

/// A form that was sent.
#[derive(Clone)]
pub struct RememberedForm(JsValue);

impl RememberedForm {
    /// Returns a form that is sent now. `kind`: `sale`, `return` or `gift`.
    pub fn new(kind: &str, form: &FormFields) -> Self {
        let record = Object::new();
        set_property(&record, "kind", &kind.into());
        set_property(&record, "till", &page_facts::till_and_cashier().0.into());
        set_property(&record, "form", form.as_js());
        set_property(
            &record,
            "at",
            &device_clock::device_time().to_string().into(),
        );
        Self(record.into())
    }

    /// Returns a text that is remembered with it; empty where there is none.
    pub fn get_word(&self, name: &str) -> String {
        get_property(&self.0, name)
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    /// Returns its kind: `sale`, `return` or `gift`.
    pub fn form_kind(&self) -> String {
        self.get_word("kind")
    }

    /// Returns the key that tells it from others.
    pub fn idempotency_key(&self) -> String {
        self.form_fields().first_value("key")
    }

    /// Returns the fields as they were typed.
    pub fn form_fields(&self) -> FormFields {
        get_property(&self.0, "form")
            .map_or_else(|| FormFields::new(&[]), |form| FormFields::from_js(&form))
    }

    /// Remembers a text with it.
    pub fn set_word(&self, name: &str, text: &str) {
        set_property(&self.0, name, &text.into());
    }

    /// Returns whether it was sent at the till that this page is for.
    pub fn is_here(&self) -> bool {
        self.get_word("till") == page_facts::bar_attribute("till")
    }

    /// Returns whether it may still be on its way.
    pub fn is_on_its_way(&self) -> bool {
        let at = self.get_word("at").parse().unwrap_or(0);
        (0..LONGEST_DELIVERY_MS).contains(&(device_clock::device_time() - at))
    }

    /// Returns whether it is known what became of it.
    pub fn is_known(&self) -> bool {
        !self.get_word("state").is_empty()
    }

    /// Returns a sentence about it: `#sum` is filled in.
    pub fn tell(&self, sentence: &str) -> String {
        let sum = money::format_money(self.form_fields().sum_in_kopecks(), &page_facts::language());
        sentence.replace(
            "#sum",
            &page_facts::bar_attribute("money").replace('#', &sum),
        )
    }
}

/// Returns the forms that this device remembers, oldest first.
pub fn sent_forms() -> Vec<RememberedForm> {
    let list = BrowserMemory::Device.read_value(UNANSWERED_FORMS_KEY);
    let list = list.and_then(|text| JSON::parse(&text).ok());
    let list = list.map_or_else(Array::new, |list| Array::from(&list));
    list.iter().map(RememberedForm).collect()
}

/// Remembers these forms instead of those before.
pub fn write_forms(all: &[RememberedForm]) {
    let list: Array = all.iter().map(|sent| &sent.0).collect();
    let text = JSON::stringify(&list)
        .ok()
        .and_then(|text| text.as_string());
    if let Some(text) = text {
        BrowserMemory::Device.write_value(UNANSWERED_FORMS_KEY, &text);
    }
}

/// Changes the form of this key, where it is remembered.
pub fn change_form(key: &str, act: impl Fn(&RememberedForm)) {
    let all = sent_forms();
    all.iter()
        .filter(|sent| sent.idempotency_key() == key)
        .for_each(act);
    write_forms(&all);
}

/// Forgets the form of this key.
pub fn forget_form(key: &str) {
    let mut all = sent_forms();
    all.retain(|sent| sent.idempotency_key() != key);
    write_forms(&all);
}
