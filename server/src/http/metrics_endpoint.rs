//! Figures for those who watch over the service, and what each answer adds to them.

use std::net::SocketAddr;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kopilka_core::entropy;
use kopilka_core::usecases::messages::code_limits;

use super::{MetricsAccess, ServerState, error_pages};

/// Headers by which proxies speak of whom they serve: who comes with one is not from this machine.
const FORWARDING_HEADERS: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// Counts the answer and its time.
pub async fn measure_request(
    State(app): State<ServerState>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    // Pages and unknown paths are all one: anybody can think of more of those than can be counted.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("pages", MatchedPath::as_str)
        .to_owned();
    let method = known_method(request.method());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    app.metrics
        .count_response(&route, method, status, started.elapsed());
    response
}

/// Methods too are as many as somebody thinks of.
const fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

/// The figures as OpenMetrics text; for others than those who may read them, the address does not exist.
pub async fn metrics(State(app): State<ServerState>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    if !may_read(&request, &app.settings.metrics_access) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match code_limits::messages_today(&app.kopilka).await {
        Ok(messages) => app.metrics.note_messages(messages),
        // The other figures are worth reading all the more.
        Err(error) => tracing::error!(%error, "today's messages could not be counted"),
    }
    match app.metrics.render_openmetrics() {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the figures could not be written");
            error_pages::fault_response()
        }
    }
}

fn may_read(request: &Parts, metrics_access: &MetricsAccess) -> bool {
    match metrics_access {
        MetricsAccess::Token(hash) => {
            let given = request
                .headers
                .get(header::AUTHORIZATION)
                .and_then(|value| value.to_str().ok())
                .and_then(|value| value.strip_prefix("Bearer "));
            given.is_some_and(|given| entropy::hash_token(given) == *hash)
        }
        MetricsAccess::ThisMachine => {
            let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
            peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
                && !FORWARDING_HEADERS
                    .iter()
                    .any(|name| request.headers.contains_key(*name))
        }
        MetricsAccess::Nobody => false,
    }
}
