//! The list of problems: the anchors that the `type` of each problem leads to.

use maud::{Markup, html};

use super::{pretty, prose};
use crate::http::pos::answers;
use crate::http::pos::catalogue::KINDS;

/// All problems.
pub fn all() -> Markup {
    html! {
        p {
            "Every refusal is " code { "application/problem+json" } " ("
            a href="https://www.rfc-editor.org/rfc/rfc9457" { "RFC 9457" }
            "). Its " code { "type" } " is the address of one of these; what it may carry is in "
            a href="#type-Problem" { "Problem" } "."
        }
        @for kind in KINDS {
            article id={ "problem-" (kind.key) } {
                h3 { (kind.title) }
                p class="address" { b { (kind.status) } " " code { (kind.key) } }
                (prose(kind.meaning))
                (prose(&format!("**What to do:** {}", kind.todo)))
                details {
                    summary { "Example" }
                    pre tabindex="0" { code { (pretty(&answers::example(kind))) } }
                }
            }
        }
    }
}
