//! entry

use leptos::prelude::*;

/// Entry.
#[component]
pub fn Entry() -> impl IntoView {}
