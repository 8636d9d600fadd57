//! Offers of the shopper in the order in which they are of use: to switch on, working already, almost there, used up.

use std::sync::Arc;

use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::loyalty::offers::{self, MemberOfferView, OfferViewState};
use kopilka_core::usecases::wallet::card;
use leptos::prelude::*;

use crate::api::Visitor;
use crate::api::forms::RenderedForm;
use crate::components::{FormErrors, Head, Icon, OfferItem, Wallet, WalletSection, page_loading};
use crate::text::Texts;

/// `/offers`.
#[component]
pub fn Offers() -> impl IntoView {
    page_loading::load_for_shopper(|visitor, shopper| async move {
        offers_page(&visitor, &shopper).await
    })
}

/// Offers by how they stand; groups without offers are left out.
struct OfferGroups {
    waiting: Vec<MemberOfferView>,
    working: Vec<MemberOfferView>,
    almost: Vec<MemberOfferView>,
    used: Vec<MemberOfferView>,
}

impl OfferGroups {
    fn from_views(views: Vec<MemberOfferView>) -> Self {
        let mut groups = Self {
            waiting: Vec::new(),
            working: Vec::new(),
            almost: Vec::new(),
            used: Vec::new(),
        };
        for view in views {
            match view.state {
                OfferViewState::Waiting => groups.waiting.push(view),
                OfferViewState::Activated | OfferViewState::Ready => groups.working.push(view),
                OfferViewState::NotYet => groups.almost.push(view),
                OfferViewState::Used => groups.used.push(view),
            }
        }
        groups
    }

    /// One sentence that answers what the visitor came for.
    fn lead_sentence(&self, texts: Texts) -> String {
        let count = |views: &[MemberOfferView]| i64::try_from(views.len()).unwrap_or(i64::MAX);
        match (count(&self.working), count(&self.waiting)) {
            (0, 0) => texts.get("offers-none-ready"),
            (working, 0) => texts.with_count("offers-working", working),
            (0, waiting) => texts.with_count("offers-waiting", waiting),
            (working, waiting) => format!(
                "{}, {}",
                texts.with_count("offers-working", working),
                texts.with_count("offers-waiting-too", waiting)
            ),
        }
    }
}

async fn offers_page(visitor: &Visitor, shopper: &Shopper) -> Result<AnyView, Error> {
    let texts = visitor.texts();
    let programme = &visitor.rules.programme;
    let now = visitor.kopilka.now();
    let card = card::load_card_face(&visitor.kopilka, shopper).await?;
    let views = offers::list_offers(&visitor.kopilka, shopper).await?;
    let empty = views.is_empty();
    let groups = OfferGroups::from_views(views);
    let lead = if empty {
        texts.get("offers-empty-lead")
    } else {
        groups.lead_sentence(texts)
    };
    let forms =
        ["offers/activate", "offers/activate-all", "offers/undo"].map(RenderedForm::for_endpoint);
    let body = if empty {
        no_offers(texts)
    } else {
        let OfferGroups {
            waiting,
            working,
            almost,
            used,
        } = groups;
        let all = (waiting.len() > 1).then(|| {
            view! {
                <form method="post" action="/api/offers/activate-all">
                    <button class="btn small">{texts.get("offers-activate-all")}</button>
                </form>
            }
        });
        let items = |views: Vec<MemberOfferView>| -> Vec<AnyView> {
            let item = |view| {
                let programme = Arc::clone(programme);
                view! { <OfferItem texts programme now next="/offers" view /> }.into_any()
            };
            views.into_iter().map(item).collect()
        };
        view! {
            {offer_group(texts, "waiting", items(waiting), all.into_any())}
            {offer_group(texts, "working", items(working), ().into_any())}
            {offer_group(texts, "almost", items(almost), ().into_any())}
            {offer_group(texts, "used", items(used), ().into_any())}
        }
        .into_any()
    };
    Ok(view! {
        <Wallet texts title=texts.get("nav-offers") section=WalletSection::Offers card=card>
            <Head title=texts.get("nav-offers") lead=lead />
            {forms.map(|form| view! { <FormErrors form=form /> }).collect_view()}
            {body}
        </Wallet>
    }
    .into_any())
}

/// A group with its heading and what can be done to all of it.
fn offer_group(texts: Texts, name: &'static str, items: Vec<AnyView>, action: AnyView) -> AnyView {
    if items.is_empty() {
        return ().into_any();
    }
    let heading = format!(
        "{} · {}",
        texts.get(&format!("offers-group-{name}")),
        items.len()
    );
    view! {
        <section class="page" aria-labelledby=name>
            <header class="group">
                <h2 id=name>{heading}</h2>
                {action}
            </header>
            <ul class="offers">{items}</ul>
        </section>
    }
    .into_any()
}

fn no_offers(texts: Texts) -> AnyView {
    view! {
        <div class="panel">
            <div class="empty">
                <Icon name="tag" />
                <h2>{texts.get("offers-empty")}</h2>
                <p>{texts.get("offers-empty-text")}</p>
                <a class="btn quiet" href="/profile">
                    {texts.get("offers-empty-profile")}
                </a>
            </div>
        </div>
    }
    .into_any()
}
