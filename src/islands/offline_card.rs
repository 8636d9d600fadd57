//! The card of `/offline`: drawn from what this device has kept, with its code turning and the last balance known.
//! The page itself is the same for everybody; without a kept card it says how to get one.

use leptos::prelude::*;

/// Draws the kept card into this page.
#[island]
pub fn OfflineCard() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    start();
}

#[cfg(feature = "hydrate")]
fn start() {
    use super::card::{Card, turning};
    use kopilka_browser::{page, wake};

    leptos::task::spawn_local(async {
        let Some(card) = Card::kept().await else {
            page::set_attribute("#main", "class", "solo");
            page::set_attribute("#main", "aria-busy", "false");
            page::set_attribute(".side", "hidden", "");
            page::set_attribute(".page", "hidden", "");
            page::set_attribute("#offline-empty", "class", "panel");
            return;
        };
        card.draw();
        page::set_attribute("#main", "aria-busy", "false");
        wake::stay_awake();
        turning::turn(&card, turning::Source::Device).await;
    });
}
