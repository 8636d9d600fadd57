//! Offers of the shopper in the order in which they are of use: to switch on, working already, almost there, used up.

use kopilka_core::usecases::offers::{self, OfferState, OfferView};
use kopilka_core::usecases::session::Shopper;
use kopilka_core::usecases::{Error, card};
use leptos::prelude::*;

use crate::api::Visitor;
use crate::api::forms::Form;
use crate::components::{FormErrors, Head, Icon, OfferItem, Section, Wallet, guard};
use crate::text::Texts;

/// `/offers`.
#[component]
pub fn Offers() -> impl IntoView {
    guard::load_for_shopper(|visitor, shopper| async move { page(&visitor, &shopper).await })
}

/// Offers by how they stand; groups without offers are left out.
struct Groups {
    waiting: Vec<OfferView>,
    working: Vec<OfferView>,
    almost: Vec<OfferView>,
    used: Vec<OfferView>,
}

impl Groups {
    fn of(views: Vec<OfferView>) -> Self {
        let mut groups = Self {
            waiting: Vec::new(),
            working: Vec::new(),
            almost: Vec::new(),
            used: Vec::new(),
        };
        for view in views {
            match view.state {
                OfferState::Waiting => groups.waiting.push(view),
                OfferState::Activated | OfferState::Ready => groups.working.push(view),
                OfferState::NotYet => groups.almost.push(view),
                OfferState::Used => groups.used.push(view),
            }
        }
        groups
    }

    /// One sentence that answers what the visitor came for.
    fn lead(&self, texts: Texts) -> String {
        let count = |views: &[OfferView]| i64::try_from(views.len()).unwrap_or(i64::MAX);
        match (count(&self.working), count(&self.waiting)) {
            (0, 0) => texts.get("offers-none-ready"),
            (working, 0) => texts.count("offers-working", working),
            (0, waiting) => texts.count("offers-waiting", waiting),
            (working, waiting) => format!(
                "{}, {}",
                texts.count("offers-working", working),
                texts.count("offers-waiting-too", waiting)
            ),
        }
    }
}

async fn page(visitor: &Visitor, shopper: &Shopper) -> Result<AnyView, Error> {
    let texts = visitor.texts();
    let card = card::view(&visitor.kopilka, shopper).await?;
    let views = offers::list(&visitor.kopilka, shopper).await?;
    let empty = views.is_empty();
    let groups = Groups::of(views);
    let lead = if empty {
        texts.get("offers-empty-lead")
    } else {
        groups.lead(texts)
    };
    let forms = ["offers/activate", "offers/activate-all", "offers/undo"].map(Form::of);
    let body = if empty {
        nothing(texts)
    } else {
        let Groups {
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
        view! {
            {group(texts, "waiting", waiting, all.into_any())}
            {group(texts, "working", working, ().into_any())}
            {group(texts, "almost", almost, ().into_any())}
            {group(texts, "used", used, ().into_any())}
        }
        .into_any()
    };
    Ok(view! {
        <Wallet title=texts.get("nav-offers") section=Section::Offers card=card>
            <Head title=texts.get("nav-offers") lead=lead />
            {forms.map(|form| view! { <FormErrors form=form /> }).collect_view()}
            {body}
        </Wallet>
    }
    .into_any())
}

/// A group with its heading and what can be done to all of it.
fn group(texts: Texts, name: &'static str, views: Vec<OfferView>, action: AnyView) -> AnyView {
    if views.is_empty() {
        return ().into_any();
    }
    let heading = format!(
        "{} · {}",
        texts.get(&format!("offers-group-{name}")),
        views.len()
    );
    view! {
        <section class="page" aria-labelledby=name>
            <header class="group">
                <h2 id=name>{heading}</h2>
                {action}
            </header>
            <ul class="offers">
                {views.into_iter().map(|view| view! { <OfferItem view=view /> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

fn nothing(texts: Texts) -> AnyView {
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
