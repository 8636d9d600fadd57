//! The card: the code first, with no tap and no scroll; below it the balance, the tier, and the offers that will count.

mod balance_and_tier;
mod card_offers;
mod tools;

use kopilka_core::usecases::wallet::card::{self, WalletCardView};
use leptos::prelude::*;

use crate::components::card_tile::{CardCodeForm, CodeCard};
use crate::components::{BusyNote, Debt, Document, TillQuestion, WalletSection, page_loading};
use crate::islands::LiveCard;

/// The shopper's card.
#[component]
pub fn Card() -> impl IntoView {
    page_loading::load_for_shopper(|visitor, shopper| async move {
        let card = card::load_card(&visitor.kopilka, &shopper).await?;
        let title = visitor.texts().get("nav-card");
        Ok(card_page(
            card,
            CardCodeForm::from_query(&visitor.path),
            title,
        ))
    })
}

fn card_page(card: WalletCardView, form: CardCodeForm, title: String) -> AnyView {
    view! {
        <Document title=title.clone() section=WalletSection::Card>
            <main class="cols" id="main">
                <TillQuestion question=card.question.clone() />
                <div class="side">
                    <CodeCard card=card.clone() form />
                    <tools::Tools form />
                    <LiveCard />
                </div>
                <div class="page">
                    <BusyNote />
                    <h1 class="vh">{title}</h1>
                    <Debt debt=card.balance.debt />
                    <balance_and_tier::Balance card=card.clone() />
                    <balance_and_tier::Tier tier=card.tier.clone() />
                    <card_offers::CardOffers offers=card.offers />
                </div>
            </main>
        </Document>
    }
    .into_any()
}
