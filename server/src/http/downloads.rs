//! Files of a shopper's own data: everything as JSON, points and proofs of consent as CSV.

use std::sync::Arc;

use axum::extract::Extension;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use kopilka::api::Visitor;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::accounts::export;

use super::error_pages;

const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";

fn file_response(name: &str, kind: &'static str, contents: Result<String, Error>) -> Response {
    match contents {
        Ok(contents) => (
            [
                (header::CONTENT_TYPE, kind.to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}\""),
                ),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ],
            contents,
        )
            .into_response(),
        Err(Error::Refused(_)) => Redirect::to("/sign-in").into_response(),
        Err(error) => error_pages::error_response(&error, "export"),
    }
}

/// Everything that is kept about the shopper.
pub async fn export_json(Extension(visitor): Extension<Arc<Visitor>>) -> Response {
    file_response("kopilka.json", JSON, load_export(&visitor).await)
}

async fn load_export(visitor: &Visitor) -> Result<String, Error> {
    let export = export::export_everything(&visitor.kopilka, &visitor.shopper()?).await?;
    Ok(serde_json::to_string_pretty(&export)?)
}

/// The shopper's points.
pub async fn points_csv(Extension(visitor): Extension<Arc<Visitor>>) -> Response {
    let contents = match visitor.shopper() {
        Ok(shopper) => export::points_csv(&visitor.kopilka, &shopper).await,
        Err(error) => Err(error),
    };
    file_response("kopilka-points.csv", CSV, contents)
}

/// The proofs of the shopper's consents, as a table.
pub async fn proofs_csv(Extension(visitor): Extension<Arc<Visitor>>) -> Response {
    let contents = match visitor.shopper() {
        Ok(shopper) => export::consents_csv(&visitor.kopilka, &shopper).await,
        Err(error) => Err(error),
    };
    file_response("kopilka-consents.csv", CSV, contents)
}

/// The proofs of the shopper's consents, as JSON.
pub async fn proofs_json(Extension(visitor): Extension<Arc<Visitor>>) -> Response {
    let contents = match visitor.shopper() {
        Ok(shopper) => export::consents_json(&visitor.kopilka, &shopper).await,
        Err(error) => Err(error),
    };
    file_response("kopilka-consents.json", JSON, contents)
}
