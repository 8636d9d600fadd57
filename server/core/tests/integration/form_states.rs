//! States of posted forms: whose they are, for how long, how many, and that nothing of them is left.

use crate::chain::Chain;
use kopilka_core::domain::actor::Actor;
use kopilka_core::ids::{DeviceId, MemberId};
use kopilka_core::store::backup;
use kopilka_core::store::engine::catalogue::tables;
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::access::form_states::{
    FormSender, KEPT_SECONDS, MOST_BYTES, keep_form_state, load_form_state,
};
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::accounts::settings::close_account;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use kopilka_core::usecases::operation::backups::restore_backup;
use kopilka_testing::place::Place;

const fn sender(browser: &str, member: Option<MemberId>) -> FormSender<'_> {
    FormSender { browser, member }
}

async fn keep(chain: &Chain, sender: FormSender<'_>, body: &str) -> String {
    let kept = keep_form_state(&chain.k, sender, body.to_owned()).await;
    kept.unwrap().expect("a small state is kept")
}

async fn load(chain: &Chain, sender: FormSender<'_>, key: &str) -> Option<String> {
    load_form_state(&chain.k, sender, key).await.unwrap()
}

/// Number of rows in the table; `None` where the engine has none.
async fn rows(chain: &Chain) -> Option<i64> {
    if kopilka_testing::place::engine() == "sqlite" {
        return None;
    }
    let mut tx = chain.k.db.read().await.unwrap();
    Some(
        sql("SELECT COUNT(*) FROM form_states")
            .fetch_value(&mut tx)
            .await
            .unwrap(),
    )
}

#[tokio::test]
async fn a_state_is_shown_to_its_sender_alone_as_often_as_they_like() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let member = chain.member(1).await.id;
    let guest = sender("one", None);
    let key = keep(&chain, guest, "typed").await;
    assert_eq!(key.len(), 32, "128 bits");
    for _ in 0..3 {
        assert_eq!(load(&chain, guest, &key).await.as_deref(), Some("typed"));
    }
    assert_eq!(load(&chain, sender("two", None), &key).await, None);
    assert_eq!(load(&chain, sender("one", Some(member)), &key).await, None);
    assert_eq!(load(&chain, guest, "another").await, None);
    let own = sender("one", Some(member));
    let key = keep(&chain, own, "own").await;
    assert_eq!(load(&chain, own, &key).await.as_deref(), Some("own"));
    assert_eq!(load(&chain, guest, &key).await, None);
}

#[tokio::test]
async fn a_state_ends_after_ten_minutes_and_goes() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let guest = sender("one", None);
    let key = keep(&chain, guest, "typed").await;
    chain.later(KEPT_SECONDS - 1);
    assert!(load(&chain, guest, &key).await.is_some());
    assert_eq!(prune_expired_rows(&chain.k).await.unwrap(), Some(0));
    chain.later(1);
    assert_eq!(load(&chain, guest, &key).await, None);
    assert_eq!(rows(&chain).await.unwrap_or(1), 1);
    chain.later(3_600);
    assert_eq!(prune_expired_rows(&chain.k).await.unwrap(), Some(1));
    assert_eq!(rows(&chain).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn five_states_of_a_browser_are_kept_and_none_above_its_size() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let (guest, other) = (sender("one", None), sender("two", None));
    let of_other = keep(&chain, other, "other").await;
    let mut keys = Vec::new();
    for number in 0..7 {
        chain.later(1);
        keys.push(keep(&chain, guest, &number.to_string()).await);
    }
    for (number, key) in keys.iter().enumerate() {
        let kept = (number >= 2).then(|| number.to_string());
        assert_eq!(load(&chain, guest, key).await, kept);
    }
    assert!(load(&chain, other, &of_other).await.is_some());
    assert_eq!(rows(&chain).await.unwrap_or(6), 6);
    let most = keep_form_state(&chain.k, guest, "x".repeat(MOST_BYTES)).await;
    assert!(most.unwrap().is_some());
    let more = keep_form_state(&chain.k, guest, "x".repeat(MOST_BYTES + 1)).await;
    assert_eq!(more.unwrap(), None);
}

#[tokio::test]
async fn five_thousand_states_are_kept_and_the_oldest_go() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    if rows(&chain).await.is_none() {
        // The states in memory have a test of their own.
        return;
    }
    let oldest = keep(&chain, sender("oldest", None), "typed").await;
    chain.later(1);
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    sql(
        "INSERT INTO form_states (key_hash, browser_hash, body, created_at) \
         SELECT sha256(number::text::bytea), sha256(number::text::bytea), '', $1 \
         FROM generate_series(1, 4999) AS number",
    )
    .bind(chain.k.now())
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert!(
        load(&chain, sender("oldest", None), &oldest)
            .await
            .is_some()
    );
    chain.later(1);
    let newest = keep(&chain, sender("newest", None), "typed").await;
    assert_eq!(rows(&chain).await, Some(5_000));
    assert_eq!(load(&chain, sender("oldest", None), &oldest).await, None);
    assert!(
        load(&chain, sender("newest", None), &newest)
            .await
            .is_some()
    );
}

#[tokio::test]
async fn a_closed_account_leaves_no_state() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let (member, other) = (chain.member(1).await.id, chain.member(2).await.id);
    let (own, others) = (sender("one", Some(member)), sender("two", Some(other)));
    let key = keep(&chain, own, "name").await;
    let of_other = keep(&chain, others, "name").await;
    let shopper = Shopper {
        member,
        device: DeviceId::new(),
        language: "ru".to_owned(),
    };
    close_account(&chain.k, &shopper, true).await.unwrap();
    assert_eq!(load(&chain, own, &key).await, None);
    assert!(load(&chain, others, &of_other).await.is_some());
    assert_eq!(rows(&chain).await.unwrap_or(1), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn states_are_in_no_backup_and_go_when_one_is_restored() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    keep(&chain, sender("one", None), "typed in secret").await;
    let listed = tables(&mut chain.k.db.read().await.unwrap()).await.unwrap();
    assert!(listed.iter().all(|table| table.name != "form_states"));
    let place = Place::on("sqlite");
    let file = place.path().join("backup");
    backup::backup(&chain.k.db, &file).await.unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let typed = b"typed in secret";
    assert!(!bytes.windows(typed.len()).any(|part| part == typed));
    restore_backup(&chain.k, &Actor::OPERATOR, &file, true)
        .await
        .unwrap();
    assert_eq!(rows(&chain).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn other_processes_over_the_same_database_show_a_state_too() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let guest = sender("one", None);
    let key = keep(&chain, guest, "typed").await;
    let second = chain.another_process().await;
    let seen = load_form_state(&second, guest, &key).await.unwrap();
    let shared = kopilka_testing::place::engine() != "sqlite";
    assert_eq!(seen.is_some(), shared, "one process serves a SQLite file");
}
