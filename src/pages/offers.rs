//! offers

use leptos::prelude::*;

/// Offers.
#[component]
pub fn Offers() -> impl IntoView {}
