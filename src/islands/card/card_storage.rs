//! Two records of the card that this device keeps. The loader deletes the whole database at sign-out.

use kopilka_browser::browser_store::BrowserStore;
use wasm_bindgen::JsValue;

/// The loader knows its name too.
const STORE: BrowserStore = BrowserStore {
    database: "kopilka",
    store: "card",
};

/// Record that is kept.
#[derive(Debug, Clone, Copy)]
pub enum OfflineCardRecord {
    /// The key of the turning code.
    Key,
    /// State that the card showed last.
    Card,
}

impl OfflineCardRecord {
    const fn record_name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Card => "card",
        }
    }

    /// Reads the record.
    pub async fn read_record(self) -> Option<JsValue> {
        STORE.read_record(self.record_name()).await
    }

    /// Writes the record; nothing where the device refuses to keep anything (private windows).
    pub async fn write_record(self, value: &JsValue) -> Option<()> {
        STORE.write_record(self.record_name(), value).await
    }
}
