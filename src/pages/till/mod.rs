//! The till.

use leptos::prelude::*;

/// The till.
#[component]
pub fn Till() -> impl IntoView {}
