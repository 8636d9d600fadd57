//! The POS API: the till's work without a screen. Bearer keys, JSON, problems as RFC 9457.

mod body;
mod members;
mod problem;
mod receipts;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, State};
use axum::http::{header, request::Parts};
use axum::routing::{get, post};
use kopilka_core::usecases::till::{self, AtTill};
use kopilka_core::usecases::{Error, Refusal};

use problem::Problem;

use super::App;

/// Routes under `/pos/v1`.
pub fn router(most_bytes: usize) -> Router<App> {
    Router::new()
        .route("/members/lookup", post(members::lookup))
        .route("/receipts/quote", post(receipts::quote))
        .route("/receipts", post(receipts::commit))
        .route("/receipts/{id}", get(receipts::stored))
        .route("/gifts/{id}/handover", post(members::hand_over))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(most_bytes))
}

async fn not_found(State(_): State<App>) -> Problem {
    Problem::from(Error::from(Refusal::NotFound))
}

/// The till behind the bearer key.
pub struct Till(pub AtTill);

impl FromRequestParts<App> for Till {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let key = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| Problem::from(Error::from(Refusal::NotSignedIn)))?;
        Ok(Self(till::authenticate(&app.kopilka, key).await?))
    }
}
