//! Many at once, on each engine: points, limits, answers and joins are given once, and the ledger adds up.

use std::sync::Arc;

use kopilka_core::clock::SystemClock;
use kopilka_core::domain::amounts::{Money, Points, Quantity};
use kopilka_core::domain::codes;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::receipt::{ReceiptLine, Unit};
use kopilka_core::entropy;
use kopilka_core::ids::MemberId;
use kopilka_core::secret_key::SecretKey;
use kopilka_core::store::engine::sql;
use kopilka_core::store::{challenges, check, devices, programmes, tills};
use kopilka_core::usecases::access::session;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    self, CommitAnswer, CommitOutcome, IdempotentRequest, SaleDraft,
};
use kopilka_core::usecases::messages::one_time_passwords;
use kopilka_core::usecases::messages::outbox::{self, MessageContent};
use kopilka_core::usecases::sign_up::enrolment::{self, EnrolmentApplication};
use kopilka_core::usecases::sign_up::phone_verification::{self, PhoneProofOutcome, SignUpOrigin};
use kopilka_core::usecases::{Error, demo};
use kopilka_core::{Kopilka, ServiceConfig};
use kopilka_testing::place::Place;
use tokio::task::JoinSet;

const MANY: usize = 64;

async fn shop(place: &Place) -> (Kopilka, TillContext) {
    let config = ServiceConfig {
        host: "127.0.0.1".to_owned(),
        demo: true,
    };
    let db = place.open().await;
    demo::fill_empty_database(&db, config.clone())
        .await
        .unwrap();
    let key = SecretKey::from_bytes(&[7; 32]).unwrap();
    let k = Kopilka::new(db, Arc::new(SystemClock), config).with_secret_key(key);
    let mut tx = k.db.read().await.unwrap();
    let till = tills::find_by_key(&mut tx, entropy::hash_token(demo::TILL_KEY), k.now())
        .await
        .unwrap()
        .unwrap();
    (k, TillContext { till, staff: None })
}

/// A one-time password as its phone gets it, and the token of its challenge.
async fn asked(k: &Kopilka, phone: &str) -> (String, String) {
    let token = phone_verification::ask_for_code(k, phone, &SignUpOrigin::default(), "ru")
        .await
        .unwrap();
    let sent = outbox::list_newest_messages(k).await.unwrap();
    let MessageContent::OneTimePassword { code, .. } = &sent
        .iter()
        .find(|message| message.recipient == phone)
        .unwrap()
        .message
    else {
        panic!("a one-time password");
    };
    (token, code.clone())
}

fn application() -> EnrolmentApplication {
    EnrolmentApplication {
        first_name: "Тест".to_owned(),
        personal_data: true,
        rules: true,
        language: "ru".to_owned(),
        ..EnrolmentApplication::default()
    }
}

/// A new member: who, the secret of the device, the card.
async fn joined(k: &Kopilka, phone: &str) -> (MemberId, Vec<u8>, String) {
    let (token, code) = asked(k, phone).await;
    let PhoneProofOutcome::NewPhone(token) =
        phone_verification::confirm_code(k, &token, &code, "test")
            .await
            .unwrap()
    else {
        panic!("a new phone");
    };
    let token = enrolment::finish_enrolment(k, &token, &application())
        .await
        .unwrap();
    let shopper = session::find_shopper(k, &token).await.unwrap().unwrap();
    let mut tx = k.db.read().await.unwrap();
    let device = devices::list_of_member(&mut tx, shopper.member)
        .await
        .unwrap()
        .remove(0);
    let number: String = sql("SELECT number FROM cards WHERE member_id = $1")
        .bind(shopper.member)
        .fetch_value(&mut tx)
        .await
        .unwrap();
    (shopper.member, device.secret, number)
}

fn sent(key: &str) -> IdempotentRequest {
    IdempotentRequest {
        key: key.to_owned(),
        bytes_hash: None,
        body_hash: vec![1],
    }
}

/// A sale that its till has numbered; one without a number is numbered here, and waits for the till's others.
fn draft(code: &str, number: Option<usize>, roubles: i64, spend: PointsToSpend) -> SaleDraft {
    SaleDraft {
        visit: None,
        code: Some(code.to_owned()),
        series: None,
        shift: None,
        number: number.map(|number| format!("own-{number}")),
        at: None,
        lines: vec![ReceiptLine {
            sku: "test".to_owned(),
            name: "Продукты, тест".to_owned(),
            category: "grocery".to_owned(),
            quantity: Quantity::ONE,
            unit: Unit::Piece,
            amount: Money(roubles * 100),
        }],
        spend,
    }
}

