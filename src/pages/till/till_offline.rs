//! Page that the till's service worker shows without a link: a card's code, an amount, and a receipt that is kept on the
//! device. The page is the same for everybody, since it is kept in the browser's cache: no names, nothing of anybody.

use leptos::prelude::*;

use super::queue_pages::QueueList;
use crate::api::Visitor;
use crate::components::{Body, Icon, Key, Title};

/// `/till/offline`.
#[component]
pub fn TillOffline() -> impl IntoView {
    let visitor = Visitor::current();
    let texts = visitor.texts();
    view! {
        <Title text=format!(
            "{} · {}",
            texts.get("till-offline-title"),
            texts.pick_language(&visitor.rules.programme.name),
        ) />
        <Body class="till" />
        <a class="skip" href="#main">
            {texts.get("skip-to-content")}
        </a>
        <header class="top">
            <a class="brand" href="/till">
                <img src="/favicon.svg" width="28" height="28" alt="" />
                <span>{texts.pick_language(&visitor.rules.programme.name)}</span>
            </a>
            <a class="btn quiet small" href="/till" id="offline-again">
                <Icon name="refresh-cw" />
                {texts.get("till-offline-again")}
            </a>
        </header>
        <main class="till-main till-offline" id="main">
            <div class="note" data-tone="warn">
                <Icon name="wifi-off" />
                <div>
                    <h1>{texts.get("till-offline-title")}</h1>
                    <p>{texts.get("till-offline-lead")}</p>
                </div>
            </div>
            <p class="note" data-tone="warn" id="offline-unpaired" role="status" hidden="">
                {texts.get("till-offline-unpaired")}
            </p>
            // A paragraph for each receipt whose answer is missing, filled in on the device.
            <div class="note" data-tone="warn" id="offline-sent" role="status" hidden="">
                <Icon name="triangle-alert" />
                <div></div>
            </div>
            <form
                class="panel"
                id="offline"
                method="post"
                action="/api/till/post"
                aria-labelledby="receipt-h"
                data-goods=texts.get("till-offline-goods")
                data-broken=texts.get("till-offline-broken")
                data-begun-card=texts.get("till-offline-begun-card")
                data-amount-missing=texts.get("problem-amount-missing")
                data-amount-invalid=texts.get("problem-amount-invalid")
                novalidate
            >
                <div class="till-who">
                    <h2 id="receipt-h">{texts.get("till-offline-receipt")}</h2>
                    <button
                        class="btn quiet small"
                        type="button"
                        id="offline-drop"
                    >
                        {texts.get("till-offline-drop")}
                        <Key name="Escape" />
                    </button>
                </div>
                <p class="meta" id="offline-begun" role="status" hidden="">
                    {texts.get("till-offline-begun")}
                </p>
                <div class="field">
                    <label for="code">{texts.get("till-offline-card")}</label>
                    <input
                        id="code"
                        name="code"
                        inputmode="numeric"
                        autocomplete="off"
                        spellcheck="false"
                        aria-describedby="code-hint code-error"
                    />
                    <p class="meta" id="code-hint">
                        {texts.get("till-offline-card-hint")}
                    </p>
                    <p class="error" id="code-error" role="alert" hidden=""></p>
                </div>
                <div class="field">
                    <label for="amount">{texts.get("till-amount")}</label>
                    <input
                        class="big"
                        id="amount"
                        name="amount"
                        inputmode="decimal"
                        autocomplete="off"
                        aria-describedby="amount-error"
                    />
                    <p class="error" id="amount-error" role="alert" hidden=""></p>
                </div>
                <div class="actions">
                    <button class="btn post">
                        {texts.get("till-offline-save")}
                        <Key name="F9" />
                    </button>
                </div>
            </form>
            <section class="panel" aria-labelledby="waiting-h">
                <h2 id="waiting-h">{texts.get("till-offline-waiting")}</h2>
                <QueueList texts />
            </section>
        </main>
        <div class="result" role="status" aria-live="assertive"></div>
    }
    .into_any()
}
