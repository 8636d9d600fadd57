//! scanner

use leptos::prelude::*;

/// x
#[island]
pub fn Scanner() -> impl IntoView {}
