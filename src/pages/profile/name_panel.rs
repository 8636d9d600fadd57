//! The question about name and e-mail.

use kopilka_core::usecases::profiles::profile::MemberProfile;
use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::components::TextField;
use crate::text::Texts;

/// Name and e-mail.
#[component]
pub fn NamePanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Stored profile.
    profile: MemberProfile,
) -> impl IntoView {
    let form = RenderedForm::for_endpoint("profile/name");
    view! {
        <section class="panel" id="about" aria-labelledby="about-title">
            <header>
                <h2 id="about-title">{texts.get("profile-about")}</h2>
            </header>
            <form class="form" method="post" action="/api/profile/name" novalidate>
                <TextField
                    texts
                    form=form.clone()
                    name="first_name"
                    label=texts.get("profile-first-name")
                    hint=texts.get("profile-first-name-hint")
                    stored=profile.first_name
                    autocomplete="given-name"
                    required=true
                />
                <TextField
                    texts
                    form=form.clone()
                    name="last_name"
                    label=texts.get("profile-last-name")
                    hint=texts.get("profile-last-name-hint")
                    stored=profile.last_name
                    autocomplete="family-name"
                />
                <TextField
                    texts
                    form
                    name="email"
                    label=texts.get("profile-email")
                    hint=texts.get("profile-email-hint")
                    stored=profile.email
                    kind="email"
                    autocomplete="email"
                    inputmode="email"
                    maxlength=254
                />
                <div class="actions">
                    <button class="btn">{texts.get("save")}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
