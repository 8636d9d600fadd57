//! points

use leptos::prelude::*;

/// Points.
#[component]
pub fn Points() -> impl IntoView {}
