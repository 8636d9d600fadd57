//! Pages, rendered whole. A signed-in page is kept by nobody, so that nothing of it is left after signing out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kopilka::api::Visitor;
use kopilka::api::forms::FormState;
use kopilka::shell::{RenderedDocument, render_document};

use super::posted_forms;

/// Renders the page of the request's path.
pub async fn render_requested_page(
    Extension(visitor): Extension<Arc<Visitor>>,
    request: Request,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let posted = posted_forms::load_state(&visitor).await;
    render_page(visitor, posted).await
}

/// Renders the page at the visitor's address, with a posted form on it where there is one.
pub async fn render_page(visitor: Arc<Visitor>, posted: Option<FormState>) -> Response {
    let personal = visitor.shopper.is_some()
        || visitor.cashier.is_some()
        || visitor.locked.is_some()
        || visitor.paired.is_some()
        || posted.is_some();
    let RenderedDocument {
        html,
        status,
        headers,
    } = render_document(visitor, posted).await;
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let headers = response.headers_mut();
    let cache = if personal { "no-store" } else { "no-cache" };
    let html = "text/html; charset=utf-8";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(html));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.append(
        header::VARY,
        HeaderValue::from_static("Cookie, Accept-Language"),
    );
    response
}
