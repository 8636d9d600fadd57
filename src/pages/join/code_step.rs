//! The second step: the one-time password. One input that phones can fill in; a dead code is never asked for.

use kopilka_core::usecases::messages::one_time_passwords::CODE_SECONDS;
use kopilka_core::usecases::sign_up::phone_verification::{self, CodeChallengeView};
use leptos::prelude::*;

use super::{Step, StepOverPanel};
use crate::api::Visitor;
use crate::api::forms::RenderedForm;
use crate::api::sign_up::FROM_SIGN_IN;
use crate::api::visitor::cookie;
use crate::components::{FormErrors, Head, Icon, Solo, TextField, page_loading};
use crate::text::Texts;

/// `/join/code`.
#[component]
pub fn JoinCode() -> impl IntoView {
    let Some(visitor) = page_loading::require_guest() else {
        return ().into_any();
    };
    page_loading::load_page(async move {
        let token = visitor.cookie(cookie::CHALLENGE);
        let challenge = phone_verification::find_challenge(&visitor.kopilka, token).await?;
        Ok(code_page(
            &visitor,
            challenge.filter(|challenge| challenge.alive),
        ))
    })
}

fn code_page(visitor: &Visitor, challenge: Option<CodeChallengeView>) -> AnyView {
    let texts = visitor.texts();
    let has_card = visitor.cookie(cookie::ORIGIN) == FROM_SIGN_IN;
    let start = if has_card { "/sign-in" } else { "/join" };
    let Some(challenge) = challenge else {
        return view! {
            <Solo title=texts.get("code-title")>
                <StepOverPanel texts key="code-over" again=start />
            </Solo>
        }
        .into_any();
    };
    let demo = visitor.kopilka.config.demo;
    let form = RenderedForm::for_endpoint("join/code");
    let resend = RenderedForm::for_endpoint("join/resend");
    let lead = texts.with_values(
        "code-lead",
        &[
            ("phone", challenge.phone.into()),
            ("minutes", (CODE_SECONDS / 60).into()),
        ],
    );
    view! {
        <Solo title=texts.get("code-title")>
            {(!has_card).then(|| view! { <Step texts number=2 /> })}
            <Head title=texts.get("code-title") lead=lead back=(start, texts.get("code-other-phone")) />
            <FormErrors form=form.clone() />
            <FormErrors form=resend />
            {demo.then(|| outbox(texts))}
            <form class="form" method="post" action="/api/join/code" novalidate>
                <TextField
                    texts
                    form
                    name="code"
                    label=texts.get("code-label")
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    class="otp"
                    maxlength=300
                    required=true
                    autofocus=true
                />
                <button class="btn">{texts.get("code-confirm")}</button>
            </form>
            <p
                class="meta"
                id="resend"
                data-seconds=challenge.resend_in.to_string()
                data-now=texts.get("code-resend-now")
            >
                {if challenge.resend_in > 0 {
                    let left = format!("{}:{:02}", challenge.resend_in / 60, challenge.resend_in % 60);
                    texts.with_values("code-resend-in", &[("left", left.into())])
                } else {
                    texts.get("code-resend-now")
                }}
            </p>
            <form method="post" action="/api/join/resend">
                <button class="btn quiet" aria-describedby="resend">
                    {texts.get("code-resend")}
                </button>
            </form>
        </Solo>
    }
    .into_any()
}

/// Renders a note on where the demo's messages are read.
fn outbox(texts: Texts) -> impl IntoView {
    view! {
        <div class="note">
            <Icon name="message-square" />
            <p>
                {texts.get("code-demo")} " " <a href="/outbox">{texts.get("code-demo-outbox")}</a>
            </p>
        </div>
    }
}
