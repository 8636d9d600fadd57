//! Signing in at the till. The login stays in its field when it was refused, the password does not.

use kopilka_core::usecases::Refusal;
use leptos::prelude::*;
use leptos_meta::{Body, Title};

use crate::api::Visitor;
use crate::api::forms::Form;
use crate::components::{FormErrors, Head, LanguageSwitch, TextField};

/// The till before anybody is signed in.
#[component]
pub fn SignIn() -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let texts = visitor.texts();
    let form = Form::of("till/sign-in");
    let chain = texts.pick(&visitor.rules.programme.name);
    let no_till = form.refused_by() == Some(Refusal::NotFound);
    let login_is_wrong = form.problem("login", texts).is_some();
    let starts_at_password = !form.value("login", "").is_empty() && !login_is_wrong;
    view! {
        <Title text=format!("{} · {chain}", texts.get("till-sign-in")) />
        <Body {..} class="till" />
        <a class="skip" href="#main">
            {texts.get("skip-to-content")}
        </a>
        <header class="top">
            <a class="brand" href="/till">
                <img src="/favicon.svg" width="28" height="28" alt="" />
                <span>{chain}</span>
            </a>
            <LanguageSwitch />
        </header>
        <main class="solo" id="main">
            <Head title=texts.get("till-sign-in") lead=texts.get("till-sign-in-lead") />
            {if no_till {
                // The account is right, but nobody has given it a till yet.
                view! {
                    <div class="errors" role="alert">
                        <h2>{texts.get("till-none")}</h2>
                    </div>
                }
                    .into_any()
            } else {
                view! { <FormErrors form=form.clone() /> }.into_any()
            }}
            <form class="form panel" method="post" action="/api/till/sign-in" novalidate>
                <TextField
                    form=form.clone()
                    name="login"
                    label=texts.get("till-login")
                    autocomplete="username"
                    required=true
                    autofocus=!starts_at_password
                />
                <TextField
                    form
                    name="password"
                    label=texts.get("till-password")
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    autofocus=starts_at_password
                    keep=false
                />
                <button class="btn">{texts.get("sign-in")}</button>
            </form>
        </main>
    }
    .into_any()
}
