//! card_print

use leptos::prelude::*;

/// CardPrint.
#[component]
pub fn CardPrint() -> impl IntoView {}
