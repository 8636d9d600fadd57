//! What a wrong address shows: a sentence and a way on.

use http::StatusCode;
use leptos::prelude::*;

use crate::api::{Visitor, reply};
use crate::components::{Icon, Solo};

/// The page of an unknown address; status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    reply::status(StatusCode::NOT_FOUND);
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let home = if visitor.shopper.is_some() { "/card" } else { "/" };
    view! {
        <Solo title=texts.get("not-found-title")>
            <div class="panel">
                <div class="empty">
                    <Icon name="search-x" />
                    <h1>{texts.get("not-found-title")}</h1>
                    <p>{texts.get("not-found-text")}</p>
                    <a class="btn" href=home>{texts.get("not-found-home")}</a>
                </div>
            </div>
        </Solo>
    }
    .into_any()
}
