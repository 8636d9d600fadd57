//! The key that presses a button, link or label of the till. What is shown is what is pressed: the till's module looks for the
//! shown key, and its click is that of whatever it stands in.

use leptos::prelude::*;

/// A key inside what it presses.
#[component]
pub fn Key(
    /// Name of the key as browsers have it: `F9`, `Escape`.
    name: &'static str,
) -> impl IntoView {
    let shown = if name == "Escape" { "Esc" } else { name };
    view! {
        " "
        <kbd data-key=name>{shown}</kbd>
    }
}
