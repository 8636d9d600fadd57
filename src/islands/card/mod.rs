//! Parts that both cards share: the element that the server drew as `CodeCard`, and the facts in its `data-` attributes.

pub mod balance;
mod kept;
mod key;
mod question;
pub mod turning;

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element};

use kept::Record;
use key::Wanted;
use kopilka_browser::{clock, get, page, set};

/// The card on the page.
#[derive(Debug, Clone)]
pub struct Card(Element);

impl Card {
    /// The card that the server drew.
    pub fn on_page() -> Option<Self> {
        page::find("#card").map(Self)
    }

    /// The page's card with the facts that this device kept; nothing where it kept none.
    pub async fn kept() -> Option<Self> {
        let kept = Record::Card.read().await?;
        let card = Self::on_page()?;
        Object::<JsValue>::assign(card.facts()?.unchecked_ref(), kept.unchecked_ref());
        Some(card)
    }

    /// Keeps the facts for a page without a link.
    pub async fn keep(&self) {
        if let Some(facts) = self.facts() {
            let copy = Object::new();
            Object::<JsValue>::assign(&copy, facts.unchecked_ref());
            Record::Card.write(&copy).await;
        }
    }

    fn facts(&self) -> Option<JsValue> {
        get(&self.0, "dataset")
    }

    /// A fact; empty where it is not told.
    pub fn fact(&self, name: &str) -> String {
        self.facts()
            .and_then(|facts| get(&facts, name)?.as_string())
            .unwrap_or_default()
    }

    /// Changes a fact.
    pub fn set_fact(&self, name: &str, value: &str) {
        if let Some(facts) = self.facts() {
            set(&facts, name, &value.into());
        }
    }

    fn number(&self, name: &str) -> i64 {
        self.fact(name).parse().unwrap_or_default()
    }

    /// Writes the facts into the page.
    pub fn draw(&self) {
        for (selector, name) in [
            (".card-owner", "owner"),
            (".card-tier", "tier"),
            ("[data-live=active]", "active"),
            ("[data-live=noun]", "noun"),
            ("[data-live=at]", "at"),
            (".digits", "digits"),
        ] {
            page::write(selector, &self.fact(name));
        }
        page::set_attribute(".tile", "data-size", &self.fact("codeSize"));
        page::set_attribute("[data-copy]", "data-copy", &self.fact("number"));
    }

    /// Takes tier and material over from a newer answer.
    pub fn follow_tier(&self, answered: &Document) {
        let newer = answered.query_selector("#card").ok().flatten();
        if let Some(newer) = newer.map(Self) {
            for name in ["tier", "material"] {
                self.set_fact(name, &newer.fact(name));
            }
            page::write(".card-tier", &self.fact("tier"));
        }
    }

    /// Returns whether the code on the page is the turning one.
    pub fn turns(&self) -> bool {
        page::find(".timer").is_some()
    }

    /// Compares the device's clock with the server's.
    pub async fn follow_clock(&self) {
        let skew = match clock::skew(self.number("now")) {
            Some(skew) => skew.to_string(),
            None => Record::Card
                .read()
                .await
                .and_then(|kept| get(&kept, "skew")?.as_string())
                .unwrap_or_default(),
        };
        self.set_fact("skew", &skew);
    }

    /// The server's time, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        clock::now() + self.number("skew")
    }

    /// The key whose codes the server takes for this card.
    pub fn wanted_key(&self) -> Wanted {
        Wanted {
            device: self.fact("device"),
            turn: self.number("turn"),
            at: self.number("now"),
        }
    }
}
