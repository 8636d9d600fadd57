//! Pages, rendered whole. A signed-in page is kept by nobody, so that nothing of it is left after signing out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use kopilka::api::Visitor;
use kopilka::api::forms::FormState;
use kopilka::shell::html_document;
use leptos::prelude::provide_context;

use super::{error_pages, posted_forms};

/// Renders the page of the request's path.
pub async fn render_requested_page(
    Extension(visitor): Extension<Visitor>,
    request: Request,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let posted = posted_forms::load_state(&visitor).await;
    render_page(visitor, posted, request).await
}

/// Renders a page, with a posted form on it where there is one.
pub async fn render_page(
    visitor: Visitor,
    posted: Option<FormState>,
    request: Request,
) -> Response {
    let personal = visitor.shopper.is_some()
        || visitor.cashier.is_some()
        || visitor.locked.is_some()
        || visitor.paired.is_some()
        || posted.is_some();
    let for_context = Arc::new(visitor.clone());
    let context = move || {
        provide_context(for_context.clone());
        if let Some(posted) = &posted {
            provide_context(posted.clone());
        }
    };
    let handler =
        leptos_axum::render_app_async_with_context(context, move || html_document(&visitor));
    let response: Response<Body> = handler(request).await;
    let Some(mut response) = without_registry(response).await else {
        return error_pages::fault_response();
    };
    let headers = response.headers_mut();
    let cache = if personal { "no-store" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.append(
        header::VARY,
        HeaderValue::from_static("Cookie, Accept-Language"),
    );
    response
}

/// Cuts off what Leptos writes behind the document: inline scripts that list resources to hydrate. Pages have none,
/// islands take their data as attributes, and the content security policy allows no inline script.
async fn without_registry(response: Response<Body>) -> Option<Response<Body>> {
    const END: &[u8] = b"</html>";
    let (parts, body) = response.into_parts();
    let html = body.collect().await.ok()?.to_bytes();
    let end = html
        .windows(END.len())
        .rposition(|window| window == END)
        .map_or(html.len(), |start| start + END.len());
    Some(Response::from_parts(parts, Body::from(html.slice(..end))))
}
