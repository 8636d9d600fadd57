//! Once is once for a person: who closes an account and joins again with the same phone gets nothing again that is given
//! once, for as long as the programme says. The closed account stays erased.

mod debts;
mod phones;
mod sequences;

use crate::chain::{Chain, Member};
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::offers::Offer;
use kopilka_core::domain::roles::Role;
use kopilka_core::entropy;
use kopilka_core::ids::MemberId;
use kopilka_core::store::engine::{StoredRow, sql};
use kopilka_core::store::{cards, challenges, members};
use kopilka_core::usecases::access::session::{self, Shopper};
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::access::staff::Officer;
use kopilka_core::usecases::accounts::corrections::{self, CorrectionOutcome};
use kopilka_core::usecases::accounts::settings;
use kopilka_core::usecases::demo;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use kopilka_core::usecases::profiles::profile;
use kopilka_core::usecases::sign_up::enrolment::{self, EnrolmentApplication};

/// Points of the demo's offer for a first purchase.
const FIRST: i64 = 200;

/// A person who has just joined.
struct Joined {
    member: Member,
    shopper: Shopper,
}

/// A chain that gives 200 points for a first purchase and 100 for a full profile.
async fn chain(rejoin_days: u32) -> Chain {
    Chain::open("2026-03-01", |programme| {
        let all: Vec<Offer> = demo::programme().unwrap().offers;
        programme.offers = all
            .into_iter()
            .filter(|offer| offer.id == "first-purchase")
            .collect();
        programme.offers[0]
            .conditions
            .rewrite(|written| written.until = None);
        programme.rejoin_days = rejoin_days;
    })
    .await
}

async fn join(chain: &Chain, phone: &str) -> Joined {
    let token = entropy::random_token().unwrap();
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    challenges::insert_enrolment(
        &mut tx,
        entropy::hash_token(&token),
        phone,
        "{\"from\":\"\",\"store\":\"\"}",
        chain.k.now(),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let application = EnrolmentApplication {
        first_name: "Анна".to_owned(),
        personal_data: true,
        rules: true,
        language: "ru".to_owned(),
        ..EnrolmentApplication::default()
    };
    let token = enrolment::finish_enrolment(&chain.k, &token, &application)
        .await
        .unwrap();
    let shopper = session::find_shopper(&chain.k, &token)
        .await
        .unwrap()
        .unwrap();
    let mut tx = chain.k.db.read().await.unwrap();
    let card = cards::find_of_member(&mut tx, shopper.member)
        .await
        .unwrap()
        .unwrap();
    let card = CardNumber::parse(&card.number).unwrap();
    let member = Member {
        id: shopper.member,
        phone: phone.to_owned(),
        code: codes::static_payload(&card),
    };
    Joined { member, shopper }
}

/// Points that a purchase of 500 roubles earns: 15, and 200 where it counts as the first.
async fn buys(chain: &Chain, person: &Joined) -> i64 {
    let receipt = chain.buy(&person.member, 500, PointsToSpend::None).await;
    receipt.quote.evaluation.earned.0
}

/// Points that a filled-in profile brings.
async fn fills_profile(chain: &Chain, person: &Joined) -> i64 {
    let one = profile::save_birth_date(&chain.k, &person.shopper, "1", "2", "1990")
        .await
        .unwrap();
    let two = profile::save_car(&chain.k, &person.shopper, "none")
        .await
        .unwrap();
    if one.rewarded || two.rewarded { 100 } else { 0 }
}

async fn closes(chain: &Chain, person: &Joined) {
    settings::close_account(&chain.k, &person.shopper, true)
        .await
        .unwrap();
}

async fn boss(chain: &Chain) -> Officer {
    if let Ok(officer) = staff::prove_officer(&chain.k, "boss", "test-password").await {
        return officer;
    }
    staff::add_staff(
        &chain.k,
        &Actor::OPERATOR,
        "boss",
        "Boss",
        Role::Administrator,
        "test-password",
        None,
    )
    .await
    .unwrap();
    staff::prove_officer(&chain.k, "boss", "test-password")
        .await
        .unwrap()
}

fn card(person: &Joined) -> &str {
    person.member.code.strip_prefix("70").unwrap()
}

async fn phone_changes(chain: &Chain, person: &Joined, phone: &str) {
    let officer = boss(chain).await;
    let done = corrections::change_phone(&chain.k, &officer, card(person), phone).await;
    assert_eq!(done.unwrap(), CorrectionOutcome::Applied);
}

async fn count(chain: &Chain, text: &'static str) -> i64 {
    let mut tx = chain.k.db.read().await.unwrap();
    let count: i64 = sql(text).fetch_value(&mut tx).await.unwrap();
    count
}

const X: &str = "+79161234567";
const Y: &str = "+79161234568";

#[tokio::test]
async fn who_closes_and_joins_again_gets_no_welcome_points_again() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    assert_eq!(buys(&chain, &first).await, 15 + FIRST);
    assert_eq!(fills_profile(&chain, &first).await, 100);
    closes(&chain, &first).await;
    for days in [0, 1, 200, 364] {
        chain.later(days * 86_400);
        let again = join(&chain, X).await;
        assert_ne!(again.member.id, first.member.id);
        assert_eq!(
            profile::load_profile(&chain.k, &again.shopper)
                .await
                .unwrap()
                .reward,
            None
        );
        assert_eq!(fills_profile(&chain, &again).await, 0);
        assert_eq!(buys(&chain, &again).await, 15);
        closes(&chain, &again).await;
    }
    chain.check().await;
}

