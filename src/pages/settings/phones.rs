//! Phones by which the shopper can sign in, where there is more than one: those of merged cards can be taken away.

use kopilka_core::usecases::accounts::sign_in_phones::SignInPhone;
use leptos::prelude::*;

use crate::components::Icon;
use crate::text::Texts;

/// The list; nothing where the account's own phone is the only one.
pub fn sign_in_phones_panel(texts: Texts, phones: Vec<SignInPhone>) -> Option<impl IntoView> {
    if phones.len() < 2 {
        return None;
    }
    let rows = phones
        .into_iter()
        .map(|phone| phone_row(texts, phone).into_any())
        .collect::<Vec<_>>();
    Some(view! {
        <section class="panel" id="phones" aria-labelledby="phones-title">
            <header>
                <h2 id="phones-title">{texts.get("settings-phones")}</h2>
                <p>{texts.get("settings-phones-text")}</p>
            </header>
            <ul class="list">{rows}</ul>
        </section>
    })
}

fn phone_row(texts: Texts, phone: SignInPhone) -> impl IntoView {
    let (about, end) = if phone.is_own {
        ("settings-phone-own", None)
    } else {
        let end = view! {
            <form method="post" action="/api/settings/phone-remove">
                <button class="btn quiet small" name="account" value=phone.account.to_string()>
                    {texts.get("settings-phone-remove")}
                    <span class="vh">{format!(": {}", phone.masked)}</span>
                </button>
            </form>
        };
        ("settings-phone-merged", Some(end))
    };
    view! {
        <li>
            <Icon name="phone" />
            <span>
                {phone.masked.clone()} <span class="meta">{texts.get(about)}</span>
            </span>
            {end}
        </li>
    }
}
