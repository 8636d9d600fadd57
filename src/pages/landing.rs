//! What the programme gives, and the two ways in.

use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::Solo;

/// The first page of a guest.
#[component]
pub fn Landing() -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    view! {
        <Solo title=texts.get("landing-title") class="landing">
            <h1>{texts.pick(&visitor.rules.programme.tagline)}</h1>
        </Solo>
    }
    .into_any()
}
