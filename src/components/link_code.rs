//! A link as a QR code on the screen or on paper: black on white whatever the theme, with its quiet zone inside.

use leptos::prelude::*;

use super::code;

/// The code of a link; nothing where the link does not fit, which ours always do.
#[component]
pub fn LinkCode(
    /// The whole address.
    link: String,
    /// Name of the code for those who do not see it.
    label: String,
) -> impl IntoView {
    code::link_code_path(&link).map(|(path, side)| {
        view! {
            <div class="link-code">
                <svg
                    viewBox=format!("0 0 {side} {side}")
                    role="img"
                    aria-label=label
                    shape-rendering="crispEdges"
                    data-link=link
                >
                    <rect width=side.to_string() height=side.to_string() fill="#fff"></rect>
                    <path d=path fill="#000"></path>
                </svg>
            </div>
        }
    })
}
