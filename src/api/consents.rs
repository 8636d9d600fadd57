//! Consents: the whole grid at once, everything off, and the end of the consent about children. Only real changes get a
//! proof, so sending a form twice does one thing.

use std::collections::BTreeSet;

use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::profiles::consents;
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::reply;
use crate::components::{message_grid, page_loading};

const PAGE: &str = "/consents";
/// The source that proofs name for changes on this page.
const SOURCE: &str = "consents";

/// Makes the grid what is ticked.
#[server(prefix = "/api", endpoint = "consents/save", input = PostUrl)]
pub async fn save_consents(#[server(default)] messages: Vec<String>) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let Some(wanted) = message_grid::parse_ticked(&messages) else {
        return reply::refuse(PAGE, Refusal::NotFound.into());
    };
    let saved =
        consents::save_consents(&visitor.kopilka, &shopper, &wanted, &visitor.ip, SOURCE).await;
    reply::answer_with_notice(&visitor, saved, PAGE, PAGE, "consents-saved")
}

/// Turns every message off.
#[server(prefix = "/api", endpoint = "consents/off", input = PostUrl)]
pub async fn turn_messages_off() -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let none = BTreeSet::new();
    let saved =
        consents::save_consents(&visitor.kopilka, &shopper, &none, &visitor.ip, SOURCE).await;
    reply::answer_with_notice(&visitor, saved, PAGE, PAGE, "consents-off")
}

/// Ends the consent that birth years of children are kept, and erases them.
#[server(prefix = "/api", endpoint = "consents/children-off", input = PostUrl)]
pub async fn withdraw_children_consent() -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    let ended =
        consents::set_children_document(&visitor.kopilka, &shopper, false, &visitor.ip, SOURCE)
            .await;
    reply::answer_with_notice(&visitor, ended, PAGE, PAGE, "children-off")
}
