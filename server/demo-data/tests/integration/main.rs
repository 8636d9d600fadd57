//! A filled database is whole: it adds up, has what was asked for, and its members sign in, buy and bring back like all
//! others. It is filled once, into nothing, the same again from the same seed.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod using;

use std::sync::Arc;

use kopilka_core::clock::ManualClock;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::receipt::{ReceiptLine, Unit};
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::domain::time::{Instant, start_of_day};
use kopilka_core::entropy;
use kopilka_core::ids::MemberId;
use kopilka_core::store::bulk_load::BulkLoader;
use kopilka_core::store::engine::{StoredRow, sql};
use kopilka_core::store::{Database, StoreError, cards, check, ledger, members, tills};
use kopilka_core::usecases::access::session;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    self, IdempotentRequest, ReturnDraft, ReturnedSaleName, SaleDraft,
};
use kopilka_core::usecases::checkout::till::look_up_customer;
use kopilka_core::usecases::demo::{self, TILL_KEY};
use kopilka_core::usecases::jobs::nightly;
use kopilka_core::usecases::messages::outbox::{self, MessageContent};
use kopilka_core::usecases::sign_up::phone_verification::{self, PhoneProofOutcome, SignUpOrigin};
use kopilka_core::{Kopilka, ServiceConfig};
use kopilka_demo_data::{self as demo_data, DemoProgress, DemoSize, DemoTotals};
use kopilka_testing::place::Place;

const SIZE: DemoSize = DemoSize {
    members: 200,
    receipts: 2_000,
    seed: 5,
};

fn noon() -> Instant {
    let day = "2026-11-22".parse().unwrap();
    start_of_day(day, chrono_tz::Europe::Moscow).plus_secs(43_200)
}

async fn begin(place: &Place) -> Result<BulkLoader, StoreError> {
    match place.url() {
        Some(_) => BulkLoader::of_server(&place.open().await).await,
        None => BulkLoader::of_file(&place.path().join("kopilka.db")).await,
    }
}

async fn filled(size: DemoSize) -> (Place, DemoTotals) {
    let place = Place::new();
    let demo_data = begin(&place).await.unwrap();
    let sums = demo_data::fill_database(demo_data, size, noon(), |_| {})
        .await
        .unwrap();
    (place, sums)
}

async fn service(place: &Place) -> Kopilka {
    let config = ServiceConfig {
        host: "test.example".to_owned(),
        demo: true,
    };
    Kopilka::new(
        place.open().await,
        Arc::new(ManualClock::starting_at(noon())),
        config,
    )
}

async fn number(db: &Database, text: &'static str) -> i64 {
    let mut tx = db.read().await.unwrap();
    let number: i64 = sql(text).fetch_value(&mut tx).await.unwrap();
    number
}

#[tokio::test]
async fn a_filled_database_adds_up_and_has_what_was_asked_for() {
    let (place, sums) = filled(SIZE).await;
    let db = place.open().await;
    let mut tx = db.scan().await.unwrap();
    let findings = check::findings(&mut tx).await.unwrap();
    assert_eq!(findings.told, Vec::<String>::new());
    drop(tx);
    assert_eq!(sums.members, 200);
    assert_eq!(sums.sales + sums.returns, 2_000);
    for (text, count) in [
        ("SELECT COUNT(*) FROM members", 200),
        ("SELECT COUNT(*) FROM cards", 200),
        ("SELECT COUNT(*) FROM accounts", 200),
        ("SELECT COUNT(*) FROM receipts", 2_000),
        (
            "SELECT COUNT(*) FROM receipts WHERE kind = 'sale'",
            sums.sales as i64,
        ),
        ("SELECT COUNT(*) FROM members WHERE last_name <> 'Демо'", 0),
        ("SELECT COUNT(*) FROM devices", 0),
        ("SELECT COUNT(*) FROM idempotency", 0),
        (
            "SELECT COUNT(*) FROM accounts WHERE debt > 0 AND balance > 0",
            0,
        ),
    ] {
        assert_eq!(number(&db, text).await, count, "{text}");
    }
    for text in [
        "SELECT COUNT(*) FROM receipts WHERE kind = 'return'",
        "SELECT COUNT(*) FROM entries WHERE kind = 'spend'",
        "SELECT COUNT(*) FROM entries WHERE kind = 'expire'",
        "SELECT COUNT(*) FROM tier_changes",
        "SELECT COUNT(*) FROM offer_activations",
        "SELECT COUNT(*) FROM offer_uses",
        "SELECT COUNT(*) FROM gift_grants",
        "SELECT COUNT(*) FROM member_children",
        "SELECT COUNT(*) FROM member_pets",
    ] {
        assert!(number(&db, text).await > 0, "{text}");
    }
}

