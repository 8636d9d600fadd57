//! The POS API: the till's work without a screen. Bearer keys, JSON, problems as RFC 9457. Each call is one line of
//! [`calls`], which makes its route and its place in the docs alike.

mod answers;
mod batch;
mod body;
mod catalogue;
mod docs;
mod enrol;
mod examples;
mod limits;
mod listing;
mod members;
mod named_returns;
mod openapi;
mod problem;
mod receipts;
mod requests;
mod returns;
mod till;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::response::Redirect;
use axum::routing::get;
use kopilka_core::usecases::Refusal;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use limits::TillLimits;
use problem::Problem;
use till::{Id, Till};

use super::App;

/// All calls, in the order of the docs.
fn calls() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(members::lookup))
        .routes(routes!(enrol::enrol))
        .routes(routes!(receipts::quote))
        .routes(routes!(receipts::commit))
        .routes(routes!(batch::batch))
        .routes(routes!(listing::list))
        .routes(routes!(receipts::stored))
        .routes(routes!(returns::quote))
        .routes(routes!(returns::commit))
        .routes(routes!(named_returns::quote))
        .routes(routes!(named_returns::commit))
        .routes(routes!(members::hand_over))
}

/// Routes under `/pos/v1`. `stylesheet` is the path of the pages' styles, which the docs use too.
pub fn router(stylesheet: &str) -> Router<App> {
    let (calls, document) = calls().split_for_parts();
    calls
        .merge(docs::router(&document, stylesheet))
        .route("/", get(to_docs))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        // Each body has its own limit and says so as a problem.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn(requests::identify))
}

/// The API's own address leads to its docs.
pub async fn to_docs() -> Redirect {
    Redirect::to("/pos/v1/docs")
}

async fn not_found() -> Problem {
    Refusal::NotFound.into()
}

async fn wrong_method() -> Problem {
    Problem::new("wrong-method", "use a method that the Allow header names")
}
