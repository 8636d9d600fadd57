//! The frame around pages: header, navigation, footer, the live region. One for guests, one for the wallet.

use kopilka_core::usecases::wallet::card::CardFaceView;
use leptos::prelude::*;

use super::{BusyNote, Icon, TillQuestion, Title};
use crate::api::visitor::cookie;
use crate::api::{PageLanguage, Visitor, reply};
use crate::text::Texts;

/// Part of the wallet that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalletSection {
    /// The code.
    Card,
    /// Offers.
    Offers,
    /// History of points.
    Points,
    /// Profile, consents, settings.
    Me,
}

/// The browser's title, header, footer and live region around any page's `main`.
#[component]
pub fn Document(
    /// The page's name, for the browser's title.
    #[prop(into)]
    title: String,
    /// The wallet's navigation with this section marked; guests get a way to sign in instead.
    #[prop(optional)]
    section: Option<WalletSection>,
    /// The page's `main`.
    children: Children,
) -> impl IntoView {
    let visitor = Visitor::current();
    let texts = visitor.texts();
    let chain = texts.pick_language(&visitor.rules.programme.name);
    let home = if visitor.shopper.is_some() {
        "/card"
    } else {
        "/"
    };
    let notice = take_notice(&visitor);
    if section.is_some() {
        reply::name_speculation_rules(&visitor.assets.speculation_rules);
    }
    view! {
        <Title text=format!("{title} · {chain}") />
        <a class="skip" href="#main">{texts.get("skip-to-content")}</a>
        <header class="top">
            <a class="brand" href=home>
                <img src="/favicon.svg" width="28" height="28" alt="" />
                <span>{chain}</span>
            </a>
            {match section {
                Some(section) => view! { <Navigation texts section /> }.into_any(),
                None if visitor.shopper.is_some() => {
                    view! { <a class="btn quiet small" href="/card">{texts.get("nav-card")}</a> }.into_any()
                }
                None => {
                    view! { <a class="btn quiet small" href="/sign-in">{texts.get("sign-in")}</a> }.into_any()
                }
            }}
            <LanguageSwitch />
        </header>
        {children()}
        <footer class="foot">
            <a href="/rules">{texts.get("nav-rules")}</a>
            <a href="/help">{texts.get("nav-help")}</a>
            <a href="/privacy">{texts.get("nav-privacy")}</a>
        </footer>
        <p class="live" role="status" aria-live="polite">{notice}</p>
    }
    .into_any()
}

/// The sentence that the page before left to be said, once.
fn take_notice(visitor: &Visitor) -> Option<String> {
    let key = visitor.cookie(cookie::NOTICE);
    let plain = !key.is_empty()
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    plain.then(|| {
        reply::clear_cookie(visitor, cookie::NOTICE);
        visitor.texts().get(&format!("notice-{key}"))
    })
}

/// The button that shows the same page in the other language.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let visitor = Visitor::current();
    let (other, name, words) = match visitor.language {
        PageLanguage::Ru => ("en", "EN", " — switch to English"),
        PageLanguage::En => ("ru", "RU", " — перейти на русский"),
    };
    view! {
        <form class="lang" method="post" action="/api/language">
            <input type="hidden" name="next" value=visitor.path.clone() />
            <button name="language" value=other lang=other>
                {name}
                <span class="vh">{words}</span>
            </button>
        </form>
    }
    .into_any()
}

#[component]
fn Navigation(
    /// Words in the language of the page.
    texts: Texts,
    section: WalletSection,
) -> impl IntoView {
    let places = [
        (WalletSection::Card, "/card", "qr-code", "nav-card"),
        (WalletSection::Offers, "/offers", "tag", "nav-offers"),
        (WalletSection::Points, "/points", "coins", "nav-points"),
        (WalletSection::Me, "/profile", "user-round", "nav-me"),
    ];
    view! {
        <nav class="bar" aria-label=texts.get("nav")>
            <ul>
                {places
                    .into_iter()
                    .map(|(place, href, icon, key)| {
                        view! {
                            <li>
                                <a href=href aria-current=(place == section).then_some("page")>
                                    <Icon name=icon />
                                    <span>{texts.get(key)}</span>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
    .into_any()
}

/// A page of one column for guests and for steps that want no distraction.
#[component]
pub fn Solo(
    /// The page's name, for the browser's title.
    #[prop(into)]
    title: String,
    /// Further classes of `main`.
    #[prop(default = "")]
    class: &'static str,
    /// Content of the page.
    children: Children,
) -> impl IntoView {
    view! {
        <Document title>
            <main class=format!("solo {class}").trim().to_owned() id="main">
                <BusyNote />
                {children()}
            </main>
        </Document>
    }
}

/// A page of the wallet: on a desktop the card stands on the left, the page on the right.
#[component]
pub fn Wallet(
    /// Words in the language of the page.
    texts: Texts,
    /// The page's name, for the browser's title.
    #[prop(into)]
    title: String,
    /// Part of the wallet that the page belongs to.
    section: WalletSection,
    /// The card beside the page on a desktop.
    card: CardFaceView,
    /// Content of the page.
    children: Children,
) -> impl IntoView {
    view! {
        <Document title section>
            <main class="cols" id="main">
                <TillQuestion texts question=card.question.clone() />
                <div class="side wide">
                    <CardFace texts card />
                </div>
                <div class="page">
                    <BusyNote />
                    {children()}
                </div>
            </main>
        </Document>
    }
}

/// The card without its code: a way back to it, and something to look at.
#[component]
fn CardFace(
    /// Words in the language of the page.
    texts: Texts,
    card: CardFaceView,
) -> impl IntoView {
    let last_four: String = card.number.as_str().chars().skip(12).collect();
    let balance = card.balance.active;
    view! {
        <a class="card face" data-material=card.tier.material.clone() href="/card">
            <span>
                <span>
                    <span class="vh">{texts.get("card-show-code")}" "</span>
                    {texts.pick_language(&card.programme)}
                </span>
                <span>{texts.pick_language(&card.tier.name)}</span>
            </span>
            <span class="card-balance">
                <data value=balance.0.to_string()>
                    {crate::text::format::format_number(balance.0, texts.language())}
                </data>
                " "
                {texts.with_count("points-noun", balance.0)}
            </span>
            <span>
                <span>{card.first_name.clone()}</span>
                <span>{format!("··· {last_four}")}</span>
            </span>
        </a>
    }
    .into_any()
}

/// A page's heading, with a way back where there is one.
#[component]
pub fn Head(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A sentence under it.
    #[prop(optional, into)]
    lead: String,
    /// Address and name of the page to go back to.
    #[prop(optional)]
    back: Option<(&'static str, String)>,
) -> impl IntoView {
    view! {
        <header class="head">
            {back
                .map(|(href, name)| {
                    view! {
                        <a class="back" href=href>
                            <Icon name="chevron-left" />
                            {name}
                        </a>
                    }
                })}
            <h1>{title}</h1>
            {(!lead.is_empty()).then(|| view! { <p>{lead}</p> })}
        </header>
    }
}
