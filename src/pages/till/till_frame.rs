//! The till's frame: which till, whose shift, the report, the lock, the way out; the banner above every state. The page
//! goes to the lock by itself once the till has been idle, so that no customer stays on a screen that nobody watches.

use std::sync::Arc;

use kopilka_core::domain::roles::Permission;
use kopilka_core::usecases::access::staff::Cashier;
use leptos::prelude::*;

use super::block_override::{BlockOverride, BlockOverrideForm};
use super::result::{ResultBanner, ResultBar};
use crate::api::{Visitor, reply};
use crate::components::{Body, BusyNote, Icon, Key, LanguageSwitch, Title};
use crate::text::Texts;

/// The till's page around its content.
#[component]
pub fn Frame(
    /// The visitor behind the request.
    visitor: Arc<Visitor>,
    /// Content of the result's bar.
    banner: Option<ResultBanner>,
    /// Visit that a senior may let pass.
    #[prop(optional_no_strip)]
    block_override: Option<BlockOverride>,
    /// The content: two panels.
    children: Children,
) -> impl IntoView {
    let texts = visitor.texts();
    view! {
        <Top visitor />
        <main class="till-main" id="main">
            {block_override.map(|block_override| view! { <BlockOverrideForm texts block_override /> })}
            {children()}
        </main>
        <ResultBar texts banner />
    }
}

/// Another page of the till, with a heading of its own and a way back.
#[component]
pub fn Sheet(
    /// The visitor behind the request.
    visitor: Arc<Visitor>,
    /// The page's name, for the browser's title.
    #[prop(into)]
    title: String,
    /// Further classes of `main`.
    #[prop(default = "")]
    class: &'static str,
    /// Content of the page.
    children: Children,
) -> impl IntoView {
    view! {
        <Top visitor title />
        <main class=format!("solo {class}").trim().to_owned() id="main">
            <BusyNote />
            {children()}
        </main>
    }
}

/// The header with everything that every page of the till has.
#[component]
fn Top(
    /// The visitor behind the request.
    visitor: Arc<Visitor>,
    /// The page's name, where it is not the till itself.
    #[prop(optional)]
    title: String,
) -> impl IntoView {
    let Some(cashier) = visitor.cashier.clone() else {
        return ().into_any();
    };
    to_the_lock(&visitor);
    let texts = visitor.texts();
    let title = if title.is_empty() {
        texts.get("till-title")
    } else {
        title
    };
    let shift = cashier
        .shift
        .map(|number| texts.with_values("till-shift", &[("number", number.to_string().into())]));
    view! {
        <Title text=format!("{title} · {}", cashier.till.name) />
        <Body class="till" />
        <a class="skip" href="#main">
            {texts.get("skip-to-content")}
        </a>
        <header class="top till-top">
            <a class="brand" href="/till">
                <img src="/favicon.svg" width="28" height="28" alt="" />
                <span>{format!("{} · {}", cashier.till.name, cashier.till.store_name)}</span>
            </a>
            <p class="meta">
                <a href="/till/pin" title=texts.get("till-own-pin")>
                    {cashier.name.clone()}
                </a>
                {shift.map(|shift| view! { <span>{shift}</span> })}
            </p>
            <Ways texts cashier next=visitor.path.clone() />
            <LanguageSwitch />
        </header>
    }
    .into_any()
}

/// The ways from each page of the till.
#[component]
fn Ways(
    /// Words in the language of the page.
    texts: Texts,
    cashier: Cashier,
    /// The page to go on with once the till is unlocked.
    next: String,
) -> impl IntoView {
    view! {
        {cashier
            .may(Permission::ShowPairingCode)
            .then(|| {
                view! {
                    <a class="btn quiet small" href="/till/pair">
                        <Icon name="monitor" />
                        <span>{texts.get("till-pairing")}</span>
                    </a>
                }
            })}
        <a class="btn quiet small" href="/till/report">
            <Icon name="file-text" />
            <span>{texts.get("till-report")}</span>
        </a>
        <form method="post" action="/api/till/lock">
            <input type="hidden" name="next" value=next />
            <button class="btn quiet small">
                <Icon name="lock" />
                <span>{texts.get("till-lock")}</span>
                <Key name="Pause" />
            </button>
        </form>
        <form method="post" action="/api/till/sign-out">
            <button class="btn quiet small">
                <Icon name="log-out" />
                <span>{texts.get("till-sign-out")}</span>
            </button>
        </form>
    }
    .into_any()
}

/// Has the page loaded anew once the till has been idle, without counting as a sign of life: then the lock is what comes.
fn to_the_lock(visitor: &Visitor) {
    // The session was seen at this moment or some seconds before.
    let seconds = visitor.rules.programme.till.idle_seconds() + 2;
    let sign = if visitor.path.contains('?') { '&' } else { '?' };
    reply::refresh(seconds, &format!("{}{sign}idle", visitor.path));
}
