//! An offer as a ticket: what it gives, on what terms, and how it stands. It promises nothing that the till would not do
//! at this moment.

use kopilka_core::domain::offers::{Benefit, Condition, Offer};
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::time::{Instant, days_between, local_date};
use kopilka_core::usecases::offers::{OfferState, OfferView};
use leptos::prelude::*;

use super::{Icon, sentence};
use crate::api::Visitor;
use crate::text::{Texts, format};

/// Days in which the end of an offer is told by the number of days left.
const SOON: i64 = 14;

/// An offer of the shopper, an item of `ul.offers`.
#[component]
pub fn OfferItem(
    /// The offer and how it stands.
    view: OfferView,
) -> impl IntoView {
    let visitor = Visitor::current();
    let texts = visitor.texts();
    let programme = &visitor.rules.programme;
    let now = visitor.kopilka.now();
    let OfferView {
        offer,
        state,
        misses,
        not_now,
        uses_left,
    } = view;
    let title = sentence(&texts.pick(&offer.title));
    let text = sentence(&texts.pick(&offer.text));
    let terms: Vec<String> = [
        uses(texts, &offer, state, uses_left),
        ends(texts, &offer, programme, now),
    ]
    .into_iter()
    .flatten()
    .collect();
    let terms = sentence(&terms.join(" · "));
    let data_state = match state {
        OfferState::Activated => "on",
        OfferState::Waiting => "tap",
        OfferState::Ready => "ready",
        OfferState::NotYet | OfferState::Used => "locked",
    };
    let next = if visitor.path.starts_with("/card") {
        "/card"
    } else {
        "/offers"
    };
    let foot = match state {
        OfferState::Activated => {
            let tag = good(texts.get("offer-on"));
            switch("/api/offers/undo", next, &offer.id, &title, tag, texts).into_any()
        }
        OfferState::Waiting => {
            let tag = ().into_any();
            switch("/api/offers/activate", next, &offer.id, &title, tag, texts).into_any()
        }
        OfferState::Ready => {
            view! { <div class="state">{ready(texts, not_now.as_ref(), programme)}</div> }
                .into_any()
        }
        OfferState::Used => view! {
            <div class="state">
                <span class="tag" data-tone="">{texts.get("offer-used")}</span>
            </div>
        }
        .into_any(),
        OfferState::NotYet => {
            let words: Vec<String> = misses
                .iter()
                .map(|miss| texts.miss(miss, programme))
                .collect();
            view! {
                <div class="state">
                    <span class="meta">{words.join(" · ")}</span>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <li class="offer" data-state=data_state>
            {stub(texts, &offer, programme)}
            <div class="text">
                <h3>{title}</h3>
                <p class="meta">{text}</p>
                {(!terms.is_empty()).then(|| view! { <p class="meta">{terms}</p> })}
            </div>
            {foot}
        </li>
    }
    .into_any()
}

/// Renders what it gives, as short as it can be said; a thing is shown by its sign.
fn stub(texts: Texts, offer: &Offer, programme: &Programme) -> impl IntoView + use<> {
    let gift = matches!(offer.benefit, Benefit::Gift { .. });
    let (value, kind) = if gift {
        (None, texts.benefit(&offer.benefit, programme))
    } else {
        (
            Some(texts.benefit(&offer.benefit, programme)),
            texts.benefit_kind(&offer.benefit),
        )
    };
    view! {
        <p class="stub">
            {value} {gift.then(|| view! { <Icon name="gift" /> })} " " <small>{kind}</small>
        </p>
    }
}

/// Returns how often it may still be used, where that is limited.
fn uses(texts: Texts, offer: &Offer, state: OfferState, left: Option<i64>) -> Option<String> {
    let left = left.filter(|left| *left > 0 && state != OfferState::Used)?;
    if offer.limits.per_member == Some(1) {
        Some(texts.get("offer-once"))
    } else {
        Some(texts.count("offer-uses-left", left))
    }
}

/// The last day: in words when it is near, as a date otherwise.
fn ends(texts: Texts, offer: &Offer, programme: &Programme, now: Instant) -> Option<String> {
    let until = offer.conditions.period()?.until?;
    let days = days_between(local_date(now, programme.time_zone), until);
    Some(match days {
        0 => texts.get("offer-ends-today"),
        1 => texts.get("offer-ends-tomorrow"),
        2..=SOON => texts.count("offer-ends-in", days),
        _ => {
            let date = format::date(until, texts.language());
            texts.with("offer-ends", &[("date", date.into())])
        }
    })
}

/// Renders whether it works right now: an offer for some days or hours says when, instead of promising now.
fn ready(texts: Texts, not_now: Option<&Condition>, programme: &Programme) -> AnyView {
    match not_now {
        Some(condition) => {
            let when = texts.condition(condition, programme);
            later(texts.with("offer-later", &[("when", when.into())]))
        }
        None => good(texts.get("offer-ready")),
    }
}

fn good(words: String) -> AnyView {
    view! {
        <span class="tag" data-tone="good">
            <Icon name="check" />
            {words}
        </span>
    }
    .into_any()
}

fn later(words: String) -> AnyView {
    view! {
        <span class="tag" data-tone="">
            <Icon name="clock" />
            {words}
        </span>
    }
    .into_any()
}

/// The button that switches an offer on or off. Its name says which offer, for those who hear buttons one by one.
fn switch(
    action: &'static str,
    next: &'static str,
    offer: &str,
    title: &str,
    tag: AnyView,
    texts: Texts,
) -> impl IntoView + use<> {
    let undo = action == "/api/offers/undo";
    let (class, words) = if undo {
        ("btn plain small", "offer-undo")
    } else {
        ("btn quiet small", "offer-activate")
    };
    view! {
        <form class="state" method="post" action=action>
            {tag}
            <input type="hidden" name="next" value=next />
            <button class=class name="offer" value=offer.to_owned()>
                {undo.then(|| view! { <Icon name="undo-2" /> })}
                {texts.get(words)}
                <span class="vh">{format!(": {title}")}</span>
            </button>
        </form>
    }
}
