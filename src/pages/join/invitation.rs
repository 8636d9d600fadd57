//! The page behind a link that a till had sent. Opening it uses nothing up, since phones open links on their own; the
//! button does.

use std::sync::Arc;

use kopilka_core::usecases::sign_up::invitations;
use leptos::prelude::*;

use super::{Step, StepOverPanel};
use crate::api::Visitor;
use crate::components::{Head, Solo, page_loading};
use crate::text::Texts;

/// `/join?invitation=…`.
#[component]
pub fn JoinInvitation(
    /// The guest who has opened it.
    visitor: Arc<Visitor>,
    /// The link's token.
    token: String,
) -> impl IntoView {
    page_loading::load_page(async move {
        let phone = invitations::find_invited_phone(&visitor.kopilka, &token).await?;
        Ok(invitation_page(&visitor, token, phone))
    })
}

fn invitation_page(visitor: &Visitor, token: String, phone: Option<String>) -> AnyView {
    let texts = visitor.texts();
    let Some(phone) = phone else {
        return view! { <InvitationOver texts /> }.into_any();
    };
    let lead = texts.with_values("invitation-lead", &[("phone", phone.into())]);
    view! {
        <Solo title=texts.get("join-title")>
            <Step texts number=1 />
            <Head title=texts.get("join-title") lead=lead />
            <form class="form" method="post" action="/api/join/invitation">
                <input type="hidden" name="invitation" value=token />
                <button class="btn">{texts.get("code-confirm")}</button>
            </form>
            <p class="meta">
                <a href="/join">{texts.get("code-other-phone")}</a>
            </p>
        </Solo>
    }
    .into_any()
}

/// A link that was used or is too old, and the way to begin with a phone.
#[component]
pub fn InvitationOver(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    view! {
        <Solo title=texts.get("join-title")>
            <StepOverPanel texts key="invitation-over" again="/join" />
        </Solo>
    }
    .into_any()
}
