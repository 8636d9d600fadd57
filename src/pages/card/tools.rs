//! Under the card: the size of the code and its other forms, or what the form shown is for and the way back.

use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::Icon;
use crate::components::card_tile::{CardCodeForm, code_size};

/// The row under the card, which shows this form of the code.
pub fn tools(visitor: &Visitor, form: CardCodeForm) -> AnyView {
    let texts = visitor.texts();
    let left = match form {
        CardCodeForm::Rotating => sizes(visitor),
        CardCodeForm::Static => {
            view! { <p class="meta">{texts.get("card-fixed-hint")}</p> }.into_any()
        }
        CardCodeForm::Ean => view! { <p class="meta">{texts.get("card-ean-hint")}</p> }.into_any(),
    };
    let forms = [
        (
            CardCodeForm::Rotating,
            "/card",
            "qr-code",
            "card-show-turning",
        ),
        (
            CardCodeForm::Ean,
            "/card?view=ean",
            "barcode",
            "card-show-ean",
        ),
        (
            CardCodeForm::Static,
            "/card?view=static",
            "lock",
            "card-show-fixed",
        ),
    ];
    view! {
        <div class="card-tools">
            {left}
            {forms
                .into_iter()
                .filter(|(other, ..)| *other != form)
                .map(|(_, href, icon, key)| tool_link(href, icon, texts.get(key)))
                .collect_view()}
            {tool_link("/card/print", "printer", texts.get("card-print"))}
        </div>
    }
    .into_any()
}

fn tool_link(href: &'static str, icon: &'static str, name: String) -> impl IntoView {
    view! {
        <a class="btn icon" href=href aria-label=name.clone() title=name>
            <Icon name=icon />
        </a>
    }
}

fn sizes(visitor: &Visitor) -> AnyView {
    let texts = visitor.texts();
    let chosen = code_size(visitor);
    // The largest fits wide screens only.
    let sizes = [
        ("small", None),
        ("medium", None),
        ("large", None),
        ("larger", Some("wide")),
    ];
    view! {
        <form method="post" action="/api/card/size">
            <div class="seg" role="group" aria-label=texts.get("card-size")>
                {sizes
                    .into_iter()
                    .map(|(size, class)| {
                        view! {
                            <button
                                class=class
                                name="size"
                                value=size
                                aria-pressed=if size == chosen { "true" } else { "false" }
                                aria-label=texts.get(&format!("card-size-{size}"))
                            >
                                <svg class="i" data-size=size aria-hidden="true">
                                    <use href=format!("{}#qr-code", visitor.assets.icons)></use>
                                </svg>
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </form>
    }
    .into_any()
}
