//! The page that is shown when no other can be: our fault, a foreign form, too much at once. Plain, in both languages.

use std::any::Any;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kopilka_core::usecases::{BUSY_SECONDS, Error};

/// An answer with a sentence in Russian and English and a way back.
pub fn error_page(status: StatusCode, ru: &str, en: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{code}</title><main><h1>{ru}</h1><p lang=\"en\">{en}</p>\
         <p><a href=\"/\">Копилка</a></p></main></html>",
        code = status.as_u16()
    );
    (
        status,
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        html,
    )
        .into_response()
}

/// Our own fault: already logged; nothing of it is told.
pub fn fault_response() -> Response {
    error_page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Не получилось по нашей вине. Ничего не потеряно: вернитесь и повторите",
        "Something failed on our side. Nothing is lost: go back and try again",
    )
}

/// Answers a use case's error outside of forms and pages: others were in the way (503), or it is our own fault (500). The log
/// says what failed.
pub fn error_response(error: &Error, what: &str) -> Response {
    if !matches!(error, Error::Busy) {
        tracing::error!(%error, what, "a request failed");
        return fault_response();
    }
    tracing::warn!(what, "a request failed: others were in the way");
    let mut response = error_page(
        StatusCode::SERVICE_UNAVAILABLE,
        "Сейчас слишком много обращений. Повторите через несколько секунд",
        "Too many requests right now. Try again in a few seconds",
    );
    let seconds = HeaderValue::from(BUSY_SECONDS);
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

/// Answers a request that panicked, and logs the panic.
pub fn panic_response(cause: Box<dyn Any + Send + 'static>) -> Response<Body> {
    log_panic(cause.as_ref());
    fault_response()
}

/// Writes down that a request panicked, and with which words.
pub fn log_panic(cause: &(dyn Any + Send)) {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(cause, "a request panicked");
}
