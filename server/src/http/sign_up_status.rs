//! Check whether the shopper who joins at a till is done: its page asks, and then turns to them by its own button.

use std::sync::Arc;

use axum::extract::{Extension, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kopilka::api::Visitor;
use kopilka_core::usecases::checkout::till;
use serde::Deserialize;

/// Token of a joining, and key of the sale in which it was begun.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignUpStatusQuery {
    token: String,
    sale: String,
}

/// 200 when the shopper is done, 204 while they are not; 403 for anybody but the till that has begun it.
pub async fn sign_up_status(
    Extension(visitor): Extension<Arc<Visitor>>,
    Query(asked): Query<SignUpStatusQuery>,
) -> Response {
    let Ok(at_till) = visitor.at_till() else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let (service, token, sale) = (&visitor.kopilka, &asked.token, &asked.sale);
    let status = match till::has_joined(service, &at_till, token, sale).await {
        Ok(true) => StatusCode::OK,
        Ok(false) => StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::error!(%error, "a till could not ask after a newcomer");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    let never = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, never).into_response()
}
