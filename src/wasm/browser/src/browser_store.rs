//! Records that this device keeps in IndexedDB. Connections are closed at once, so that no open page holds up the deletion
//! of a database or its next version. A record that was written is on the disk: its transaction is waited for.

use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransactionMode};

use super::{await_promise, get_global, get_property, listen};

/// A database with one store, whose records have names.
#[derive(Debug, Clone, Copy)]
pub struct BrowserStore {
    /// Name of the database.
    pub database: &'static str,
    /// Name of its only store.
    pub store: &'static str,
}

impl BrowserStore {
    /// Reads a record.
    pub async fn read_record(self, name: &str) -> Option<JsValue> {
        let found = self
            .in_transaction(IdbTransactionMode::Readonly, |store| {
                store.get(&name.into()).ok()
            })
            .await;
        found.filter(JsValue::is_object)
    }

    /// Every record, in the order of their names; nothing where the device keeps nothing at all.
    pub async fn read_all(self) -> Option<Vec<JsValue>> {
        let found = self
            .in_transaction(IdbTransactionMode::Readonly, |store| store.get_all().ok())
            .await?;
        let found: Array = found.dyn_into().ok()?;
        Some(found.iter().collect())
    }

    /// Writes a record; nothing where the device refuses to keep it (private windows, a full disk).
    pub async fn write_record(self, name: &str, value: &JsValue) -> Option<()> {
        let write = |store: &IdbObjectStore| store.put_with_key(value, &name.into()).ok();
        self.in_transaction(IdbTransactionMode::Readwrite, write)
            .await
            .map(drop)
    }

    /// Removes a record.
    pub async fn remove_record(self, name: &str) -> Option<()> {
        let remove = |store: &IdbObjectStore| store.delete(&name.into()).ok();
        self.in_transaction(IdbTransactionMode::Readwrite, remove)
            .await
            .map(drop)
    }

    /// Makes a request in a transaction of its own and returns its result once the transaction is complete.
    async fn in_transaction(
        self,
        mode: IdbTransactionMode,
        ask: impl FnOnce(&IdbObjectStore) -> Option<IdbRequest>,
    ) -> Option<JsValue> {
        let database = self.open_database().await?;
        let asked = async {
            let transaction = database
                .transaction_with_str_and_mode(self.store, mode)
                .ok()?;
            let request = ask(&transaction.object_store(self.store).ok()?)?;
            let complete = Promise::new_typed::<JsValue>(&mut |resolve, reject| {
                listen(&transaction, "complete", &resolve);
                listen(&transaction, "abort", &reject);
            });
            await_promise(complete).await?;
            Some(result(&request))
        }
        .await;
        database.close();
        asked
    }

    async fn open_database(self) -> Option<IdbDatabase> {
        let factory: IdbFactory = get_global("indexedDB")?.unchecked_into();
        let request = factory.open_with_u32(self.database, 1).ok()?;
        let opening = request.clone();
        let make = Closure::once_into_js(move || {
            if let Some(database) = get_property(&opening, "result") {
                let database: IdbDatabase = database.unchecked_into();
                drop(database.create_object_store(self.store));
            }
        });
        listen(&request, "upgradeneeded", &make);
        let opened = Promise::new_typed::<JsValue>(&mut |resolve, reject| {
            listen(&request, "success", &resolve);
            listen(&request, "error", &reject);
        });
        await_promise(opened).await?;
        Some(result(&request).unchecked_into())
    }
}

fn result(request: &IdbRequest) -> JsValue {
    get_property(request, "result").unwrap_or(JsValue::UNDEFINED)
}
