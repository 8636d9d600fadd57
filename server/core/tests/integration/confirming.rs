//! The owner's word for spending: who can give it, until when, and that one receipt of one visit uses it once.

mod answers;

use crate::chain::{Chain, Member, of_visit as draft, sent};
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::entropy;
use kopilka_core::ids::{DeviceId, MemberId, RowId};
use kopilka_core::store::devices::{self, MemberDeviceRow};
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::access::session::{self, Shopper};
use kopilka_core::usecases::accounts::settings;
use kopilka_core::usecases::checkout::receipts::{self, IdempotentRequest, SaleDraft, SaleReceipt};
use kopilka_core::usecases::checkout::spend_confirmation::{self, SpendQuestionState};
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::wallet::card;
use kopilka_core::usecases::{Error, Refusal};
use tokio::task::JoinSet;

/// A chain whose printed cards only earn, and a member with 300 points on a signed-in phone.
async fn begin() -> (Chain, Member, Shopper) {
    let chain = Chain::open("2026-03-02", |programme| {
        programme.codes.fixed.spend = false;
        programme.points.hold_days = 0;
    })
    .await;
    let member = chain.member(1).await;
    chain.sell(&member, 10_000).await;
    let phone = device(&chain, member.id).await;
    (chain, member, phone)
}

async fn device(chain: &Chain, member: MemberId) -> Shopper {
    let token = entropy::random_token().unwrap();
    let now = chain.k.now();
    let row = MemberDeviceRow {
        id: DeviceId::new(),
        member_id: member,
        secret: vec![7; 32],
        secret_turn: 0,
        name: "Test".to_owned(),
        created_at: now,
        seen_at: now,
    };
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    devices::insert(&mut tx, &row, entropy::hash_token(&token))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    session::find_shopper(&chain.k, &token)
        .await
        .unwrap()
        .unwrap()
}

async fn visit(chain: &Chain, member: &Member) -> String {
    let visit = till::look_up_customer(&chain.k, &chain.till, &member.code)
        .await
        .unwrap();
    assert!(!visit.customer.may_spend);
    visit.token
}

async fn post(chain: &Chain, draft: &SaleDraft, key: &str) -> Result<SaleReceipt, Error> {
    let committed = receipts::commit_sale(&chain.k, &chain.till, draft, &sent(key)).await?;
    Ok(committed.receipt().unwrap())
}

/// The id of what the owner's card shows.
async fn question(chain: &Chain, shopper: &Shopper) -> Option<RowId> {
    let view = card::load_card(&chain.k, shopper).await.unwrap();
    let live = card::load_live_balance(&chain.k, shopper).await.unwrap();
    assert_eq!(live.question, view.question);
    view.question.map(|question| question.id)
}

/// The cashier asks the owner about this spending.
async fn ask(chain: &Chain, draft: &SaleDraft) {
    spend_confirmation::ask_to_confirm(&chain.k, &chain.till, draft)
        .await
        .unwrap();
}

/// The owner agrees.
async fn agree(chain: &Chain, phone: &Shopper, question: RowId) {
    spend_confirmation::answer_question(&chain.k, phone, question, true)
        .await
        .unwrap();
}

async fn asked(chain: &Chain, visit: &str) -> Option<SpendQuestionState> {
    spend_confirmation::load_question_state(&chain.k, &chain.till, visit)
        .await
        .unwrap()
}

