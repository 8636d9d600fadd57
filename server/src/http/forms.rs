//! Posted forms: run the server function; where it refused, show its page again with what was typed and a 4xx status.

use std::collections::HashSet;
use std::sync::LazyLock;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Extension, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Redirect, Response};
use kopilka::api::Visitor;
use kopilka::api::forms::{FormFailure, FormOutcome, PostedForm};
use kopilka_core::usecases::Refusal;
use leptos::prelude::provide_context;
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;

use super::{FORM_BYTES, apology, pages, refused_forms};

static ENDPOINTS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect()
});

/// Answers a posted form.
pub async fn form(Extension(visitor): Extension<Visitor>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(endpoint) = parts
        .uri
        .path()
        .strip_prefix("/api/")
        .filter(|_| ENDPOINTS.contains(parts.uri.path()))
        .map(str::to_owned)
    else {
        return pages::render(visitor, None, get(parts.uri.path(), parts.headers)).await;
    };
    if !is_form(&parts) {
        return apology::apology(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Здесь ждут обычную форму",
            "A plain form is expected here",
        );
    }
    let Ok(bytes) = to_bytes(body, FORM_BYTES).await else {
        return apology::apology(
            StatusCode::PAYLOAD_TOO_LARGE,
            "В форме слишком много текста. Вернитесь и сократите его",
            "The form holds too much text. Go back and shorten it",
        );
    };
    let values: Vec<(String, String)> = form_urlencoded::parse(&bytes).into_owned().collect();
    let outcome = FormOutcome::default();
    let context = {
        let (visitor, outcome) = (visitor.clone(), outcome.clone());
        move || {
            provide_context(Arc::new(visitor.clone()));
            provide_context(outcome.clone());
        }
    };
    let headers = parts.headers.clone();
    let request = Request::from_parts(parts, Body::from(bytes));
    let response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    match outcome.take() {
        Some(failure) => {
            refused_forms::log(&visitor, &endpoint, &failure).await;
            let cookies = response.headers().get_all(header::SET_COOKIE);
            let cookies = cookies.into_iter().cloned().collect();
            again(visitor, endpoint, values, failure, headers, cookies).await
        }
        None if response.status().is_server_error() => apology::fault(),
        // The function was not reached: a field twice, or of another kind than the form's own.
        None if response.headers().contains_key(SERVER_FN_ERROR_HEADER) => apology::apology(
            StatusCode::BAD_REQUEST,
            "Форма пришла не такой, как на странице. Откройте страницу снова и повторите",
            "The form is not the one of the page. Open the page again and retry",
        ),
        None => response,
    }
}

fn is_form(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// A GET of the given path with the same headers, for rendering.
fn get(path: &str, headers: HeaderMap) -> Request {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::GET;
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    *request.headers_mut() = headers;
    request
}

async fn again(
    mut visitor: Visitor,
    endpoint: String,
    values: Vec<(String, String)>,
    failure: FormFailure,
    headers: HeaderMap,
    cookies: Vec<HeaderValue>,
) -> Response {
    if failure.refusal == Some(Refusal::NotSignedIn) {
        let door = if endpoint.starts_with("till/") {
            "/till"
        } else {
            "/sign-in"
        };
        return Redirect::to(door).into_response();
    }
    let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    visitor.path.clone_from(&failure.page);
    let request = get(&failure.page, headers);
    let retry_after = failure.retry_after();
    let posted = PostedForm {
        endpoint,
        values,
        failure,
    };
    let mut response = pages::render(visitor, Some(posted), request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    if let Some(seconds) = retry_after {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A form's address opened by hand leads to the first page: there is nothing to see here.
pub async fn wrong_method() -> Redirect {
    Redirect::to("/")
}
