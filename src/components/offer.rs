//! An offer as a ticket: what it gives, on what terms, and how it stands. It promises nothing that the till would not do
//! at this moment.

use std::sync::Arc;

use kopilka_core::domain::offers::{Condition, Offer, OfferBenefit};
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::time::{Instant, days_between, local_date};
use kopilka_core::usecases::loyalty::offers::{MemberOfferView, OfferViewState};
use leptos::prelude::*;

use super::{Icon, sentence};
use crate::text::{Texts, format};

/// Days in which the end of an offer is told by the number of days left.
const SOON_DAYS: i64 = 14;

/// An offer of the shopper, an item of `ul.offers`.
#[component]
pub fn OfferItem(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The time at which the page is rendered.
    now: Instant,
    /// Page to which its button leads back.
    next: &'static str,
    /// The offer and how it stands.
    view: MemberOfferView,
) -> impl IntoView {
    let programme = &programme;
    let MemberOfferView {
        offer,
        state,
        misses: unmet,
        not_now,
        uses_left,
    } = view;
    let title = sentence(&texts.pick_language(&offer.title));
    let text = sentence(&texts.pick_language(&offer.text));
    let terms: Vec<String> = [
        remaining_uses(texts, &offer, state, uses_left),
        last_day(texts, &offer, programme, now),
    ]
    .into_iter()
    .flatten()
    .collect();
    let terms = sentence(&terms.join(" · "));
    let data_state = match state {
        OfferViewState::Activated => "on",
        OfferViewState::Waiting => "tap",
        OfferViewState::Ready => "ready",
        OfferViewState::NotYet | OfferViewState::Used => "locked",
    };
    let foot = match state {
        OfferViewState::Activated => {
            let tag = positive_note(texts.get("offer-on"));
            activation_button("/api/offers/undo", next, &offer.id, &title, tag, texts).into_any()
        }
        OfferViewState::Waiting => {
            let tag = ().into_any();
            activation_button("/api/offers/activate", next, &offer.id, &title, tag, texts)
                .into_any()
        }
        OfferViewState::Ready => {
            view! { <div class="state">{readiness_note(texts, not_now.as_ref(), programme)}</div> }
                .into_any()
        }
        OfferViewState::Used => view! {
            <div class="state">
                <span class="tag" data-tone="">{texts.get("offer-used")}</span>
            </div>
        }
        .into_any(),
        OfferViewState::NotYet => {
            let words: Vec<String> = unmet
                .iter()
                .map(|condition| texts.unmet_condition(condition, programme))
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
            {offer_stub(texts, &offer, programme)}
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
fn offer_stub(texts: Texts, offer: &Offer, programme: &Programme) -> impl IntoView + use<> {
    let gift = matches!(offer.benefit, OfferBenefit::Gift { .. });
    let (value, kind) = if gift {
        (None, texts.benefit_label(&offer.benefit, programme))
    } else {
        (
            Some(texts.benefit_label(&offer.benefit, programme)),
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
fn remaining_uses(
    texts: Texts,
    offer: &Offer,
    state: OfferViewState,
    left: Option<i64>,
) -> Option<String> {
    let left = left.filter(|left| *left > 0 && state != OfferViewState::Used)?;
    if offer.limits.per_member == Some(1) {
        Some(texts.get("offer-once"))
    } else {
        Some(texts.with_count("offer-uses-left", left))
    }
}

/// The last day: in words when it is near, as a date otherwise.
fn last_day(texts: Texts, offer: &Offer, programme: &Programme, now: Instant) -> Option<String> {
    let until = offer.conditions.period()?.until?;
    let days = days_between(local_date(now, programme.time_zone), until);
    Some(match days {
        0 => texts.get("offer-ends-today"),
        1 => texts.get("offer-ends-tomorrow"),
        2..=SOON_DAYS => texts.with_count("offer-ends-in", days),
        _ => {
            let date = format::format_date(until, texts.language());
            texts.with_values("offer-ends", &[("date", date.into())])
        }
    })
}

/// Renders whether it works right now: an offer for some days or hours says when, instead of promising now.
fn readiness_note(texts: Texts, not_now: Option<&Condition>, programme: &Programme) -> AnyView {
    match not_now {
        Some(condition) => {
            let when = texts.condition(condition, programme);
            later_note(texts.with_values("offer-later", &[("when", when.into())]))
        }
        None => positive_note(texts.get("offer-ready")),
    }
}

fn positive_note(words: String) -> AnyView {
    view! {
        <span class="tag" data-tone="good">
            <Icon name="check" />
            {words}
        </span>
    }
    .into_any()
}

fn later_note(words: String) -> AnyView {
    view! {
        <span class="tag" data-tone="">
            <Icon name="clock" />
            {words}
        </span>
    }
    .into_any()
}

/// The button that switches an offer on or off. Its name says which offer, for those who hear buttons one by one.
fn activation_button(
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
