//! An icon from the sprite; decoration only, so that screen readers pass over it.

use leptos::prelude::*;

use crate::api::Visitor;

/// The icon of this name in `public/icons.svg`.
#[component]
pub fn Icon(
    /// Id of the symbol.
    name: &'static str,
) -> impl IntoView {
    let visitor = Visitor::current();
    let sprite = &visitor.assets.icons;
    view! {
        <svg class="i" aria-hidden="true">
            <use href=format!("{sprite}#{name}")></use>
        </svg>
    }
}