fn no<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result.unwrap_err() {
        Error::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_card_spends_with_its_owners_word_and_only_then() {
    let (chain, member, phone) = begin().await;
    let token = visit(&chain, &member).await;
    let spending = draft(&token, 400, PointsToSpend::All);
    assert_eq!(no(post(&chain, &spending, "1").await), Refusal::CannotSpend);
    assert_eq!(question(&chain, &phone).await, None);

    ask(&chain, &spending).await;
    let points = Points(200);
    assert_eq!(
        asked(&chain, &token).await,
        Some(SpendQuestionState::Waiting {
            points,
            seconds: 60
        })
    );
    let shown = card::load_card(&chain.k, &phone)
        .await
        .unwrap()
        .question
        .unwrap();
    assert_eq!((shown.points, shown.seconds), (points, 60));
    assert_eq!(
        (shown.store.as_str(), shown.till.as_str()),
        ("Test", "Test till")
    );
    assert_eq!(no(post(&chain, &spending, "1").await), Refusal::CannotSpend);

    chain.later(59);
    agree(&chain, &phone, shown.id).await;
    assert_eq!(question(&chain, &phone).await, None);
    assert_eq!(
        asked(&chain, &token).await,
        Some(SpendQuestionState::Confirmed { points })
    );
    let receipt = post(&chain, &spending, "1").await.unwrap();
    assert_eq!(receipt.quote.evaluation.spent, points);
    // The same form again is the same receipt. The visit has spent; another receipt needs another look-up.
    assert_eq!(post(&chain, &spending, "1").await.unwrap().id, receipt.id);
    assert_eq!(no(post(&chain, &spending, "2").await), Refusal::VisitOver);
    assert_eq!(asked(&chain, &token).await, None);
    chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_over_after_a_minute_and_the_sale_goes_on() {
    let (chain, member, phone) = begin().await;
    let token = visit(&chain, &member).await;
    let spending = draft(&token, 400, PointsToSpend::All);
    ask(&chain, &spending).await;
    let id = question(&chain, &phone).await.unwrap();
    chain.later(60);
    assert_eq!(question(&chain, &phone).await, None);
    assert_eq!(
        asked(&chain, &token).await,
        Some(SpendQuestionState::Expired)
    );
    let late = spend_confirmation::answer_question(&chain.k, &phone, id, true).await;
    assert_eq!(no(late), Refusal::QuestionOver);
    assert_eq!(no(post(&chain, &spending, "1").await), Refusal::CannotSpend);
    let plain = draft(&token, 400, PointsToSpend::None);
    assert_eq!(
        post(&chain, &plain, "1")
            .await
            .unwrap()
            .quote
            .evaluation
            .spent,
        Points(0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_counts_whichever_device_gives_it() {
    let (chain, member, phone) = begin().await;
    let tablet = device(&chain, member.id).await;
    let token = visit(&chain, &member).await;
    ask(&chain, &draft(&token, 400, PointsToSpend::All)).await;
    let id = question(&chain, &phone).await.unwrap();
    assert_eq!(question(&chain, &tablet).await, Some(id));
    spend_confirmation::answer_question(&chain.k, &tablet, id, false)
        .await
        .unwrap();
    let second = spend_confirmation::answer_question(&chain.k, &phone, id, true).await;
    assert_eq!(no(second), Refusal::QuestionOver);
    assert_eq!(
        asked(&chain, &token).await,
        Some(SpendQuestionState::Declined)
    );
    let spending = post(&chain, &draft(&token, 400, PointsToSpend::All), "1").await;
    assert_eq!(no(spending), Refusal::CannotSpend);
    // The cashier may ask once more.
    ask(&chain, &draft(&token, 400, PointsToSpend::All)).await;
    let again = question(&chain, &phone).await.unwrap();
    agree(&chain, &phone, again).await;
    assert!(
        post(&chain, &draft(&token, 400, PointsToSpend::All), "1")
            .await
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_answers_and_an_ended_device_does_not() {
    let (chain, member, phone) = begin().await;
    let other = chain.member(2).await;
    let stranger = device(&chain, other.id).await;
    let ended = device(&chain, member.id).await;
    let token = visit(&chain, &member).await;
    ask(&chain, &draft(&token, 400, PointsToSpend::All)).await;
    let id = question(&chain, &phone).await.unwrap();
    assert_eq!(question(&chain, &stranger).await, None);
    let answer = spend_confirmation::answer_question(&chain.k, &stranger, id, true).await;
    assert_eq!(no(answer), Refusal::QuestionOver);
    settings::end_device(&chain.k, &phone, ended.device)
        .await
        .unwrap();
    let answer = spend_confirmation::answer_question(&chain.k, &ended, id, true).await;
    assert_eq!(no(answer), Refusal::NotSignedIn);
    assert!(matches!(
        asked(&chain, &token).await,
        Some(SpendQuestionState::Waiting { .. })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_open_card_or_nothing_to_spend_is_not_asked() {
    let (chain, member, phone) = begin().await;
    let token = visit(&chain, &member).await;
    let too_many = spend_confirmation::ask_to_confirm(
        &chain.k,
        &chain.till,
        &draft(&token, 400, PointsToSpend::Exactly(Points(201))),
    )
    .await;
    assert_eq!(
        no(too_many),
        Refusal::TooManyPoints {
            spendable: Points(200)
        }
    );
    let poor = chain.member(2).await;
    device(&chain, poor.id).await;
    let theirs = visit(&chain, &poor).await;
    let nothing = spend_confirmation::ask_to_confirm(
        &chain.k,
        &chain.till,
        &draft(&theirs, 400, PointsToSpend::All),
    )
    .await;
    assert_eq!(
        no(nothing),
        Refusal::TooManyPoints {
            spendable: Points(0)
        }
    );
    settings::end_device(&chain.k, &phone, phone.device)
        .await
        .unwrap();
    let nobody = spend_confirmation::ask_to_confirm(
        &chain.k,
        &chain.till,
        &draft(&token, 400, PointsToSpend::All),
    )
    .await;
    assert_eq!(no(nobody), Refusal::NobodyToAsk);
    chain.later(301);
    let over = spend_confirmation::ask_to_confirm(
        &chain.k,
        &chain.till,
        &draft(&token, 400, PointsToSpend::All),
    )
    .await;
    assert_eq!(no(over), Refusal::VisitOver);
}
