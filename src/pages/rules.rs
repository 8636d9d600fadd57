//! rules

use leptos::prelude::*;

/// Rules.
#[component]
pub fn Rules() -> impl IntoView {}