#[tokio::test]
async fn nothing_of_the_past_is_left_to_the_night() {
    let (place, _) = filled(SIZE).await;
    let k = service(&place).await;
    let before = number(&k.db, "SELECT COUNT(*) FROM entries").await;
    let days = nightly::list_unfinished_days(&k, None).await.unwrap();
    assert_eq!(days.len(), 1);
    let done = nightly::run_night(&k, &Actor::Job, days[0], || false)
        .await
        .unwrap();
    assert_eq!(
        done,
        nightly::NightlyRunOutcome::Done(nightly::NightlyReport::default())
    );
    assert_eq!(number(&k.db, "SELECT COUNT(*) FROM entries").await, before);
}

#[tokio::test]
async fn tables_and_indexes_are_those_of_any_other_database() {
    let (place, _) = filled(DemoSize {
        members: 3,
        receipts: 9,
        seed: 1,
    })
    .await;
    let (db, plain) = (place.open().await, Place::new());
    let plain_db = plain.open().await;
    let text = match place.url() {
        Some(_) => {
            "SELECT CAST(indexname AS TEXT) || ' ' || indexdef FROM pg_indexes \
             WHERE schemaname = current_schema() UNION ALL SELECT CAST(conname AS TEXT) || ' ' || \
             pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE connamespace = current_schema()::regnamespace ORDER BY 1"
        }
        None => "SELECT name || ' ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY name",
    };
    let mut seen = Vec::new();
    for db in [&db, &plain_db] {
        let mut tx = db.read().await.unwrap();
        let rows: Vec<String> = sql(text).fetch_values(&mut tx).await.unwrap();
        seen.push(rows);
    }
    assert!(seen[0].len() > 50);
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn postgres_knows_at_once_what_the_tables_hold() {
    let (place, _) = filled(SIZE).await;
    if place.url().is_none() {
        return;
    }
    // Without this it guesses a share of all lots for each member, and compiles what should take a moment.
    let known = "SELECT COUNT(*) FROM pg_stats WHERE tablename = 'lots' AND attname = 'member_id'";
    assert_eq!(number(&place.open().await, known).await, 1);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_chain_and_another_one_another() {
    let sums = async |size| {
        let (place, sums) = filled(size).await;
        let db = place.open().await;
        let mut told = vec![sums.sales as i64, sums.returns as i64, sums.points];
        for text in [
            "SELECT CAST(SUM(total) AS BIGINT) FROM receipts",
            "SELECT CAST(SUM(at / 1000000) AS BIGINT) FROM receipts",
            "SELECT CAST(SUM(points * (at % 1009)) AS BIGINT) FROM entries",
            "SELECT CAST(SUM(remaining) AS BIGINT) FROM lots",
            "SELECT CAST(SUM(short) AS BIGINT) FROM cards",
            "SELECT COUNT(*) FROM offer_uses",
        ] {
            told.push(number(&db, text).await);
        }
        told
    };
    let first = sums(SIZE).await;
    assert_eq!(sums(SIZE).await, first);
    assert_ne!(sums(DemoSize { seed: 6, ..SIZE }).await, first);
}

#[tokio::test]
async fn a_filled_chain_is_served_as_it_is() {
    let (place, _) = filled(SIZE).await;
    let db = place.open().await;
    let config = ServiceConfig {
        host: String::new(),
        demo: true,
    };
    demo::fill_empty_database(&db, config).await.unwrap();
    assert_eq!(number(&db, "SELECT COUNT(*) FROM members").await, 200);
    assert_eq!(
        number(&db, "SELECT COUNT(*) FROM programme_versions").await,
        1
    );
}

#[tokio::test]
async fn a_filling_that_is_broken_off_leaves_nothing() {
    let place = Place::new();
    let demo_data = begin(&place).await.unwrap();
    let stop = |told| assert!(!matches!(told, DemoProgress::Indexes { .. }), "broken off");
    let broken = tokio::spawn(demo_data::fill_database(demo_data, SIZE, noon(), stop)).await;
    assert!(broken.unwrap_err().is_panic());
    if place.url().is_none() {
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    }
    // And it can be begun again.
    let demo_data = begin(&place).await.unwrap();
    demo_data::fill_database(demo_data, SIZE, noon(), |_| {})
        .await
        .unwrap();
}

#[tokio::test]
async fn only_an_empty_place_is_filled() {
    let (place, _) = filled(DemoSize {
        members: 1,
        receipts: 1,
        seed: 1,
    })
    .await;
    let error = begin(&place).await.unwrap_err().to_string();
    let said = match place.url() {
        Some(_) => "the database is not empty",
        None => "there is a database already",
    };
    assert!(error.starts_with(said), "{error}");
}

#[test]
fn a_size_that_cannot_be_made_is_refused_with_a_sentence() {
    let size = |members, receipts| {
        DemoSize {
            members,
            receipts,
            seed: 1,
        }
        .check_size()
    };
    assert!(size(1, 1_000).is_ok());
    for (members, receipts) in [(0, 0), (5_000_001, 0), (1, 1_001)] {
        let error = size(members, receipts).unwrap_err().to_string();
        assert!(error.starts_with("a demo chain has"), "{error}");
    }
}
