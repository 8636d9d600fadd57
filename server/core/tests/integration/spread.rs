//! An engine can spread the tables by member: each that grows with members carries the member's id, or is known not to.

use kopilka_core::store::engine::catalogue::tables;
use kopilka_testing::place::Place;

/// Tables that grow with members and carry no member's id, each with what its rows are found by.
const FOUND_OTHERWISE: [(&str, &str); 18] = [
    ("audit_seals", "a number in one chain, and its line"),
    ("blank_cards", "a printed number, which is nobody's yet"),
    ("challenge_tokens", "a token, which is nobody's yet"),
    ("challenges", "a phone, which may be nobody's yet"),
    (
        "code_sends",
        "a phone or who asked, which may be nobody's yet",
    ),
    ("claim_tries", "the device that tried"),
    ("claims", "a code, which is nobody's until it is claimed"),
    (
        "closed_account_debts",
        "a phone's keyed hash, which leads to nobody",
    ),
    ("earlier_codes", "its challenge"),
    ("enrolments", "a phone, which is nobody's yet"),
    ("guessed_phones", "a phone, which may be nobody's yet"),
    ("idempotency", "a till and a key"),
    ("invitations", "a phone, which may be nobody's yet"),
    ("ledger_seals", "a number in one chain, and its entry"),
    ("members", "the member's id, which is the row's own"),
    (
        "once_only_uses",
        "a phone's keyed hash, which leads to nobody",
    ),
    ("outbox", "a recipient, who may be nobody yet"),
    ("wrong_one_time_codes", "a phone, which may be nobody's yet"),
];

/// Tables that do not grow with members: what the chain is, sells and works with, and what its staff do. A sale that a
/// till put aside is one without a card.
const OF_THE_CHAIN: [&str; 20] = [
    "code_days",
    "gift_stock",
    "job_progress",
    "key_checks",
    "leases",
    "offer_totals",
    "pairing_codes",
    "product_barcodes",
    "products",
    "programme_versions",
    "seal_chains",
    "shifts",
    "staff",
    "staff_sessions",
    "stores",
    "till_devices",
    "till_put_aside",
    "tills",
    "unknown_logins",
    "wrong_codes",
];

// A new table belongs here only where it cannot have the column: members are spread by it (docs/engines.md).
#[tokio::test(flavor = "multi_thread")]
async fn every_table_that_grows_with_members_carries_the_members_id() {
    let place = Place::on("sqlite");
    let db = place.open().await;
    let tables = tables(&mut db.read().await.unwrap()).await.unwrap();
    let mut without: Vec<&str> = tables
        .iter()
        .filter(|table| table.columns.iter().all(|each| each.name != "member_id"))
        .map(|table| table.name.as_str())
        .collect();
    without.sort_unstable();
    let mut known: Vec<&str> = FOUND_OTHERWISE.iter().map(|(table, _)| *table).collect();
    known.extend(OF_THE_CHAIN);
    known.sort_unstable();
    assert_eq!(without, known);
    let document = include_str!("../../../../docs/engines.md");
    let (_, spread) = document.split_once("**Spread by member.**").unwrap();
    let (spread, _) = spread.split_once("\n- ").unwrap();
    for (table, found_by) in FOUND_OTHERWISE {
        assert!(
            table == "members" || spread.contains(&format!("`{table}`")),
            "{table}, found by {found_by}, is not told"
        );
    }
}
