//! The card: the code first, with no tap and no scroll; below it the balance, the tier, and the offers that will count.

mod balance_and_tier;
mod card_offers;
mod tools;

use std::sync::Arc;

use kopilka_core::usecases::wallet::card::{self, WalletCardView};
use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::card_tile::{CardCodeForm, CodeCard};
use crate::components::{BusyNote, Debt, Document, TillQuestion, WalletSection, page_loading};
use crate::islands::LiveCard;

/// The shopper's card.
#[component]
pub fn Card() -> impl IntoView {
    page_loading::load_for_shopper(|visitor, shopper| async move {
        let card = card::load_card(&visitor.kopilka, &shopper).await?;
        Ok(card_page(visitor, card))
    })
}

fn card_page(visitor: Arc<Visitor>, card: WalletCardView) -> AnyView {
    let texts = visitor.texts();
    let title = texts.get("nav-card");
    let form = CardCodeForm::from_query(&visitor.path);
    let programme = Arc::clone(&visitor.rules.programme);
    let now = visitor.kopilka.now();
    let tools = tools::tools(&visitor, form);
    view! {
        <Document title=title.clone() section=WalletSection::Card>
            <main class="cols" id="main">
                <TillQuestion texts question=card.question.clone() />
                <div class="side">
                    <CodeCard visitor card=card.clone() form />
                    {tools}
                    <LiveCard />
                </div>
                <div class="page">
                    <BusyNote />
                    <h1 class="vh">{title}</h1>
                    <Debt texts debt=card.balance.debt />
                    <balance_and_tier::Balance texts zone=programme.time_zone card=card.clone() />
                    <balance_and_tier::Tier
                        texts
                        programme=Arc::clone(&programme)
                        tier=card.tier.clone()
                    />
                    <card_offers::CardOffers texts programme now offers=card.offers />
                </div>
            </main>
        </Document>
    }
    .into_any()
}
