//! The demo's database, looked at and aged from outside: the one place of the tests that opens it.

use kopilka_core::ids::ReceiptId;
use kopilka_core::store::Database;
use kopilka_core::store::engine::{StoredRow, sql};

use super::Demo;

async fn open(demo: &Demo) -> Database {
    demo.data.open().await
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

/// The number that a statement answers.
pub fn number(demo: &Demo, text: &'static str) -> i64 {
    wait(async {
        let db = open(demo).await;
        let mut tx = db.read().await.unwrap();
        let number: i64 = sql(text).fetch_value(&mut tx).await.unwrap();
        drop(tx);
        db.close().await;
        number
    })
}

/// The first text that a statement with one value answers.
pub fn word(demo: &Demo, text: &'static str, value: &str) -> String {
    wait(async {
        let db = open(demo).await;
        let mut tx = db.read().await.unwrap();
        let row: Option<String> = sql(text)
            .bind(value)
            .fetch_optional_value(&mut tx)
            .await
            .unwrap();
        drop(tx);
        db.close().await;
        row.unwrap()
    })
}

/// All texts that a statement answers.
pub fn words(demo: &Demo, text: &'static str) -> Vec<String> {
    wait(async {
        let db = open(demo).await;
        let mut tx = db.read().await.unwrap();
        let rows: Vec<String> = sql(text).fetch_values(&mut tx).await.unwrap();
        drop(tx);
        db.close().await;
        rows
    })
}

/// Makes a key look as if a program that compared the bytes of bodies had answered it: with the hash of these bytes.
pub fn answered_by_bytes(demo: &Demo, key: &str, bytes: &[u8]) {
    use sha2::Digest;
    let hash = sha2::Sha256::digest(bytes).to_vec();
    wait(async {
        let db = open(demo).await;
        let mut tx = db.write_test_data().await.unwrap();
        let mut changed = 0;
        for text in [
            "UPDATE idempotency SET body_hash = $1 WHERE key = $2",
            "UPDATE parked SET body_hash = $1 WHERE key = $2",
        ] {
            let update = sql(text).bind(hash.clone()).bind(key);
            changed += update.execute(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        db.close().await;
        assert_eq!(changed, 1, "the key {key} was answered or waits");
    });
}

/// Changes rows; how many.
pub fn change(demo: &Demo, text: &'static str) -> u64 {
    wait(async {
        let db = open(demo).await;
        let mut tx = db.write_test_data().await.unwrap();
        let changed = sql(text).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        changed
    })
}

/// A receipt as it stands: `sale` or `return`, shift, number.
pub type Identity = (String, String, String);

#[derive(StoredRow)]
struct ShiftReceipt {
    kind: String,
    shift: String,
    number: String,
    id: Option<ReceiptId>,
}

/// Receipts of shifts that begin with `shift`, by their identity, each with its id; a parked one has none.
pub fn receipts(demo: &Demo, shift: &str) -> Vec<(Identity, Option<ReceiptId>)> {
    wait(async {
        let db = open(demo).await;
        let mut tx = db.read().await.unwrap();
        let like = format!("{shift}%");
        let stored: Vec<ShiftReceipt> =
            sql("SELECT kind, shift, number, id FROM receipts WHERE shift LIKE $1")
                .bind(like.as_str())
                .fetch_all(&mut tx)
                .await
                .unwrap();
        let parked: Vec<ShiftReceipt> =
            sql("SELECT kind, shift, number, NULL AS id FROM parked WHERE shift LIKE $1")
                .bind(like.as_str())
                .fetch_all(&mut tx)
                .await
                .unwrap();
        drop(tx);
        db.close().await;
        stored
            .into_iter()
            .chain(parked)
            .map(|row| ((row.kind, row.shift, row.number), row.id))
            .collect()
    })
}
