//! The card of `/offline`: drawn from what this device has kept, with its code turning and the last balance known.
//! The page itself is the same for everybody; without a kept card it says how to get one.

use leptos::prelude::*;

/// Draws the kept card into this page.
#[island]
pub fn OfflineCard() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    start_offline_card();
}

#[cfg(feature = "hydrate")]
fn start_offline_card() {
    use super::card::{CardOnPage, rotating_code};
    use kopilka_browser::{page, wake_lock};

    leptos::task::spawn_local(async {
        let Some(card) = CardOnPage::load_kept().await else {
            page::set_attribute("#main", "class", "solo");
            page::set_attribute("#main", "aria-busy", "false");
            page::set_attribute(".side", "hidden", "");
            page::set_attribute(".page", "hidden", "");
            page::set_attribute("#offline-empty", "class", "panel");
            return;
        };
        card.draw_facts();
        page::set_attribute("#main", "aria-busy", "false");
        wake_lock::stay_awake();
        rotating_code::turn_code(&card, rotating_code::CodeKeySource::Device).await;
    });
}
