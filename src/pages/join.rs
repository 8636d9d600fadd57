//! join

use leptos::prelude::*;

/// JoinPhone.
#[component]
pub fn JoinPhone() -> impl IntoView {}

/// JoinCode.
#[component]
pub fn JoinCode() -> impl IntoView {}

/// JoinConsents.
#[component]
pub fn JoinConsents() -> impl IntoView {}
