//! Switching offers on and off. Only offers that the shopper may see can be switched; doing it twice does one thing.

use kopilka_core::usecases::loyalty::offers;
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::reply;
use crate::components::page_loading;

/// Pages that show offers with their buttons; the first one where the form does not say.
fn page_of(next: &str) -> &'static str {
    if next == "/card" { "/card" } else { "/offers" }
}

/// Switches one offer on.
#[server(prefix = "/api", endpoint = "offers/activate", input = PostUrl)]
pub async fn activate_offer(
    #[server(default)] offer: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let result = offers::activate_offer(&visitor.kopilka, &shopper, &offer).await;
    reply::answer_with_notice(&visitor, result, "/offers", page_of(&next), "offer-on")
}

/// Switches on every offer that waits for it.
#[server(prefix = "/api", endpoint = "offers/activate-all", input = PostUrl)]
pub async fn activate_all_offers() -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let result = offers::activate_all_offers(&visitor.kopilka, &shopper)
        .await
        .map(|_| ());
    reply::answer_with_notice(&visitor, result, "/offers", "/offers", "offers-on")
}

/// Switches an offer off again.
#[server(prefix = "/api", endpoint = "offers/undo", input = PostUrl)]
pub async fn undo_offer(
    #[server(default)] offer: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let result = offers::deactivate_offer(&visitor.kopilka, &shopper, &offer).await;
    reply::answer_with_notice(&visitor, result, "/offers", page_of(&next), "offer-off")
}
