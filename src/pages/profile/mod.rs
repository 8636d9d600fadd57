//! «Я»: who the shopper is to the programme. Each question says why it is asked, shows the stored answer, and can be
//! skipped, changed and taken back.

mod birth;
mod car;
mod children;
mod name_panel;
mod pets;

use kopilka_core::domain::consents::{Channel, Purpose};
use kopilka_core::domain::name::short_name;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::profiles::{consents, profile};
use kopilka_core::usecases::wallet::card::{self, CardFaceView};
use leptos::prelude::*;

use crate::api::Visitor;
use crate::api::forms::RenderedForm;
use crate::components::{FormErrors, Head, Icon, Wallet, WalletSection, page_loading};

/// The shopper's page about themselves.
#[component]
pub fn Profile() -> impl IntoView {
    page_loading::load_for_shopper(|visitor, shopper| async move {
        let loaded = load_page_data(&visitor, &shopper).await?;
        Ok(profile_page(&visitor, loaded))
    })
}

struct ProfilePageData {
    card: CardFaceView,
    profile: profile::MemberProfile,
    /// Boxes of the messaging grid that are on.
    consents: usize,
}

async fn load_page_data(visitor: &Visitor, shopper: &Shopper) -> Result<ProfilePageData, Error> {
    let service = &visitor.kopilka;
    Ok(ProfilePageData {
        card: card::load_card_face(service, shopper).await?,
        profile: profile::load_profile(service, shopper).await?,
        consents: consents::load_consents(service, shopper)
            .await?
            .granted
            .len(),
    })
}

fn profile_page(visitor: &Visitor, loaded: ProfilePageData) -> AnyView {
    let texts = visitor.texts();
    let ProfilePageData {
        card,
        profile,
        consents,
    } = loaded;
    let refused = [
        "profile/name",
        "profile/birth",
        "profile/birth-remove",
        "profile/child-add",
        "profile/child-remove",
        "profile/pets",
        "profile/car",
    ]
    .into_iter()
    .map(RenderedForm::for_endpoint)
    .find(RenderedForm::is_refused);
    let top = match refused {
        Some(form) => view! { <FormErrors form /> }.into_any(),
        None => reward_panel(visitor, &profile).into_any(),
    };
    let more = other_pages(visitor, consents);
    let support = visitor.rules.programme.support.clone();
    view! {
        <Wallet texts title=texts.get("profile-title") section=WalletSection::Me card>
            <Head
                title=short_name(&profile.first_name, &profile.last_name)
                lead=profile.phone.clone()
            />
            {top}
            <name_panel::NamePanel texts profile=profile.clone() />
            <birth::BirthPanel texts support profile=profile.clone() />
            <children::ChildrenPanel texts profile=profile.clone() />
            <pets::PetsPanel texts profile=profile.clone() />
            <car::CarPanel texts profile=profile />
            {more}
        </Wallet>
    }
    .into_any()
}

/// Renders what a full profile gives, what it still needs, and when the points can be spent; nothing once they were given.
fn reward_panel(
    visitor: &Visitor,
    profile: &profile::MemberProfile,
) -> Option<impl IntoView + use<>> {
    let points = profile.reward?;
    let texts = visitor.texts();
    let list = profile
        .open_questions
        .iter()
        .map(|question| texts.get(&format!("profile-question-{question}")))
        .collect::<Vec<_>>()
        .join(", ");
    let open = (!list.is_empty())
        .then(|| texts.with_values("profile-reward-open", &[("list", list.into())]) + " ");
    let hold = match visitor.rules.programme.points.bonus_hold_days {
        0 => texts.get("profile-reward-at-once"),
        days => texts.with_count("profile-reward-hold", i64::from(days)),
    };
    Some(view! {
        <div class="note" data-tone="brand">
            <Icon name="gift" />
            <div>
                <h2>{texts.with_count("profile-reward-title", points.0)}</h2>
                <p>{open} {hold} " " {texts.get("profile-reward-skip")}</p>
            </div>
        </div>
    })
}

/// The other pages about the shopper.
fn other_pages(visitor: &Visitor, consents: usize) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let all = Channel::ALL.len() * Purpose::ALL.len();
    let on = texts.with_values(
        "profile-more-consents",
        &[
            ("on", consents.to_string().into()),
            ("all", all.to_string().into()),
        ],
    );
    let places = [
        (
            "shield-check",
            "/consents",
            texts.get("consents-title"),
            Some(on),
        ),
        (
            "settings",
            "/settings",
            texts.get("settings-title"),
            Some(texts.get("profile-more-settings")),
        ),
        (
            "file-text",
            "/rules",
            texts.get("nav-rules"),
            Some(texts.get("profile-more-rules")),
        ),
        ("lock", "/privacy", texts.get("nav-privacy"), None),
        ("circle-question-mark", "/help", texts.get("nav-help"), None),
    ];
    view! {
        <nav class="panel" aria-label=texts.get("profile-more")>
            <ul class="list">
                {places
                    .into_iter()
                    .map(|(icon, href, name, about)| {
                        view! {
                            <li>
                                <Icon name=icon />
                                <span>
                                    <a href=href>{name}</a>
                                    {about.map(|about| view! { <span class="meta">{about}</span> })}
                                </span>
                                <Icon name="chevron-right" />
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
}
