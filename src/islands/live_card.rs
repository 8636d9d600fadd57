//! The card of `/card` kept alive: its code turns, its balance follows the till, the screen stays awake, and the device
//! keeps what it shows for a page without a link. Works on `CodeCard`.

use leptos::prelude::*;

/// Keeps the card on this page alive for as long as it is open.
#[island]
pub fn LiveCard() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    start();
}

#[cfg(feature = "hydrate")]
fn start() {
    use super::card::{Card, balance, turning};
    use kopilka_browser::wake;

    leptos::task::spawn_local(async {
        let Some(card) = Card::on_page() else {
            return;
        };
        wake::stay_awake();
        balance::follow(card.clone());
        card.follow_clock().await;
        card.keep().await;
        if card.turns() {
            turning::turn(&card, turning::Source::Online).await;
        }
    });
}
