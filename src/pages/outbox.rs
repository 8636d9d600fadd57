//! outbox

use leptos::prelude::*;

/// Outbox.
#[component]
pub fn Outbox() -> impl IntoView {}
