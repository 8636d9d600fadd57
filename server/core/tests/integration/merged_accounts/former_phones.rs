//! Nothing is left on its way to a phone that is no longer the member's.

use kopilka_core::store::engine::StoredRow;
use kopilka_core::store::invitations::{self, InvitationRow};
use kopilka_core::usecases::sign_up::phone_verification::{self, SignUpOrigin};

use super::*;

/// Lets a one-time password and an invitation wait for the phone.
async fn sends(chain: &Chain, phone: &str) {
    phone_verification::ask_for_code(&chain.k, phone, &SignUpOrigin::default(), "ru")
        .await
        .unwrap();
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    let row = InvitationRow {
        id: RowId::new(),
        phone: phone.to_owned(),
        origin: "{}".to_owned(),
        created_at: chain.k.now(),
    };
    let token = entropy::hash_token(phone);
    invitations::insert(&mut tx, &row, token, chain.till.till.id)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[derive(StoredRow)]
struct OnTheirWay {
    messages: i64,
    challenges: i64,
    invitations: i64,
}

/// Messages, one-time passwords and invitations that are on their way to the phone.
async fn on_their_way(chain: &Chain, phone: &str) -> (i64, i64, i64) {
    let mut tx = chain.k.db.read().await.unwrap();
    let found: OnTheirWay = sql(
        "SELECT (SELECT COUNT(*) FROM outbox WHERE recipient = $1) AS messages, \
         (SELECT COUNT(*) FROM challenges WHERE phone = $1) AS challenges, \
         (SELECT COUNT(*) FROM invitations WHERE phone = $1) AS invitations",
    )
    .bind(phone)
    .fetch_one(&mut tx)
    .await
    .unwrap();
    (found.messages, found.challenges, found.invitations)
}

#[tokio::test]
async fn what_is_on_its_way_to_a_former_phone_is_removed_with_the_change() {
    let chain = chain(600).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    for phone in [a.phone.as_str(), b.phone.as_str(), "+79161112233"] {
        sends(&chain, phone).await;
        assert_eq!(on_their_way(&chain, phone).await, (1, 1, 1));
    }
    earned(&chain, &a, 16_000).await;
    let asked = corrections::change_phone(&chain.k, &one, card(&a), "+79161112233").await;
    let Ok(CorrectionOutcome::Waiting(id)) = asked else {
        panic!("{asked:?}");
    };
    assert_eq!(on_their_way(&chain, &a.phone).await, (1, 1, 1));
    corrections::decide_on_approval(&chain.k, &two, id, true)
        .await
        .unwrap();
    assert_eq!(on_their_way(&chain, &a.phone).await, (0, 0, 0));
    for phone in [b.phone.as_str(), "+79161112233"] {
        assert_eq!(on_their_way(&chain, phone).await, (1, 1, 1), "{phone}");
    }
    closes(&chain, &a).await;
    assert_eq!(on_their_way(&chain, "+79161112233").await, (0, 0, 0));
}

#[tokio::test]
async fn closing_a_merged_account_removes_what_is_on_its_way_to_either_phone() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    moves(&chain, &boss, &a, &b).await;
    sends(&chain, &a.phone).await;
    sends(&chain, &b.phone).await;
    closes(&chain, &b).await;
    for phone in [&a.phone, &b.phone] {
        assert_eq!(on_their_way(&chain, phone).await, (0, 0, 0));
    }
}
