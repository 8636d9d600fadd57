//! What lives short is forgotten once it is over, by one process of many, and nothing else is.

use crate::chain::{Chain, noon};
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::roles::Role;
use kopilka_core::store::engine::sql;
use kopilka_core::store::tills::VisitRow;
use kopilka_core::store::{chain as store_chain, challenges, sessions, tills};
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use kopilka_core::usecases::sign_up::phone_verification::{self, SignUpOrigin};

async fn count(chain: &Chain, text: &'static str) -> i64 {
    let mut tx = chain.k.db.read().await.unwrap();
    let count: i64 = sql(text).fetch_value(&mut tx).await.unwrap();
    count
}

async fn ask(chain: &Chain, number: u64) {
    let phone = format!("+7916{number:07}");
    phone_verification::ask_for_code(&chain.k, &phone, &SignUpOrigin::default(), "ru")
        .await
        .unwrap();
}

#[tokio::test]
async fn old_one_time_passwords_go_in_batches_and_fresh_ones_stay() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    for number in 0..1_100 {
        ask(&chain, number).await;
    }
    chain.set(noon("2026-03-03"));
    ask(&chain, 5_000).await;
    // Each with the message that is counted for its phone.
    assert_eq!(prune_expired_rows(&chain.k).await.unwrap(), Some(2_200));
    assert_eq!(count(&chain, "SELECT COUNT(*) FROM challenges").await, 1);
}

#[tokio::test]
async fn visits_proven_phones_and_sessions_go_when_their_time_is_over() {
    const ROWS: [(&str, i64); 3] = [
        ("SELECT COUNT(*) FROM enrolments", 90_000),
        ("SELECT COUNT(*) FROM visits", 15 * 86_400),
        ("SELECT COUNT(*) FROM staff_sessions", 31 * 86_400),
    ];
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let member = chain.member(1).await;
    let (now, till) = (chain.k.now(), chain.till.till.id);
    staff::add_staff(
        &chain.k,
        &Actor::OPERATOR,
        "test",
        "Test",
        Role::Cashier,
        "test-password",
        Some("Test till"),
    )
    .await
    .unwrap();
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    let visit = VisitRow {
        till_id: till,
        member_id: member.id,
        scheme: kopilka_core::domain::card_scheme::CardScheme::Fixed,
        device_id: None,
        step: None,
        expires_at: now.plus_secs(300),
        overridden_by: None,
    };
    tills::open_visit(&mut tx, vec![1], &visit, now)
        .await
        .unwrap();
    challenges::insert_enrolment(&mut tx, vec![2], "+79160000002", "{}", now)
        .await
        .unwrap();
    let staff = store_chain::staff_by_login(&mut tx, "test")
        .await
        .unwrap()
        .unwrap();
    sessions::insert_session(&mut tx, staff.id, Some(till), None, vec![3], now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(prune_expired_rows(&chain.k).await.unwrap(), Some(0));
    for (rows, seconds) in ROWS {
        assert_eq!(count(&chain, rows).await, 1, "{rows}");
        chain.set(now.plus_secs(seconds));
        assert_eq!(
            prune_expired_rows(&chain.k).await.unwrap(),
            Some(1),
            "{rows}"
        );
        assert_eq!(count(&chain, rows).await, 0, "{rows}");
    }
}

#[tokio::test]
async fn another_process_does_not_prune_within_the_hour() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let second = chain.another_process().await;
    assert_eq!(prune_expired_rows(&chain.k).await.unwrap(), Some(0));
    assert_eq!(prune_expired_rows(&second).await.unwrap(), None);
    chain.later(3_601);
    assert_eq!(prune_expired_rows(&second).await.unwrap(), Some(0));
    assert_eq!(prune_expired_rows(&chain.k).await.unwrap(), None);
}

#[tokio::test]
async fn messages_go_after_a_week_whether_or_not_they_were_sent() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    ask(&chain, 1).await;
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    sql("UPDATE outbox SET sent_at = created_at")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    ask(&chain, 2).await;
    let rows = "SELECT COUNT(*) FROM outbox";
    chain.set(noon("2026-03-07"));
    prune_expired_rows(&chain.k).await.unwrap();
    assert_eq!(count(&chain, rows).await, 2);
    chain.set(noon("2026-03-09"));
    prune_expired_rows(&chain.k).await.unwrap();
    assert_eq!(count(&chain, rows).await, 0);
}
