//! Posting a receipt. A sale that only earns is kept on the device before it is sent, so that it is posted once whatever
//! happens between: without an answer it waits here and is sent again under its key. One that spends points needs the link:
//! without it the receipt stays on the screen.

use kopilka_browser::{get_global, get_property, page};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, FormData, HtmlFormElement};

use super::offline_sale::{FormFields, OfflineSale};
use super::result_bar::ResultMessage;
use super::server_calls::{self, SalesResponse};
use super::server_link::{self, ServerLinkState};
use super::{
    next_customer, offline_sales, page_exchange, page_facts, remembered_draft, send_once,
    unanswered_forms,
};

/// Takes over the sending of the receipt form; whether it has.
pub fn takes_submit(event: &Event, submitter: Option<&Element>) -> bool {
    let Some(form) = event
        .target()
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
    else {
        return false;
    };
    if form.id() != "receipt" {
        return false;
    }
    let own = submitter.and_then(|button| button.get_attribute("formaction"));
    let action = own.or_else(|| form.get_attribute("action"));
    let Some(fields) = fields(&form) else {
        return false;
    };
    match action.as_deref() {
        Some("/api/till/post") if fields.spends() => spawn_local(post_spending(form, fields)),
        Some("/api/till/post") => spawn_local(post_earning(form, fields)),
        Some("/api/till/quote") if is_cut_off() => {
            ResultMessage::from_page_words("warn", "quote-waits").tell_here(None);
            send_once::allow_sending();
        }
        _ => return false,
    }
    true
}

/// The fields of a form as they would be posted.
pub fn fields(form: &HtmlFormElement) -> Option<FormFields> {
    let fields: JsValue = FormData::new_with_form(form).ok()?.into();
    Some(FormFields::from_js(&fields))
}

/// Returns whether the device itself knows that it has no network.
fn is_cut_off() -> bool {
    get_global("navigator")
        .and_then(|navigator| get_property(&navigator, "onLine"))
        .is_some_and(|online| online.is_falsy())
}

async fn post_earning(form: HtmlFormElement, fields: FormFields) {
    let sale = OfflineSale::new(&fields);
    let kept = page_facts::may_keep() && offline_sales::keep_sale(&sale).await.is_some();
    let answer = server_calls::post_sale(&fields).await;
    if let SalesResponse::Settled(results) = &answer
        && let Some(result) = results.first()
    {
        match result.get_word("state").as_str() {
            "posted" | "known" => {
                offline_sales::forget_sale(&sale).await;
                remembered_draft::forget_draft();
                let address = format!("/till?done={}", result.get_word("receipt"));
                return page_exchange::go_to(&address);
            }
            // It was sent before, and the server has it: the form came back by the browser's own Back.
            state @ ("held" | "parked") => {
                if kept {
                    server_link::settle_sale(&sale, result).await;
                }
                return continue_after_accepted(&sale, state);
            }
            // The page tells what is wrong.
            "refused" | "page" => {
                offline_sales::forget_sale(&sale).await;
                return submit_form(&form);
            }
            _ => {}
        }
    }
    if matches!(answer, SalesResponse::SignedOut) {
        // The receipt that was typed comes back once somebody has signed in.
        offline_sales::forget_sale(&sale).await;
        return submit_form(&form);
    }
    server_link::set_link_state(ServerLinkState::None);
    if kept {
        continue_after_keeping(&sale).await;
    } else {
        ResultMessage::from_page_words("bad", "not-kept").tell_here(None);
        send_once::allow_sending();
    }
}

/// The server has the sale and has not stored it yet: the till goes on.
fn continue_after_accepted(sale: &OfflineSale, state: &str) {
    remembered_draft::forget_draft();
    next_customer::mark_served();
    let told = if state == "held" {
        let told = ResultMessage::from_page_words("warn", "held");
        let title = sale.fill_sentence(&told.title);
        ResultMessage { title, ..told }
    } else {
        ResultMessage {
            tone: "warn",
            title: page_facts::plural_attribute("parked", 1),
            more: String::new(),
        }
    };
    told.tell_next();
    page_exchange::go_to(next_customer::address());
}

/// The sale waits on this device now: the till goes on.
async fn continue_after_keeping(sale: &OfflineSale) {
    remembered_draft::forget_draft();
    next_customer::mark_served();
    let told = ResultMessage::from_page_words("warn", "kept");
    let told = ResultMessage {
        title: sale.fill_sentence(&told.title),
        ..told
    };
    if is_controlled() || server_calls::is_there().await {
        told.tell_next();
        return go_to(next_customer::address());
    }
    // Without its service worker the till has no page for a time without a link: this one stays, with nobody on it.
    if let Some(main) = page::find_element("#main") {
        main.set_inner_html("");
    }
    let label = page_facts::bar_attribute("next");
    told.tell_here(Some((label, Box::new(|| go_to(next_customer::address())))));
    send_once::allow_sending();
    server_link::send_soon();
}

/// Returns whether a service worker answers for this page when there is no link.
fn is_controlled() -> bool {
    get_global("navigator")
        .and_then(|navigator| {
            get_property(&get_property(&navigator, "serviceWorker")?, "controller")
        })
        .is_some()
}

async fn post_spending(form: HtmlFormElement, fields: FormFields) {
    if server_calls::is_there().await {
        // A new card or a search is looked up first, and nothing is posted.
        let posts = !fields.has_new("code", "answered") && !fields.has_new("find", "found");
        if posts {
            unanswered_forms::remember_sale(&fields);
        }
        return submit_form(&form);
    }
    server_link::set_link_state(ServerLinkState::None);
    send_once::allow_sending();
    let earning = fields.with_field("spend", "none");
    let post = move || {
        if send_once::begin_sending() {
            spawn_local(post_earning(form.clone(), earning.clone()));
        }
    };
    let label = page_facts::bar_attribute("without-spending");
    ResultMessage::from_page_words("warn", "spend-waits").tell_here(Some((label, Box::new(post))));
}

/// Posts the form itself; the next page is the server's.
fn submit_form(form: &HtmlFormElement) {
    if !page_exchange::post_form(form, None) {
        drop(form.submit());
    }
}

fn go_to(address: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().assign(address));
    }
}