#[tokio::test]
async fn an_account_closed_before_its_first_purchase_takes_nothing_away() {
    let chain = chain(365).await;
    closes(&chain, &join(&chain, X).await).await;
    let again = join(&chain, X).await;
    assert_eq!(buys(&chain, &again).await, 15 + FIRST);
    assert_eq!(fills_profile(&chain, &again).await, 100);
}

#[tokio::test]
async fn after_its_days_a_person_is_new_and_nothing_is_kept() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    buys(&chain, &first).await;
    fills_profile(&chain, &first).await;
    closes(&chain, &first).await;
    assert_eq!(
        count(&chain, "SELECT COUNT(*) FROM once_only_uses").await,
        3
    );
    chain.later(365 * 86_400);
    prune_expired_rows(&chain.k).await.unwrap();
    assert_eq!(
        count(&chain, "SELECT COUNT(*) FROM once_only_uses").await,
        3
    );
    chain.later(86_400);
    let again = join(&chain, X).await;
    assert_eq!(buys(&chain, &again).await, 15 + FIRST);
    prune_expired_rows(&chain.k).await.unwrap();
    assert_eq!(
        count(&chain, "SELECT COUNT(*) FROM once_only_uses").await,
        0
    );
}

#[tokio::test]
async fn a_programme_without_rejoin_days_keeps_nothing() {
    let chain = chain(0).await;
    let first = join(&chain, X).await;
    assert_eq!(buys(&chain, &first).await, 15 + FIRST);
    closes(&chain, &first).await;
    assert_eq!(
        count(&chain, "SELECT COUNT(*) FROM once_only_uses").await,
        0
    );
    let again = join(&chain, X).await;
    assert_eq!(buys(&chain, &again).await, 15 + FIRST);
}

#[derive(Debug, StoredRow)]
struct UseOfPhone {
    phone_hash: Vec<u8>,
    day: i64,
}

