//! Taking a receipt by its claim code, and adding a printed card: what a shopper holds in the hand becomes theirs.

use kopilka_core::usecases::{claims, plastic};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::reply;
use super::visitor::cookie;
use crate::components::guard;

/// For how long a guest's code is kept while they sign in or join, in seconds.
pub const KEPT_SECONDS: i64 = 3_600;

/// Takes the receipt of a code.
#[server(prefix = "/api", endpoint = "claim", input = PostUrl)]
pub async fn claim(#[server(default)] code: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = guard::shopper() else {
        return Ok(());
    };
    match claims::claim(&visitor.kopilka, &shopper, &code).await {
        Ok(receipt) => {
            reply::clear_cookie(&visitor, cookie::CLAIM);
            reply::go(&format!("/claim?done={receipt}"));
            Ok(())
        }
        Err(error) => reply::refuse("/claim", error),
    }
}

/// Attaches a printed card.
#[server(prefix = "/api", endpoint = "settings/card-attach", input = PostUrl)]
pub async fn attach_card(#[server(default)] number: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = guard::shopper() else {
        return Ok(());
    };
    let attached = plastic::attach(&visitor.kopilka, &shopper, &number).await;
    reply::answer_saying(
        &visitor,
        attached,
        "/settings",
        "/settings",
        "card-attached",
    )
}
