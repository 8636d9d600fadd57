//! States of forms that the server keeps, and the addresses that show them: `?form=KEY`. A form of the till that came after the
//! sign-in had ended is shown by `?unfinished=KEY`, which stays in the address while people sign in.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use kopilka::api::forms::FormState;
use kopilka::api::visitor::cookie;
use kopilka::api::{Visitor, reply};
use kopilka_core::entropy;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::form_states::{
    FormSender, KEPT_SECONDS, keep_form_state, load_form_state,
};

/// Parameter with the key of a state.
pub(super) const FORM: &str = "form=";
/// Parameter with the key of a state that waits for a sign-in, which is a form with states of its own.
pub(super) const UNFINISHED: &str = "unfinished=";

/// Keeps a state. Returns the redirect to its page; `None` = it cannot be kept: it is too large, or the database is in the way.
pub(super) async fn keep_state(
    visitor: &Visitor,
    state: &FormState,
    parameter: &str,
) -> Option<Response> {
    match try_to_keep(visitor, state, parameter).await {
        Ok(redirect) => redirect,
        Err(error) => {
            tracing::warn!(%error, endpoint = state.endpoint, "the state of a form is not kept");
            None
        }
    }
}

async fn try_to_keep(
    visitor: &Visitor,
    state: &FormState,
    parameter: &str,
) -> Result<Option<Response>, Error> {
    let browser = match visitor.cookie(cookie::FORM) {
        "" => entropy::random_token()?,
        browser => browser.to_owned(),
    };
    let body = serde_json::to_string(state)?;
    let Some(key) = keep_form_state(&visitor.kopilka, sender(visitor, &browser), body).await?
    else {
        return Ok(None);
    };
    let mut response =
        Redirect::to(&address_of_state(&state.page, parameter, &key)).into_response();
    // The cookie lasts as long as the newest state.
    let cookie = reply::cookie(visitor, cookie::FORM, &browser, KEPT_SECONDS);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(Some(response))
}

/// Returns the state that the page of the visitor's address shows; `None` = the plain page.
pub async fn load_state(visitor: &Visitor) -> Option<FormState> {
    let key = visitor.form_key.as_deref()?;
    let browser = visitor.cookie(cookie::FORM);
    if browser.is_empty() {
        return None;
    }
    let loaded = load_form_state(&visitor.kopilka, sender(visitor, browser), key).await;
    let body = loaded.unwrap_or_else(|error| {
        tracing::warn!(%error, "the state of a form cannot be loaded");
        None
    })?;
    let state: FormState = serde_json::from_str(&body).ok()?;
    (path_of(&state.page) == path_of(&visitor.path)).then_some(state)
}

fn sender<'a>(visitor: &Visitor, browser: &'a str) -> FormSender<'a> {
    FormSender {
        browser,
        member: visitor.shopper.as_ref().map(|shopper| shopper.member),
    }
}

fn path_of(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

fn address_of_state(page: &str, parameter: &str, key: &str) -> String {
    let sign = if page.contains('?') { '&' } else { '?' };
    format!("{page}{sign}{parameter}{key}")
}

/// Takes the key of a state out of an address. Returns the address without it, and the key where there is one. The key of an
/// unfinished form stays in the address; it is the one to show where there is no other.
pub fn split_form_key(asked: &str) -> (String, Option<String>) {
    let Some((path, query)) = asked.split_once('?') else {
        return (asked.to_owned(), None);
    };
    let key_of = |parameter| {
        let mut pairs = query.split('&');
        pairs.find_map(|pair| pair.strip_prefix(parameter))
    };
    let key = key_of(FORM).or_else(|| key_of(UNFINISHED));
    let others: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with(FORM))
        .collect();
    let address = if others.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", others.join("&"))
    };
    (address, key.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_its_key_are_told_apart() {
        for page in ["/join", "/join?from=poster&store=park", "/till?done=1"] {
            let with_key = address_of_state(page, FORM, "abc");
            let expected = (page.to_owned(), Some("abc".to_owned()));
            assert_eq!(split_form_key(&with_key), expected, "{with_key}");
            assert_eq!(split_form_key(page), (page.to_owned(), None));
        }
        let between = split_form_key("/join?form=1&from=poster");
        assert_eq!(between.0, "/join?from=poster");
        assert_eq!(split_form_key("/join?reform=1").1, None);
        let waiting = address_of_state("/till", UNFINISHED, "abc");
        let expected = (waiting.clone(), Some("abc".to_owned()));
        assert_eq!(split_form_key(&waiting), expected);
        let refused = address_of_state(&waiting, FORM, "def");
        let expected = (waiting, Some("def".to_owned()));
        assert_eq!(split_form_key(&refused), expected);
    }
}
