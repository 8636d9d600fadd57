//! Storage behaves the same on each engine: transactions, locks, news, and what `check` finds.

use std::sync::Arc;
use std::time::Duration;

use kopilka_core::clock::SystemClock;
use kopilka_core::domain::amounts::Points;
use kopilka_core::ids::{EntryId, LotId, MemberId, RowId};
use kopilka_core::store::engine::{PointsChange, sql};
use kopilka_core::store::{StoreError, check, ledger};
use kopilka_core::usecases::demo;
use kopilka_core::{Kopilka, ServiceConfig};
use kopilka_testing::cancellation::drop_after_polls;
use kopilka_testing::place::Place;
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(10);

async fn demo(place: &Place) -> Kopilka {
    let config = ServiceConfig {
        host: "127.0.0.1".to_owned(),
        demo: true,
    };
    let db = place.open().await;
    demo::fill_empty_database(&db, config.clone())
        .await
        .unwrap();
    Kopilka::new(db, Arc::new(SystemClock), config)
}

async fn some_member(k: &Kopilka) -> MemberId {
    let mut tx = k.db.read().await.unwrap();
    let member: MemberId =
        sql("SELECT member_id FROM accounts ORDER BY balance DESC, member_id LIMIT 1")
            .fetch_value(&mut tx)
            .await
            .unwrap();
    member
}

