//! Two accounts of one person that were merged are one: level, purchases, uses of offers and gifts go along with the points,
//! and can be moved back. What hands many points to somebody needs a second person.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod chain;

use chain::{Chain, Member, line, sent};
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::Spend;
use kopilka_core::domain::offers::{Benefit, Offer};
use kopilka_core::ids::RowId;
use kopilka_core::store::engine::sql;
use kopilka_core::store::{members, offers, profiles};
use kopilka_core::usecases::corrections::{self, Adjustment, Merged, MoveOutcome};
use kopilka_core::usecases::facts::balance_of;
use kopilka_core::usecases::receipts::{self, Draft, Receipt};
use kopilka_core::usecases::staff::{self, Officer};
use kopilka_core::usecases::{Error, Refusal, demo};

/// A chain of three offers: 200 points for a first purchase, 50 once for each member on other days, a cup from 20 000 roubles.
async fn chain(approval_above: i64) -> Chain {
    Chain::open("2026-03-01", |programme| {
        let all: Vec<Offer> = demo::programme().unwrap().offers;
        let mut first = all
            .into_iter()
            .find(|offer| offer.id == "first-purchase")
            .unwrap();
        first.conditions.until = None;
        let mut once = first.clone();
        once.id = "once".to_owned();
        once.conditions.first_purchase = false;
        once.benefit = Benefit::FixedPoints { points: Points(50) };
        let mut cup = once.clone();
        cup.id = "cup".to_owned();
        cup.limits.per_member = None;
        cup.benefit = Benefit::Gift {
            gift: programme.gifts[0].id.clone(),
        };
        cup.conditions.minimum_receipt = Some(kopilka_core::domain::amounts::Money(2_000_000));
        programme.offers = vec![first, once, cup];
        programme.adjustments.approval_above = Points(approval_above);
    })
    .await
}

async fn officer(chain: &Chain, login: &str) -> Officer {
    staff::add(&chain.k, login, login, "support", "test-password", None)
        .await
        .unwrap();
    staff::officer(&chain.k, login, "test-password")
        .await
        .unwrap()
}

fn card(member: &Member) -> &str {
    member.code.strip_prefix("70").unwrap()
}

async fn asks_to_move(chain: &Chain, by: &Officer, from: &Member, to: &Member) -> MoveOutcome {
    corrections::move_balance(&chain.k, by, card(from), card(to), "Две карты")
        .await
        .unwrap()
}

async fn moves(chain: &Chain, by: &Officer, from: &Member, to: &Member) -> Merged {
    match asks_to_move(chain, by, from, to).await {
        MoveOutcome::Moved(merged) => merged,
        MoveOutcome::Waiting(_) => panic!("it waits for a second person"),
    }
}

async fn moves_back(chain: &Chain, by: &Officer, merge: RowId) -> Merged {
    match corrections::move_back(&chain.k, by, merge, "Ошибка")
        .await
        .unwrap()
    {
        MoveOutcome::Moved(merged) => merged,
        MoveOutcome::Waiting(_) => panic!("it waits for a second person"),
    }
}

async fn earned(chain: &Chain, member: &Member, roubles: i64) -> i64 {
    let receipt = chain.buy(member, roubles, Spend::None).await;
    receipt.quote.evaluation.earned.0
}

async fn tier(chain: &Chain, member: &Member) -> String {
    chain.standing(member).await.tier
}

/// Active points.
async fn active(chain: &Chain, member: &Member) -> i64 {
    let mut tx = chain.k.db.read().await.unwrap();
    balance_of(&mut tx, member.id, chain.k.now())
        .await
        .unwrap()
        .active
        .0
}

async fn gifts(chain: &Chain, member: &Member) -> usize {
    let mut tx = chain.k.db.read().await.unwrap();
    offers::waiting_gifts(&mut tx, member.id)
        .await
        .unwrap()
        .len()
}

#[tokio::test]
async fn level_purchases_and_first_purchase_go_along_with_the_points() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    // 200 for the first purchase, 50 once, 3 % of 16 000.
    let receipt = chain.buy(&a, 16_000, Spend::None).await;
    assert_eq!(receipt.quote.evaluation.earned.0, 200 + 50 + 480);
    assert_eq!(
        (tier(&chain, &a).await, tier(&chain, &b).await),
        ("silver".to_owned(), "start".to_owned())
    );
    let before = chain.standing(&a).await;
    let merged = moves(&chain, &boss, &a, &b).await;
    assert_eq!(merged.points, Points(730));
    assert_eq!(active(&chain, &b).await, 730);
    let after = chain.standing(&b).await;
    assert_eq!(
        (after.tier.as_str(), after.until),
        ("silver", before.ends(&demo::programme().unwrap()))
    );
    assert_eq!(tier(&chain, &a).await, "start");
    // 5 % of 600: neither the first purchase nor the offer that is given once.
    assert_eq!(earned(&chain, &b, 600).await, 30);
    // The purchases of the first account hold the level up, as they did before.
    chain.take_back(receipt.id).await;
    assert_eq!(tier(&chain, &b).await, "start");
    assert_eq!(
        chain.changes(&b).await,
        [
            (
                "start".to_owned(),
                "silver".to_owned(),
                "upgrade".to_owned()
            ),
            ("silver".to_owned(), "start".to_owned(), "return".to_owned()),
        ]
    );
    chain.check().await;
}

