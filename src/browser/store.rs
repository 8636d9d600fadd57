//! What this device keeps of the card: two records in IndexedDB. The loader deletes the whole of it at sign-out.
//! Connections are closed at once, so that no open page holds the deletion up.

use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransactionMode};

use super::{get, global, listen, settled};

/// Name of the database; the loader knows it too.
const DATABASE: &str = "kopilka";
const STORE: &str = "card";

/// What is kept.
#[derive(Debug, Clone, Copy)]
pub enum Record {
    /// The key of the turning code.
    Key,
    /// What the card showed last.
    Card,
}

impl Record {
    fn name(self) -> JsValue {
        JsValue::from_str(match self {
            Self::Key => "key",
            Self::Card => "card",
        })
    }
}

/// Reads a record.
pub async fn read(record: Record) -> Option<JsValue> {
    let database = open().await?;
    let value = async {
        let request = store(&database, IdbTransactionMode::Readonly)?
            .get(&record.name())
            .ok()?;
        answer(&request).await
    }
    .await;
    database.close();
    value.filter(|value| value.is_object())
}

/// Writes a record; nothing where the device refuses to keep anything (private windows).
pub async fn write(record: Record, value: &JsValue) -> Option<()> {
    let database = open().await?;
    let written = async {
        let request = store(&database, IdbTransactionMode::Readwrite)?
            .put_with_key(value, &record.name())
            .ok()?;
        answer(&request).await
    }
    .await;
    database.close();
    written.map(drop)
}

fn store(database: &IdbDatabase, mode: IdbTransactionMode) -> Option<IdbObjectStore> {
    database
        .transaction_with_str_and_mode(STORE, mode)
        .ok()?
        .object_store(STORE)
        .ok()
}

async fn open() -> Option<IdbDatabase> {
    let factory: IdbFactory = global("indexedDB")?.unchecked_into();
    let request = factory.open_with_u32(DATABASE, 1).ok()?;
    let opening = request.clone();
    let make = Closure::once_into_js(move || {
        if let Some(database) = get(&opening, "result") {
            let database: IdbDatabase = database.unchecked_into();
            drop(database.create_object_store(STORE));
        }
    });
    listen(&request, "upgradeneeded", &make);
    answer(&request).await.map(JsCast::unchecked_into)
}

async fn answer(request: &IdbRequest) -> Option<JsValue> {
    let promise = Promise::new_typed::<JsValue>(&mut |resolve, reject| {
        listen(request, "success", &resolve);
        listen(request, "error", &reject);
    });
    settled(promise).await?;
    get(request, "result")
}
