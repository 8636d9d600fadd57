//! Lists of members of an offer: kept beside the programme, asked when a sale is judged, on each engine.

use crate::chain::{Chain, Member, line, sent};
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::offers::{ConditionsDocument, Offer, OfferBenefit};
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::roles::Role;
use kopilka_core::ids::{DeviceId, MemberId};
use kopilka_core::store::engine::sql;
use kopilka_core::store::members::{self, NewMember};
use kopilka_core::store::programmes;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::accounts::corrections::{self, AccountMergeOutcome};
use kopilka_core::usecases::accounts::{export, settings};
use kopilka_core::usecases::checkout::receipts::{self, SaleDraft};
use kopilka_core::usecases::demo;
use kopilka_core::usecases::loyalty::offers;
use kopilka_core::usecases::programme::offer_members::{
    self, ListChange, MemberReference, OfferListError, clear_list, list_members,
};

/// Points of the offer for named members; a purchase of 100 roubles earns 3 without it.
const GIVEN: i64 = 70;

fn named(written: ConditionsDocument) -> Offer {
    let mut offer = demo::programme().unwrap().offers.swap_remove(0);
    offer.id = "guests".to_owned();
    offer.conditions = written.into();
    offer.benefit = OfferBenefit::FixedPoints {
        points: Points(GIVEN),
    };
    offer.limits.per_member = None;
    offer
}

fn listed() -> ConditionsDocument {
    ConditionsDocument {
        named_members: true,
        ..ConditionsDocument::default()
    }
}

async fn chain() -> Chain {
    Chain::open("2026-03-01", |programme| {
        programme.offers = vec![named(listed())];
        programme.adjustments.approval_above = Points(1_000_000);
    })
    .await
}

fn card(member: &Member) -> &str {
    member.code.strip_prefix("70").unwrap()
}

fn references(texts: &[&str]) -> Vec<MemberReference> {
    let texts = (1..).zip(texts);
    texts
        .map(|(line, text)| MemberReference {
            line,
            text: (*text).to_owned(),
        })
        .collect()
}

async fn add(chain: &Chain, texts: &[&str]) -> Result<ListChange, OfferListError> {
    offer_members::add_members(&chain.k, &Actor::OPERATOR, "guests", &references(texts)).await
}

async fn remove(chain: &Chain, texts: &[&str]) -> ListChange {
    offer_members::remove_members(&chain.k, &Actor::OPERATOR, "guests", &references(texts))
        .await
        .unwrap()
}

async fn earned(chain: &Chain, member: &Member) -> i64 {
    let receipt = chain.buy(member, 100, PointsToSpend::None).await;
    receipt.quote.evaluation.earned.0
}

