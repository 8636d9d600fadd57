//! Debt of a member.

use kopilka_core::domain::amounts::Points;
use leptos::prelude::*;

use super::Icon;
use crate::text::Texts;

/// Why the member owes points, where they do.
#[component]
pub fn Debt(
    /// Words in the language of the page.
    texts: Texts,
    /// Points that are owed.
    debt: Points,
) -> impl IntoView {
    if debt <= Points::ZERO {
        return None;
    }
    Some(view! {
        <div class="note" data-tone="warn">
            <Icon name="triangle-alert" />
            <div>
                <h2>{texts.with_values("points-debt", &[("points", texts.points_text(debt).into())])}</h2>
                <p>{texts.get("points-debt-text")}</p>
            </div>
        </div>
    })
}