#[tokio::test]
async fn purchases_of_both_accounts_count_together_for_the_level() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    earned(&chain, &a, 8_000).await;
    let sale = chain.sell(&b, 8_000).await;
    assert_eq!(tier(&chain, &b).await, "start");
    moves(&chain, &boss, &a, &b).await;
    assert_eq!(tier(&chain, &b).await, "silver");
    chain.take_back(sale).await;
    assert_eq!(tier(&chain, &b).await, "start");
    // What is bought now is added to what both had bought.
    earned(&chain, &b, 7_000).await;
    assert_eq!(tier(&chain, &b).await, "silver");
    chain.check().await;
}

/// A sale of the member that had been made at the time of the code, and comes now.
async fn late_sale(
    chain: &Chain,
    member: &Member,
    at: kopilka_core::domain::time::Instant,
    roubles: i64,
) -> Receipt {
    let draft = Draft {
        visit: None,
        code: Some(member.code.clone()),
        shift: Some("1".to_owned()),
        number: Some("late".to_owned()),
        at: Some(at),
        lines: line(roubles),
        spend: Spend::None,
    };
    let committed = receipts::commit(&chain.k, &chain.till, &draft, &sent("late"))
        .await
        .unwrap();
    serde_json::from_str(&committed.answer).unwrap()
}

#[tokio::test]
async fn a_late_sale_of_the_first_account_is_the_persons() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    assert_eq!(earned(&chain, &b, 600).await, 200 + 50 + 18);
    chain.later(60);
    let at = chain.k.now();
    chain.later(3_600);
    moves(&chain, &boss, &a, &b).await;
    let late = late_sale(&chain, &a, at, 20_000).await;
    assert_eq!(
        late.quote.evaluation.earned.0, 600,
        "nothing that is given once"
    );
    assert_eq!(tier(&chain, &a).await, "start");
    assert_eq!(tier(&chain, &b).await, "silver");
    assert_eq!((gifts(&chain, &a).await, gifts(&chain, &b).await), (0, 1));
    assert_eq!(active(&chain, &b).await, 268 + 600);
    chain.take_back(late.id).await;
    assert_eq!(tier(&chain, &b).await, "start");
    assert_eq!(gifts(&chain, &b).await, 0);
    assert_eq!(active(&chain, &b).await, 268);
    chain.check().await;
}

#[tokio::test]
async fn gifts_and_the_points_for_a_profile_are_the_persons() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    earned(&chain, &a, 20_000).await;
    let mut tx = chain.k.db.write().await.unwrap();
    assert!(
        profiles::take_reward(&mut tx, b.id, chain.k.now())
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let merged = moves(&chain, &boss, &a, &b).await;
    assert_eq!((gifts(&chain, &a).await, gifts(&chain, &b).await), (0, 1));
    let rewarded = async |member: &Member| {
        let mut tx = chain.k.db.read().await.unwrap();
        members::by_id(&mut tx, member.id)
            .await
            .unwrap()
            .rewarded_at
            .is_some()
    };
    assert!(rewarded(&a).await && rewarded(&b).await);
    moves_back(&chain, &boss, merged.id).await;
    assert_eq!((gifts(&chain, &a).await, gifts(&chain, &b).await), (1, 0));
    assert!(!rewarded(&a).await && rewarded(&b).await);
    chain.check().await;
}

#[tokio::test]
async fn what_was_moved_can_be_moved_back_but_for_what_was_spent() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    earned(&chain, &a, 16_000).await;
    let level = chain.standing(&a).await;
    chain.later(60);
    let merged = moves(&chain, &boss, &a, &b).await;
    let bought = chain.buy(&b, 1_000, Spend::All).await;
    assert_eq!(bought.quote.evaluation.spent, Points(500));
    let back = moves_back(&chain, &boss, merged.id).await;
    assert_eq!((back.points, back.debt), (Points(230), Points(0)));
    assert_eq!(active(&chain, &a).await, 230);
    assert_eq!(chain.standing(&a).await, level);
    assert_eq!(tier(&chain, &b).await, "start");
    // The card works again, and each account has its own purchases.
    assert_eq!(earned(&chain, &a, 600).await, 30);
    let again = corrections::move_back(&chain.k, &boss, merged.id, "Ошибка").await;
    assert!(
        matches!(again, Err(Error::Refused(Refusal::NotFound))),
        "{again:?}"
    );
    // And may be merged once more.
    moves(&chain, &boss, &a, &b).await;
    assert_eq!(tier(&chain, &b).await, "silver");
    chain.check().await;
}

