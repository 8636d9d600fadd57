//! A request for a second person is done as it was asked for, or not at all.

use super::*;

async fn phone(chain: &Chain, member: &Member) -> Option<String> {
    let mut tx = chain.k.db.read().await.unwrap();
    members::load_member(&mut tx, member.id)
        .await
        .unwrap()
        .phone
}

async fn asks_for_phone(chain: &Chain, by: &Officer, member: &Member, phone: &str) -> RowId {
    match corrections::change_phone(&chain.k, by, card(member), phone).await {
        Ok(CorrectionOutcome::Waiting(id)) => id,
        other => panic!("{other:?}"),
    }
}

async fn waits(chain: &Chain, by: &Officer, from: &Member, to: &Member) -> RowId {
    match asks_to_move(chain, by, from, to).await {
        AccountMergeOutcome::Waiting(id) => id,
        AccountMergeOutcome::Moved(_) => panic!("it was moved"),
    }
}

/// Approves what waits, which is refused; it goes on waiting, and can be declined.
async fn is_refused(chain: &Chain, by: &Officer, id: RowId, expected: &Refusal) {
    let done = corrections::decide_on_approval(&chain.k, by, id, true).await;
    assert!(
        matches!(&done, Err(Error::Refused(refusal)) if refusal == expected),
        "{done:?} instead of {expected:?}"
    );
    corrections::decide_on_approval(&chain.k, by, id, false)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_phone_is_not_changed_where_another_took_its_place_meanwhile() {
    let chain = chain(600).await;
    let a = chain.member(1).await;
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    earned(&chain, &a, 16_000).await;
    let early = asks_for_phone(&chain, &one, &a, "+79161112233").await;
    let right = asks_for_phone(&chain, &one, &a, "+79161112244").await;
    corrections::decide_on_approval(&chain.k, &two, right, true)
        .await
        .unwrap();
    is_refused(&chain, &two, early, &Refusal::RequestOutdated).await;
    assert_eq!(phone(&chain, &a).await.as_deref(), Some("+79161112244"));
    let mut tx = chain.k.db.read().await.unwrap();
    let kept: i64 =
        sql("SELECT COUNT(*) FROM support_requests WHERE phone <> '' OR old_phone IS NOT NULL")
            .fetch_value(&mut tx)
            .await
            .unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_phone_is_not_changed_by_a_card_that_was_replaced_or_an_account_that_was_closed() {
    let chain = chain(600).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    earned(&chain, &a, 16_000).await;
    earned(&chain, &b, 16_000).await;
    let by_card = asks_for_phone(&chain, &one, &a, "+79161112233").await;
    corrections::replace_card(&chain.k, &two, card(&a))
        .await
        .unwrap();
    is_refused(&chain, &two, by_card, &Refusal::CardBlocked).await;
    assert_eq!(phone(&chain, &a).await.as_ref(), Some(&a.phone));
    let of_closed = asks_for_phone(&chain, &one, &b, "+79161112244").await;
    closes(&chain, &b).await;
    let gone = corrections::decide_on_approval(&chain.k, &two, of_closed, true).await;
    assert!(
        matches!(gone, Err(Error::Refused(Refusal::NotFound))),
        "{gone:?}"
    );
    assert_eq!(phone(&chain, &b).await, None);
}

#[tokio::test]
async fn a_balance_is_not_moved_to_another_account_than_was_approved() {
    let chain = chain(600).await;
    let (a, b, c) = (
        chain.member(1).await,
        chain.member(2).await,
        chain.member(3).await,
    );
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    earned(&chain, &a, 16_000).await;
    let to_b = waits(&chain, &one, &a, &b).await;
    let again = waits(&chain, &one, &a, &c).await;
    // What would go to the second account would go on to a third by now.
    let merged = moves(&chain, &one, &b, &c).await;
    is_refused(&chain, &two, to_b, &Refusal::AccountJoined).await;
    moves_back(&chain, &one, merged.id).await;
    // The card is another member's by now.
    let to_b = waits(&chain, &one, &a, &b).await;
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    sql("UPDATE cards SET member_id = $1 WHERE number = $2")
        .bind(c.id)
        .bind(card(&b))
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    is_refused(&chain, &two, to_b, &Refusal::RequestOutdated).await;
    assert_eq!(
        (active(&chain, &a).await, active(&chain, &c).await),
        (730, 0)
    );
    corrections::decide_on_approval(&chain.k, &two, again, true)
        .await
        .unwrap();
    assert_eq!(active(&chain, &c).await, 730);
    chain.check().await;
}

#[tokio::test]
async fn a_balance_that_was_moved_meanwhile_is_not_moved_again() {
    let chain = chain(600).await;
    let (a, b, c) = (
        chain.member(1).await,
        chain.member(2).await,
        chain.member(3).await,
    );
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    earned(&chain, &a, 16_000).await;
    let (to_b, to_c) = (
        waits(&chain, &one, &a, &b).await,
        waits(&chain, &one, &a, &c).await,
    );
    corrections::decide_on_approval(&chain.k, &two, to_b, true)
        .await
        .unwrap();
    is_refused(&chain, &two, to_c, &Refusal::AccountJoined).await;
    assert_eq!(
        (active(&chain, &b).await, active(&chain, &c).await),
        (730, 0)
    );
    chain.check().await;
}

#[tokio::test]
async fn points_are_not_given_to_an_account_that_was_closed_meanwhile() {
    let chain = chain(600).await;
    let a = chain.member(1).await;
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    for points in [700, -700] {
        let asked =
            corrections::adjust_points(&chain.k, &one, card(&a), Points(points), "Спор", None)
                .await;
        assert!(
            matches!(asked, Ok(CorrectionOutcome::Waiting(_))),
            "{asked:?}"
        );
    }
    let (waiting, _) = corrections::list_waiting_adjustments(&chain.k)
        .await
        .unwrap();
    closes(&chain, &a).await;
    for each in waiting {
        is_refused(&chain, &two, each.id, &Refusal::RequestOutdated).await;
    }
    assert_eq!(chain.entries(&a, "adjust").await.len(), 0);
    chain.check().await;
}
