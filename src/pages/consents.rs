//! consents

use leptos::prelude::*;

/// Consents.
#[component]
pub fn Consents() -> impl IntoView {}