fn shopper(member: &Member) -> Shopper {
    Shopper {
        member: member.id,
        device: DeviceId::new(),
        language: "en".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_for_the_members_of_its_list_in_wallet_and_till() {
    let chain = chain().await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    assert_eq!(earned(&chain, &a).await, 3);
    let done = add(&chain, &[card(&a), &a.id.to_string()]).await.unwrap();
    assert_eq!(
        (done.changed, done.unchanged, done.is_asked_for),
        (1, 0, true)
    );
    let again = add(&chain, &[card(&a), &b.id.to_string()]).await.unwrap();
    assert_eq!((again.changed, again.unchanged), (1, 1));
    for member in [&a, &b] {
        assert_eq!(earned(&chain, member).await, 3 + GIVEN);
        let shown = offers::list_offers(&chain.k, &shopper(member))
            .await
            .unwrap();
        assert_eq!(shown.len(), 1);
    }
    let places = list_members(&chain.k, "guests", None, 10).await.unwrap();
    assert_eq!(places.len(), 2);
    let after = list_members(&chain.k, "guests", Some(places[0].member_id), 10).await;
    assert_eq!(after.unwrap(), places[1..]);
    let gone = remove(&chain, &[card(&a)]).await;
    assert_eq!((gone.changed, gone.unchanged), (1, 0));
    assert_eq!(earned(&chain, &a).await, 3);
    let shown = offers::list_offers(&chain.k, &shopper(&a)).await.unwrap();
    assert_eq!(shown.len(), 0);
    assert_eq!(
        clear_list(&chain.k, &Actor::OPERATOR, "guests")
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        clear_list(&chain.k, &Actor::OPERATOR, "guests")
            .await
            .unwrap(),
        0
    );
    assert_eq!(earned(&chain, &b).await, 3);
    assert_eq!(
        outcomes(&chain).await,
        [
            "guests 1 added",
            "guests 1 added",
            "guests 1 removed",
            "guests 1 cleared",
            "guests 0 cleared"
        ]
    );
    chain.check().await;
}

/// Subjects and outcomes of the audit lines about lists, oldest first.
async fn outcomes(chain: &Chain) -> Vec<String> {
    let mut tx = chain.k.db.read().await.unwrap();
    sql("SELECT subject || ' ' || outcome FROM audit WHERE action = 'offer-members-changed' ORDER BY id")
        .fetch_values(&mut tx)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_a_name_of_nobody_is_not_stored_at_all() {
    let chain = chain().await;
    let (a, closed) = (chain.member(1).await, chain.member(2).await);
    settings::close_account(&chain.k, &shopper(&closed), true)
        .await
        .unwrap();
    let refused = add(&chain, &[card(&a), "9999", card(&closed)]).await;
    assert!(
        matches!(&refused, Err(OfferListError::UnknownReferences(lines)) if *lines == [2, 3]),
        "{refused:?}"
    );
    assert_eq!(
        list_members(&chain.k, "guests", None, 10).await.unwrap(),
        []
    );
    let other = offer_members::add_members(
        &chain.k,
        &Actor::OPERATOR,
        "nothing",
        &references(&[card(&a)]),
    )
    .await;
    assert!(
        matches!(other, Err(OfferListError::NoOffer(_))),
        "{other:?}"
    );
    assert_eq!(outcomes(&chain).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_stored_in_blocks_with_a_line_each() {
    let chain = chain().await;
    let ids: Vec<String> = (0..501).map(|_| MemberId::new().to_string()).collect();
    let texts: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    for (number, id) in ids.iter().enumerate() {
        let phone = format!("+7900{number:07}");
        let new = NewMember {
            id: id.parse().unwrap(),
            phone: &phone,
            first_name: "Test",
            last_name: "",
            language: "ru",
            from: "",
            store: "",
        };
        members::insert(&mut tx, &new, chain.k.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let unknown = MemberId::new().to_string();
    let with_unknown: Vec<&str> = texts.iter().copied().chain([unknown.as_str()]).collect();
    let refused = add(&chain, &with_unknown).await;
    assert!(
        matches!(&refused, Err(OfferListError::UnknownReferences(lines)) if *lines == [502]),
        "{refused:?}"
    );
    assert_eq!(outcomes(&chain).await, [""; 0]);
    let done = add(&chain, &texts).await.unwrap();
    assert_eq!((done.changed, done.unchanged), (501, 0));
    let gone = remove(&chain, &texts[..2]).await;
    assert_eq!((gone.changed, gone.unchanged), (2, 0));
    assert_eq!(
        outcomes(&chain).await,
        ["guests 500 added", "guests 1 added", "guests 2 removed"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_is_judged_by_the_list_as_it_was_when_the_sale_was() {
    let chain = chain().await;
    let a = chain.member(1).await;
    add(&chain, &[card(&a)]).await.unwrap();
    let sale = chain.buy(&a, 100, PointsToSpend::None).await;
    remove(&chain, &[card(&a)]).await;
    chain.take_back(sale.id).await;
    let taken: i64 = chain
        .entries(&a, "return")
        .await
        .iter()
        .map(|entry| entry.points.0)
        .sum();
    assert_eq!(taken, -(3 + GIVEN));
    chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_that_comes_late_is_judged_by_the_list_as_it_is_when_it_comes() {
    let chain = chain().await;
    let a = chain.member(1).await;
    let bought = chain.k.now();
    chain.later(3_600);
    add(&chain, &[card(&a)]).await.unwrap();
    let draft = SaleDraft {
        visit: None,
        code: Some(a.code.clone()),
        series: None,
        shift: Some("1".to_owned()),
        number: Some("late".to_owned()),
        at: Some(bought),
        lines: line(100),
        spend: PointsToSpend::None,
    };
    receipts::commit_sale(&chain.k, &chain.till, &draft, &sent("late"))
        .await
        .unwrap();
    let earned = chain.entries(&a, "earn").await;
    let earned: i64 = earned.iter().map(|entry| entry.points.0).sum();
    assert_eq!(earned, 3 + GIVEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_accounts_have_the_places_of_both_and_each_its_own_again_afterwards() {
    let chain = chain().await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    add(&chain, &[card(&a)]).await.unwrap();
    staff::add_staff(
        &chain.k,
        &Actor::OPERATOR,
        "boss",
        "boss",
        Role::Support,
        "test-password",
        None,
    )
    .await
    .unwrap();
    let boss = staff::prove_officer(&chain.k, "boss", "test-password")
        .await
        .unwrap();
    let moved = corrections::merge_accounts(&chain.k, &boss, card(&a), card(&b), "Две карты");
    let AccountMergeOutcome::Moved(merged) = moved.await.unwrap() else {
        panic!("it waits for a second person");
    };
    assert_eq!(earned(&chain, &b).await, 3 + GIVEN);
    // The person has a place already, whichever of their cards is named.
    let again = add(&chain, &[card(&b)]).await.unwrap();
    assert_eq!((again.changed, again.unchanged), (0, 1));
    corrections::undo_merge(&chain.k, &boss, merged.id, "Ошибка")
        .await
        .unwrap();
    assert_eq!(earned(&chain, &b).await, 3);
    assert_eq!(earned(&chain, &a).await, 3 + GIVEN);
    chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_tells_of_places_and_names_no_offer_for_alcohol() {
    let chain = Chain::open("2026-03-01", |programme| {
        let mut spirits = named(listed());
        spirits.id = "spirits".to_owned();
        spirits.alcohol = true;
        programme.offers = vec![named(listed()), spirits];
    })
    .await;
    let a = chain.member(1).await;
    add(&chain, &[card(&a)]).await.unwrap();
    offer_members::add_members(
        &chain.k,
        &Actor::OPERATOR,
        "spirits",
        &references(&[card(&a)]),
    )
    .await
    .unwrap();
    let told = export::export_everything(&chain.k, &shopper(&a))
        .await
        .unwrap();
    let told = serde_json::to_value(&told).unwrap();
    let places: Vec<&serde_json::Value> = told["offer_lists"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| &place["offer"])
        .collect();
    assert_eq!(
        places,
        [&serde_json::json!("guests"), &serde_json::Value::Null]
    );
    settings::close_account(&chain.k, &shopper(&a), true)
        .await
        .unwrap();
    assert_eq!(
        list_members(&chain.k, "guests", None, 10).await.unwrap(),
        []
    );
}

/// Stores a programme as it is, as versions were stored before lists stood beside it.
async fn store(chain: &Chain, programme: &Programme) {
    let now = chain.k.now();
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    programmes::insert(&mut tx, programme, now, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_version_with_ids_of_members_still_names_them() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let mut programme = demo::programme().unwrap();
    programme.offers = vec![named(ConditionsDocument {
        members: vec![a.id.to_string()],
        ..ConditionsDocument::default()
    })];
    chain.later(60);
    store(&chain, &programme).await;
    assert_eq!(earned(&chain, &a).await, 3 + GIVEN);
    assert_eq!(earned(&chain, &b).await, 3);
    let done = add(&chain, &[card(&b)]).await.unwrap();
    assert!(!done.is_asked_for);
    // The list is filled before a version asks for it.
    assert_eq!(earned(&chain, &b).await, 3);
    programme.offers = vec![named(listed())];
    chain.later(60);
    store(&chain, &programme).await;
    assert_eq!(earned(&chain, &a).await, 3);
    assert_eq!(earned(&chain, &b).await, 3 + GIVEN);
}
