//! card

use leptos::prelude::*;

/// Card.
#[component]
pub fn Card() -> impl IntoView {}
