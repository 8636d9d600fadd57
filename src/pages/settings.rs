//! Settings: devices, how pages look, everything that is kept, and the end of the account with its consequences.

use kopilka_core::usecases::Error;
use kopilka_core::usecases::card::{self, CardView};
use kopilka_core::usecases::session::Shopper;
use kopilka_core::usecases::settings::{self, Device};
use leptos::prelude::*;

use crate::api::forms::Form;
use crate::api::{Language, Theme, Visitor};
use crate::components::{FormErrors, Head, Icon, Section, Wallet, failure, guard};
use crate::text::{Texts, format};

/// The shopper's settings.
#[component]
pub fn Settings() -> impl IntoView {
    let Some((visitor, shopper)) = guard::shopper() else {
        return ().into_any();
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load(&visitor, &shopper).await {
                    Ok((card, devices)) => page(&visitor, card, devices),
                    Err(error) => failure(error),
                }
            })}
        </Suspense>
    }
    .into_any()
}

async fn load(visitor: &Visitor, shopper: &Shopper) -> Result<(CardView, Vec<Device>), Error> {
    let k = &visitor.kopilka;
    Ok((card::view(k, shopper).await?, settings::devices(k, shopper).await?))
}

fn page(visitor: &Visitor, card: CardView, devices: Vec<Device>) -> AnyView {
    let texts = visitor.texts();
    let back = ("/profile", texts.get("nav-me"));
    let points = card.balance.active.0.max(0) + card.balance.pending.0.max(0);
    let closing = Form::of("settings/close");
    let refused = [closing.clone(), Form::of("settings/device-end")]
        .into_iter()
        .find(Form::refused)
        .map(|form| view! { <FormErrors form /> });
    let devices = device_list(visitor, devices);
    let look = look(visitor);
    view! {
        <Wallet title=texts.get("settings-title") section=Section::Me card>
            <Head title=texts.get("settings-title") back />
            {refused}
            {devices}
            {look}
            {export(texts)}
            {close(texts, closing, points)}
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

fn device_list(visitor: &Visitor, devices: Vec<Device>) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let rows = devices
        .into_iter()
        .map(|each| device(visitor, each).into_any())
        .collect::<Vec<_>>();
    view! {
        <section class="panel" id="devices" aria-labelledby="devices-title">
            <header>
                <h2 id="devices-title">{texts.get("settings-devices")}</h2>
                <p>{texts.get("settings-devices-text")}</p>
            </header>
            <ul class="list">{rows}</ul>
        </section>
    }
}

/// The present device ends by signing out, so it has no button of its own.
fn device(visitor: &Visitor, device: Device) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let zone = visitor.rules.programme.time_zone;
    let now = visitor.kopilka.now();
    let name = if device.name.is_empty() {
        texts.get("settings-device-unnamed")
    } else {
        device.name
    };
    let since = texts.with(
        "settings-device-since",
        &[("date", texts.near(device.since, now, zone).into())],
    );
    let about = if device.this {
        since
    } else {
        let seen = texts.with(
            "settings-device-seen",
            &[
                ("when", texts.near(device.seen, now, zone).into()),
                ("time", format::time(device.seen, zone).into()),
            ],
        );
        format!("{seen} · {since}")
    };
    let end = if device.this {
        view! {
            <span class="tag" data-tone="good">
                <Icon name="check" />
                {texts.get("settings-device-here")}
            </span>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action="/api/settings/device-end">
                <button class="btn quiet small" name="device" value=device.id.to_string()>
                    {texts.get("settings-device-end")}
                    <span class="vh">{format!(": {name}")}</span>
                </button>
            </form>
        }
        .into_any()
    };
    // The browser's own word for its system is all that tells a phone from a desktop here.
    let handheld = ["Android", "iPhone", "iPad", "iOS"].iter().any(|system| name.contains(system));
    view! {
        <li>
            <Icon name=if handheld { "smartphone" } else { "monitor" } />
            <span>
                {name.clone()}
                <span class="meta">{about}</span>
            </span>
            {end}
        </li>
    }
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

/// Everything that follows is said before the button, and the button waits for a tick.
fn close(texts: Texts, form: Form, points: i64) -> impl IntoView {
    let problem = form.problem("confirmed", texts);
    let lost = (points > 0).then(|| texts.count("settings-close-points", points) + " ");
    view! {
        <details class="panel" id="close" open=form.refused()>
            <summary>{texts.get("settings-close")}</summary>
            <form class="form" method="post" action="/api/settings/close" novalidate>
                <div class="note" data-tone="bad">
                    <Icon name="triangle-alert" />
                    <div>
                        <h2>{texts.get("settings-close-title")}</h2>
                        <p>
                            {texts.get("settings-close-text")} " " {lost}
                            {texts.get("settings-close-export")}
                        </p>
                    </div>
                </div>
                <div class="field">
                    <label class="check">
                        <input
                            type="checkbox"
                            id="confirmed"
                            name="confirmed"
                            value="yes"
                            required
                            aria-invalid=problem.is_some().then_some("true")
                            aria-describedby=problem.is_some().then_some("confirmed-error")
                        />
                        <span>{texts.get("settings-close-confirm")}</span>
                    </label>
                    {problem
                        .map(|words| {
                            view! {
                                <p class="error" id="confirmed-error" role="alert">
                                    <Icon name="circle-alert" />
                                    <span>{words}</span>
                                </p>
                            }
                        })}
                </div>
                <div class="actions">
                    <button class="btn danger">{texts.get("settings-close-button")}</button>
                </div>
            </form>
        </details>
    }
}
