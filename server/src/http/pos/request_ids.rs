//! A request's id: the caller's own where it is sane, else made here. It is in the answer, in problems and in the log.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

use super::problem::PosApiProblem;

/// The header that carries the id in both directions.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id that is taken from a caller.
const LONGEST_REQUEST_ID: usize = 64;

/// Gives the request its id, and the answer too.
pub async fn attach_request_id(request: Request, next: Next) -> Response {
    let id = caller_request_id(request.headers()).unwrap_or_else(|| Uuid::now_v7().to_string());
    let span = tracing::info_span!("pos", request = id);
    let mut response = next.run(request).instrument(span).await;
    if let Some(problem) = response.extensions_mut().remove::<PosApiProblem>() {
        let (mut parts, _) = response.into_parts();
        parts.headers.remove(header::CONTENT_LENGTH);
        response = Response::from_parts(parts, problem.into_http_body(Some(instance(&id))));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The caller's id, where it is 1 to 64 visible ASCII characters.
fn caller_request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let sane = (1..=LONGEST_REQUEST_ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_graphic());
    sane.then(|| id.to_owned())
}

/// An address of the occurrence; what an address may not hold is percent-encoded.
fn instance(id: &str) -> String {
    let mut address = "/pos/v1/requests/".to_owned();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(id: &'static [u8]) -> HeaderMap {
        HeaderMap::from_iter(
            HeaderValue::from_bytes(id)
                .ok()
                .map(|value| (REQUEST_ID, value)),
        )
    }

    #[test]
    fn a_sane_id_is_kept() {
        assert_eq!(
            caller_request_id(&headers(b"till-7/42")).as_deref(),
            Some("till-7/42")
        );
    }

    #[test]
    fn an_id_with_spaces_or_other_letters_or_no_end_is_not() {
        for id in [&b""[..], b"a b", b"\xd1\x8f", &[b'x'; 65]] {
            assert_eq!(caller_request_id(&headers(id)), None, "{id:?}");
        }
        assert_eq!(caller_request_id(&HeaderMap::new()), None);
    }

    #[test]
    fn an_instance_is_an_address() {
        assert_eq!(instance("a-1"), "/pos/v1/requests/a-1");
        assert_eq!(instance("a/\"%"), "/pos/v1/requests/a%2F%22%25");
    }
}
