//! Posting a receipt. A sale that only earns is kept on the device before it is sent, so that it is posted once whatever
//! happens between: without an answer it waits here and is sent again under its key. One that spends points needs the link:
//! without it the receipt stays on the screen.

use kopilka_browser::{get, global, page};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, FormData, HtmlFormElement};

use super::bar::Told;
use super::link::{self, Link};
use super::sale::{Fields, Sale};
use super::wire::{self, Answer};
use super::{draft, facts, kept, next, once, sent};

/// Takes over the sending of the receipt form; whether it has.
pub fn takes(event: &Event, submitter: Option<&Element>) -> bool {
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
        Some("/api/till/post") if fields.spends() => spawn_local(spend(form, fields)),
        Some("/api/till/post") => spawn_local(earn(form, fields)),
        Some("/api/till/quote") if is_cut_off() => {
            Told::of("warn", "quote-waits").tell(None);
            once::free();
        }
        _ => return false,
    }
    true
}

/// The fields of a form as they would be posted.
pub fn fields(form: &HtmlFormElement) -> Option<Fields> {
    let fields: JsValue = FormData::new_with_form(form).ok()?.into();
    Some(Fields::of(&fields))
}

/// Returns whether the device itself knows that it has no network.
fn is_cut_off() -> bool {
    global("navigator")
        .and_then(|navigator| get(&navigator, "onLine"))
        .is_some_and(|online| online.is_falsy())
}

async fn earn(form: HtmlFormElement, fields: Fields) {
    let sale = Sale::new(&fields);
    let kept = facts::may_keep() && kept::keep(&sale).await.is_some();
    let answer = wire::post(&fields).await;
    if let Answer::Settled(results) = &answer
        && let Some(result) = results.first()
    {
        match result.word("state").as_str() {
            "posted" | "known" => {
                kept::forget(&sale).await;
                draft::forget();
                return go(&format!("/till?done={}", result.word("receipt")));
            }
            // It was sent before, and the server has it: the form came back by the browser's own Back.
            state @ ("held" | "parked") => {
                if kept {
                    link::settle(&sale, result).await;
                }
                return has_it(&sale, state);
            }
            // The page tells what is wrong.
            "refused" | "page" => {
                kept::forget(&sale).await;
                return send(&form);
            }
            _ => {}
        }
    }
    if matches!(answer, Answer::SignedOut) {
        // The receipt that was typed comes back once somebody has signed in.
        kept::forget(&sale).await;
        return send(&form);
    }
    link::set_state(Link::None);
    if kept {
        waits(&sale).await;
    } else {
        Told::of("bad", "not-kept").tell(None);
        once::free();
    }
}

/// The server has the sale and has not stored it yet: the till goes on.
fn has_it(sale: &Sale, state: &str) {
    draft::forget();
    next::mark();
    let told = if state == "held" {
        let told = Told::of("warn", "held");
        let title = sale.tell(&told.title);
        Told { title, ..told }
    } else {
        Told {
            tone: "warn",
            title: facts::counted("parked", 1),
            more: String::new(),
        }
    };
    told.tell_next();
    go(next::address());
}

/// The sale waits on this device now: the till goes on.
async fn waits(sale: &Sale) {
    draft::forget();
    next::mark();
    let told = Told::of("warn", "kept");
    let told = Told {
        title: sale.tell(&told.title),
        ..told
    };
    if is_controlled() || wire::is_there().await {
        told.tell_next();
        return go(next::address());
    }
    // Without its service worker the till has no page for a time without a link: this one stays, with nobody on it.
    if let Some(main) = page::find("#main") {
        main.set_inner_html("");
    }
    let label = facts::word("next");
    told.tell(Some((label, Box::new(|| go(next::address())))));
    once::free();
    link::send_soon();
}

/// Returns whether a service worker answers for this page when there is no link.
fn is_controlled() -> bool {
    global("navigator")
        .and_then(|navigator| get(&get(&navigator, "serviceWorker")?, "controller"))
        .is_some()
}

async fn spend(form: HtmlFormElement, fields: Fields) {
    if wire::is_there().await {
        // A new card or a search is looked up first, and nothing is posted.
        let posts = !fields.has_new("code", "answered") && !fields.has_new("find", "found");
        if posts {
            sent::remember_sale(&fields);
        }
        return send(&form);
    }
    link::set_state(Link::None);
    once::free();
    let earning = fields.with("spend", "none");
    let post = move || {
        if once::begin() {
            spawn_local(earn(form.clone(), earning.clone()));
        }
    };
    let label = facts::word("without-spending");
    Told::of("warn", "spend-waits").tell(Some((label, Box::new(post))));
}

/// Posts the form itself; the next page is the server's.
fn send(form: &HtmlFormElement) {
    drop(form.submit());
}

fn go(address: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().assign(address));
    }
}
