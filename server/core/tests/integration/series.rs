//! A database from before receipts had a series keeps its receipts, and their numbers may come again in a series.

use kopilka_core::domain::receipt::ReceiptKind;
use kopilka_core::ids::{ReceiptId, TillId};
use kopilka_core::store::engine::sql;
use kopilka_core::store::identity::ReceiptIdentity;
use kopilka_core::store::{Database, parked_receipts, receipts};
use kopilka_testing::place::Place;

/// Version of the migration that brings the series.
const SERIES: i64 = 22;

const TILL: &str = "0199c2d2-6a11-7d10-9f1c-000000000002";
const SOLD: &str = "0199c2d2-6a11-7d10-9f1c-000000000003";

/// Returns what an older program had stored: a sale, and a return that waits for another one.
fn rows(engine: &str) -> String {
    let id = |text: &str| match engine {
        "postgres" => format!("'{text}'"),
        _ => format!("X'{}'", text.replace('-', "")),
    };
    let (store, till) = (id("0199c2d2-6a11-7d10-9f1c-000000000001"), id(TILL));
    let (sold, waits) = (id(SOLD), id("0199c2d2-6a11-7d10-9f1c-000000000004"));
    let hash = match engine {
        "postgres" => "'\\x01'",
        _ => "X'01'",
    };
    format!(
        "INSERT INTO stores (id, code, name, address, status) VALUES ({store}, 's', 'S', 'A', 'active'); \
         INSERT INTO tills (id, store_id, name, kind, created_at) VALUES ({till}, {store}, 'T', 'pos', 0); \
         INSERT INTO receipts (id, store_id, till_id, kind, shift, number, at, received_at, programme_version, \
         total, discount, paid_by_points, evaluation) \
         VALUES ({sold}, {store}, {till}, 'sale', '7', '42', 0, 0, 1, 100, 0, 0, ''); \
         INSERT INTO parked (id, till_id, kind, key, body_hash, draft, shift, number, sale_shift, sale_number, \
         created_at) VALUES ({waits}, {till}, 'return', 'k', {hash}, '', '7', 'R-1', '7', '43', 0);"
    )
}

/// Makes the database of a program that did not know series yet.
async fn old_database(place: &Place) {
    crate::past_database::build(place, SERIES, rows(&kopilka_testing::place::engine())).await;
}

async fn stored_in(db: &Database, series: &str, number: &str) -> Option<ReceiptId> {
    let mut tx = db.read().await.unwrap();
    let identity = ReceiptIdentity {
        series,
        shift: "7",
        number,
    };
    let till = TillId(TILL.parse().unwrap());
    receipts::find_by_identity(&mut tx, till, identity, ReceiptKind::Sale)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_was_stored_before_has_no_series_and_is_found_as_before() {
    let place = Place::without_tables();
    old_database(&place).await;
    let db = place.open().await;
    let sold = ReceiptId(SOLD.parse().unwrap());
    assert_eq!(stored_in(&db, "", "42").await, Some(sold));
    assert_eq!(stored_in(&db, "fn-1", "42").await, None);
    let mut tx = db.read().await.unwrap();
    let row = receipts::find_by_id(&mut tx, sold).await.unwrap().unwrap();
    assert_eq!(
        (row.series.as_str(), row.shift.as_str(), row.number.as_str()),
        ("", "7", "42")
    );
    let till = TillId(TILL.parse().unwrap());
    let awaited = |series| ReceiptIdentity {
        series,
        shift: "7",
        number: "43",
    };
    let waits = parked_receipts::for_sale(&mut tx, till, awaited(""))
        .await
        .unwrap();
    assert_eq!((waits.len(), waits[0].series.as_str()), (1, ""));
    assert!(
        parked_receipts::for_sale(&mut tx, till, awaited("fn-1"))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn an_identity_is_stored_once_in_each_series() {
    let place = Place::without_tables();
    old_database(&place).await;
    let db = place.open().await;
    let sold = ReceiptId(SOLD.parse().unwrap());
    let again = |series: &str| {
        let series = series.to_owned();
        let db = &db;
        async move {
            let mut tx = db.write_test_data().await.unwrap();
            let mut row = receipts::find_by_id(&mut tx, sold).await.unwrap().unwrap();
            (row.id, row.series) = (ReceiptId::new(), series);
            receipts::insert(&mut tx, &row, &[]);
            tx.commit().await
        }
    };
    again("fn-1").await.unwrap();
    again("fn-2").await.unwrap();
    assert!(stored_in(&db, "fn-1", "42").await.is_some());
    for taken in ["", "fn-1", "fn-2"] {
        assert!(again(taken).await.is_err(), "{taken:?}");
    }
    let mut tx = db.read().await.unwrap();
    let count: i64 = sql("SELECT COUNT(*) FROM receipts")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(count, 3);
}
