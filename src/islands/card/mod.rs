//! Parts that both cards share: the element that the server drew as `CodeCard`, and the facts in its `data-` attributes.

pub mod balance;
mod card_storage;
mod device_key;
mod live_question;
pub mod rotating_code;

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element};

use card_storage::OfflineCardRecord;
use device_key::WantedDeviceKey;
use kopilka_browser::{device_clock, get_property, page, set_property};

/// The card on the page.
#[derive(Debug, Clone)]
pub struct CardOnPage(Element);

impl CardOnPage {
    /// The card that the server drew.
    pub fn on_page() -> Option<Self> {
        page::find_element("#card").map(Self)
    }

    /// The page's card with the facts that this device kept; nothing where it kept none.
    pub async fn load_kept() -> Option<Self> {
        let kept = OfflineCardRecord::Card.read_record().await?;
        let card = Self::on_page()?;
        Object::<JsValue>::assign(card.facts_record()?.unchecked_ref(), kept.unchecked_ref());
        Some(card)
    }

    /// Keeps the facts for a page without a link.
    pub async fn keep_facts(&self) {
        if let Some(facts) = self.facts_record() {
            let copy = Object::new();
            Object::<JsValue>::assign(&copy, facts.unchecked_ref());
            OfflineCardRecord::Card.write_record(&copy).await;
        }
    }

    fn facts_record(&self) -> Option<JsValue> {
        get_property(&self.0, "dataset")
    }

    /// A fact; empty where it is not told.
    pub fn get_fact(&self, name: &str) -> String {
        self.facts_record()
            .and_then(|facts| get_property(&facts, name)?.as_string())
            .unwrap_or_default()
    }

    /// Changes a fact.
    pub fn set_fact(&self, name: &str, value: &str) {
        if let Some(facts) = self.facts_record() {
            set_property(&facts, name, &value.into());
        }
    }

    fn fact_as_number(&self, name: &str) -> i64 {
        self.get_fact(name).parse().unwrap_or_default()
    }

    /// Writes the facts into the page.
    pub fn draw_facts(&self) {
        for (selector, name) in [
            (".card-owner", "owner"),
            (".card-tier", "tier"),
            ("[data-live=active]", "active"),
            ("[data-live=noun]", "noun"),
            ("[data-live=at]", "at"),
            (".digits", "digits"),
        ] {
            page::write_text(selector, &self.get_fact(name));
        }
        page::set_attribute(".tile", "data-size", &self.get_fact("codeSize"));
        page::set_attribute("[data-copy]", "data-copy", &self.get_fact("number"));
    }

    /// Takes tier and material over from a newer answer.
    pub fn follow_tier(&self, answered: &Document) {
        let newer = answered.query_selector("#card").ok().flatten();
        if let Some(newer) = newer.map(Self) {
            for name in ["tier", "material"] {
                self.set_fact(name, &newer.get_fact(name));
            }
            page::write_text(".card-tier", &self.get_fact("tier"));
        }
    }

    /// Returns whether the code on the page is the turning one.
    pub fn has_rotating_code(&self) -> bool {
        page::find_element(".timer").is_some()
    }

    /// Compares the device's clock with the server's.
    pub async fn follow_clock(&self) {
        let skew = match device_clock::page_skew(self.fact_as_number("now")) {
            Some(skew) => skew.to_string(),
            None => OfflineCardRecord::Card
                .read_record()
                .await
                .and_then(|kept| get_property(&kept, "skew")?.as_string())
                .unwrap_or_default(),
        };
        self.set_fact("skew", &skew);
    }

    /// The server's time, in milliseconds since 1970.
    pub fn server_time(&self) -> i64 {
        device_clock::device_time() + self.fact_as_number("skew")
    }

    /// The key whose codes the server takes for this card.
    pub fn wanted_key(&self) -> WantedDeviceKey {
        WantedDeviceKey {
            device: self.get_fact("device"),
            turn: self.fact_as_number("turn"),
            at: self.fact_as_number("now"),
        }
    }
}
