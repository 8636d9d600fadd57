//! Two records of the card that this device keeps. The loader deletes the whole database at sign-out.

use kopilka_browser::store::Store;
use wasm_bindgen::JsValue;

/// The loader knows its name too.
const STORE: Store = Store {
    database: "kopilka",
    store: "card",
};

/// Record that is kept.
#[derive(Debug, Clone, Copy)]
pub enum Record {
    /// The key of the turning code.
    Key,
    /// State that the card showed last.
    Card,
}

impl Record {
    const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Card => "card",
        }
    }

    /// Reads the record.
    pub async fn read(self) -> Option<JsValue> {
        STORE.read(self.name()).await
    }

    /// Writes the record; nothing where the device refuses to keep anything (private windows).
    pub async fn write(self, value: &JsValue) -> Option<()> {
        STORE.write(self.name(), value).await
    }
}
