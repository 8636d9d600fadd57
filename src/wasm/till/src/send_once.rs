//! Sending once: a form that is on its way is not sent again, and holds every other back until the next page is there.

use std::cell::Cell;

use kopilka_browser::{get_property, page};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::{
    listen_on_page, offline_page, page_exchange, receipt_posting, remembered_draft, scan,
    unanswered_forms,
};

thread_local! {
    static SENT: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether a form is on its way.
pub fn is_sent() -> bool {
    SENT.get()
}

/// Begins to send; false where something is on its way already.
pub fn begin_sending() -> bool {
    // The stylesheet shows it where the answer takes longer than a glance.
    page::set_attribute("#main", "data-awaits", "");
    !SENT.replace(true)
}

/// Lets one form go and holds back every other until the next page is there.
pub fn listen() {
    listen_on_page("submit", |event: Event| {
        if offline_page::takes_submit(&event) {
            return event.prevent_default();
        }
        if !begin_sending() {
            return event.prevent_default();
        }
        let submitter = get_property(&event, "submitter").map(JsCast::unchecked_into::<Element>);
        if let Some(button) = &submitter {
            // Not `disabled`: a disabled button's own value would not be sent.
            drop(button.set_attribute("aria-disabled", "true"));
        }
        if receipt_posting::takes_submit(&event, submitter.as_ref()) {
            event.prevent_default();
        } else {
            scan::remember(&event);
            unanswered_forms::remember_form(&event, submitter.as_ref());
            remembered_draft::follow_submit(&event, submitter.as_ref());
            if page_exchange::takes_submit(&event, submitter.as_ref()) {
                event.prevent_default();
            }
        }
    });
    listen_on_page("click", |event: Event| {
        if is_plain_click(&event) && page_exchange::takes_link(&event) {
            event.prevent_default();
        }
    });
    // A page that comes back from the browser's memory can be used again.
    listen_on_page("pageshow", |_: Event| allow_sending());
}

/// Returns whether a click opens its link here, not in another tab.
fn is_plain_click(event: &Event) -> bool {
    let pressed = |name| get_property(event, name).is_some_and(|value| value.is_truthy());
    !event.default_prevented()
        && !["ctrlKey", "metaKey", "shiftKey", "altKey", "button"]
            .into_iter()
            .any(pressed)
}

/// Lets forms be sent again on this page.
pub fn allow_sending() {
    SENT.set(false);
    if let Some(main) = page::find_element("#main") {
        drop(main.remove_attribute("data-awaits"));
    }
    for button in page::find_all("[aria-disabled]") {
        drop(button.remove_attribute("aria-disabled"));
    }
}
