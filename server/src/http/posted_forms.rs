//! Posted forms: read once, given to the server function, and answered by its outcome. A form that was refused or is not finished
//! leads to its page (303), which shows it by the key in its address: loading that page again posts nothing.

mod state_address;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::LazyLock;

use axum::body::{Body, to_bytes};
use axum::extract::{Extension, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Redirect, Response};
use kopilka::api::Visitor;
use kopilka::api::forms::{FormOutcome, FormState, PostedForm};
use kopilka_core::usecases::Refusal;
use leptos::prelude::provide_context;
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;

use super::{FORM_BYTES, error_pages, pages, refused_forms};
use state_address::{FORM, UNFINISHED};
pub use state_address::{load_state, split_form_key};

static ENDPOINTS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect()
});

/// Answers a posted form.
pub async fn answer_form(
    Extension(visitor): Extension<Arc<Visitor>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(endpoint) = parts
        .uri
        .path()
        .strip_prefix("/api/")
        .filter(|_| ENDPOINTS.contains(parts.uri.path()))
        .map(str::to_owned)
    else {
        return pages::render_page(visitor, None).await;
    };
    if !is_form(&parts) {
        return error_pages::error_page(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Здесь ждут обычную форму",
            "A plain form is expected here",
        );
    }
    let Ok(bytes) = to_bytes(body, FORM_BYTES).await else {
        return error_pages::error_page(
            StatusCode::PAYLOAD_TOO_LARGE,
            "В форме слишком много текста. Вернитесь и сократите его",
            "The form holds too much text. Go back and shorten it",
        );
    };
    let posted = PostedForm::new(&endpoint);
    let context = {
        let (visitor, posted) = (visitor.clone(), posted.clone());
        move || {
            provide_context(Arc::clone(&visitor));
            provide_context(posted.clone());
        }
    };
    let headers = parts.headers.clone();
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    let response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    // Only a form that is shown again is read field by field; the server function has read it into its arguments.
    let typed = || form_urlencoded::parse(&bytes).into_owned();
    match posted.take() {
        _ if response.status().is_server_error() => error_pages::fault_response(),
        Some(FormOutcome::Go(address)) => add_cookies(&response, Redirect::to(&address)),
        Some(FormOutcome::Stay(state)) => {
            let answer = answer_with_state(visitor, state.with_typed(typed()), headers).await;
            add_cookies(&response, answer)
        }
        Some(FormOutcome::Refused(state)) => {
            refused_forms::log(&visitor, &state).await;
            let answer = answer_with_state(visitor, state.with_typed(typed()), headers).await;
            add_cookies(&response, answer)
        }
        // The function was not reached: a field twice, or of another kind than the form's own.
        None if response.headers().contains_key(SERVER_FN_ERROR_HEADER) => other_form(),
        None => response,
    }
}

fn other_form() -> Response {
    error_pages::error_page(
        StatusCode::BAD_REQUEST,
        "Форма пришла не такой, как на странице. Откройте страницу снова и повторите",
        "The form is not the one of the page. Open the page again and retry",
    )
}

fn is_form(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// Returns whether a script asks for the page itself: it shows a part of it, and nobody can load that again.
fn wants_page(headers: &HeaderMap) -> bool {
    let preference = headers.get("prefer").and_then(|value| value.to_str().ok());
    preference == Some("return=representation")
}

/// Adds the cookies that the server function has set.
fn add_cookies(from: &Response, answer: impl IntoResponse) -> Response {
    let mut answer = answer.into_response();
    for cookie in from.headers().get_all(header::SET_COOKIE) {
        answer
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    answer
}

/// Sends the browser to the page that shows the state, or to sign in. The page itself is the answer to a script that asks for it,
/// and where the state cannot be kept: nothing that was typed is lost.
async fn answer_with_state(
    visitor: Arc<Visitor>,
    state: FormState,
    headers: HeaderMap,
) -> Response {
    if state.refusal == Some(Refusal::NotSignedIn) {
        return ask_to_sign_in(&visitor, &state, &headers).await;
    }
    if !wants_page(&headers)
        && let Some(redirect) = state_address::keep_state(&visitor, &state, FORM).await
    {
        return redirect;
    }
    render_state(visitor, state).await
}

/// Sends the browser to sign in. A receipt is there again afterwards; a script keeps it itself.
async fn ask_to_sign_in(visitor: &Visitor, state: &FormState, headers: &HeaderMap) -> Response {
    if !state.endpoint.starts_with("till/") {
        return Redirect::to("/sign-in").into_response();
    }
    if state.endpoint == "till/unlock" {
        // The lock is over: the page is the door, and there is nothing else to bring back.
        return Redirect::to(&state.page).into_response();
    }
    let kept = if wants_page(headers) {
        None
    } else {
        state_address::keep_state(visitor, state, UNFINISHED).await
    };
    kept.unwrap_or_else(|| Redirect::to("/till").into_response())
}

async fn render_state(mut visitor: Arc<Visitor>, state: FormState) -> Response {
    let status = StatusCode::from_u16(state.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let retry_after = state.retry_after();
    Arc::make_mut(&mut visitor).path.clone_from(&state.page);
    let mut response = pages::render_page(visitor, Some(state)).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    if let Some(seconds) = retry_after {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

/// A form's address opened by hand leads to the first page: there is nothing to see here.
pub async fn wrong_method() -> Redirect {
    Redirect::to("/")
}
