//! The receipt is judged anew at each change, a moment after the last key: only what depends on it is put in place of the
//! old, so that the cursor stays where it is. Goods are looked for the same way; an answer that came too late is dropped.
//! While the owner of a card is asked, the till looks whether there is an answer.

use std::cell::Cell;

use gloo_net::http::Request;
use kopilka_browser::{device_clock, get_property, page};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Document, DomParser, Element, Event, FormData, HtmlFormElement, SupportedType, UrlSearchParams,
};

use super::{listen_on_page, page_exchange, send_once};

/// The receipt's form.
const RECEIPT_FORM: &str = "receipt";
/// Fields that say nothing about the receipt: other cards, the search.
const FIELDS_NOT_JUDGED: [&str; 2] = ["code", "find"];
/// Parts of the page that depend on the receipt.
const JUDGED: [&str; 6] = [
    "#sum",
    "#offers",
    "#say",
    "#customer-points",
    "#most-all",
    "#most-exact",
];
/// Time without typing after which the receipt is judged, in milliseconds.
const PAUSE: i32 = 350;
/// Time between two looks for an owner's answer, in milliseconds.
const LOOK: i32 = 1_000;

thread_local! {
    // Counts changes, so that only the last one's answer is shown.
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// Listens to every change of the receipt.
pub fn listen() {
    listen_on_page("input", on_receipt_change);
    listen_on_page("change", on_receipt_change);
}

/// Drops what the page before has asked, and begins to look for an owner's answer.
pub fn begin_page() {
    TURN.set(TURN.get().wrapping_add(1));
    spawn_local(wait_for_owner());
}

fn on_receipt_change(event: Event) {
    let Some(field) = event
        .target()
        .and_then(|field| field.dyn_into::<Element>().ok())
    else {
        return;
    };
    let of_receipt = get_property(&field, "form")
        .and_then(|form| form.dyn_into::<Element>().ok())
        .is_some_and(|form| form.id() == RECEIPT_FORM);
    let name = field.get_attribute("name").unwrap_or_default();
    if !of_receipt || name == "code" || name == "ask" {
        return;
    }
    let turn = TURN.get().wrapping_add(1);
    TURN.set(turn);
    spawn_local(async move {
        let looks = name == "find";
        if !looks {
            page::set_attribute("#sum", "aria-busy", "true");
        }
        device_clock::sleep(PAUSE).await;
        if TURN.get() != turn || send_once::is_sent() {
            return;
        }
        let answer = if looks {
            post_receipt("/api/till/goods", &[]).await
        } else {
            post_receipt("/api/till/judge", &FIELDS_NOT_JUDGED).await
        };
        if TURN.get() != turn || send_once::is_sent() {
            return;
        }
        match (looks, answer) {
            (true, Some((_, news))) => swap_part("#goods", &news),
            (false, Some((true, news))) => JUDGED.iter().for_each(|part| swap_part(part, &news)),
            // Without an answer there is no sum that could be believed.
            (false, _) => {
                if let Some(sum) = page::find_element("#sum") {
                    sum.set_inner_html("");
                    drop(sum.remove_attribute("aria-busy"));
                }
            }
            _ => {}
        }
    });
}

/// Puts a part of the answered page in place of this page's.
fn swap_part(part: &str, news: &Document) {
    if let (Some(old), Ok(Some(new))) = (page::find_element(part), news.query_selector(part)) {
        drop(old.replace_with_with_node_1(&new));
    }
}

/// Sends the receipt as it is typed, without some of its fields; whether it was accepted, and the page that answers.
async fn post_receipt(address: &str, without: &[&str]) -> Option<(bool, Document)> {
    let form: HtmlFormElement = page::find_element(&format!("#{RECEIPT_FORM}"))?
        .dyn_into()
        .ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    for name in without {
        fields.delete(name);
    }
    let body = UrlSearchParams::new_with_record_from_str_to_str(fields.unchecked_ref()).ok()?;
    // The page itself, not the way to it: nothing of it is kept, and nobody loads it again.
    let request = Request::post(address).header("prefer", "return=representation");
    let request = request.body(body).ok()?;
    let answer = request.send().await.ok()?;
    // A session that has ended answers with the sign-in page: the cashier's next step leads there.
    let accepted = answer.ok() && !answer.redirected();
    let html = answer.text().await.ok()?;
    let parsed = DomParser::new()
        .ok()?
        .parse_from_string(&html, SupportedType::TextHtml);
    Some((accepted, parsed.ok()?))
}

/// Looks for the owner's answer while the page waits for it, counting the seconds; then shows it by the page's own button.
async fn wait_for_owner() {
    const WAITS: &str = "#asking[data-waits]";
    let turn = page_exchange::page_turn();
    while page::find_element(WAITS).is_some() {
        device_clock::sleep(LOOK).await;
        if page_exchange::page_turn() != turn {
            return;
        }
        let left = page::find_element("[data-left]").and_then(|left| left.text_content());
        let left: i32 = left.and_then(|left| left.parse().ok()).unwrap_or_default();
        page::write_text("[data-left]", &(left - 1).max(0).to_string());
        if send_once::is_sent() {
            return;
        }
        let answer = post_receipt("/api/till/ask-state", &FIELDS_NOT_JUDGED).await;
        let waits =
            answer.is_none_or(|(_, news)| matches!(news.query_selector(WAITS), Ok(Some(_))));
        // Without a link the answer may have come, and the page cannot know.
        if !waits && !send_once::is_sent() && page_exchange::page_turn() == turn {
            if let Some(button) = page::find_html("#ask-state") {
                button.click();
            }
            return;
        }
    }
}
