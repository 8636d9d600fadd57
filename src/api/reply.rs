//! Answers of server functions to forms: another page, or the form's page with the state of the form. Pages send on by a redirect.

use http::{HeaderName, HeaderValue, StatusCode, header};
use kopilka_core::usecases::{BUSY_SECONDS, Error, FieldProblem, Refusal};
use leptos::prelude::{ServerFnError, use_context};
use leptos_axum::ResponseOptions;

use super::forms::{FormOutcome, FormProblem, FormState, PageStep, PostedForm};
use super::visitor::{self, Visitor};

/// A year, in seconds.
pub const YEAR: i64 = 365 * 24 * 3600;

fn header(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(value),
    ) {
        response.append_header(name, value);
    }
}

/// Answers with the given status.
pub fn status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Tells after how many seconds to try again.
pub fn retry_after(seconds: i64) {
    header(header::RETRY_AFTER, &seconds.to_string());
}

/// Names the rules by which the browser fetches the next page beforehand, once a finger is on its link.
pub fn name_speculation_rules(path: &str) {
    header(
        HeaderName::from_static("speculation-rules"),
        &format!("\"{path}\""),
    );
}

/// The name under which a cookie is sent: with `__Host-` wherever the site is served over https.
pub fn cookie_name(name: &str, secure: bool) -> String {
    if secure {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// Sets a cookie for `seconds`. Values are tokens and words of ours: visible ASCII without `;`.
pub fn set_cookie(visitor: &Visitor, name: &str, value: &str, seconds: i64) {
    header(header::SET_COOKIE, &cookie(visitor, name, value, seconds));
}

/// The header's value that sets a cookie for `seconds`.
pub fn cookie(visitor: &Visitor, name: &str, value: &str, seconds: i64) -> String {
    let full = cookie_name(name, visitor.secure);
    let secure = if visitor.secure { "; Secure" } else { "" };
    format!("{full}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// Removes a cookie.
pub fn clear_cookie(visitor: &Visitor, name: &str) {
    set_cookie(visitor, name, "", 0);
}

/// Lets the browser load a path of ours after so many seconds, with no script at all.
pub fn refresh(seconds: i64, path: &str) {
    header(
        header::REFRESH,
        &format!("{seconds};url={}", local_path(path)),
    );
}

/// Sends the browser on to a path of ours with GET.
pub fn redirect_to(path: &str) {
    if let Some(posted) = use_context::<PostedForm>() {
        posted.leave(FormOutcome::Go(local_path(path)));
        return;
    }
    status(StatusCode::SEE_OTHER);
    header(header::LOCATION, &local_path(path));
}

/// Sends the browser on and lets the next page say one sentence, `notice-<key>`.
pub fn redirect_with_notice(visitor: &Visitor, path: &str, notice: &str) {
    set_cookie(visitor, visitor::cookie::NOTICE, notice, 60);
    redirect_to(path);
}

/// A path of this site, or `/` for anything that could lead elsewhere.
pub fn local_path(path: &str) -> String {
    let local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if local {
        path.to_owned()
    } else {
        "/".to_owned()
    }
}

/// The path and query of an address of ours.
pub fn path_of(address: &str) -> String {
    let path = address
        .split_once("://")
        .and_then(|(_, rest)| rest.get(rest.find('/')?..));
    local_path(path.unwrap_or("/"))
}

/// Answers a use case's error: the page with the form and the words, or sign-in, or our apology. Where others were in the way, the
/// page says to try again.
///
/// # Errors
/// For faults of ours, which are logged here and answered with 500.
pub fn refuse(page: &str, error: Error) -> Result<(), ServerFnError> {
    refuse_with(page, error, PageStep::Fields)
}

/// Answers a use case's error as [`refuse`] does, with data for the page.
///
/// # Errors
/// As [`refuse`].
pub fn refuse_with(page: &str, error: Error, step: PageStep) -> Result<(), ServerFnError> {
    let (posted, mut state) = begin_state(page, step)?;
    match error {
        Error::Invalid(problems) => {
            state.problems = problems.into_iter().map(FormProblem::from).collect();
        }
        Error::Refused(refusal) => state.refusal = Some(refusal),
        Error::Busy => {
            tracing::warn!(page, "a form could not be stored: others were in the way");
            state.busy = Some(BUSY_SECONDS);
        }
        Error::Fault(cause) => return Err(log_fault(&cause)),
    }
    posted.leave(FormOutcome::Refused(state));
    Ok(())
}

/// Answers with the page of the form as it is now: nothing was refused, and nothing is finished.
///
/// # Errors
/// For faults of ours.
pub fn stay(page: &str, step: PageStep) -> Result<(), ServerFnError> {
    let (posted, state) = begin_state(page, step)?;
    posted.leave(FormOutcome::Stay(state));
    Ok(())
}

/// Returns the form that is being answered, and its state with nothing wrong. What was typed is added where the form is answered.
fn begin_state(page: &str, step: PageStep) -> Result<(PostedForm, FormState), ServerFnError> {
    let posted = use_context::<PostedForm>()
        .ok_or_else(|| log_fault("a form without a place for its outcome"))?;
    let state = FormState {
        page: local_path(page),
        endpoint: posted.endpoint.to_string(),
        values: Vec::new(),
        problems: Vec::new(),
        refusal: None,
        busy: None,
        step,
    };
    Ok((posted, state))
}

/// Answers an error about what was typed into one field: a rule's no stands at the field, as `problem-<key>`, where `key_of`
/// knows it.
///
/// # Errors
/// As [`refuse`].
pub fn refuse_field(
    page: &str,
    field: &'static str,
    error: Error,
    key_of: impl Fn(&Refusal) -> Option<&'static str>,
) -> Result<(), ServerFnError> {
    let Error::Refused(refusal) = &error else {
        return refuse(page, error);
    };
    let Some(key) = key_of(refusal) else {
        return refuse(page, error);
    };
    refuse(page, FieldProblem::new(field, key).into())
}

/// Logs a fault of ours and answers with what a visitor may know of it.
pub fn log_fault(cause: &str) -> ServerFnError {
    tracing::error!(cause, "a use case failed");
    status(StatusCode::INTERNAL_SERVER_ERROR);
    ServerFnError::ServerError("internal".to_owned())
}

/// Answers a form: on success goes to `next`, on error shows `page` again.
///
/// # Errors
/// For faults of ours.
pub fn answer(result: Result<(), Error>, page: &str, next: &str) -> Result<(), ServerFnError> {
    match result {
        Ok(()) => {
            redirect_to(next);
            Ok(())
        }
        Err(error) => refuse(page, error),
    }
}

/// Answers a form as [`answer`] does, and the next page says `notice-<key>`.
///
/// # Errors
/// For faults of ours.
pub fn answer_with_notice(
    visitor: &Visitor,
    result: Result<(), Error>,
    page: &str,
    next: &str,
    notice: &str,
) -> Result<(), ServerFnError> {
    match result {
        Ok(()) => {
            redirect_with_notice(visitor, next, notice);
            Ok(())
        }
        Err(error) => refuse(page, error),
    }
}
