//! What may happen to sealed lines: pruning, a closed account, a backup, a lost key.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kopilka_core::ServiceConfig;
use kopilka_core::clock::SystemClock;
use kopilka_core::domain::actor::Actor;
use kopilka_core::ids::DeviceId;
use kopilka_core::store::backup;
use kopilka_core::store::check;
use kopilka_core::store::devices::{self, MemberDeviceRow};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::form_states::{FormSender, keep_form_state};
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::accounts::settings::close_account;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use kopilka_core::usecases::operation::backups::restore_backup;
use kopilka_core::usecases::operation::secret_key;

use super::*;
use kopilka_testing::place::Place;
use uuid::Builder;

#[tokio::test(flavor = "multi_thread")]
async fn pruning_keeps_the_last_seal_and_what_follows_still_fits() {
    let (chain, member) = sealed_chain().await;
    let k = &chain.k;
    let [old, _] = ends(k).await;
    chain.later(300 * 86_400);
    chain.sell(&member, 100).await;
    seal(k).await;
    let [last, _] = ends(k).await;
    chain.later(100 * 86_400);
    chain.sell(&member, 100).await;
    assert_eq!(
        prune_expired_rows(k).await.unwrap(),
        Some(u64::try_from(old).unwrap())
    );
    assert_eq!(found_now(k).await, Vec::<String>::new());
    let mut tx = k.db.read().await.unwrap();
    let summary = verified(k, &mut tx).await.chains[0].clone();
    assert_eq!((summary.first, summary.last), (old + 1, last));
    drop(tx);
    // The first line that is left has its place in the chain.
    let mut tx = k.db.write_test_data().await.unwrap();
    run(
        &mut tx,
        sql("DELETE FROM audit WHERE id = (SELECT line_id FROM audit_seals WHERE number = $1)")
            .bind(old + 1),
    )
    .await;
    let told = found(k, &mut tx).await;
    assert!(
        told[0].starts_with(&format!("audit: number {} (", old + 1)),
        "{told:?}"
    );
    drop(tx);
    seal(k).await;
    chain.later(400 * 86_400);
    prune_expired_rows(k).await.unwrap();
    assert_eq!(found_now(k).await, Vec::<String>::new());
    let mut tx = k.db.read().await.unwrap();
    let left: i64 = sql("SELECT COUNT(*) FROM audit")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_pruned_in_the_order_of_their_numbers_and_none_without_one() {
    let (chain, member) = sealed_chain().await;
    let k = &chain.k;
    let [last, _] = ends(k).await;
    let mut tx = k.db.write_test_data().await.unwrap();
    let at = k.now().plus_days(400);
    // As of a clock that was wrong: far ahead keeps nothing, within the kept days keeps what follows.
    let wrong = sql(
        "INSERT INTO audit (id, at, action, subject, outcome) VALUES ($1, $2, 'sale', '', 'done')",
    );
    run(&mut tx, wrong.bind(RowId::new()).bind(at.plus_days(100))).await;
    tx.commit().await.unwrap();
    seal(k).await;
    chain.sell(&member, 100).await;
    chain.set(at);
    let pruned = prune_expired_rows(k).await.unwrap().unwrap();
    assert_eq!(pruned, u64::try_from(last + 1).unwrap());
    let mut tx = k.db.read().await.unwrap();
    let unsealed: i64 = sql("SELECT COUNT(*) FROM audit")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert!(unsealed > 0, "old, but without a number");
    assert_eq!(found_now(k).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_stops_at_a_line_that_was_changed() {
    let (chain, _) = sealed_chain().await;
    let k = &chain.k;
    let mut tx = k.db.write_test_data().await.unwrap();
    let change = "UPDATE audit SET subject = 'x' WHERE id = (SELECT line_id FROM audit_seals WHERE number = 3)";
    run(&mut tx, sql(change)).await;
    tx.commit().await.unwrap();
    chain.later(400 * 86_400);
    assert_eq!(prune_expired_rows(k).await.unwrap(), Some(2));
    let told = found_now(k).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("audit: number 3 ("), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_an_account_changes_nothing_that_is_sealed() {
    let (chain, member) = sealed_chain().await;
    let shopper = Shopper {
        member: member.id,
        device: DeviceId::new(),
        language: "ru".to_owned(),
    };
    close_account(&chain.k, &shopper, true).await.unwrap();
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
    seal(&chain.k).await;
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_the_seals_and_either_engine_verifies_them() {
    let (chain, _) = sealed_chain().await;
    let file = chain.folder().join("backup.sqlite");
    backup::backup(&chain.k.db, &file).await.unwrap();
    let key = chain.k.secret_key().unwrap();
    let expected = ends(&chain.k).await;
    for place in [Place::new(), Place::on("sqlite")] {
        let restored = place.open().await;
        let config = ServiceConfig {
            host: String::new(),
            demo: true,
        };
        let service = Kopilka::new(restored.clone(), Arc::new(SystemClock), config);
        restore_backup(&service, &Actor::OPERATOR, &file, false)
            .await
            .unwrap();
        let mut tx = restored.scan().await.unwrap();
        assert_eq!(check::findings(&mut tx).await.unwrap().count, 0);
        let verification = verify(&mut tx, Some(key)).await.unwrap();
        assert_eq!(verification.findings.told, Vec::<String>::new());
        let lasts: Vec<i64> = verification.chains.iter().map(|each| each.last).collect();
        assert_eq!(lasts, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_chain_keeps_nothing_else_from_being_pruned() {
    let (chain, member) = sealed_chain().await;
    let k = &chain.k;
    let guest = FormSender {
        browser: "one",
        member: None,
    };
    keep_form_state(k, guest, "typed".to_owned()).await.unwrap();
    let mut tx = k.db.write_test_data().await.unwrap();
    let device = MemberDeviceRow {
        id: DeviceId::new(),
        member_id: member.id,
        secret: vec![7; 32],
        secret_turn: 1,
        name: "Test".to_owned(),
        created_at: k.now(),
        seen_at: k.now(),
    };
    devices::insert(&mut tx, &device, vec![1; 32])
        .await
        .unwrap();
    for text in [
        "INSERT INTO former_secrets (device_id, turn, member_id, secret, replaced_at) \
         SELECT id, 0, member_id, secret, 0 FROM devices WHERE member_id = $1",
        "INSERT INTO code_days (day, sent) SELECT '2026-03-02', 1 FROM members WHERE id = $1",
    ] {
        assert!(run(&mut tx, sql(text).bind(member.id)).await > 0, "{text}");
    }
    let moved = "UPDATE seal_chains SET number = number + 1 WHERE name = 'audit'";
    assert_eq!(run(&mut tx, sql(moved)).await, 1);
    tx.commit().await.unwrap();
    chain.later(400 * 86_400);
    for _ in 0..2 {
        // The lease is given back: the second try fails too, and is not taken for another process's work.
        let Err(Error::Fault(cause)) = prune_expired_rows(k).await else {
            panic!("the chain is broken");
        };
        assert!(cause.contains("its ends were changed"), "{cause}");
    }
    let mut tx = k.db.read().await.unwrap();
    for text in [
        "SELECT COUNT(*) FROM former_secrets",
        "SELECT COUNT(*) FROM code_days",
        "SELECT COUNT(*) FROM leases",
    ] {
        let count: i64 = sql(text).fetch_value(&mut tx).await.unwrap();
        assert_eq!(count, 0, "{text}");
    }
    if tx.has_concurrent_writers() {
        let states = sql("SELECT COUNT(*) FROM form_states");
        let count: i64 = states.fetch_value(&mut tx).await.unwrap();
        assert_eq!(count, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_lost_key_the_chains_begin_anew() {
    let (chain, _) = sealed_chain().await;
    let [audit, ledger] = ends(&chain.k).await;
    secret_key::forget_key(&chain.k, &Actor::OPERATOR)
        .await
        .unwrap();
    assert_eq!(ends(&chain.k).await, [0, 0]);
    // The process that still has the key seals nothing by it.
    let refused = seal_lines(&chain.k, || false).await.unwrap_err();
    assert!(refused.to_string().contains("is forgotten"), "{refused}");
    assert_eq!(ends(&chain.k).await, [0, 0]);
    let key = chain.k.secret_key().unwrap();
    secret_key::register_key(&chain.k.db, key).await.unwrap();
    seal(&chain.k).await;
    // One more line tells that the key was forgotten.
    assert_eq!(ends(&chain.k).await, [audit + 1, ledger]);
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_time_to_come_is_told_and_not_sealed_before() {
    let (chain, _) = sealed_chain().await;
    let [audit, ledger] = ends(&chain.k).await;
    let ahead = SystemTime::now() + Duration::from_secs(400 * 24 * 3600);
    let millis = ahead.duration_since(UNIX_EPOCH).unwrap().as_millis();
    let id = Builder::from_unix_timestamp_millis(millis.try_into().unwrap(), &[0; 10]).into_uuid();
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    sql("INSERT INTO audit (id, at, action, subject, outcome) VALUES ($1, 0, 'sale', '', 'done')")
        .bind(RowId(id))
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    seal(&chain.k).await;
    assert_eq!(ends(&chain.k).await, [audit, ledger]);
    let found = found_now(&chain.k).await;
    assert_eq!(
        found,
        [format!(
            "audit: line {id}: it was inserted: its id is of a time that is still to come"
        )]
    );
}
