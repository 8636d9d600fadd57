//! The card of `/card` kept alive: its code turns, its balance follows the till, the screen stays awake, and the device
//! keeps what it shows for a page without a link. Works on `CodeCard`.

use leptos::prelude::*;

/// Keeps the card on this page alive for as long as it is open.
#[island]
pub fn LiveCard() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    start_live_card();
}

#[cfg(feature = "hydrate")]
fn start_live_card() {
    use super::card::{CardOnPage, balance, rotating_code};
    use kopilka_browser::wake_lock;

    leptos::task::spawn_local(async {
        let Some(card) = CardOnPage::on_page() else {
            return;
        };
        wake_lock::stay_awake();
        balance::follow_balance(card.clone());
        card.follow_clock().await;
        card.keep_facts().await;
        if card.has_rotating_code() {
            rotating_code::turn_code(&card, rotating_code::CodeKeySource::Online).await;
        }
    });
}
