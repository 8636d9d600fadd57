//! Exchange of pages: the answer to a form or a link of the till is fetched, and its parts take the place of this page's. The
//! document stays, with its module, its keys and its timers. The addresses and forms are those of a till without a script. What
//! cannot be exchanged is loaded as a page: the lock, a page of another cashier, build, language or theme, an answer of no server
//! of ours.

use std::cell::{Cell, RefCell};

use gloo_net::http::{Request, Response};
use kopilka_browser::{device_clock, page};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Document, DomParser, Element, Event, FormData, HtmlFormElement, RequestCache, RequestInit,
    SupportedType, UrlSearchParams,
};

use super::result_bar::{self, ResultMessage};
use super::typed_meanwhile::SentFields;
use super::{
    camera, idle_reload, key_listener, page_facts, page_history, scan, send_once, server_calls,
};

/// Address of the page that stands in for a missing answer: the service worker has it and asks no server.
const LOST: &str = "/till?lost";
/// Addresses of forms whose answer is a page of another kind.
const LOADED_FORMS: [&str; 2] = ["/api/till/lock", "/api/till/sign-out"];
/// Parts of a page that are exchanged whole: the shift, the content.
const PARTS: [&str; 2] = ["header.top .meta", "#main"];

/// Place of an answered page in the browser's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryStep {
    /// A new entry.
    Add,
    /// The entry of the page before.
    Replace,
    /// The entry to which the browser has gone by itself.
    Stay,
}

