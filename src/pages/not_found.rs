//! Page of a wrong address: says that nothing is wrong with the card, and shows the ways on.

use http::StatusCode;
use leptos::prelude::*;

use crate::api::{Visitor, reply};
use crate::components::Solo;

/// The page of an unknown address; status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    reply::status(StatusCode::NOT_FOUND);
    let visitor = Visitor::current();
    let texts = visitor.texts();
    let (home, words) = if visitor.shopper.is_some() {
        ("/card", "not-found-card")
    } else {
        ("/", "not-found-home")
    };
    view! {
        <Solo title=texts.get("not-found-title")>
            <div class="head">
                <p class="lost" aria-hidden="true">
                    "404"
                </p>
                <h1>{texts.get("not-found-title")}</h1>
                <p>{texts.get("not-found-text")}</p>
            </div>
            <div class="actions">
                <a class="btn" href=home>
                    {texts.get(words)}
                </a>
                <a class="btn quiet" href="/help">
                    {texts.get("nav-help")}
                </a>
            </div>
        </Solo>
    }
    .into_any()
}
