//! profile

use leptos::prelude::*;

/// Profile.
#[component]
pub fn Profile() -> impl IntoView {}
