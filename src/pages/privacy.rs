//! privacy

use leptos::prelude::*;

/// Privacy.
#[component]
pub fn Privacy() -> impl IntoView {}
