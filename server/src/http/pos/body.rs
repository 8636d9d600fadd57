//! Bodies of the POS API: read whole, within the limit, then parsed; what is wrong is said as a problem.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::http::{App, RECEIPT_BYTES};

/// A parsed body with its bytes as they came.
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// What was sent, for the idempotency key's comparison.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("application/json"));
        if !json {
            return Err(Problem::plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "the body must be application/json".to_owned(),
            ));
        }
        let announced = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<usize>().ok());
        // Refused before it is read; a body that hides its length is cut off by the route's own limit.
        if announced.is_some_and(|bytes| bytes > RECEIPT_BYTES) {
            return Err(too_large());
        }
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|_| too_large())?;
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            let status = if error.is_data() {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::BAD_REQUEST
            };
            Problem::plain(
                status,
                "malformed",
                format!("the body cannot be read: {error}"),
            )
        })?;
        Ok(Self { value, bytes })
    }
}

fn too_large() -> Problem {
    Problem::plain(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body-too-large",
        "the body is larger than a receipt may be".to_owned(),
    )
}
