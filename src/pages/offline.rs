//! offline

use leptos::prelude::*;

/// Offline.
#[component]
pub fn Offline() -> impl IntoView {}
