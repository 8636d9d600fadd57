//! Joining, signing in and out. A known and an unknown phone get the same answer until the code is proven, and sending
//! a form twice does one thing.

use kopilka_core::usecases::access::session;
use kopilka_core::usecases::messages::phones;
use kopilka_core::usecases::sign_up::enrolment::{self, EnrolmentApplication};
use kopilka_core::usecases::sign_up::invitations;
use kopilka_core::usecases::sign_up::phone_verification::{self, PhoneProofOutcome, SignUpOrigin};
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::reply::{self, YEAR};
use super::visitor::{Visitor, cookie};
use crate::components::{message_grid, page_loading};

/// Seconds that each step on the way to the card is remembered by the browser.
const STEP_COOKIE_SECONDS: i64 = 3600;

/// Value of [`cookie::ORIGIN`] on the way of those who say that they have a card.
pub const FROM_SIGN_IN: &str = "sign-in";

/// Address of the first step with what led there, so that a poster's link survives a refusal.
fn join_page(from: &str, store: &str, visit: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let told = [("from", from), ("store", store), ("visit", visit)];
    query.extend_pairs(told.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() {
        "/join".to_owned()
    } else {
        format!("/join?{query}")
    }
}

async fn send_code(visitor: &Visitor, phone: &str, origin: &SignUpOrigin) -> Result<(), Error> {
    let language = visitor.language.as_str();
    let token = phone_verification::ask_for_code(&visitor.kopilka, phone, origin, language).await?;
    reply::set_cookie(visitor, cookie::CHALLENGE, &token, STEP_COOKIE_SECONDS);
    Ok(())
}

/// Sends a code to the phone of somebody who wants a card.
#[server(prefix = "/api", endpoint = "join/phone", input = PostUrl)]
pub async fn join_phone(
    #[server(default)] phone: String,
    #[server(default)] from: String,
    #[server(default)] store: String,
    #[server(default)] visit: String,
) -> Result<(), ServerFnError> {
    let Some(visitor) = page_loading::require_guest() else {
        return Ok(());
    };
    let origin = SignUpOrigin::from_link(&from, &store).during_enrolment(&visit);
    let sent = match phones::parse_for_sign_up(&visitor.kopilka, &phone).await {
        Ok(_) => send_code(&visitor, &phone, &origin).await,
        Err(error) => Err(error),
    };
    if sent.is_ok() {
        reply::clear_cookie(&visitor, cookie::ORIGIN);
    }
    let page = join_page(&origin.from, &origin.store, &origin.visit);
    reply::answer(sent, &page, "/join/code")
}

/// Sends a code to the phone of somebody who has a card.
#[server(prefix = "/api", endpoint = "sign-in/phone", input = PostUrl)]
pub async fn sign_in_phone(#[server(default)] phone: String) -> Result<(), ServerFnError> {
    let Some(visitor) = page_loading::require_guest() else {
        return Ok(());
    };
    let sent = send_code(&visitor, &phone, &SignUpOrigin::default()).await;
    if sent.is_ok() {
        reply::set_cookie(&visitor, cookie::ORIGIN, FROM_SIGN_IN, STEP_COOKIE_SECONDS);
    }
    reply::answer(sent, "/sign-in", "/join/code")
}

/// Takes the code: a member is signed in, a new phone goes on to the consents.
#[server(prefix = "/api", endpoint = "join/code", input = PostUrl)]
pub async fn join_code(#[server(default)] code: String) -> Result<(), ServerFnError> {
    let Some(visitor) = page_loading::require_guest() else {
        return Ok(());
    };
    let token = visitor.cookie(cookie::CHALLENGE);
    match phone_verification::confirm_code(&visitor.kopilka, token, &code, &visitor.device).await {
        Ok(proven) => {
            go_on_with_proven_phone(&visitor, &proven);
            Ok(())
        }
        Err(error) => reply::refuse("/join/code", error),
    }
}

/// Takes a link that a till had sent for the phone's proof, as [`join_code`] takes a code.
#[server(prefix = "/api", endpoint = "join/invitation", input = PostUrl)]
pub async fn join_invitation(#[server(default)] invitation: String) -> Result<(), ServerFnError> {
    let Some(visitor) = page_loading::require_guest() else {
        return Ok(());
    };
    match invitations::accept_invitation(&visitor.kopilka, &invitation, &visitor.device).await {
        Ok(proven) => {
            go_on_with_proven_phone(&visitor, &proven);
            Ok(())
        }
        Err(error) => reply::refuse("/join", error),
    }
}

/// Goes on with a proven phone: to the card of a member, to the consents of a newcomer.
fn go_on_with_proven_phone(visitor: &Visitor, proven: &PhoneProofOutcome) {
    match proven {
        PhoneProofOutcome::SignedIn(session) => sign_in(visitor, session),
        PhoneProofOutcome::NewPhone(enrolment) => {
            reply::clear_cookie(visitor, cookie::CHALLENGE);
            reply::set_cookie(visitor, cookie::ENROLMENT, enrolment, STEP_COOKIE_SECONDS);
            reply::redirect_to("/join/consents");
        }
    }
}

/// Sends another code for the same phone; wrong tries stay counted.
#[server(prefix = "/api", endpoint = "join/resend", input = PostUrl)]
pub async fn resend_code() -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let token = visitor.cookie(cookie::CHALLENGE);
    let sent =
        phone_verification::resend_code(&visitor.kopilka, token, visitor.language.as_str()).await;
    reply::answer_with_notice(&visitor, sent, "/join/code", "/join/code", "code-sent")
}

