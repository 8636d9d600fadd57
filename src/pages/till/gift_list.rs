//! Gifts to hand over, each with its button: where one is out, its substitute by name, or that it stays promised.

use kopilka_core::usecases::checkout::till::{GiftReplacement, WaitingGift};
use leptos::prelude::*;

use crate::components::{Icon, Key, sentence};
use crate::text::Texts;

/// Gifts to hand over; the first that can be has a key.
#[component]
pub fn GiftList(
    /// Words in the language of the page.
    texts: Texts,
    /// The gifts.
    gifts: Vec<WaitingGift>,
    /// Id of the form whose buttons these are, where they stand outside.
    form: Option<&'static str>,
) -> impl IntoView {
    let first = gifts
        .iter()
        .position(|gift| !matches!(gift.out, Some(GiftReplacement::Nothing)));
    let row = move |(place, gift): (usize, WaitingGift)| {
        let name = sentence(&texts.pick_language(&gift.name));
        let key = (first == Some(place)).then_some("F2");
        let (value, note, words) = match &gift.out {
            None => (Some(gift.grant.to_string()), None, name.clone()),
            Some(GiftReplacement::Other(id, other)) => {
                let other = sentence(&texts.pick_language(other));
                let note =
                    texts.with_values("till-gift-instead", &[("gift", other.clone().into())]);
                (Some(format!("{} {id}", gift.grant)), Some(note), other)
            }
            Some(GiftReplacement::Nothing) => {
                (None, Some(texts.get("till-gift-out")), name.clone())
            }
        };
        view! {
            <li>
                <Icon name="gift" />
                <span>{name} {note.map(|note| view! { <span class="meta">{note}</span> })}</span>
                {value
                    .map(|value| {
                        view! {
                            <button
                                class="btn small"
                                form=form
                                formaction="/api/till/gift"
                                name="grant"
                                value=value
                                aria-label=format!("{}: {words}", texts.get("till-hand-over"))
                            >
                                {texts.get("till-hand-over")}
                                {key.map(|name| view! { <Key name /> })}
                            </button>
                        }
                    })}
            </li>
        }
    };
    view! {
        <h2>{texts.get("till-gifts")}</h2>
        <ul class="list">{gifts.into_iter().enumerate().map(row).collect_view()}</ul>
    }
    .into_any()
}