#[tokio::test]
async fn what_is_kept_names_nobody() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    buys(&chain, &first).await;
    fills_profile(&chain, &first).await;
    phone_changes(&chain, &first, Y).await;
    closes(&chain, &first).await;
    let mut tx = chain.k.db.read().await.unwrap();
    let row = members::load_member(&mut tx, first.member.id)
        .await
        .unwrap();
    assert_eq!((row.phone, row.first_name.as_str()), (None, ""));
    let rows: Vec<UseOfPhone> =
        sql("SELECT phone_hash, day FROM once_only_uses ORDER BY benefit, day, phone_hash")
            .fetch_all(&mut tx)
            .await
            .unwrap();
    // Both phones that the person had; days alone.
    assert_eq!(rows.len(), 6, "{rows:?}");
    for UseOfPhone {
        phone_hash: hash,
        day,
    } in &rows
    {
        assert_eq!(hash.len(), 32);
        assert_eq!(
            (day + 3 * 3_600_000_000) % 86_400_000_000,
            0,
            "a day of Moscow"
        );
        for told in [X, Y] {
            assert_ne!(hash, &entropy::hash_token(told));
        }
    }
    for table in [
        "SELECT COUNT(*) FROM earlier_uses",
        "SELECT COUNT(*) FROM former_phones",
    ] {
        let left: i64 = sql(table).fetch_value(&mut tx).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[tokio::test]
async fn another_phone_on_the_way_does_not_help() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    assert_eq!(buys(&chain, &first).await, 15 + FIRST);
    phone_changes(&chain, &first, Y).await;
    // The account lives on with the other phone.
    let second = join(&chain, X).await;
    assert_eq!(buys(&chain, &second).await, 15);
    closes(&chain, &second).await;
    closes(&chain, &first).await;
    for phone in [X, Y] {
        let again = join(&chain, phone).await;
        assert_eq!(buys(&chain, &again).await, 15, "{phone}");
        closes(&chain, &again).await;
    }
    // A phone that comes back to its member brings nothing that was the member's own.
    let third = join(&chain, "+79161234569").await;
    assert_eq!(buys(&chain, &third).await, 15 + FIRST);
    phone_changes(&chain, &third, "+79161234570").await;
    phone_changes(&chain, &third, "+79161234569").await;
    assert_eq!(
        count(
            &chain,
            "SELECT COUNT(*) FROM earlier_uses WHERE benefit LIKE 'offer%'"
        )
        .await,
        0
    );
}

#[tokio::test]
async fn what_was_bought_after_the_phone_was_changed_counts_for_both_phones() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    phone_changes(&chain, &first, Y).await;
    assert_eq!(buys(&chain, &first).await, 15 + FIRST);
    let second = join(&chain, X).await;
    assert_eq!(buys(&chain, &second).await, 15);
}

#[tokio::test]
async fn a_member_id_of_an_erased_person_has_no_uses_left_to_follow() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    buys(&chain, &first).await;
    closes(&chain, &first).await;
    let again = join(&chain, X).await;
    let mut tx = chain.k.db.read().await.unwrap();
    let rows: Vec<MemberId> = sql("SELECT DISTINCT member_id FROM earlier_uses")
        .fetch_values(&mut tx)
        .await
        .unwrap();
    assert_eq!(rows, [again.member.id]);
}

#[tokio::test]
async fn what_merged_accounts_used_counts_for_the_phones_of_both_whichever_is_closed() {
    for of_first in [true, false] {
        let chain = chain(365).await;
        let (first, second) = (join(&chain, X).await, join(&chain, Y).await);
        assert_eq!(buys(&chain, &first).await, 15 + FIRST);
        let officer = boss(&chain).await;
        corrections::merge_accounts(&chain.k, &officer, card(&first), card(&second), "Две карты")
            .await
            .unwrap();
        closes(&chain, if of_first { &first } else { &second }).await;
        for phone in [X, Y] {
            let again = join(&chain, phone).await;
            assert_eq!(buys(&chain, &again).await, 15, "{phone}");
        }
        chain.check().await;
    }
}

#[tokio::test]
async fn what_waits_for_a_second_person_goes_with_the_account_or_after_thirty_days() {
    let chain = chain(365).await;
    let officer = boss(&chain).await;
    let (first, second) = (join(&chain, X).await, join(&chain, Y).await);
    for person in [&first, &second] {
        chain.buy(&person.member, 50_000, PointsToSpend::None).await;
        let new = format!(
            "+7916765432{}",
            if person.member.phone == X { 1 } else { 2 }
        );
        let asked = corrections::change_phone(&chain.k, &officer, card(person), &new).await;
        assert!(
            matches!(asked, Ok(CorrectionOutcome::Waiting(_))),
            "{asked:?}"
        );
    }
    closes(&chain, &first).await;
    assert_eq!(
        count(&chain, "SELECT COUNT(*) FROM support_requests").await,
        1
    );
    chain.later(31 * 86_400);
    prune_expired_rows(&chain.k).await.unwrap();
    assert_eq!(
        count(&chain, "SELECT COUNT(*) FROM support_requests").await,
        0
    );
}
