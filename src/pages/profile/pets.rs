//! The question about pets: how many of each species; an empty field means none.

use kopilka_core::domain::profile::Species;
use kopilka_core::usecases::profiles::profile::MemberProfile;
use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::components::TextField;
use crate::text::Texts;

/// Pets.
#[component]
pub fn PetsPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Stored profile.
    profile: MemberProfile,
) -> impl IntoView {
    let form = RenderedForm::for_endpoint("profile/pets");
    let field = |species: &Species| {
        let stored = profile
            .pets
            .iter()
            .find(|(kept, _)| kept == species)
            .map(|(_, count)| count.to_string())
            .unwrap_or_default();
        view! {
            <TextField
                texts
                form=form.clone()
                name=species.as_str()
                label=texts.get(&format!("pet-{}", species.as_str()))
                stored
                inputmode="numeric"
                maxlength=2
            />
        }
    };
    view! {
        <section class="panel" id="pets" aria-labelledby="pets-title">
            <header>
                <h2 id="pets-title">{texts.get("profile-pets")}</h2>
                <p>{texts.get("profile-pets-why")}</p>
            </header>
            <form class="form" method="post" action="/api/profile/pets" novalidate>
                {Species::ALL
                    .chunks(3)
                    .map(|row| {
                        view! { <div class="parts">{row.iter().map(field).collect_view()}</div> }
                    })
                    .collect_view()}
                <div class="actions">
                    <button class="btn quiet">{texts.get("save")}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
