//! The way to the server: sales as JSON. No answer within the patience, or none of the server itself, is no link.

use gloo_net::http::{Request, Response};
use js_sys::{Array, JSON, Object};
use kopilka_browser::{clock, get, global, method, set};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, RequestCache};

use super::facts;
use super::sale::{Fields, Sale};

/// Longest time to wait for an answer, in milliseconds.
const PATIENCE: i32 = 8_000;
/// The same for a question whether there is a link at all.
const PROBE: i32 = 2_500;

/// Answer of the server about sales.
#[derive(Debug)]
pub enum Answer {
    /// Outcomes of the sales, in their order.
    Settled(Vec<Settled>),
    /// Nobody is signed in.
    SignedOut,
    /// There is no link, or no server behind it.
    None,
}

/// Outcome of a sale.
#[derive(Debug)]
pub struct Settled(JsValue);

impl Settled {
    /// A word of it: `key`, `state`, `receipt`, `why`, `words`.
    pub fn word(&self, name: &str) -> String {
        get(&self.0, name)
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    /// Seconds after which the server takes the sale; `None` = it may be sent at any time.
    pub fn retry_after(&self) -> Option<i64> {
        let seconds = get(&self.0, "retry_after").and_then(|value| value.as_f64());
        seconds.map(clock::whole)
    }

    /// Returns whether the sale could be posted without the card.
    pub fn without_card(&self) -> bool {
        get(&self.0, "without_card").is_some_and(|value| value.is_truthy())
    }
}

/// Sends a sale that is being made now.
pub async fn post(form: &Fields) -> Answer {
    let sale = Object::new();
    set(&sale, "form", form.as_js());
    send(&Array::of1(&sale)).await
}

/// Sends sales that were kept.
pub async fn post_kept(sales: &[Sale]) -> Answer {
    let list = Array::new();
    for sale in sales {
        list.push(sale.record());
    }
    send(&list).await
}

/// Lets the server keep a refused sale; whether it does.
pub async fn put_aside(sale: &Sale) -> bool {
    let answer = ask("/api/till/put-aside", Some(sale.record()), PATIENCE).await;
    answer.is_some_and(|answer| answer.status() == 204)
}

/// Returns what became of the receipt that was sent under a key: `none`, `waits`, `sale` or `return`, with the receipt's id
/// where one is stored.
pub async fn outcome(key: &str) -> Option<(String, String)> {
    let key = String::from(js_sys::encode_uri_component(key));
    let answer = ask(&format!("/api/till/outcome?key={key}"), None, PATIENCE).await?;
    if answer.status() != 200 || answer.redirected() {
        return None;
    }
    let body = read(&answer).await?;
    let word = |name: &str| get(&body, name).and_then(|value| value.as_string());
    Some((word("state")?, word("receipt").unwrap_or_default()))
}

/// Returns whether the server can be reached.
pub async fn is_there() -> bool {
    let Some(answer) = ask("/health/live", None, PROBE).await else {
        return false;
    };
    if answer.status() != 200 || answer.redirected() {
        return false;
    }
    // Another server on the way, as of a hotel's network, may answer everything with a page of its own.
    let text = answer.text().await;
    text.is_ok_and(|text| text.trim() == "ok")
}

async fn send(sales: &Array) -> Answer {
    let began = clock::now();
    let Some(answer) = ask("/api/till/queue", Some(sales), PATIENCE).await else {
        return Answer::None;
    };
    match answer.status() {
        200 => {}
        401 => return Answer::SignedOut,
        _ => return Answer::None,
    }
    let Some(body) = read(&answer).await else {
        return Answer::None;
    };
    if let Some(now) = get(&body, "now").and_then(|now| now.as_f64()) {
        facts::set_skew(clock::whole(now) - i64::midpoint(began, clock::now()));
    }
    let results = get(&body, "results").map(|results| Array::from(&results));
    Answer::Settled(
        results
            .map(|results| results.iter().map(Settled).collect())
            .unwrap_or_default(),
    )
}

async fn read(answer: &Response) -> Option<JsValue> {
    JSON::parse(&answer.text().await.ok()?).ok()
}

/// Asks an address: with a body by POST, without by GET.
async fn ask(address: &str, body: Option<&JsValue>, patience: i32) -> Option<Response> {
    let request = match body {
        Some(_) => Request::post(address).header("content-type", "application/json"),
        None => Request::get(address),
    };
    let signal = timeout(patience);
    let request = request
        .cache(RequestCache::NoStore)
        .abort_signal(signal.as_ref());
    let request = match body {
        Some(body) => request.body(JSON::stringify(body).ok()?),
        None => request.build(),
    };
    request.ok()?.send().await.ok()
}

/// Returns a signal that ends a request after so many milliseconds, where this browser has it.
fn timeout(patience: i32) -> Option<AbortSignal> {
    let signals = global("AbortSignal")?;
    let signal = method(&signals, "timeout")?.call1(&signals, &patience.into());
    Some(signal.ok()?.unchecked_into())
}