/// Makes the member with their card, and signs them in.
#[server(prefix = "/api", endpoint = "join/finish", input = PostUrl)]
pub async fn finish_joining(
    #[server(default)] first_name: String,
    #[server(default)] last_name: String,
    #[server(default)] personal_data: String,
    #[server(default)] rules: String,
    #[server(default)] messages: Vec<String>,
) -> Result<(), ServerFnError> {
    let Some(visitor) = page_loading::require_guest() else {
        return Ok(());
    };
    let Some(messages) = message_grid::parse_ticked(&messages) else {
        return reply::refuse("/join/consents", Refusal::NotFound.into());
    };
    let application = EnrolmentApplication {
        first_name,
        last_name,
        personal_data: !personal_data.is_empty(),
        rules: !rules.is_empty(),
        messages,
        language: visitor.language.as_str().to_owned(),
        device: visitor.device.clone(),
        ip: visitor.ip.clone(),
    };
    let token = visitor.cookie(cookie::ENROLMENT);
    match enrolment::finish_enrolment(&visitor.kopilka, token, &application).await {
        Ok(session) => {
            sign_in(&visitor, &session);
            Ok(())
        }
        Err(error) => reply::refuse("/join/consents", error),
    }
}

/// Keeps the session, forgets the way to it, and shows the card.
fn sign_in(visitor: &Visitor, session: &str) {
    reply::set_cookie(visitor, cookie::SESSION, session, YEAR);
    for step in [cookie::CHALLENGE, cookie::ENROLMENT, cookie::ORIGIN] {
        reply::clear_cookie(visitor, step);
    }
    // A receipt's code led here: it is claimed by a tap of its own.
    match visitor.cookie(cookie::CLAIM) {
        "" => reply::redirect_to("/card"),
        code => reply::redirect_to(&format!("/claim?code={code}")),
    }
}

/// Signs this device out: its session and the secret of its code end. Without a session there is nothing to end.
#[server(prefix = "/api", endpoint = "sign-out", input = PostUrl)]
pub async fn sign_out() -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    if let Some(shopper) = &visitor.shopper
        && let Err(error) = session::sign_out(&visitor.kopilka, shopper).await
    {
        return reply::refuse("/settings", error);
    }
    reply::clear_cookie(&visitor, cookie::SESSION);
    reply::redirect_with_notice(&visitor, "/?signed-out=1", "signed-out");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poster_s_link_is_kept_whatever_it_says() {
        assert_eq!(join_page("", "", ""), "/join");
        assert_eq!(join_page("poster", "", ""), "/join?from=poster");
        let odd = join_page("a b&store=x#", "парк", "");
        assert!(odd.starts_with("/join?"), "{odd}");
        assert_eq!(reply::local_path(&odd), odd);
        assert_eq!(odd.matches('&').count(), 1, "{odd}");
    }
}
