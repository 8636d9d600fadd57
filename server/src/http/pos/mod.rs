//! The POS API: the till's work without a screen. Bearer keys, JSON, problems as RFC 9457. Each call is one line of
//! [`call_routes`], which makes its route and its place in the docs alike.

mod answers;
mod authentication;
mod batch;
mod body;
mod docs;
mod enrolment;
mod examples;
mod members;
mod named_returns;
mod openapi;
mod problem;
mod problem_types;
mod receipt_listing;
mod receipts;
mod request_ids;
mod returns;
mod till_limits;

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

use authentication::{AuthenticatedTill, IdFromPath};
use problem::PosApiProblem;
pub use till_limits::TillRateLimits;

use super::ServerState;

/// All calls, in the order of the docs.
fn call_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::with_openapi(openapi::PosApiDocument::openapi())
        .routes(routes!(members::lookup))
        .routes(routes!(enrolment::send_invitation))
        .routes(routes!(receipts::quote_sale))
        .routes(routes!(receipts::commit_sale))
        .routes(routes!(batch::post_batch))
        .routes(routes!(receipt_listing::list_receipts))
        .routes(routes!(receipts::load_receipt))
        .routes(routes!(returns::quote_return))
        .routes(routes!(returns::commit_return))
        .routes(routes!(named_returns::quote_named_return))
        .routes(routes!(named_returns::commit_named_return))
        .routes(routes!(members::hand_over))
}

/// Routes under `/pos/v1`. `stylesheet` is the path of the pages' styles, which the docs use too.
pub fn router(stylesheet: &str) -> Router<ServerState> {
    let (calls, document) = call_routes().split_for_parts();
    calls
        .merge(docs::router(&document, stylesheet))
        .route("/", get(to_docs))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        // Each body has its own limit and says so as a problem.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(problem::panic_response))
        .layer(from_fn(request_ids::attach_request_id))
}

/// The API's own address leads to its docs.
pub async fn to_docs() -> Redirect {
    Redirect::to("/pos/v1/docs")
}

async fn not_found() -> PosApiProblem {
    Refusal::NotFound.into()
}

async fn wrong_method() -> PosApiProblem {
    PosApiProblem::new("wrong-method", "use a method that the Allow header names")
}
