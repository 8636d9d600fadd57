//! The way to the server: sales as JSON. No answer within the patience, or none of the server itself, is no link.

use gloo_net::http::{Request, Response};
use js_sys::{Array, JSON, Object};
use kopilka_browser::{device_clock, get_global, get_method, get_property, set_property};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, RequestCache};

use super::offline_sale::{FormFields, OfflineSale};
use super::page_facts;

/// Longest time to wait for an answer, in milliseconds.
pub const ANSWER_TIMEOUT_MS: i32 = 8_000;
/// The same for a question whether there is a link at all.
const PROBE_TIMEOUT_MS: i32 = 2_500;

/// Answer of the server about sales.
#[derive(Debug)]
pub enum SalesResponse {
    /// Outcomes of the sales, in their order.
    Settled(Vec<SettledSale>),
    /// Nobody is signed in.
    SignedOut,
    /// There is no link, or no server behind it.
    None,
}

/// Outcome of a sale.
#[derive(Debug)]
pub struct SettledSale(JsValue);

impl SettledSale {
    /// A word of it: `key`, `state`, `receipt`, `why`, `words`.
    pub fn get_word(&self, name: &str) -> String {
        get_property(&self.0, name)
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    /// Seconds after which the server takes the sale; `None` = it may be sent at any time.
    pub fn retry_after(&self) -> Option<i64> {
        let seconds = get_property(&self.0, "retry_after").and_then(|value| value.as_f64());
        seconds.map(device_clock::to_whole_millis)
    }

    /// Returns whether the sale could be posted without the card.
    pub fn without_card(&self) -> bool {
        get_property(&self.0, "without_card").is_some_and(|value| value.is_truthy())
    }
}

/// Sends a sale that is being made now.
pub async fn post_sale(form: &FormFields) -> SalesResponse {
    let sale = Object::new();
    set_property(&sale, "form", form.as_js());
    send_sales(&Array::of1(&sale)).await
}

/// Sends sales that were kept.
pub async fn post_kept(sales: &[OfflineSale]) -> SalesResponse {
    let list = Array::new();
    for sale in sales {
        list.push(sale.record());
    }
    send_sales(&list).await
}

/// Lets the server keep a refused sale; whether it does.
pub async fn put_sale_aside(sale: &OfflineSale) -> bool {
    let answer = request_address(
        "/api/till/put-aside",
        Some(sale.record()),
        ANSWER_TIMEOUT_MS,
    )
    .await;
    answer.is_some_and(|answer| answer.status() == 204)
}

/// Returns what became of the receipt that was sent under a key: `none`, `waits`, `sale` or `return`, with the receipt's id
/// where one is stored.
pub async fn receipt_outcome(key: &str) -> Option<(String, String)> {
    let key = String::from(js_sys::encode_uri_component(key));
    let answer = request_address(
        &format!("/api/till/outcome?key={key}"),
        None,
        ANSWER_TIMEOUT_MS,
    )
    .await?;
    if answer.status() != 200 || answer.redirected() {
        return None;
    }
    let body = read_json(&answer).await?;
    let word = |name: &str| get_property(&body, name).and_then(|value| value.as_string());
    Some((word("state")?, word("receipt").unwrap_or_default()))
}

/// Returns whether the server can be reached.
pub async fn is_there() -> bool {
    let Some(answer) = request_address("/health/live", None, PROBE_TIMEOUT_MS).await else {
        return false;
    };
    if answer.status() != 200 || answer.redirected() {
        return false;
    }
    // Another server on the way, as of a hotel's network, may answer everything with a page of its own.
    let text = answer.text().await;
    text.is_ok_and(|text| text.trim() == "ok")
}

async fn send_sales(sales: &Array) -> SalesResponse {
    let began = device_clock::device_time();
    let Some(answer) = request_address("/api/till/queue", Some(sales), ANSWER_TIMEOUT_MS).await
    else {
        return SalesResponse::None;
    };
    match answer.status() {
        200 => {}
        401 => return SalesResponse::SignedOut,
        _ => return SalesResponse::None,
    }
    let Some(body) = read_json(&answer).await else {
        return SalesResponse::None;
    };
    if let Some(now) = get_property(&body, "now").and_then(|now| now.as_f64()) {
        page_facts::set_skew(
            device_clock::to_whole_millis(now) - i64::midpoint(began, device_clock::device_time()),
        );
    }
    let results = get_property(&body, "results").map(|results| Array::from(&results));
    SalesResponse::Settled(
        results
            .map(|results| results.iter().map(SettledSale).collect())
            .unwrap_or_default(),
    )
}

async fn read_json(answer: &Response) -> Option<JsValue> {
    JSON::parse(&answer.text().await.ok()?).ok()
}

/// Asks an address: with a body by POST, without by GET.
async fn request_address(address: &str, body: Option<&JsValue>, patience: i32) -> Option<Response> {
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
pub fn timeout(patience: i32) -> Option<AbortSignal> {
    let signals = get_global("AbortSignal")?;
    let signal = get_method(&signals, "timeout")?.call1(&signals, &patience.into());
    Some(signal.ok()?.unchecked_into())
}
