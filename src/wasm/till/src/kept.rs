//! Sales that this device keeps until the server has answered for them. Every tab is told of a change.

use kopilka_browser::store::Store;
use kopilka_browser::{clock, get, global, method};

use super::memory::Memory;
use super::sale::Sale;

const STORE: Store = Store {
    database: "kopilka-till",
    store: "sales",
};
/// Changes whenever a sale does.
pub const TURN: &str = "till-turn";

/// Keeps a sale; nothing where this device cannot (a private window, a full disk).
pub async fn keep(sale: &Sale) -> Option<()> {
    STORE.write(&sale.word("name"), sale.record()).await?;
    // Asked once; a browser may say no, and keeps it all the same as long as there is room.
    if let Some(storage) = global("navigator").and_then(|navigator| get(&navigator, "storage"))
        && let Some(persist) = method(&storage, "persist")
    {
        drop(persist.call0(&storage));
    }
    changed();
    Some(())
}

/// Forgets a sale.
pub async fn forget(sale: &Sale) {
    STORE.remove(&sale.word("name")).await;
    changed();
}

/// Every sale, in the order in which they were made.
pub async fn all() -> Vec<Sale> {
    let records = STORE.all().await.unwrap_or_default();
    records.into_iter().map(Sale::kept).collect()
}

fn changed() {
    Memory::Device.write(TURN, &clock::now().to_string());
}
