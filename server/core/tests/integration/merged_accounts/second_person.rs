//! What hands many points to somebody waits for a second person, and is done once.

use super::*;

#[tokio::test]
async fn a_large_balance_is_moved_once_a_second_person_has_approved() {
    let chain = chain(600).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    earned(&chain, &a, 16_000).await;
    let AccountMergeOutcome::Waiting(id) = asks_to_move(&chain, &one, &a, &b).await else {
        panic!("730 points moved at once");
    };
    assert_eq!(
        (active(&chain, &a).await, active(&chain, &b).await),
        (730, 0)
    );
    let waiting = corrections::waiting_requests(&chain.k).await.unwrap();
    assert_eq!(
        (waiting[0].id, waiting[0].points, waiting[0].author.as_str()),
        (id, Points(730), "one")
    );
    assert_eq!(waiting[0].card, card(&a));
    let own = corrections::decide_on_approval(&chain.k, &one, id, true).await;
    assert!(
        matches!(own, Err(Error::Refused(Refusal::OwnAdjustment))),
        "{own:?}"
    );
    // What is there when it is approved is moved.
    assert_eq!(earned(&chain, &a, 1_000).await, 50);
    corrections::decide_on_approval(&chain.k, &two, id, true)
        .await
        .unwrap();
    assert_eq!(
        (active(&chain, &a).await, active(&chain, &b).await),
        (0, 780)
    );
    let again = corrections::decide_on_approval(&chain.k, &two, id, true).await;
    assert!(
        matches!(again, Err(Error::Refused(Refusal::Decided))),
        "{again:?}"
    );
    assert_eq!(active(&chain, &b).await, 780);
    assert!(
        corrections::waiting_requests(&chain.k)
            .await
            .unwrap()
            .is_empty()
    );
    let mut tx = chain.k.db.read().await.unwrap();
    let named: Vec<String> = sql("SELECT card || other_card FROM support_requests")
        .fetch_values(&mut tx)
        .await
        .unwrap();
    assert_eq!(named, [String::new()]);
    drop(tx);
    chain.check().await;
}

#[tokio::test]
async fn a_phone_of_a_large_balance_is_changed_once_a_second_person_has_approved() {
    let chain = chain(600).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    let phone = async |member: &Member| {
        let mut tx = chain.k.db.read().await.unwrap();
        members::load_member(&mut tx, member.id)
            .await
            .unwrap()
            .phone
            .unwrap()
    };
    // Nothing hangs on an empty account.
    let done = corrections::change_phone(&chain.k, &one, card(&b), "+79161112233")
        .await
        .unwrap();
    assert_eq!(done, CorrectionOutcome::Applied);
    earned(&chain, &a, 16_000).await;
    let ask = async |to: &str| match corrections::change_phone(&chain.k, &one, card(&a), to)
        .await
        .unwrap()
    {
        CorrectionOutcome::Waiting(id) => id,
        CorrectionOutcome::Applied => panic!("changed at once"),
    };
    let (first, second) = (ask("+79161112244").await, ask("+79161112255").await);
    assert_eq!(phone(&a).await, a.phone);
    corrections::decide_on_approval(&chain.k, &one, first, false)
        .await
        .unwrap();
    corrections::decide_on_approval(&chain.k, &two, second, true)
        .await
        .unwrap();
    assert_eq!(phone(&a).await, "+79161112255");
    let late = corrections::decide_on_approval(&chain.k, &two, first, true).await;
    assert!(
        matches!(late, Err(Error::Refused(Refusal::Decided))),
        "{late:?}"
    );
    let mut tx = chain.k.db.read().await.unwrap();
    let kept: i64 = sql("SELECT COUNT(*) FROM support_requests WHERE phone <> ''")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn what_one_person_hands_out_alone_is_counted_for_a_day_whoever_gets_it() {
    let chain = chain(1_000).await;
    let mut all = Vec::new();
    for number in 1..=4 {
        all.push(chain.member(number).await);
    }
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    let gives = async |by: &Officer, to: &Member, points: i64| {
        let done =
            corrections::adjust_points(&chain.k, by, card(to), Points(points), "Спор", None).await;
        done.unwrap() == CorrectionOutcome::Applied
    };
    assert!(gives(&one, &all[0], 400).await);
    assert!(gives(&one, &all[1], 400).await);
    assert!(!gives(&one, &all[2], 400).await, "1 200 in three parts");
    // Moves and phones count with corrections.
    assert!(matches!(
        asks_to_move(&chain, &one, &all[0], &all[3]).await,
        AccountMergeOutcome::Waiting(_)
    ));
    let phone = corrections::change_phone(&chain.k, &one, card(&all[1]), "+79161112233").await;
    assert!(
        matches!(phone, Ok(CorrectionOutcome::Waiting(_))),
        "{phone:?}"
    );
    assert!(matches!(
        asks_to_move(&chain, &two, &all[0], &all[3]).await,
        AccountMergeOutcome::Moved(_)
    ));
    assert!(gives(&two, &all[2], 600).await);
    assert!(!gives(&two, &all[2], 1).await);
    chain.later(86_401);
    assert!(gives(&one, &all[2], 1_000).await);
    chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_approve_at_once_is_done_once_and_what_one_gives_at_once_is_counted() {
    let chain = chain(1_000).await;
    let other = chain.another_process().await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let one = officer(&chain, "one").await;
    let (two, three) = (officer(&chain, "two").await, officer(&chain, "three").await);
    earned(&chain, &a, 30_000).await;
    let AccountMergeOutcome::Waiting(id) = asks_to_move(&chain, &one, &a, &b).await else {
        panic!("1 150 points moved at once");
    };
    let (first, second) = tokio::join!(
        corrections::decide_on_approval(&chain.k, &two, id, true),
        corrections::decide_on_approval(&other, &three, id, true),
    );
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
    assert_eq!(
        (active(&chain, &a).await, active(&chain, &b).await),
        (0, 1_150)
    );
    let (c, d) = (chain.member(3).await, chain.member(4).await);
    let (first, second) = tokio::join!(
        corrections::adjust_points(&chain.k, &one, card(&c), Points(600), "Спор", None),
        corrections::adjust_points(&other, &one, card(&d), Points(600), "Спор", None),
    );
    let applied = [first, second].map(|done| done.unwrap() == CorrectionOutcome::Applied);
    assert_eq!(applied.iter().filter(|applied| **applied).count(), 1);
    chain.check().await;
}
