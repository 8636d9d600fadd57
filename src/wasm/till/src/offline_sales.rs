//! Sales that this device keeps until the server has answered for them. Every tab is told of a change.

use kopilka_browser::browser_store::BrowserStore;
use kopilka_browser::{device_clock, get_global, get_method, get_property};

use super::browser_memory::BrowserMemory;
use super::offline_sale::OfflineSale;

const STORE: BrowserStore = BrowserStore {
    database: "kopilka-till",
    store: "sales",
};
/// Changes whenever a sale does.
pub const TURN: &str = "till-turn";

/// Keeps a sale; nothing where this device cannot (a private window, a full disk).
pub async fn keep_sale(sale: &OfflineSale) -> Option<()> {
    STORE
        .write_record(&sale.get_word("name"), sale.record())
        .await?;
    // Asked once; a browser may say no, and keeps it all the same as long as there is room.
    if let Some(storage) =
        get_global("navigator").and_then(|navigator| get_property(&navigator, "storage"))
        && let Some(persist) = get_method(&storage, "persist")
    {
        drop(persist.call0(&storage));
    }
    notify_changed();
    Some(())
}

/// Forgets a sale.
pub async fn forget_sale(sale: &OfflineSale) {
    STORE.remove_record(&sale.get_word("name")).await;
    notify_changed();
}

/// Every sale, in the order in which they were made.
pub async fn all_sales() -> Vec<OfflineSale> {
    let records = STORE.read_all().await.unwrap_or_default();
    records.into_iter().map(OfflineSale::from_record).collect()
}

fn notify_changed() {
    BrowserMemory::Device.write_value(TURN, &device_clock::device_time().to_string());
}
