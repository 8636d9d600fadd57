//! Limit of the forms that one address may post. Generous to people behind one address, too slow for guessing.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kopilka_core::domain::network::limited_address;

use super::{ServerState, error_pages, visitor_layer};

const POSTS_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(49);
const POST_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(499);

/// Posts by address.
#[derive(Debug)]
pub struct PostRateLimits(DefaultKeyedRateLimiter<IpAddr>);

impl Default for PostRateLimits {
    fn default() -> Self {
        Self(RateLimiter::keyed(
            Quota::per_second(POSTS_PER_SECOND).allow_burst(POST_BURST),
        ))
    }
}

impl PostRateLimits {
    /// Counts a try from this address; false when there have been too many.
    pub fn allow_post(&self, address: IpAddr) -> bool {
        let allowed = self.0.check_key(&limited_address(address)).is_ok();
        if !allowed {
            self.0.retain_recent();
        }
        allowed
    }
}

/// Refuses posts that come too fast.
pub async fn limit_posts(State(app): State<ServerState>, request: Request, next: Next) -> Response {
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let address = visitor_layer::client_address(&parts, &app.settings.trusted_proxies);
    if app.limits.allow_post(address) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let mut response = error_pages::error_page(
        StatusCode::TOO_MANY_REQUESTS,
        "Слишком много запросов подряд. Подождите минуту и повторите",
        "Too many requests in a row. Wait a minute and try again",
    );
    response.headers_mut().insert(
        header::RETRY_AFTER,
        axum::http::HeaderValue::from_static("60"),
    );
    response
}
