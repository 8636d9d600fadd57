//! What an answer is worth: so many points, in one visit, for one receipt.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_word_is_good_for_so_many_points_in_its_own_visit() {
    let (chain, member, phone) = begin().await;
    let token = visit(&chain, &member).await;
    let hundred = draft(&token, 1_000, PointsToSpend::Exactly(Points(100)));
    ask(&chain, &hundred).await;
    // A double click asks once.
    let id = question(&chain, &phone).await.unwrap();
    ask(&chain, &hundred).await;
    assert_eq!(question(&chain, &phone).await, Some(id));
    agree(&chain, &phone, id).await;
    let more = post(
        &chain,
        &draft(&token, 1_000, PointsToSpend::Exactly(Points(101))),
        "1",
    )
    .await;
    assert_eq!(
        no(more),
        Refusal::TooManyPoints {
            spendable: Points(100)
        }
    );
    let elsewhere = visit(&chain, &member).await;
    let other = post(
        &chain,
        &draft(&elsewhere, 1_000, PointsToSpend::Exactly(Points(100))),
        "2",
    )
    .await;
    assert_eq!(no(other), Refusal::CannotSpend);
    let all = post(&chain, &draft(&token, 1_000, PointsToSpend::All), "3")
        .await
        .unwrap();
    assert_eq!(all.quote.evaluation.spent, Points(100));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_what_is_there_where_points_went_away_meanwhile() {
    let (chain, member, phone) = begin().await;
    let token = visit(&chain, &member).await;
    let all = PointsToSpend::Exactly(Points(300));
    ask(&chain, &draft(&token, 10_000, all)).await;
    let id = question(&chain, &phone).await.unwrap();
    agree(&chain, &phone, id).await;
    // Most are paid elsewhere, by another word of the same owner.
    let elsewhere = visit(&chain, &member).await;
    let first = draft(&elsewhere, 1_000, PointsToSpend::Exactly(Points(250)));
    ask(&chain, &first).await;
    let id = question(&chain, &phone).await.unwrap();
    agree(&chain, &phone, id).await;
    let paid = post(&chain, &first, "1").await.unwrap();
    let there = Points(50) + paid.quote.evaluation.earned;
    let late = post(&chain, &draft(&token, 10_000, all), "2").await;
    assert_eq!(no(late), Refusal::TooManyPoints { spendable: there });
}

#[tokio::test(flavor = "multi_thread")]
async fn one_word_pays_once_however_many_receipts_race_for_it() {
    let (chain, member, phone) = begin().await;
    let token = visit(&chain, &member).await;
    let fifty = draft(&token, 400, PointsToSpend::Exactly(Points(50)));
    ask(&chain, &fifty).await;
    let id = question(&chain, &phone).await.unwrap();
    // Two devices answer at the same time as well.
    let mut answers = JoinSet::new();
    for yes in [true, true, true, true] {
        let (k, phone) = (chain.k.clone(), phone.clone());
        answers.spawn(async move {
            spend_confirmation::answer_question(&k, &phone, id, yes)
                .await
                .is_ok()
        });
    }
    let given = answers
        .join_all()
        .await
        .into_iter()
        .filter(|given| *given)
        .count();
    assert_eq!(given, 1);
    let mut posts = JoinSet::new();
    for number in 0..16 {
        let (k, at_till, draft) = (chain.k.clone(), chain.till.clone(), fifty.clone());
        posts.spawn(async move {
            let sent = IdempotentRequest {
                key: format!("race {number}").replace(' ', "-"),
                bytes_hash: None,
                body_hash: Vec::new(),
            };
            receipts::commit_sale(&k, &at_till, &draft, &sent)
                .await
                .is_ok()
        });
    }
    let paid = posts
        .join_all()
        .await
        .into_iter()
        .filter(|paid| *paid)
        .count();
    assert_eq!(paid, 1);
    let spent = chain.entries(&member, "spend").await;
    assert_eq!(spent.iter().map(|entry| entry.points.0).sum::<i64>(), -50);
    chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_that_goes_on_takes_its_question_back() {
    let (chain, member, phone) = begin().await;
    let token = visit(&chain, &member).await;
    ask(&chain, &draft(&token, 400, PointsToSpend::All)).await;
    spend_confirmation::withdraw_question(&chain.k, &chain.till, &token)
        .await
        .unwrap();
    assert_eq!(question(&chain, &phone).await, None);
    assert_eq!(
        asked(&chain, &token).await,
        Some(SpendQuestionState::Expired)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_leaves_no_question_and_is_asked_none() {
    let (chain, member, phone) = begin().await;
    let token = visit(&chain, &member).await;
    ask(&chain, &draft(&token, 400, PointsToSpend::All)).await;
    settings::close_account(&chain.k, &phone, true)
        .await
        .unwrap();
    let mut tx = chain.k.db.read().await.unwrap();
    let left: i64 = sql("SELECT COUNT(*) FROM confirmations")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(left, 0);
    let again = spend_confirmation::ask_to_confirm(
        &chain.k,
        &chain.till,
        &draft(&token, 400, PointsToSpend::All),
    )
    .await;
    assert_eq!(no(again), Refusal::VisitOver);
}