thread_local! {
    /// Counts pages, so that work for an earlier one ends.
    static TURN: Cell<u32> = const { Cell::new(0) };
    /// True while parts are put in the place of others: a field that goes with them says that it has changed.
    static EXCHANGES: Cell<bool> = const { Cell::new(false) };
    /// Heading that was said last.
    static HEADING: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Returns the number of this page: work that was begun for another one is over.
pub fn page_turn() -> u32 {
    TURN.get()
}

/// Returns whether the parts of the page are being exchanged: what it tells meanwhile is nobody's doing.
pub fn is_exchanging() -> bool {
    EXCHANGES.get()
}

/// Takes over the sending of a form; whether it has.
pub fn takes_submit(event: &Event, submitter: Option<&Element>) -> bool {
    let form = result_bar::target(event).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    form.is_some_and(|form| post_form(&form, submitter))
}

/// Posts a form and shows the page that answers it. False where the browser has to do it.
pub fn post_form(form: &HtmlFormElement, submitter: Option<&Element>) -> bool {
    let own = submitter.and_then(|button| button.get_attribute("formaction"));
    let Some(action) = own.or_else(|| form.get_attribute("action")) else {
        return false;
    };
    if !action.starts_with("/api/till/")
        || LOADED_FORMS.contains(&action.as_str())
        || page_mark().is_none()
    {
        return false;
    }
    let Ok(fields) = FormData::new_with_form(form) else {
        return false;
    };
    if let Some(button) = submitter
        && let (Some(name), Some(value)) =
            (button.get_attribute("name"), button.get_attribute("value"))
    {
        drop(fields.append_with_str(&name, &value));
    }
    let Ok(body) = UrlSearchParams::new_with_record_from_str_to_str(fields.unchecked_ref()) else {
        return false;
    };
    spawn_local(async move {
        show_answer(prepare_request(&action, Some(&body)), HistoryStep::Add).await;
    });
    true
}

/// Leads to an address: by an exchange where its page is one of the till's.
pub fn go_to(address: &str) {
    if is_of_till(address) {
        open_page(address);
    } else {
        page_history::load_page(address, HistoryStep::Add);
    }
}

/// Shows the page of an address.
fn open_page(address: &str) {
    let same = page_history::shown_address() == address;
    load(
        address,
        if same {
            HistoryStep::Replace
        } else {
            HistoryStep::Add
        },
    );
}

/// Shows the page of the address to which the browser has gone back or forward.
pub fn show_entry() {
    load(&page_history::shown_address(), HistoryStep::Stay);
}

fn load(address: &str, step: HistoryStep) {
    if page_mark().is_none() {
        return page_history::load_page(address, step);
    }
    // Whatever was on its way is not waited for.
    send_once::begin_sending();
    spawn_local(show_answer(prepare_request(address, None), step));
}

/// Takes over a link that was pressed; whether it has.
pub fn takes_link(event: &Event) -> bool {
    let link = result_bar::target(event).and_then(|at| at.closest("a[href]").ok()?);
    let address = link.and_then(|link| link.get_attribute("href"));
    let Some(address) = address.filter(|address| is_of_till(address)) else {
        return false;
    };
    if page_mark().is_none() {
        return false;
    }
    if !send_once::is_sent() {
        open_page(&address);
    }
    true
}

/// Returns whether an address is of the till itself or of its returns: pages of the same kind.
fn is_of_till(address: &str) -> bool {
    let path = address.split(['?', '#']).next();
    matches!(path, Some("/till" | "/till/return")) && !address.contains('#')
}

/// Prepares a request for an address as it is: the library's own way would change its query, which the page's links repeat.
fn prepare_request(address: &str, body: Option<&UrlSearchParams>) -> Option<Request> {
    let options = RequestInit::new();
    options.set_cache(RequestCache::NoStore);
    if let Some(body) = body {
        options.set_method("POST");
        options.set_body(body);
    }
    let signal = server_calls::timeout(server_calls::ANSWER_TIMEOUT_MS);
    options.set_signal(signal.as_ref());
    let request = web_sys::Request::new_with_str_and_init(address, &options);
    request.ok().map(Request::from)
}

/// Sends a request and shows its answer, whatever it is.
async fn show_answer(request: Option<Request>, step: HistoryStep) {
    let turn = TURN.get().wrapping_add(1);
    TURN.set(turn);
    let (sent, began) = (SentFields::read_page(), device_clock::device_time());
    let answer = read_answer(request).await;
    if TURN.get() != turn {
        // Another page was asked for meanwhile, by the browser's own Back.
        return;
    }
    let Some((answer, news)) = answer else {
        return page_history::load_page(LOST, step);
    };
    let address = page_history::path_of(&answer.url());
    if page_mark_of(&news).is_some_and(|mark| page_mark().as_ref() == Some(&mark)) {
        show_page(&news, &address, step, (&sent, began));
        idle_reload::follow(answer.headers().get("refresh").as_deref());
    } else if !address.starts_with("/api/") {
        page_history::load_page(&address, step);
    } else if tell_error(&news).is_none() {
        page_history::load_page(LOST, step);
    }
}

/// Reads the answer of our server; nothing where there is none, or none of ours.
async fn read_answer(request: Option<Request>) -> Option<(Response, Document)> {
    let answer = request?.send().await.ok()?;
    // Each of our pages has this header; a network that asks for a sign-in of its own has not.
    answer.headers().get("content-security-policy")?;
    let kind = answer.headers().get("content-type")?;
    if !kind.starts_with("text/html") {
        return None;
    }
    let html = answer.text().await.ok()?;
    let news = DomParser::new()
        .ok()?
        .parse_from_string(&html, SupportedType::TextHtml);
    Some((answer, news.ok()?))
}

/// Tells what an error page of the server says, the answer to a form itself; this page stays, with all that was typed.
fn tell_error(news: &Document) -> Option<()> {
    let text = |selector: &str| news.query_selector(selector).ok()??.text_content();
    // Such a page has its sentence in each language.
    let translated = text(&format!("main [lang={}]", page_facts::language()));
    let told = ResultMessage {
        tone: "bad",
        title: translated.or_else(|| text("h1"))?,
        more: String::new(),
    };
    told.tell_here(None)?;
    send_once::allow_sending();
    scan::take_waiting();
    Some(())
}

/// Returns what two pages must have in common to be exchanged for each other; nothing for a page that never is.
fn page_mark() -> Option<String> {
    page_mark_of(&page::document()?)
}

fn page_mark_of(document: &Document) -> Option<String> {
    let find = |selector| document.query_selector(selector).ok().flatten();
    find("#main.till-main:not(.till-offline)")?;
    let bar = find("#queue[data-till][data-staff]")?;
    let script = find("script[data-js]")?;
    find(".result")?;
    let root = document.document_element()?;
    let of = |element: &Element, name| element.get_attribute(name).unwrap_or_default();
    let mark = [
        of(&root, "lang"),
        of(&root, "data-theme"),
        of(&script, "src"),
        of(&bar, "data-till"),
        of(&bar, "data-staff"),
        of(&bar, "data-paired"),
    ];
    Some(mark.join(" "))
}

/// Puts the parts of an answered page in place of this page's, and begins its work.
fn show_page(news: &Document, address: &str, step: HistoryStep, (sent, began): (&SentFields, i64)) {
    camera::close_camera();
    let focused = page::document().and_then(|document| document.active_element());
    let focused = focused.map(|field| field.id()).unwrap_or_default();
    page_history::record(address, step);
    exchange_parts(news);
    if let Some(document) = page::document() {
        document.set_title(&news.title());
    }
    take_facts(news, began);
    show_result(news);
    if step != HistoryStep::Stay
        && let Some(window) = web_sys::window()
    {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
    if let Some(field) = page::find_html("#main [autofocus]") {
        drop(field.focus());
    }
    say_heading();
    send_once::allow_sending();
    super::begin_page();
    sent.follow_page(&focused);
    key_listener::follow_page();
}

fn exchange_parts(news: &Document) {
    EXCHANGES.set(true);
    for part in PARTS {
        if let (Some(old), Ok(Some(new))) = (page::find_element(part), news.query_selector(part)) {
            drop(old.replace_with_with_node_1(&new));
        }
    }
    EXCHANGES.set(false);
    // The forms of the head lead back to the page that is shown.
    let next = news.query_selector("header.top [name=next]").ok().flatten();
    let next = next.and_then(|next| next.get_attribute("value"));
    for field in page::find_all("header.top [name=next]") {
        drop(field.set_attribute("value", next.as_deref().unwrap_or("/till")));
    }
}

/// Takes over what the page tells the module of the moment.
fn take_facts(news: &Document, began: i64) {
    for (element, name) in [("#queue", "data-now"), ("#queue > span", "data-answers")] {
        let new = news.query_selector(element).ok().flatten();
        let value = new.and_then(|new| new.get_attribute(name));
        if let Some(old) = page::find_element(element) {
            drop(match value {
                Some(value) => old.set_attribute(name, &value),
                None => old.remove_attribute(name),
            });
        }
    }
    page_facts::follow_answer(began);
}

/// Shows the result of the answered page. The bar itself stays: screen readers say what changes in it.
fn show_result(news: &Document) -> Option<()> {
    let (bar, new) = (
        page::find_element(".result")?,
        news.query_selector(".result").ok()??,
    );
    bar.set_inner_html("");
    while let Some(child) = new.first_child() {
        bar.append_child(&child).ok()?;
    }
    match new.get_attribute("data-tone") {
        Some(tone) => bar.set_attribute("data-tone", &tone).ok(),
        None => bar.remove_attribute("data-tone").ok(),
    }
}

/// Says the heading of the page to screen readers, where it is another one: the customer's name, or that the till waits for a card.
fn say_heading() {
    let heading = page::find_element("#main h1").and_then(|heading| heading.text_content());
    let heading = heading.unwrap_or_default();
    if HEADING.replace(heading.clone()) != heading {
        page::write_text("#said", &heading);
    }
}

/// Takes note of the heading of the page that was loaded, which screen readers have said.
pub fn note_heading() {
    let heading = page::find_element("#main h1").and_then(|heading| heading.text_content());
    HEADING.set(heading.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_other_pages_are_the_browsers() {
        assert!(is_of_till("/till?without-card") && is_of_till("/till/return"));
        for other in [
            "#main",
            "/till#main",
            "/till/queue",
            "/till/report",
            "https://a.example/till",
        ] {
            assert!(!is_of_till(other), "{other}");
        }
    }
}
