//! Two accounts of one person that were merged are one: level, purchases, uses of offers and gifts go along with the points,
//! and can be moved back. What hands many points to somebody needs a second person.

mod at_once;
mod closing;
mod former_phones;
mod moved_back;
mod outdated;
mod removed_phones;
mod second_person;
mod signing_in;

use crate::chain::{Chain, Member, day, line, night, noon, sent};
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::offers::{Offer, OfferBenefit};
use kopilka_core::domain::roles::Role;
use kopilka_core::entropy;
use kopilka_core::ids::{DeviceId, RowId};
use kopilka_core::store::devices::{self, MemberDeviceRow};
use kopilka_core::store::engine::sql;
use kopilka_core::store::{members, offers, profiles};
use kopilka_core::usecases::access::session::{self, Shopper};
use kopilka_core::usecases::access::staff::{self, Officer};
use kopilka_core::usecases::accounts::corrections::{
    self, AccountMergeOutcome, CorrectionOutcome, MergedAccountPair,
};
use kopilka_core::usecases::accounts::settings;
use kopilka_core::usecases::checkout::receipts::{self, SaleDraft, SaleReceipt};
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::jobs::nightly;
use kopilka_core::usecases::loyalty::member_snapshot::balance_of;
use kopilka_core::usecases::profiles::profile;
use kopilka_core::usecases::{Error, Refusal, demo};

/// A chain of three offers: 200 points for a first purchase, 50 once for each member on other days, a cup from 20 000 roubles.
async fn chain(approval_above: i64) -> Chain {
    Chain::open("2026-03-01", |programme| {
        let all: Vec<Offer> = demo::programme().unwrap().offers;
        let mut first = all
            .into_iter()
            .find(|offer| offer.id == "first-purchase")
            .unwrap();
        first.conditions.rewrite(|written| written.until = None);
        let mut once = first.clone();
        once.id = "once".to_owned();
        once.conditions
            .rewrite(|written| written.first_purchase = false);
        once.benefit = OfferBenefit::FixedPoints { points: Points(50) };
        let mut cup = once.clone();
        cup.id = "cup".to_owned();
        cup.limits.per_member = None;
        cup.benefit = OfferBenefit::Gift {
            gift: programme.gifts[0].id.clone(),
        };
        cup.conditions
            .rewrite(|written| written.minimum_receipt = Some(Money(2_000_000)));
        programme.offers = vec![first, once, cup];
        programme.adjustments.approval_above = Points(approval_above);
    })
    .await
}

async fn officer(chain: &Chain, login: &str) -> Officer {
    staff::add_staff(
        &chain.k,
        &Actor::OPERATOR,
        login,
        login,
        Role::Support,
        "test-password",
        None,
    )
    .await
    .unwrap();
    staff::prove_officer(&chain.k, login, "test-password")
        .await
        .unwrap()
}

fn card(member: &Member) -> &str {
    member.code.strip_prefix("70").unwrap()
}

async fn asks_to_move(
    chain: &Chain,
    by: &Officer,
    from: &Member,
    to: &Member,
) -> AccountMergeOutcome {
    corrections::merge_accounts(&chain.k, by, card(from), card(to), "Две карты")
        .await
        .unwrap()
}

async fn moves(chain: &Chain, by: &Officer, from: &Member, to: &Member) -> MergedAccountPair {
    match asks_to_move(chain, by, from, to).await {
        AccountMergeOutcome::Moved(merged) => merged,
        AccountMergeOutcome::Waiting(_) => panic!("it waits for a second person"),
    }
}

async fn moves_back(chain: &Chain, by: &Officer, merge: RowId) -> MergedAccountPair {
    match corrections::undo_merge(&chain.k, by, merge, "Ошибка")
        .await
        .unwrap()
    {
        AccountMergeOutcome::Moved(merged) => merged,
        AccountMergeOutcome::Waiting(_) => panic!("it waits for a second person"),
    }
}

async fn earned(chain: &Chain, member: &Member, roubles: i64) -> i64 {
    let receipt = chain.buy(member, roubles, PointsToSpend::None).await;
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
    offers::list_waiting_gifts(&mut tx, member.id)
        .await
        .unwrap()
        .len()
}

#[tokio::test]
async fn the_till_tells_the_level_that_the_purchases_of_both_give() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    chain.buy(&a, 16_000, PointsToSpend::None).await;
    chain.buy(&b, 1_000, PointsToSpend::None).await;
    moves(&chain, &boss, &a, &b).await;
    let look_up = |member: &Member| {
        let code = member.code.clone();
        let (service, at_till) = (&chain.k, &chain.till);
        async move { till::look_up_customer(service, at_till, &code).await }
    };
    let shown = look_up(&b).await.unwrap().customer.tier;
    assert_eq!((shown.id.as_str(), shown.measured), ("silver", 1_700_000));
    let old_card = look_up(&a).await;
    assert!(matches!(
        old_card,
        Err(Error::Refused(Refusal::CardBlocked))
    ));
}

#[tokio::test]
async fn level_purchases_and_first_purchase_go_along_with_the_points() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    // 200 for the first purchase, 50 once, 3 % of 16 000.
    let receipt = chain.buy(&a, 16_000, PointsToSpend::None).await;
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
        ("silver", before.ends_at(&demo::programme().unwrap()))
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
) -> SaleReceipt {
    let draft = SaleDraft {
        visit: None,
        code: Some(member.code.clone()),
        series: None,
        shift: Some("1".to_owned()),
        number: Some("late".to_owned()),
        at: Some(at),
        lines: line(roubles),
        spend: PointsToSpend::None,
    };
    let committed = receipts::commit_sale(&chain.k, &chain.till, &draft, &sent("late"))
        .await
        .unwrap();
    committed.receipt().unwrap()
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
    let mut tx = chain.k.db.write_test_data().await.unwrap();
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
        members::load_member(&mut tx, member.id)
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

/// The member's phone, signed in.
async fn signed_in(chain: &Chain, member: &Member) -> Shopper {
    let token = entropy::random_token().unwrap();
    let now = chain.k.now();
    let row = MemberDeviceRow {
        id: DeviceId::new(),
        member_id: member.id,
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

/// Closes the account, from a phone of the member's.
async fn closes(chain: &Chain, member: &Member) {
    let shopper = signed_in(chain, member).await;
    settings::close_account(&chain.k, &shopper, true)
        .await
        .unwrap();
}

/// Fills the profile in; whether that was rewarded.
async fn tells_all(chain: &Chain, shopper: &Shopper, car: &str) -> bool {
    let born = profile::save_birth_date(&chain.k, shopper, "5", "5", "1990").await;
    let car = profile::save_car(&chain.k, shopper, car).await;
    born.unwrap().rewarded || car.unwrap().rewarded
}

#[tokio::test]
async fn the_points_for_a_profile_come_once_whichever_account_is_filled_in_after_a_merge() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    let (phone_a, phone_b) = (signed_in(&chain, &a).await, signed_in(&chain, &b).await);
    let merged = moves(&chain, &boss, &a, &b).await;
    assert!(tells_all(&chain, &phone_b, "none").await);
    assert!(!tells_all(&chain, &phone_a, "none").await);
    moves_back(&chain, &boss, merged.id).await;
    assert!(!tells_all(&chain, &phone_b, "").await);
    assert!(!tells_all(&chain, &phone_b, "none").await);
    assert!(!tells_all(&chain, &phone_a, "none").await);
    chain.check().await;
}
