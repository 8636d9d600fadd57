//! A database from before categories could be kept out of the tiers' measure: of each sale counts what is left of it.

use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::MemberId;
use kopilka_core::store::engine::sql;
use kopilka_core::store::tiers;
use kopilka_testing::place::Place;

/// Version of the migration that brings the counted sums.
const COUNTED_SUMS: i64 = 20;
const SALES: i64 = 1_000;
const MEMBER: &str = "0199c2d2-6a11-7d10-9f1c-000000000005";

/// Returns what an older program had stored: sales of a member, of which some or all went back, and a return.
fn rows(engine: &str) -> String {
    let id = |text: &str| match engine {
        "postgres" => format!("'{text}'"),
        _ => format!("X'{}'", text.replace('-', "")),
    };
    let (store, till, member) = (
        id("0199c2d2-6a11-7d10-9f1c-000000000001"),
        id("0199c2d2-6a11-7d10-9f1c-000000000002"),
        id(MEMBER),
    );
    let back = id("0199c2d2-6a11-7d10-9f1c-000000000006");
    let any = match engine {
        "postgres" => "gen_random_uuid()",
        _ => "randomblob(16)",
    };
    format!(
        "INSERT INTO stores (id, code, name, address, status) VALUES ({store}, 's', 'S', 'A', 'active'); \
         INSERT INTO tills (id, store_id, name, kind, created_at) VALUES ({till}, {store}, 'T', 'pos', 0); \
         INSERT INTO members (id, phone, first_name, joined_at) VALUES ({member}, '+79160000001', 'T', 0); \
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {SALES}) \
         INSERT INTO receipts (id, store_id, till_id, member_id, kind, shift, number, at, received_at, \
         programme_version, total, discount, paid_by_points, evaluation, kept_total, kept_points) \
         SELECT {any}, {store}, {till}, {member}, 'sale', '7', CAST(n AS TEXT), n, n, 1, 1000, 0, 0, '', \
         n % 7, n % 3 FROM numbers; \
         INSERT INTO receipts (id, store_id, till_id, member_id, kind, shift, number, at, received_at, \
         programme_version, total, discount, paid_by_points, evaluation, kept_total, kept_points) \
         VALUES ({back}, {store}, {till}, {member}, 'return', '7', 'r', 1, 1, 1, 1000, 0, 0, '', 5, 5);"
    )
}

#[tokio::test]
async fn of_sales_from_before_the_sums_were_kept_all_that_is_left_counts() {
    let place = Place::without_tables();
    crate::past_database::build(
        &place,
        COUNTED_SUMS,
        rows(&kopilka_testing::place::engine()),
    )
    .await;
    let db = place.open().await;
    let mut tx = db.read().await.unwrap();
    let other: Vec<kopilka_core::ids::ReceiptId> = sql("SELECT id FROM receipts \
         WHERE kind = 'sale' AND (counted_total <> kept_total OR counted_points <> kept_points \
         OR purchase_total <> kept_total) LIMIT 5")
    .fetch_values(&mut tx)
    .await
    .unwrap();
    assert_eq!(other, []);
    let member = MemberId(MEMBER.parse().unwrap());
    let counted = tiers::sum_counted_since(&mut tx, member, Instant(501))
        .await
        .unwrap();
    let sum = |divisor: i64| (501..=SALES).map(|n| n % divisor).sum::<i64>();
    assert_eq!(
        (counted.money, counted.points),
        (Money(sum(7)), Points(sum(3)))
    );
    let counted_returns: i64 = sql("SELECT COUNT(*) FROM receipts WHERE kind = 'return' \
         AND (counted_total <> 0 OR counted_points <> 0 OR purchase_total <> 0)")
    .fetch_value(&mut tx)
    .await
    .unwrap();
    assert_eq!(counted_returns, 0);
}
