//! Joining in three steps: phone, code, consents. Each step works as a plain form, and a step that is over says how to
//! begin again.

mod code_step;
mod consents_step;
mod invitation;
mod phone_step;

use leptos::prelude::*;

pub use code_step::JoinCode;
pub use consents_step::JoinConsents;
pub use phone_step::JoinPhone;
pub(super) use phone_step::{PhoneField, sent_already};

use crate::components::Icon;
use crate::text::Texts;

/// Progress on the way to the card.
#[component]
fn Step(
    /// Words in the language of the page.
    texts: Texts,
    /// Number of the step, from 1 to 3.
    number: u8,
) -> impl IntoView {
    let place = texts.with_values("join-step", &[("number", number.into())]);
    let name = texts.get(&format!("join-step-{number}"));
    view! {
        <div class="step">
            <span>{format!("{place} · {name}")}</span>
            <progress max="3" value=number.to_string() aria-label=place></progress>
        </div>
    }
    .into_any()
}

/// A step that cannot be taken any more, and where to begin again.
#[component]
fn StepOverPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Key of the heading; the sentence under it is `<key>-text`, the way on `<key>-again`.
    key: &'static str,
    /// Address at which to begin again.
    again: &'static str,
) -> impl IntoView {
    view! {
        <div class="panel">
            <div class="empty">
                <Icon name="clock" />
                <h1>{texts.get(key)}</h1>
                <p>{texts.get(&format!("{key}-text"))}</p>
                <a class="btn" href=again>
                    {texts.get(&format!("{key}-again"))}
                </a>
            </div>
        </div>
    }
    .into_any()
}
