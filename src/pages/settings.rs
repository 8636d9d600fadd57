//! settings

use leptos::prelude::*;

/// Settings.
#[component]
pub fn Settings() -> impl IntoView {}
