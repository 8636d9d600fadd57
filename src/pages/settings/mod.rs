//! Settings: devices, phones to sign in by, how pages look, everything that is kept, and the end of the account with its consequences.

mod close;
mod devices;
mod phones;
mod printed_card;

use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::accounts::settings::{self, SignedInDevice};
use kopilka_core::usecases::accounts::sign_in_phones::{self, SignInPhone};
use kopilka_core::usecases::wallet::card::{self, CardFaceView};
use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::api::{ColourTheme, PageLanguage, Visitor, preferences};
use crate::components::{FormErrors, Head, Icon, Wallet, WalletSection, page_loading};
use crate::text::Texts;

/// The shopper's settings.
#[component]
pub fn Settings() -> impl IntoView {
    page_loading::load_for_shopper(|visitor, shopper| async move {
        let shown = load_page_data(&visitor, &shopper).await?;
        Ok(settings_page(&visitor, shown))
    })
}

/// Data that the page shows.
struct SettingsPageData {
    card: CardFaceView,
    devices: Vec<SignedInDevice>,
    phones: Vec<SignInPhone>,
}

async fn load_page_data(visitor: &Visitor, shopper: &Shopper) -> Result<SettingsPageData, Error> {
    let service = &visitor.kopilka;
    Ok(SettingsPageData {
        card: card::load_card_face(service, shopper).await?,
        devices: settings::list_devices(service, shopper).await?,
        phones: sign_in_phones::sign_in_phones(service, shopper).await?,
    })
}

fn settings_page(visitor: &Visitor, shown: SettingsPageData) -> AnyView {
    let SettingsPageData {
        card,
        devices,
        phones,
    } = shown;
    let texts = visitor.texts();
    let back = ("/profile", texts.get("nav-me"));
    let points = card.balance.active.0.max(0) + card.balance.pending.0.max(0);
    let closing = RenderedForm::for_endpoint("settings/close");
    let attaching = RenderedForm::for_endpoint("settings/card-attach");
    let refused = [
        closing.clone(),
        attaching.clone(),
        RenderedForm::for_endpoint("settings/device-end"),
        RenderedForm::for_endpoint("settings/phone-remove"),
    ]
    .into_iter()
    .chain(preferences::ENDPOINTS.map(RenderedForm::for_endpoint))
    .find(RenderedForm::is_refused)
    .map(|form| view! { <FormErrors form /> });
    let devices = devices::devices_panel(visitor, devices);
    let look = appearance_panel(visitor);
    view! {
        <Wallet texts title=texts.get("settings-title") section=WalletSection::Me card>
            <Head title=texts.get("settings-title") back />
            {refused}
            {devices}
            {phones::sign_in_phones_panel(texts, phones)}
            {look}
            {printed_card::printed_card_panel(texts, attaching)}
            {export_panel(texts)}
            {close::close_account_panel(texts, closing, points)}
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

fn appearance_panel(visitor: &Visitor) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let (theme, language) = (visitor.theme, visitor.language);
    let themes = [ColourTheme::System, ColourTheme::Light, ColourTheme::Dark].map(|each| {
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
    let languages =
        [(PageLanguage::Ru, "Русский"), (PageLanguage::En, "English")].map(|(each, name)| {
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

fn export_panel(texts: Texts) -> impl IntoView {
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
