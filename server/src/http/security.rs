//! Headers that every answer carries, and a log line per request without anything personal in it.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::ServerState;

/// Only our own files; no inline scripts or styles; WebAssembly may be compiled.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Returns the permissions policy of a page: the camera at the till alone, whose page also answers its own forms.
fn permissions(path: &str) -> &'static str {
    let till = ["/till", "/api/till"].iter().any(|root| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    if till {
        "camera=(self), screen-wake-lock=(), geolocation=(), microphone=(), payment=()"
    } else {
        "camera=(), screen-wake-lock=(self), geolocation=(), microphone=(), payment=()"
    }
}

/// Adds the headers.
pub async fn headers(State(app): State<ServerState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Plain server-function forms answer to the Referer, so it must stay on this site.
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            permissions(&path),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if app.settings.secure {
        // Browsers ignore it over plain http, and say so in the console.
        headers.insert(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// Logs method, path and status: no query, no body, no address.
pub async fn request_log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    tracing::debug!(
        request = response
            .headers()
            .get("x-request-id")
            .and_then(|id| id.to_str().ok()),
        %method,
        path,
        status = response.status().as_u16(),
        micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_till_may_use_the_camera() {
        for (path, expected) in [
            ("/till", true),
            ("/till/return", true),
            ("/api/till/scan", true),
            ("/", false),
            ("/card", false),
            ("/tillage", false),
            ("/api/join/phone", false),
        ] {
            let camera = permissions(path).contains("camera=(self)");
            assert_eq!(camera, expected, "{path}");
        }
    }
}
