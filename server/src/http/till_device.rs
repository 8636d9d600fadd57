//! Requests of the till's module: sales, one or many, and those that a cashier puts aside; and the question what became of a
//! receipt without an answer. JSON both ways, by the cashier's session; who is not signed in gets 401 and keeps what was
//! sent.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kopilka::api::till_queue::{self, MOST_SALES, SubmittedSale, SubmittedSaleOutcome};
use kopilka::api::visitor::cookie;
use kopilka::api::{Visitor, reply};
use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::checkout::receipts::{self, IdempotencyKeyOutcome, outcome_of_key};
use kopilka_core::usecases::{BUSY_SECONDS, Error};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct TillQueueAnswer {
    /// The server's clock, in milliseconds since 1970.
    now: i64,
    /// Outcomes of the sales, in the order in which they were sent.
    results: Vec<SubmittedSaleOutcome>,
}

/// Commits sales in their order.
pub async fn commit_queued_sales(
    Extension(visitor): Extension<Arc<Visitor>>,
    body: Bytes,
) -> Response {
    let Ok(at_till) = visitor.at_till() else {
        return plain_response(StatusCode::UNAUTHORIZED);
    };
    let Ok(sales) = serde_json::from_slice::<Vec<SubmittedSale>>(&body) else {
        return plain_response(StatusCode::BAD_REQUEST);
    };
    if sales.len() > MOST_SALES {
        return plain_response(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut results = Vec::with_capacity(sales.len());
    let mut ends = false;
    for sale in &sales {
        let settled = till_queue::settle_sale(&visitor, &at_till, sale).await;
        ends |= settled.receipt.is_some() && till_queue::ends_visit(&visitor, sale);
        results.push(settled);
    }
    let now = visitor.kopilka.now().0 / 1_000;
    let mut response = Json(TillQueueAnswer { now, results }).into_response();
    keep_nowhere(&mut response);
    let gone = reply::cookie(&visitor, cookie::VISIT, "", 0);
    if ends && let Ok(gone) = HeaderValue::from_str(&gone) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    response
}

/// Key of a receipt whose answer has not reached the till's device.
#[derive(Deserialize)]
pub struct SentReceiptKey {
    key: String,
}

/// Outcome of such a receipt.
#[derive(Serialize)]
struct SentReceiptOutcome {
    /// `none`, `waits`, `sale`, `return`.
    state: &'static str,
    /// The receipt, where one is stored.
    receipt: Option<ReceiptId>,
}

/// Tells what became of a receipt that this till has sent under this key.
pub async fn receipt_outcome(
    Extension(visitor): Extension<Arc<Visitor>>,
    Query(sent): Query<SentReceiptKey>,
) -> Response {
    let Ok(at_till) = visitor.at_till() else {
        return plain_response(StatusCode::UNAUTHORIZED);
    };
    if !receipts::is_valid_key(&sent.key) {
        return plain_response(StatusCode::BAD_REQUEST);
    }
    let (state, receipt) = match outcome_of_key(&visitor.kopilka, &at_till, &sent.key).await {
        Ok(IdempotencyKeyOutcome::Unknown) => ("none", None),
        Ok(IdempotencyKeyOutcome::Waiting) => ("waits", None),
        Ok(IdempotencyKeyOutcome::Sale(receipt)) => ("sale", Some(receipt)),
        Ok(IdempotencyKeyOutcome::Return(receipt)) => ("return", Some(receipt)),
        Err(error) => {
            tracing::error!(%error, "a till is not told what became of a receipt");
            return failure_response(&error);
        }
    };
    let mut response = Json(SentReceiptOutcome { state, receipt }).into_response();
    keep_nowhere(&mut response);
    response
}

/// Keeps a refused sale, before its device forgets it.
pub async fn put_sale_aside(Extension(visitor): Extension<Arc<Visitor>>, body: Bytes) -> Response {
    let Ok(at_till) = visitor.at_till() else {
        return plain_response(StatusCode::UNAUTHORIZED);
    };
    let Ok(sale) = serde_json::from_slice::<SubmittedSale>(&body) else {
        return plain_response(StatusCode::BAD_REQUEST);
    };
    match till_queue::put_aside(&visitor, &at_till, &sale).await {
        Ok(()) => plain_response(StatusCode::NO_CONTENT),
        Err(Error::Refused(_) | Error::Invalid(_)) => {
            plain_response(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => {
            tracing::error!(%error, "a sale cannot be put aside");
            failure_response(&error)
        }
    }
}

/// Answers an error that is no refusal: others were in the way, or it is our own fault.
fn failure_response(error: &Error) -> Response {
    if !matches!(error, Error::Busy) {
        return plain_response(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let mut response = plain_response(StatusCode::SERVICE_UNAVAILABLE);
    let seconds = HeaderValue::from(BUSY_SECONDS);
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

fn plain_response(status: StatusCode) -> Response {
    let mut response = status.into_response();
    keep_nowhere(&mut response);
    response
}

fn keep_nowhere(response: &mut Response) {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
}
