//! Codes that are asked for and typed while the account of their phone is closed.

use std::time::Duration;

use kopilka_core::entropy;
use kopilka_core::ids::RowId;
use kopilka_core::store::challenges::{self, ChallengeRow};
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::session::{self, Shopper};
use kopilka_core::usecases::accounts::settings;
use kopilka_core::usecases::sign_up::enrolment;
use kopilka_core::usecases::sign_up::phone_verification::{self, PhoneProofOutcome};
use tokio::task::JoinSet;

use super::scene::{PHONE, application, ask, chain, confirm, from, newest_code};
use crate::chain::Chain;

/// Joins with this phone.
async fn join(chain: &Chain, phone: &str) -> Shopper {
    let token = ask(&chain.k, phone).await.unwrap();
    let code = newest_code(&chain.k, phone).await;
    let PhoneProofOutcome::NewPhone(enrolment) = confirm(&chain.k, &token, &code).await.unwrap()
    else {
        panic!("a new phone");
    };
    let application = application("ru", "192.0.2.1");
    let session = enrolment::finish_enrolment(&chain.k, &enrolment, &application)
        .await
        .unwrap();
    let shopper = session::find_shopper(&chain.k, &session).await.unwrap();
    shopper.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_that_is_being_stored_does_not_outlive_the_account() {
    let chain = chain().await;
    let shopper = join(&chain, PHONE).await;
    let id = RowId::new();
    let challenge = ChallengeRow {
        id,
        token_hash: entropy::hash_token("token"),
        phone: PHONE.to_owned(),
        code_hash: entropy::keyed_hash(id.0.as_bytes(), "123456"),
        origin: "{}".to_owned(),
        created_at: chain.k.now(),
        sent_at: chain.k.now(),
        tries: 0,
        used_at: None,
    };
    // As a request for a code does it.
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    tx.advisory_lock(&format!("phone {PHONE}")).await.unwrap();
    challenges::insert(&mut tx, &challenge, None).await.unwrap();
    let service = chain.k.clone();
    let closing =
        tokio::spawn(async move { settings::close_account(&service, &shopper, true).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!closing.is_finished(), "the account is closed after it");
    tx.commit().await.unwrap();
    closing.await.unwrap().unwrap();
    let mut tx = chain.k.db.read().await.unwrap();
    let left: i64 = sql("SELECT COUNT(*) FROM challenges WHERE phone = $1")
        .bind(PHONE)
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

/// What may be answered to a request for a code, or to a code, while the account is closed: not a fault.
fn is_fine<T>(answer: &Result<T, Error>) -> bool {
    !matches!(answer, Err(Error::Fault(_) | Error::Busy))
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_asked_for_and_typed_while_the_account_closes_are_no_faults() {
    let chain = chain().await;
    for round in 0..8 {
        let phone = format!("+7916000010{round}");
        let shopper = join(&chain, &phone).await;
        let member = shopper.member;
        chain.later(61);
        let service = from(&chain.k, "192.0.2.1");
        let token = ask(&service, &phone).await.unwrap();
        let code = newest_code(&service, &phone).await;
        let mut work = JoinSet::new();
        let closing = service.clone();
        work.spawn(async move {
            let closed = settings::close_account(&closing, &shopper, true).await;
            assert!(closed.is_ok(), "{closed:?}");
            true
        });
        for _ in 0..6 {
            // The same asker gets a token of the challenge that closing removes.
            let (service, phone) = (service.clone(), phone.clone());
            work.spawn(async move { is_fine(&ask(&service, &phone).await) });
        }
        let (again, sent) = (service.clone(), token.clone());
        work.spawn(
            async move { is_fine(&phone_verification::resend_code(&again, &sent, "ru").await) },
        );
        let typing = service.clone();
        work.spawn(async move { is_fine(&confirm(&typing, &token, &code).await) });
        assert!(work.join_all().await.into_iter().all(|fine| fine));
        let mut tx = chain.k.db.read().await.unwrap();
        let open = "SELECT COUNT(*) FROM devices WHERE member_id = $1 AND ended_at IS NULL";
        let open: i64 = sql(open).bind(member).fetch_value(&mut tx).await.unwrap();
        assert_eq!(open, 0, "nobody is signed in to a closed account");
    }
}
