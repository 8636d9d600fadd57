//! Settings: devices, phones to sign in by, how pages look, everything that is kept, and the end of the account with its consequences.

mod close;
mod devices;
mod phones;
mod plastic;

use kopilka_core::usecases::Error;
use kopilka_core::usecases::card::{self, CardView};
use kopilka_core::usecases::session::Shopper;
use kopilka_core::usecases::settings::{self, Device};
use kopilka_core::usecases::sign_in_phones::{self, SignInPhone};
use leptos::prelude::*;

use crate::api::forms::Form;
use crate::api::{Language, Theme, Visitor};
use crate::components::{FormErrors, Head, Icon, Section, Wallet, guard};
use crate::text::Texts;

/// The shopper's settings.
#[component]
pub fn Settings() -> impl IntoView {
    guard::load_for_shopper(|visitor, shopper| async move {
        let shown = load(&visitor, &shopper).await?;
        Ok(page(&visitor, shown))
    })
}

/// Data that the page shows.
struct Shown {
    card: CardView,
    devices: Vec<Device>,
    phones: Vec<SignInPhone>,
}

async fn load(visitor: &Visitor, shopper: &Shopper) -> Result<Shown, Error> {
    let k = &visitor.kopilka;
    Ok(Shown {
        card: card::view(k, shopper).await?,
        devices: settings::devices(k, shopper).await?,
        phones: sign_in_phones::sign_in_phones(k, shopper).await?,
    })
}

fn page(visitor: &Visitor, shown: Shown) -> AnyView {
    let Shown {
        card,
        devices,
        phones,
    } = shown;
    let texts = visitor.texts();
    let back = ("/profile", texts.get("nav-me"));
    let points = card.balance.active.0.max(0) + card.balance.pending.0.max(0);
    let closing = Form::of("settings/close");
    let attaching = Form::of("settings/card-attach");
    let refused = [
        closing.clone(),
        attaching.clone(),
        Form::of("settings/device-end"),
        Form::of("settings/phone-remove"),
    ]
    .into_iter()
    .find(Form::refused)
    .map(|form| view! { <FormErrors form /> });
    let devices = devices::panel(visitor, devices);
    let look = look(visitor);
    view! {
        <Wallet title=texts.get("settings-title") section=Section::Me card>
            <Head title=texts.get("settings-title") back />
            {refused}
            {devices}
            {phones::panel(texts, phones)}
            {look}
            {plastic::panel(texts, attaching)}
            {export(texts)}
            {close::panel(texts, closing, points)}
            <form method="post" action="/api/sign-out">
                <button class="btn quiet">
                    <Icon name="log-out" />
                    {texts.get("settings-sign-out")}
                </button>
            </form>
        </Wallet>
    }
    .into_any()
}

fn look(visitor: &Visitor) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let (theme, language) = (visitor.theme, visitor.language);
    let themes = [Theme::System, Theme::Light, Theme::Dark].map(|each| {
        view! {
            <button
                name="theme"
                value=each.as_str()
                aria-pressed=if each == theme { "true" } else { "false" }
            >
                {texts.get(&format!("theme-{}", each.as_str()))}
            </button>
        }
    });
    // Languages are named in themselves, for those who read only one of them.
    let languages = [(Language::Ru, "Русский"), (Language::En, "English")].map(|(each, name)| {
        view! {
            <button
                name="language"
                value=each.as_str()
                lang=each.as_str()
                aria-pressed=if each == language { "true" } else { "false" }
            >
                {name}
            </button>
        }
    });
    view! {
        <section class="panel" id="look" aria-labelledby="look-title">
            <header>
                <h2 id="look-title">{texts.get("settings-look")}</h2>
            </header>
            <form class="field" method="post" action="/api/theme">
                <input type="hidden" name="next" value="/settings" />
                <p class="meta" id="theme-name">
                    {texts.get("settings-theme")}
                </p>
                <div class="seg" role="group" aria-labelledby="theme-name">
                    {themes.collect_view()}
                </div>
            </form>
            <form class="field" method="post" action="/api/language">
                <input type="hidden" name="next" value="/settings" />
                <p class="meta" id="language-name">
                    {texts.get("settings-language")}
                </p>
                <div class="seg" role="group" aria-labelledby="language-name">
                    {languages.collect_view()}
                </div>
            </form>
        </section>
    }
}

fn export(texts: Texts) -> impl IntoView {
    let files = [
        ("/settings/export.json", "settings-export-json"),
        ("/settings/points.csv", "settings-export-csv"),
    ];
    view! {
        <section class="panel" id="export" aria-labelledby="export-title">
            <header>
                <h2 id="export-title">{texts.get("settings-export")}</h2>
                <p>{texts.get("settings-export-text")}</p>
            </header>
            <div class="actions">
                {files
                    .map(|(href, key)| {
                        view! {
                            <a class="btn quiet small" href=href download="">
                                <Icon name="download" />
                                {texts.get(key)}
                            </a>
                        }
                    })
                    .collect_view()}
            </div>
        </section>
    }
}
