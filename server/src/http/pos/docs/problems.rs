//! The list of problems: the anchors that the `type` of each problem leads to.

use maud::{Markup, html};

use super::{format_json, render_markdown};
use crate::http::pos::answers;
use crate::http::pos::problem_types::PROBLEM_TYPES;

/// All problems.
pub fn render_problems() -> Markup {
    html! {
        p {
            "Every refusal is " code { "application/problem+json" } " ("
            a href="https://www.rfc-editor.org/rfc/rfc9457" { "RFC 9457" }
            "). Its " code { "type" } " is the address of one of these; what it may carry is in "
            a href="#type-Problem" { "Problem" } "."
        }
        @for kind in PROBLEM_TYPES {
            article id={ "problem-" (kind.key) } {
                h3 { (kind.title) }
                p class="address" { b { (kind.status) } " " code { (kind.key) } }
                (render_markdown(kind.meaning))
                (render_markdown(&format!("**What to do:** {}", kind.todo)))
                details {
                    summary { "Example" }
                    pre tabindex="0" { code { (format_json(&answers::example(kind))) } }
                }
            }
        }
    }
}
