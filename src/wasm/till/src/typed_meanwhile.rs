//! What is typed while an answer is awaited: it goes on in the answered page, where that shows the same receipt.

use kopilka_browser::{get_property, page};
use wasm_bindgen::JsCast;
use web_sys::{Event, EventInit, HtmlInputElement};

/// Fields in which something is typed.
const TYPED_FIELDS: &str = "#main input[id]:not([type=hidden],[type=radio],[type=checkbox])";

/// Fields of a page as they were when a form was sent.
pub struct SentFields {
    key: String,
    values: Vec<(HtmlInputElement, String)>,
}

impl SentFields {
    /// Takes note of the fields of this page.
    pub fn read_page() -> Self {
        let fields = page::find_all(TYPED_FIELDS).into_iter();
        let values = fields.map(|field| {
            let field: HtmlInputElement = field.unchecked_into();
            let value = field.value();
            (field, value)
        });
        Self {
            key: key_on_page(),
            values: values.collect(),
        }
    }

    /// Writes what was typed since into the fields of the page that has taken the place, where it is about the same receipt. The
    /// cursor stays in the field in which it was typed.
    pub fn follow_page(&self, focused: &str) {
        if self.key.is_empty() || self.key != key_on_page() {
            return;
        }
        for (field, sent) in &self.values {
            let typed = field.value();
            if typed == *sent {
                continue;
            }
            let name = field.id();
            let new = page::find_element(&format!("#main input[id='{name}']"));
            if let Some(new) = new.and_then(|new| new.dyn_into::<HtmlInputElement>().ok()) {
                new.set_value(&typed);
                if name == focused {
                    drop(new.focus());
                }
                tell_typed(&new);
            }
        }
    }
}

/// Has the page react as to typing.
fn tell_typed(field: &HtmlInputElement) {
    let options = EventInit::new();
    options.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &options) {
        drop(field.dispatch_event(&event));
    }
}

/// Key of the receipt or return on the page; empty: none.
fn key_on_page() -> String {
    page::find_element("#main [name=key]")
        .and_then(|field| get_property(&field, "value")?.as_string())
        .unwrap_or_default()
}
