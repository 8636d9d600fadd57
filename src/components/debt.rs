//! What a member owes.

use kopilka_core::domain::amounts::Points;
use leptos::prelude::*;

use super::Icon;
use crate::api::Visitor;

/// Why the member owes points, where they do.
#[component]
pub fn Debt(
    /// What is owed.
    debt: Points,
) -> impl IntoView {
    let texts = Visitor::current().ok().filter(|_| debt.0 > 0)?.texts();
    Some(view! {
        <div class="note" data-tone="warn">
            <Icon name="triangle-alert" />
            <div>
                <h2>{texts.with("points-debt", &[("points", texts.points(debt).into())])}</h2>
                <p>{texts.get("points-debt-text")}</p>
            </div>
        </div>
    })
}
