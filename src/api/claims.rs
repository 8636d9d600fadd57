//! Taking a receipt by its claim code, and adding a printed card: what a shopper holds in the hand becomes theirs.

use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::{claim_codes, printed_cards};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::reply;
use super::visitor::cookie;
use crate::components::page_loading;

/// Time for which a guest's code is kept while they sign in or join, in seconds.
pub const KEPT_SECONDS: i64 = 3_600;

/// Takes the receipt of a code.
#[server(prefix = "/api", endpoint = "claim", input = PostUrl)]
pub async fn claim_receipt(#[server(default)] code: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    match claim_codes::claim_receipt(&visitor.kopilka, &shopper, &code).await {
        Ok(receipt) => {
            reply::clear_cookie(&visitor, cookie::CLAIM);
            reply::redirect_to(&format!("/claim?done={receipt}"));
            Ok(())
        }
        Err(error) => reply::refuse("/claim", error),
    }
}

/// Attaches a printed card.
#[server(prefix = "/api", endpoint = "settings/card-attach", input = PostUrl)]
pub async fn attach_card(#[server(default)] number: String) -> Result<(), ServerFnError> {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return Ok(());
    };
    match printed_cards::attach_card(&visitor.kopilka, &shopper, &number).await {
        Ok(()) => {
            reply::redirect_with_notice(&visitor, "/settings", "card-attached");
            Ok(())
        }
        Err(error) => reply::refuse_field("/settings", "number", error, card_number_problem),
    }
}

/// Returns what is wrong with the number that a shopper has typed, in a shopper's words.
pub(crate) const fn card_number_problem(refusal: &Refusal) -> Option<&'static str> {
    Some(match refusal {
        Refusal::ScanEmpty => "card-number-missing",
        Refusal::ScanNotDigits => "card-number-digits",
        Refusal::ScanOtherScheme => "card-number-other",
        Refusal::ScanWrongLength => "card-number-length",
        Refusal::ScanCheckDigit => "card-number-digit",
        Refusal::BlankUnknown => "card-number-unknown",
        Refusal::BlankTaken => "card-number-taken",
        _ => return None,
    })
}
