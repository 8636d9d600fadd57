//! The till's frame: which till, whose shift, the way out; the result bar around every scene.

use leptos::prelude::*;
use leptos_meta::{Body, Title};

use super::result::{ResultBar, Told};
use crate::api::Visitor;
use crate::components::{Icon, LanguageSwitch};

/// The till's page around a scene.
#[component]
pub fn Frame(
    /// What the bar tells.
    told: Option<Told>,
    /// The scene: two panels.
    children: Children,
) -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let Some(cashier) = visitor.cashier.clone() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    view! {
        <Title text=format!("{} · {}", texts.get("till-title"), cashier.till.name) />
        <Body {..} class="till" />
        <a class="skip" href="#main">
            {texts.get("skip-to-content")}
        </a>
        <header class="top">
            <a class="brand" href="/till">
                <img src="/favicon.svg" width="28" height="28" alt="" />
                <span>{format!("{} · {}", cashier.till.name, cashier.till.store_name)}</span>
            </a>
            <span class="meta">{cashier.name}</span>
            <form method="post" action="/api/till/sign-out">
                <button class="btn quiet small">
                    <Icon name="log-out" />
                    {texts.get("till-sign-out")}
                </button>
            </form>
            <LanguageSwitch />
        </header>
        <main class="till-main" id="main">
            {children()}
        </main>
        <ResultBar told />
    }
    .into_any()
}
