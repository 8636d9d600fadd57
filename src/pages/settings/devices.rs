//! Signed-in devices; each but the present one can be ended here.

use kopilka_core::usecases::accounts::settings::SignedInDevice;
use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::Icon;
use crate::text::format;

/// The list, last used first.
pub fn devices_panel(visitor: &Visitor, devices: Vec<SignedInDevice>) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let rows = devices
        .into_iter()
        .map(|each| device_row(visitor, each).into_any())
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
fn device_row(visitor: &Visitor, device: SignedInDevice) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let zone = visitor.rules.programme.time_zone;
    let now = visitor.kopilka.now();
    let name = if device.name.is_empty() {
        texts.get("settings-device-unnamed")
    } else {
        device.name
    };
    let since = texts.with_values(
        "settings-device-since",
        &[("date", texts.near_date(device.since, now, zone).into())],
    );
    let about = if device.this {
        since
    } else {
        let seen = texts.with_values(
            "settings-device-seen",
            &[
                ("when", texts.near_date(device.seen, now, zone).into()),
                ("time", format::format_time(device.seen, zone).into()),
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
    let handheld = ["Android", "iPhone", "iPad", "iOS"]
        .iter()
        .any(|system| name.contains(system));
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
