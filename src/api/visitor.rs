//! Sender of a request for a page or of a form: language, theme, and whoever is signed in. Made by the server for each request.

use std::sync::Arc;

use chrono_tz::Tz;
use kopilka_core::Kopilka;
use kopilka_core::usecases::access::pairing::PairedBrowser;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::access::staff::Cashier;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::expect_context;

use crate::text::Texts;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageLanguage {
    /// Russian, the first one.
    #[default]
    Ru,
    /// English.
    En,
}

impl PageLanguage {
    /// `ru` or `en`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// Reads `ru` or `en`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that pages have.
    pub fn accepted(header: &str) -> Option<Self> {
        header
            .split(',')
            .filter_map(|range| range.trim().get(..2))
            .find_map(|tag| Self::parse(&tag.to_ascii_lowercase()))
    }
}

/// Colours in which the visitor wants pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColourTheme {
    /// The setting of the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl ColourTheme {
    /// `system`, `light` or `dark`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads `system`, `light` or `dark`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.as_str() == text)
    }
}

/// Names of the cookies. Tokens are `HttpOnly`; preferences hold nothing secret.
pub mod cookie {
    /// The shopper's session token.
    pub const SESSION: &str = "session";
    /// The cashier's session token.
    pub const STAFF: &str = "staff";
    /// The one-time password's challenge.
    pub const CHALLENGE: &str = "challenge";
    /// The proven phone on its way to a membership.
    pub const ENROLMENT: &str = "enrolment";
    /// The pairing of a till's browser.
    pub const TILL: &str = "till";
    /// A code for pairing and the till that it is for, while an administrator shows it.
    pub const PAIRING: &str = "pairing";
    /// The member being served at this till.
    pub const VISIT: &str = "visit";
    /// Digits of the card that the fraud limits have stopped at this till, while a senior may let it pass.
    pub const STOPPED: &str = "stopped";
    /// The browser that has posted a form, for the page that shows the form's state.
    pub const FORM: &str = "form";
    /// Page from which the person came.
    pub const ORIGIN: &str = "origin";
    /// The claim code of a guest on the way to their card.
    pub const CLAIM: &str = "claim";
    /// `ru` or `en`.
    pub const LANGUAGE: &str = "language";
    /// `light` or `dark`.
    pub const THEME: &str = "theme";
    /// Size of the code: `small`, `medium`, `large`, `larger`.
    pub const CODE_SIZE: &str = "code-size";
    /// Key of a sentence that the next page says once.
    pub const NOTICE: &str = "notice";
}

/// Paths of the files that pages load, with the hash of their contents in the name.
#[derive(Debug, Clone, Default)]
pub struct AssetPaths {
    /// The stylesheet of all pages.
    pub css: String,
    /// The stylesheet that the till's pages load besides.
    pub till_css: String,
    /// The script that loads islands and registers the service worker.
    pub loader: String,
    /// The module's JavaScript.
    pub js: String,
    /// The module.
    pub wasm: String,
    /// The script that starts the till's module.
    pub till_loader: String,
    /// The till's module's JavaScript.
    pub till_js: String,
    /// The till's module.
    pub till_wasm: String,
    /// JavaScript of the camera's decoder, fetched only where the browser has none.
    pub decoder_js: String,
    /// The camera's decoder.
    pub decoder_wasm: String,
    /// The sprite of icons.
    pub icons: String,
    /// Rules by which the browser fetches the next page of the wallet beforehand.
    pub speculation_rules: String,
}

/// The visitor behind a request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The service.
    pub kopilka: Kopilka,
    /// The chain's name and rules in force.
    pub rules: kopilka_core::service::ProgrammeRules,
    /// Paths of styles and scripts.
    pub assets: Arc<AssetPaths>,
    /// The signed-in shopper.
    pub shopper: Option<Shopper>,
    /// The signed-in cashier.
    pub cashier: Option<Cashier>,
    /// Whoever is signed in at a till that is locked.
    pub locked: Option<Cashier>,
    /// The till that the browser is paired with.
    pub paired: Option<PairedBrowser>,
    /// Language of the page.
    pub language: PageLanguage,
    /// Theme of the page.
    pub theme: ColourTheme,
    /// Path of the request, with its query; the key of a form's state is not part of it, so that no link repeats it.
    pub path: String,
    /// Key of the state of a form that the page is to show; `None` = the address has none.
    pub form_key: Option<String>,
    /// Address of the client, for proofs of consent.
    pub ip: String,
    /// Browser and system in words, for the list of devices.
    pub device: String,
    /// Cookies by bare name.
    pub cookies: std::collections::HashMap<String, String>,
    /// True if cookies may be sent over https only.
    pub secure: bool,
}

impl Visitor {
    /// Returns the visitor of the request that is being answered. A request without one is a fault of the server: it panics,
    /// and the server answers 500 with its apology instead of a page that lacks something.
    ///
    /// # Panics
    /// Outside a request.
    pub fn current() -> Arc<Self> {
        expect_context()
    }

    /// The signed-in shopper.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub fn shopper(&self) -> Result<Shopper, Error> {
        self.shopper
            .clone()
            .ok_or_else(|| Refusal::NotSignedIn.into())
    }

    /// The signed-in cashier.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub fn cashier(&self) -> Result<Cashier, Error> {
        self.cashier
            .clone()
            .ok_or_else(|| Refusal::NotSignedIn.into())
    }

    /// The till at which the cashier works.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`].
    pub fn at_till(&self) -> Result<TillContext, Error> {
        let cashier = self.cashier()?;
        Ok(TillContext {
            till: cashier.till,
            staff: Some(cashier.staff),
        })
    }

    /// The time zone of the store whose till the browser is; the programme's of any other browser.
    pub fn zone_here(&self) -> Tz {
        let signed_in = self.cashier.as_ref().map(|cashier| &cashier.till);
        let till = signed_in.or_else(|| self.paired.as_ref().map(|paired| &paired.till));
        let own = till.and_then(|till| till.store_zone.0);
        own.unwrap_or(self.rules.programme.time_zone)
    }

    /// Returns whether a page of the till is asked for: those load the till's module instead of the shopper's.
    pub fn is_till_page(&self) -> bool {
        self.path
            .strip_prefix("/till")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }

    /// Returns a value of the address's query, the last of that name; `None` = there is none.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        form_urlencoded::parse(query.as_bytes())
            .filter(|(key, _)| key == name)
            .last()
            .map(|(_, value)| value.into_owned())
    }

    /// A cookie's value, empty where there is none.
    pub fn cookie(&self, name: &str) -> &str {
        self.cookies.get(name).map_or("", String::as_str)
    }

    /// Words in the visitor's language.
    pub const fn texts(&self) -> Texts {
        Texts::new(self.language)
    }
}
