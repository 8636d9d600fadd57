//! The card with its code, as `/card` and `/offline` show it. Islands find it by its id and read its `data-` attributes,
//! so that names here and in `islands/card` are the same.

use std::sync::Arc;

use kopilka_core::usecases::wallet::card::WalletCardView;
use leptos::prelude::*;

use super::Icon;
use super::code::{self, SIDE};
use super::ean::{self, EanCode};
use crate::api::Visitor;
use crate::api::preferences::CODE_SIZES;
use crate::api::visitor::cookie;
use crate::text::Texts;
use crate::text::format;

/// A form of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardCodeForm {
    /// Turns every 30 seconds; earns and spends.
    Rotating,
    /// Always the same; earns only.
    Static,
    /// Barcode for laser scanners; earns only.
    Ean,
}

impl CardCodeForm {
    /// The form that a path's query asks for: `?view=static`, `?view=ean`, the turning one otherwise.
    pub fn from_query(path: &str) -> Self {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        match query.split('&').find_map(|pair| pair.strip_prefix("view=")) {
            Some("static") => Self::Static,
            Some("ean") => Self::Ean,
            _ => Self::Rotating,
        }
    }
}

/// The size in which the visitor wants the code drawn.
pub fn code_size(visitor: &Visitor) -> &'static str {
    let asked = visitor.cookie(cookie::CODE_SIZE);
    CODE_SIZES
        .into_iter()
        .find(|size| *size == asked)
        .unwrap_or("large")
}

/// The shopper's card with its code.
#[component]
pub fn CodeCard(
    /// The visitor whose card it is.
    visitor: Arc<Visitor>,
    /// The card.
    card: WalletCardView,
    /// Form in which the code is shown.
    form: CardCodeForm,
) -> impl IntoView {
    let texts = visitor.texts();
    let language = visitor.language;
    let zone = visitor.rules.programme.time_zone;
    let size = code_size(&visitor);
    let device = visitor
        .shopper
        .as_ref()
        .map(|shopper| shopper.device.to_string());
    let active = card.balance.active;
    let written = format::format_number(active.0, language);
    let noun = texts.with_count("points-noun", active.0);
    let tier = texts.pick_language(&card.tier.name);
    let number = card.number.as_str().to_owned();
    let grouped = card.number.grouped();
    let (shown, copied) = match form {
        CardCodeForm::Ean => (ean::group_digits(&card.ean), card.ean.to_string()),
        _ => (grouped.clone(), number.clone()),
    };
    let drawing = match form {
        CardCodeForm::Rotating => qr_image(texts.get("card-code-label"), code::path(&card.code)),
        CardCodeForm::Static => qr_image(texts.get("card-fixed-label"), code::path(&card.fixed)),
        CardCodeForm::Ean => view! { <EanCode texts ean=card.ean.clone() /> }.into_any(),
    };
    // Rounded up: a code in its last second still has one.
    let left = ((card.code_ends.0 - card.at.0) + 999_999) / 1_000_000;
    view! {
        <section
            class="card code-card"
            id="card"
            data-material=card.tier.material.clone()
            data-owner=card.first_name.clone()
            data-tier=tier
            data-active=written
            data-noun=noun
            data-pending=format::format_number(card.balance.pending.0, language)
            data-number=number
            data-digits=grouped
            data-code-size=size
            data-device=device
            data-turn=card.secret_turn.to_string()
            data-now=(card.at.0 / 1_000).to_string()
            data-at=format::format_moment(card.at, zone, language)
            aria-label=texts.get("nav-card")
        >
            <div class="card-head">
                <p class="card-owner">{card.first_name.clone()}</p>
                <p class="card-tier">{tier.clone()}</p>
                <p class="card-balance">
                    <data value=active.0.to_string() data-live="active">
                        {written.clone()}
                    </data>
                    " "
                    <span data-live="noun">{noun.clone()}</span>
                </p>
            </div>
            <div class="tile" data-size=size data-view=(form == CardCodeForm::Ean).then_some("ean")>
                {drawing}
            </div>
            {(form == CardCodeForm::Rotating).then(|| code_timer(left))}
            <Number texts digits=shown copied />
        </section>
    }
    .into_any()
}

/// A no-break space: keeps a line's height until there is something in it.
const NO_BREAK_SPACE: &str = "\u{a0}";

/// The card that an island fills in with what the device has kept; the same for everybody.
#[component]
pub fn EmptyCard(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    view! {
        <section class="card code-card" id="card" data-material="plain" aria-label=texts.get("nav-card")>
            <div class="card-head">
                <p class="card-owner">{NO_BREAK_SPACE}</p>
                <p class="card-tier">{NO_BREAK_SPACE}</p>
                <p class="card-balance">
                    <data value="0" data-live="active">
                        {NO_BREAK_SPACE}
                    </data>
                    " "
                    <span data-live="noun">{NO_BREAK_SPACE}</span>
                </p>
            </div>
            <div class="tile" data-size="large">
                {qr_image(texts.get("card-code-label"), None)}
            </div>
            {code_timer(code::STEP)}
            <Number texts digits=NO_BREAK_SPACE.to_owned() copied=String::new() />
        </section>
    }
    .into_any()
}

/// A QR code of this path, with its name for those who do not see it.
pub fn qr_image(label: String, path: Option<String>) -> AnyView {
    view! {
        <svg
            class="code"
            viewBox=format!("0 0 {SIDE} {SIDE}")
            shape-rendering="crispEdges"
            role="img"
            aria-label=label
        >
            <path fill="#000" d=path.unwrap_or_default()></path>
        </svg>
    }
    .into_any()
}

fn code_timer(left: i64) -> impl IntoView {
    view! {
        <svg class="timer" viewBox="0 0 30 1" preserveAspectRatio="none" aria-hidden="true">
            <rect width=left.clamp(0, code::STEP).to_string() height="1"></rect>
        </svg>
    }
}

#[component]
fn Number(
    /// Words in the language of the page.
    texts: Texts,
    digits: String,
    copied: String,
) -> impl IntoView {
    view! {
        <div class="card-number">
            <span class="vh" id="number-label">
                {texts.get("card-number")}
            </span>
            <span class="digits" role="group" aria-labelledby="number-label">
                {digits}
            </span>
            <a class="btn icon no-script" href="/card" aria-label=texts.get("card-new-code")>
                <Icon name="refresh-cw" />
            </a>
            <button
                class="btn icon script"
                type="button"
                aria-label=texts.get("card-copy")
                data-copy=copied
                data-copied=texts.get("card-copied")
            >
                <Icon name="copy" />
            </button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_chooses_the_form_of_the_code() {
        assert_eq!(CardCodeForm::from_query("/card"), CardCodeForm::Rotating);
        assert_eq!(
            CardCodeForm::from_query("/card?view=ean"),
            CardCodeForm::Ean
        );
        assert_eq!(
            CardCodeForm::from_query("/card?a=1&view=static"),
            CardCodeForm::Static
        );
        assert_eq!(
            CardCodeForm::from_query("/card?view=%3Cscript%3E"),
            CardCodeForm::Rotating
        );
    }
}
