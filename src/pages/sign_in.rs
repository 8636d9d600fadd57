//! sign_in

use leptos::prelude::*;

/// SignIn.
#[component]
pub fn SignIn() -> impl IntoView {}