async fn all<T: Send + 'static>(
    work: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut set: JoinSet<T> = work.into_iter().collect();
    let mut answers = Vec::new();
    while let Some(answer) = set.join_next().await {
        answers.push(answer.unwrap());
    }
    answers
}

async fn adds_up(k: &Kopilka) {
    let mut tx = k.db.scan().await.unwrap();
    assert_eq!(
        check::findings(&mut tx).await.unwrap().told,
        Vec::<String>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_sales_of_one_member_at_once_lose_no_point() {
    let place = Place::new();
    let (k, till) = shop(&place).await;
    let (member, _, card) = joined(&k, "+79160000001").await;
    let answers = all((0..MANY).map(|n| {
        let (k, till, code) = (k.clone(), till.clone(), format!("70{card}"));
        async move {
            let sale = draft(&code, (n % 2 == 0).then_some(n), 1000, PointsToSpend::None);
            receipts::commit_sale(&k, &till, &sale, &sent(&format!("key-{n}"))).await
        }
    }))
    .await;
    let mut earned = 0;
    let mut numbers = Vec::new();
    for answer in answers {
        let receipt = answer.unwrap().receipt().unwrap();
        earned += receipt.quote.evaluation.earned.0;
        numbers.push(receipt.number);
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), MANY);
    let mut tx = k.db.read().await.unwrap();
    let balance: i64 = sql("SELECT balance FROM accounts WHERE member_id = $1")
        .bind(member)
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(balance, earned);
    // 200 points come with the first purchase, which is one of them.
    let firsts: i64 =
        sql("SELECT COUNT(*) FROM offer_uses WHERE member_id = $1 AND offer = 'first-purchase'")
            .bind(member)
            .fetch_value(&mut tx)
            .await
            .unwrap();
    assert_eq!(firsts, 1);
    adds_up(&k).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_points_spent_sixty_four_times_at_once_are_spent_once() {
    let place = Place::new();
    let (k, till) = shop(&place).await;
    let (_, secret, card) = joined(&k, "+79160000002").await;
    let code = codes::rotating_payload(
        &kopilka_core::domain::card::CardNumber::parse(&card).unwrap(),
        &codes::totp(&secret, codes::step_of(k.now())),
    );
    // By the number: a code that has earned does not spend any more.
    let sale = draft(&format!("70{card}"), None, 10_000, PointsToSpend::None);
    receipts::commit_sale(&k, &till, &sale, &sent("earn"))
        .await
        .unwrap();
    let answers = all((0..MANY).map(|n| {
        let (k, till, code) = (k.clone(), till.clone(), code.clone());
        async move {
            let sale = draft(&code, Some(n), 1000, PointsToSpend::Exactly(Points(400)));
            receipts::commit_sale(&k, &till, &sale, &sent(&format!("key-{n}"))).await
        }
    }))
    .await;
    let spent = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(spent, 1, "{answers:?}");
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(_) | Err(Error::Refused(_)))),
        "{answers:?}"
    );
    adds_up(&k).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_sixty_four_times_at_once_gets_one_answer() {
    let place = Place::new();
    let (k, till) = shop(&place).await;
    let (_, secret, card) = joined(&k, "+79160000003").await;
    let code = codes::rotating_payload(
        &kopilka_core::domain::card::CardNumber::parse(&card).unwrap(),
        &codes::totp(&secret, codes::step_of(k.now())),
    );
    let sale = draft(&format!("70{card}"), None, 10_000, PointsToSpend::None);
    receipts::commit_sale(&k, &till, &sale, &sent("earn"))
        .await
        .unwrap();
    let answers: Vec<Result<CommitAnswer, Error>> = all((0..MANY).map(|_| {
        let (k, till, code) = (k.clone(), till.clone(), code.clone());
        async move {
            let sale = draft(&code, None, 1000, PointsToSpend::Exactly(Points(100)));
            receipts::commit_sale(&k, &till, &sale, &sent("same")).await
        }
    }))
    .await;
    let answers: Vec<CommitAnswer> = answers.into_iter().map(Result::unwrap).collect();
    assert!(
        answers
            .iter()
            .all(|answer| answer.answer == answers[0].answer)
    );
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer.outcome == CommitOutcome::Stored)
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_for_everyone_holds_when_all_come_at_once() {
    let place = Place::new();
    let (k, till) = shop(&place).await;
    let mut programme = demo::programme().unwrap();
    let limited = programme
        .offers
        .iter_mut()
        .find(|offer| offer.id == "first-purchase")
        .unwrap();
    limited.limits.in_all = Some(10);
    let mut tx = k.db.write_test_data().await.unwrap();
    sql("DELETE FROM offer_uses")
        .execute(&mut tx)
        .await
        .unwrap();
    sql("DELETE FROM offer_totals")
        .execute(&mut tx)
        .await
        .unwrap();
    programmes::insert(&mut tx, &programme, k.now(), k.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut cards = Vec::new();
    for n in 0..24 {
        cards.push(joined(&k, &format!("+7916000{n:04}")).await.2);
    }
    let answers = all(cards.into_iter().enumerate().map(|(n, card)| {
        let (k, till) = (k.clone(), till.clone());
        async move {
            let sale = draft(&format!("70{card}"), Some(n), 1000, PointsToSpend::None);
            receipts::commit_sale(&k, &till, &sale, &sent(&format!("key-{n}"))).await
        }
    }))
    .await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let mut tx = k.db.read().await.unwrap();
    let uses: i64 = sql("SELECT COUNT(*) FROM offer_uses WHERE offer = 'first-purchase'")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    let counted: i64 = sql("SELECT uses FROM offer_totals WHERE offer = 'first-purchase'")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!((uses, counted), (10, 10));
    adds_up(&k).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_typed_at_once_are_each_counted() {
    let place = Place::new();
    let (k, _) = shop(&place).await;
    let (token, code) = asked(&k, "+79160000004").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answers = all((0..MANY).map(|_| {
        let (k, token) = (k.clone(), token.clone());
        async move { phone_verification::confirm_code(&k, &token, wrong, "test").await }
    }))
    .await;
    let counted = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Error::Invalid(_))))
        .count();
    // The fifth is told that the code is dead.
    assert_eq!(counted, 4, "{answers:?}");
    let right = phone_verification::confirm_code(&k, &token, &code, "test").await;
    assert!(matches!(right, Err(Error::Refused(_))));
    let mut tx = k.db.read().await.unwrap();
    let row = challenges::find_by_token(&mut tx, entropy::hash_token(&token), None)
        .await
        .unwrap();
    assert_eq!(row.unwrap().tries, one_time_passwords::CODE_TRIES);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_phone_asked_for_at_once_gets_one_code_and_makes_one_member() {
    let place = Place::new();
    let (k, _) = shop(&place).await;
    let phone = "+79160000005";
    let answers =
        all((0..16).map(|_| {
            let k = k.clone();
            async move {
                phone_verification::ask_for_code(&k, phone, &SignUpOrigin::default(), "ru").await
            }
        }))
        .await;
    // Ten more get a token of the same challenge, as a form that is sent twice does; nobody gets another message.
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 11);
    let token = answers.into_iter().find_map(Result::ok).unwrap();
    let sent = outbox::list_newest_messages(&k).await.unwrap();
    assert_eq!(
        sent.iter().filter(|each| each.recipient == phone).count(),
        1
    );
    let MessageContent::OneTimePassword { code, .. } = &sent[0].message else {
        panic!("a one-time password");
    };
    let PhoneProofOutcome::NewPhone(token) =
        phone_verification::confirm_code(&k, &token, code, "test")
            .await
            .unwrap()
    else {
        panic!("a new phone");
    };
    let finished = all((0..16).map(|_| {
        let (k, token) = (k.clone(), token.clone());
        async move { enrolment::finish_enrolment(&k, &token, &application()).await }
    }))
    .await;
    assert!(finished.iter().all(Result::is_ok), "{finished:?}");
    let mut tx = k.db.read().await.unwrap();
    let counted: i64 = sql("SELECT COUNT(*) FROM members WHERE phone = $1")
        .bind(phone)
        .fetch_value(&mut tx)
        .await
        .unwrap();
    let open: i64 = sql(
        "SELECT COUNT(*) FROM devices d JOIN members m ON m.id = d.member_id \
         WHERE m.phone = $1 AND d.ended_at IS NULL",
    )
    .bind(phone)
    .fetch_value(&mut tx)
    .await
    .unwrap();
    assert_eq!((counted, open), (1, 1));
}