#[tokio::test]
async fn a_merge_in_the_middle_of_a_chain_is_undone_last() {
    let chain = chain(1_000_000).await;
    let (a, b, c) = (
        chain.member(1).await,
        chain.member(2).await,
        chain.member(3).await,
    );
    let boss = officer(&chain, "boss").await;
    earned(&chain, &a, 16_000).await;
    let first = moves(&chain, &boss, &a, &b).await;
    let second = moves(&chain, &boss, &b, &c).await;
    assert_eq!(tier(&chain, &c).await, "silver");
    let no = corrections::move_back(&chain.k, &boss, first.id, "Ошибка").await;
    assert!(
        matches!(no, Err(Error::Refused(Refusal::AccountJoined))),
        "{no:?}"
    );
    moves_back(&chain, &boss, second.id).await;
    assert_eq!(
        (tier(&chain, &b).await, tier(&chain, &c).await),
        ("silver".to_owned(), "start".to_owned())
    );
    assert_eq!(active(&chain, &b).await, 730);
    moves_back(&chain, &boss, first.id).await;
    assert_eq!(
        (tier(&chain, &a).await, tier(&chain, &b).await),
        ("silver".to_owned(), "start".to_owned())
    );
    assert_eq!(active(&chain, &a).await, 730);
    chain.check().await;
}

#[tokio::test]
async fn a_large_balance_is_moved_once_a_second_person_has_approved() {
    let chain = chain(600).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let (one, two) = (officer(&chain, "one").await, officer(&chain, "two").await);
    earned(&chain, &a, 16_000).await;
    let MoveOutcome::Waiting(id) = asks_to_move(&chain, &one, &a, &b).await else {
        panic!("730 points moved at once");
    };
    assert_eq!(
        (active(&chain, &a).await, active(&chain, &b).await),
        (730, 0)
    );
    let waiting = corrections::waiting_requests(&chain.k).await.unwrap();
    assert_eq!(
        (waiting[0].id, waiting[0].points, waiting[0].author.as_str()),
        (id, 730, "one")
    );
    assert_eq!(waiting[0].card, card(&a));
    let own = corrections::decide(&chain.k, &one, id, true).await;
    assert!(
        matches!(own, Err(Error::Refused(Refusal::OwnAdjustment))),
        "{own:?}"
    );
    // What is there when it is approved is moved.
    assert_eq!(earned(&chain, &a, 1_000).await, 50);
    corrections::decide(&chain.k, &two, id, true).await.unwrap();
    assert_eq!(
        (active(&chain, &a).await, active(&chain, &b).await),
        (0, 780)
    );
    let again = corrections::decide(&chain.k, &two, id, true).await;
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
    let named: Vec<(String, String)> = sql("SELECT card, other_card FROM support_requests")
        .all(&mut tx)
        .await
        .unwrap();
    assert_eq!(named, [(String::new(), String::new())]);
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
        members::by_id(&mut tx, member.id)
            .await
            .unwrap()
            .phone
            .unwrap()
    };
    // Nothing hangs on an empty account.
    let done = corrections::change_phone(&chain.k, &one, card(&b), "+79161112233")
        .await
        .unwrap();
    assert_eq!(done, Adjustment::Applied);
    earned(&chain, &a, 16_000).await;
    let ask = async |to: &str| match corrections::change_phone(&chain.k, &one, card(&a), to)
        .await
        .unwrap()
    {
        Adjustment::Waiting(id) => id,
        Adjustment::Applied => panic!("changed at once"),
    };
    let (first, second) = (ask("+79161112244").await, ask("+79161112255").await);
    assert_eq!(phone(&a).await, a.phone);
    corrections::decide(&chain.k, &one, first, false)
        .await
        .unwrap();
    corrections::decide(&chain.k, &two, second, true)
        .await
        .unwrap();
    assert_eq!(phone(&a).await, "+79161112255");
    let late = corrections::decide(&chain.k, &two, first, true).await;
    assert!(
        matches!(late, Err(Error::Refused(Refusal::Decided))),
        "{late:?}"
    );
    let mut tx = chain.k.db.read().await.unwrap();
    let (kept,): (i64,) = sql("SELECT COUNT(*) FROM support_requests WHERE phone <> ''")
        .one(&mut tx)
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
        let done = corrections::adjust(&chain.k, by, card(to), Points(points), "Спор", None).await;
        done.unwrap() == Adjustment::Applied
    };
    assert!(gives(&one, &all[0], 400).await);
    assert!(gives(&one, &all[1], 400).await);
    assert!(!gives(&one, &all[2], 400).await, "1 200 in three parts");
    // Moves and phones count with corrections.
    assert!(matches!(
        asks_to_move(&chain, &one, &all[0], &all[3]).await,
        MoveOutcome::Waiting(_)
    ));
    let phone = corrections::change_phone(&chain.k, &one, card(&all[1]), "+79161112233").await;
    assert!(matches!(phone, Ok(Adjustment::Waiting(_))), "{phone:?}");
    assert!(matches!(
        asks_to_move(&chain, &two, &all[0], &all[3]).await,
        MoveOutcome::Moved(_)
    ));
    assert!(gives(&two, &all[2], 600).await);
    assert!(!gives(&two, &all[2], 1).await);
    chain.later(86_401);
    assert!(gives(&one, &all[2], 1_000).await);
    chain.check().await;
}