async fn said(k: &Kopilka) -> Vec<String> {
    let mut tx = k.db.scan().await.unwrap();
    let findings = check::findings(&mut tx).await.unwrap();
    assert!(findings.told.len() <= 100);
    findings.told
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_committed_never_happened() {
    let place = Place::new();
    let db = place.open().await;
    let mut tx = db.write_test_data().await.unwrap();
    let row = sql("INSERT INTO offer_totals (offer, uses, points, money) VALUES ($1, 1, 2, 3)");
    row.bind("gone").execute(&mut tx).await.unwrap();
    drop(tx);
    let mut tx = db.write_test_data().await.unwrap();
    let count: i64 = sql("SELECT COUNT(*) FROM offer_totals")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(count, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_one_moment() {
    let place = Place::new();
    let db = place.open().await;
    let mut reader = db.read().await.unwrap();
    let count = || sql("SELECT COUNT(*) FROM offer_totals");
    let before: i64 = count().fetch_value(&mut reader).await.unwrap();
    let mut tx = db.write_test_data().await.unwrap();
    sql("INSERT INTO offer_totals (offer, uses, points, money) VALUES ('a', 1, 2, 3)")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let after: i64 = count().fetch_value(&mut reader).await.unwrap();
    assert_eq!((before, after), (0, 0));
    let refused = sql("DELETE FROM offer_totals").execute(&mut reader).await;
    if place.url().is_some() {
        assert!(refused.is_err(), "a reader never writes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_thing_twice_is_a_duplicate() {
    let place = Place::new();
    let db = place.open().await;
    let mut tx = db.write_test_data().await.unwrap();
    let insert =
        || sql("INSERT INTO offer_totals (offer, uses, points, money) VALUES ('a', 1, 2, 3)");
    insert().execute(&mut tx).await.unwrap();
    let again = insert().execute(&mut tx).await;
    assert!(matches!(again, Err(StoreError::Duplicate)), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn text_with_a_nul_is_stored_and_found() {
    let place = Place::new();
    let db = place.open().await;
    let mut tx = db.write_test_data().await.unwrap();
    sql("INSERT INTO offer_totals (offer, uses, points, money) VALUES ($1, 1, 2, 3)")
        .bind("a\0b")
        .execute(&mut tx)
        .await
        .unwrap();
    let kept: String = sql("SELECT offer FROM offer_totals WHERE offer = $1")
        .bind("a\0b")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(kept, "a\u{fffd}b");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_held_is_waited_for() {
    let place = Place::new();
    let k = demo(&place).await;
    let member = some_member(&k).await;
    let mut first = k.db.write_test_data().await.unwrap();
    let before = ledger::lock_account(&mut first, member).await.unwrap();
    let other = k.clone();
    let second = tokio::spawn(async move {
        let mut tx = other.db.write_test_data().await.unwrap();
        ledger::lock_account(&mut tx, member).await.unwrap().balance
    });
    sql("UPDATE accounts SET balance = balance + 7 WHERE member_id = $1")
        .bind(member)
        .execute(&mut first)
        .await
        .unwrap();
    first.commit().await.unwrap();
    let seen = timeout(SOON, second).await.unwrap().unwrap();
    assert_eq!(
        seen,
        before.balance + Points(7),
        "not what was before the wait"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_in_each_others_way_are_busy_and_not_broken() {
    let place = Place::new();
    if place.url().is_none() {
        return; // One writer at a time has nobody in its way.
    }
    let db = place.open().await;
    let mut tx = db.write_test_data().await.unwrap();
    kopilka_core::store::offers::start_counting(&mut tx, &["a", "b"])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (mut one, mut two) = (
        db.write_test_data().await.unwrap(),
        db.write_test_data().await.unwrap(),
    );
    let take = |offer: &'static str| {
        sql("UPDATE offer_totals SET uses = uses + 1 WHERE offer = $1").bind(offer)
    };
    take("a").execute(&mut one).await.unwrap();
    take("b").execute(&mut two).await.unwrap();
    let crossing = tokio::spawn(async move { take("b").execute(&mut one).await });
    let second = take("a").execute(&mut two).await;
    drop(two);
    let first = crossing.await.unwrap();
    let busy = |result: &Result<u64, StoreError>| matches!(result, Err(StoreError::Busy));
    assert!(busy(&first) != busy(&second), "{first:?} {second:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thing_without_a_row_can_be_had_alone() {
    let place = Place::new();
    let db = place.open().await;
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            let mut tx = db.write_test_data().await.unwrap();
            tx.advisory_lock("the count").await.unwrap();
            let count: i64 = sql("SELECT COUNT(*) FROM offer_totals")
                .fetch_value(&mut tx)
                .await
                .unwrap();
            sql("INSERT INTO offer_totals (offer, uses, points, money) VALUES ($1, 0, 0, 0)")
                .bind(count.to_string())
                .execute(&mut tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn news_reach_whoever_listens() {
    let place = Place::new();
    let k = demo(&place).await;
    // Another process over the same database, where the engine allows one.
    let other = if place.url().is_some() {
        demo(&place).await
    } else {
        k.clone()
    };
    let mut news = other.listen();
    let member = MemberId::new();
    let heard = async {
        loop {
            k.announce(member);
            if let Ok(Ok(PointsChange::Of(heard))) =
                timeout(Duration::from_millis(200), news.recv()).await
            {
                return heard;
            }
        }
    };
    assert_eq!(timeout(SOON, heard).await.unwrap(), member);
}

/// Waits until this is heard; news of what the demo was filled with may still come in between.
async fn heard(news: &mut tokio::sync::broadcast::Receiver<PointsChange>, change: PointsChange) {
    let listening = async { while news.recv().await.unwrap() != change {} };
    timeout(SOON, listening).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_told_and_news_go_on() {
    let place = Place::new();
    let Some(url) = place.url().map(str::to_owned) else {
        return; // Nothing to lose within one process.
    };
    let k = demo(&place).await;
    let mut news = k.listen();
    heard(&mut news, PointsChange::Missed).await;
    kopilka_testing::place::apart(async move {
        use sqlx::Connection;
        let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND query LIKE 'LISTEN%'",
        )
        .execute(&mut connection)
        .await
        .unwrap();
    });
    heard(&mut news, PointsChange::Missed).await;
    let member = MemberId::new();
    k.announce(member);
    heard(&mut news, PointsChange::Of(member)).await;
    timeout(SOON, k.db.close()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_ledger_has_no_findings() {
    let place = Place::new();
    let k = demo(&place).await;
    assert_eq!(said(&k).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_broken_sum_is_found() {
    let place = Place::new();
    let k = demo(&place).await;
    let member = some_member(&k).await;
    let mut tx = k.db.write_test_data().await.unwrap();
    sql("UPDATE accounts SET balance = balance + 1 WHERE member_id = $1")
        .bind(member)
        .execute(&mut tx)
        .await
        .unwrap();
    sql("UPDATE allocations SET points = points + 1")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let said = said(&k).await.join("\n");
    assert!(
        said.contains(&format!("member {member}: balance")),
        "{said}"
    );
    assert!(said.contains("but its lots hold"), "{said}");
    assert!(said.contains("points are gone, but"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_nothing_is_found_where_no_key_forbids_it() {
    let place = Place::new();
    let k = demo(&place).await;
    let (member, nowhere) = (some_member(&k).await, LotId::new());
    let mut tx = k.db.write_test_data().await.unwrap();
    sql(
        "INSERT INTO entries (id, member_id, kind, points, lot_id, programme_version, reason, at) \
         VALUES ($1, $2, 'activate', 0, $3, 1, '', 0)",
    )
    .bind(EntryId::new())
    .bind(member)
    .bind(nowhere)
    .execute(&mut tx)
    .await
    .unwrap();
    sql("INSERT INTO members (id, first_name, joined_at) VALUES ($1, 'Тест', 0)")
        .bind(MemberId::new())
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let said = said(&k).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].ends_with("no account"), "{said:?}");
    assert!(said[1].ends_with("lot_id names no row of lots"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_findings_are_counted_and_the_first_told() {
    let place = Place::new();
    let k = demo(&place).await;
    let mut tx = k.db.write_test_data().await.unwrap();
    for _ in 0..150 {
        sql("INSERT INTO members (id, first_name, joined_at) VALUES ($1, 'Тест', 0)")
            .bind(RowId::new())
            .execute(&mut tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = k.db.scan().await.unwrap();
    let findings = check::findings(&mut tx).await.unwrap();
    assert_eq!((findings.count, findings.told.len()), (150, 100));
}

// A client that hangs up breaks its request off wherever that waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_is_broken_off_at_any_step_leaves_none_open() {
    let place = Place::new();
    let db = place.open().await;
    for n in 0..120_usize {
        let steps = 1 + n / 2 % 8;
        if n % 2 == 0 {
            let read = async { db.read().await.unwrap().commit().await.unwrap() };
            drop_after_polls(read, steps).await;
        } else {
            let write = async { db.write_test_data().await.unwrap().commit().await.unwrap() };
            drop_after_polls(write, steps).await;
        }
        // Whoever gets the same connection next may write, and sees what is there now.
        let mut tx = db.write_test_data().await.unwrap();
        sql("UPDATE accounts SET balance = balance")
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    db.close().await;
}
