//! Putting documents in force, reading them back, and simulating them over a small made-up history.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::sync::Arc;

use tempfile::TempDir;

use super::simulate::{Period, simulate};
use super::*;
use crate::clock::ManualClock;
use crate::domain::amounts::{BasisPoints, Money, Points, Quantity};
use crate::domain::codes;
use crate::domain::evaluate::Spend;
use crate::domain::offers::{Activation, Benefit, Conditions, Limits, Offer};
use crate::domain::programme::{Localised, Tier};
use crate::domain::receipt::Line;
use crate::entropy;
use crate::ids::{MemberId, StoreId, TillId};
use crate::service::Config;
use crate::store::chain::StoreRow;
use crate::store::members::NewMember;
use crate::store::{Db, tills};
use crate::usecases::enrolment;
use crate::usecases::receipts::{Draft, Receipt, commit};
use crate::usecases::till::AtTill;

const DOCUMENT: &str = include_str!("../../../demo/programme.toml");

/// A chain of one store over a database of its own.
struct Chain {
    k: Kopilka,
    clock: Arc<ManualClock>,
    at_till: AtTill,
    _folder: TempDir,
}

fn at(text: &str) -> Instant {
    moment(text, Tz::Europe__Moscow).unwrap()
}

/// The demo's programme without offers: 3 % for everyone, 5 % from 15 000 ₽ on.
fn plain() -> Programme {
    let mut programme = read(DOCUMENT, None).programme.unwrap();
    programme.offers.clear();
    programme.gifts.clear();
    programme
}

fn rate(mut programme: Programme, rate: u32) -> Programme {
    let mut tiers: Vec<Tier> = programme.tiers.into();
    tiers[0].rate = BasisPoints(rate);
    programme.tiers = tiers.try_into().unwrap();
    programme
}

fn thousand_off(activation: Activation) -> Offer {
    let words = || Localised {
        ru: "Тест".to_owned(),
        en: "Test".to_owned(),
    };
    Offer {
        id: "thousand-off".to_owned(),
        title: words(),
        text: words(),
        benefit: Benefit::AmountOff {
            amount: Money(100_000),
        },
        conditions: Conditions::default(),
        limits: Limits {
            per_member: Some(1),
            ..Limits::default()
        },
        priority: 0,
        group: None,
        activation,
        alcohol: false,
    }
}

impl Chain {
    /// Opened on 1 November 2026, the plain programme in force from that day on.
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("kopilka.db")).await.unwrap();
        let clock = Arc::new(ManualClock::at(at("2026-11-01")));
        let config = Config {
            host: String::new(),
            demo: false,
        };
        let k = Kopilka::new(db, Arc::<ManualClock>::clone(&clock), config);
        let mut tx = k.db.write().await.unwrap();
        let store = StoreRow {
            id: StoreId::new(),
            code: "center".to_owned(),
            name: "Test".to_owned(),
            address: "Test".to_owned(),
            status: "active".to_owned(),
        };
        chain::insert_store(&mut tx, &store).await.unwrap();
        let hash = entropy::hash("test");
        let key = Some(hash.clone());
        tills::insert(&mut tx, TillId::new(), store.id, "1", "pos", key, k.now())
            .await
            .unwrap();
        let till = tills::by_key(&mut tx, hash).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let chain = Self {
            k,
            clock,
            at_till: AtTill { till, staff: None },
            _folder: folder,
        };
        let first = apply(&chain.k, &plain(), None, false).await.unwrap();
        assert!(matches!(first, Applied::Version { version: 1, .. }));
        chain
    }

    /// A new member's static code.
    async fn member(&self, phone: &str) -> String {
        let mut tx = self.k.db.write().await.unwrap();
        let rules = self.k.rules(&mut tx).await.unwrap();
        let new = NewMember {
            id: MemberId::new(),
            phone,
            first_name: "Test",
            last_name: "",
            language: "ru",
            from: "test",
            store: "center",
        };
        let card = enrolment::create(&mut tx, &new, &rules, self.k.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        codes::static_payload(&card)
    }

    /// Sells goods for so many roubles at a time, which becomes the present.
    async fn sell(&self, code: &str, time: &str, roubles: i64) -> Receipt {
        self.clock.set(at(time));
        self.post(code, time, roubles).await
    }

    /// Posts a receipt of a time that may be over.
    async fn post(&self, code: &str, time: &str, roubles: i64) -> Receipt {
        let draft = Draft {
            visit: None,
            code: Some(code.to_owned()),
            shift: None,
            number: None,
            at: Some(at(time)),
            lines: vec![Line {
                sku: "test".to_owned(),
                name: "Test".to_owned(),
                category: "grocery".to_owned(),
                quantity: Quantity::ONE,
                amount: Money(roubles * 100),
            }],
            spend: Spend::None,
        };
        let key = entropy::token().unwrap();
        let done = commit(&self.k, &self.at_till, &draft, &key, Vec::new())
            .await
            .unwrap();
        serde_json::from_str(&done.answer).unwrap()
    }
}

fn version(applied: &Applied) -> i64 {
    match applied {
        Applied::Version { version, .. } | Applied::Already { version, .. } => *version,
    }
}

fn stored_anew(applied: &Applied) -> bool {
    matches!(applied, Applied::Version { .. })
}

#[tokio::test]
async fn a_receipt_is_judged_by_the_version_of_its_own_time() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    let new = rate(plain(), 1_000);
    let applied = apply(&chain.k, &new, Some("2026-11-10"), false)
        .await
        .unwrap();
    let Applied::Version {
        version: 2,
        from,
        changes,
        replaces: None,
        until: None,
    } = applied
    else {
        panic!("{applied:?}");
    };
    assert_eq!(from, at("2026-11-10T00:00:00+03:00"));
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].to_string(), "tiers[start].rate: 300 → 1000");
    let before = chain.sell(&card, "2026-11-09T23:59:59+03:00", 1_000).await;
    assert_eq!(
        (
            before.quote.programme_version,
            before.quote.evaluation.earned
        ),
        (1, Points(30))
    );
    let after = chain.sell(&card, "2026-11-10T00:00:00+03:00", 1_000).await;
    assert_eq!(
        (after.quote.programme_version, after.quote.evaluation.earned),
        (2, Points(100))
    );
    // A till that was without a link posts it later: the rules of then still hold.
    let late = chain.post(&card, "2026-11-09T12:00:00+03:00", 1_000).await;
    assert_eq!(
        (late.quote.programme_version, late.quote.evaluation.earned),
        (1, Points(30))
    );
}

#[tokio::test]
async fn the_past_is_never_changed() {
    let chain = Chain::open().await;
    chain.clock.set(at("2026-11-05T12:00:00+03:00"));
    for time in ["2026-11-04", "2026-11-05", "2026-11-05T11:59:59+03:00"] {
        let refused = apply(&chain.k, &rate(plain(), 500), Some(time), false).await;
        let sentence = refused.unwrap_err().to_string();
        assert!(sentence.contains("is in the past"), "{sentence}");
    }
    let refused = apply(&chain.k, &rate(plain(), 500), Some("tomorrow"), false).await;
    assert!(matches!(refused, Err(NotDone::NoTime(_))));
    assert_eq!(list(&chain.k).await.unwrap().0.len(), 1);
}

#[tokio::test]
async fn the_same_document_again_does_nothing() {
    let chain = Chain::open().await;
    let again = apply(&chain.k, &plain(), None, false).await.unwrap();
    assert_eq!((version(&again), stored_anew(&again)), (1, false));
    let new = rate(plain(), 500);
    let later = apply(&chain.k, &new, Some("2026-12-01"), false)
        .await
        .unwrap();
    assert_eq!((version(&later), stored_anew(&later)), (2, true));
    for from in [None, Some("2026-12-01"), Some("2027-01-01")] {
        let again = apply(&chain.k, &new, from, false).await.unwrap();
        assert_eq!(
            (version(&again), stored_anew(&again)),
            (2, false),
            "{from:?}"
        );
    }
    // An earlier time is something else to ask for.
    let earlier = apply(&chain.k, &new, Some("2026-11-15"), false)
        .await
        .unwrap();
    assert_eq!((version(&earlier), stored_anew(&earlier)), (3, true));
}

#[tokio::test]
async fn a_waiting_version_is_replaced_from_its_own_moment_only() {
    let chain = Chain::open().await;
    apply(&chain.k, &rate(plain(), 500), Some("2026-12-01"), false)
        .await
        .unwrap();
    let between = apply(&chain.k, &rate(plain(), 600), Some("2026-11-20"), false)
        .await
        .unwrap();
    let Applied::Version {
        version: 3,
        until: Some((2, start)),
        replaces: None,
        ..
    } = between
    else {
        panic!("{between:?}");
    };
    assert_eq!(start, at("2026-12-01"));
    let instead = apply(&chain.k, &rate(plain(), 700), Some("2026-12-01"), false)
        .await
        .unwrap();
    let Applied::Version {
        version: 4,
        replaces: Some(2),
        until: None,
        ..
    } = instead
    else {
        panic!("{instead:?}");
    };
    chain.clock.set(at("2026-11-25"));
    let (versions, zone) = list(&chain.k).await.unwrap();
    assert_eq!(zone, Tz::Europe__Moscow);
    let states: Vec<(i64, State)> = versions
        .iter()
        .map(|each| (each.version, each.state))
        .collect();
    assert_eq!(
        states,
        [
            (4, State::Waiting),
            (3, State::InForce),
            (2, State::Replaced),
            (1, State::Past)
        ]
    );
    assert_eq!(versions[1].until, Some(at("2026-12-01")));
    let card = chain.member("+79160000001").await;
    let sold = chain.sell(&card, "2026-12-01T10:00:00+03:00", 1_000).await;
    assert_eq!(sold.quote.programme_version, 4);
}

#[tokio::test]
async fn points_that_members_hold_keep_their_meaning_unless_forced() {
    let chain = Chain::open().await;
    let mut dear = plain();
    dear.points.value = Money(200);
    dear.currency = "EUR".to_owned();
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02T10:00:00+03:00", 1_000).await;
    let refused = apply(&chain.k, &dear, None, false)
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("points.value: 100 → 200"), "{refused}");
    assert!(refused.contains("currency: \"RUB\" → \"EUR\""), "{refused}");
    let forced = apply(&chain.k, &dear, None, true).await.unwrap();
    assert_eq!(version(&forced), 2);
}

#[tokio::test]
async fn before_any_points_have_moved_everything_may_change() {
    let chain = Chain::open().await;
    let mut dear = plain();
    dear.points.value = Money(200);
    let applied = apply(&chain.k, &dear, None, false).await.unwrap();
    assert_eq!(version(&applied), 2);
}

#[tokio::test]
async fn what_is_shown_can_be_checked_and_applied_again() {
    let chain = Chain::open().await;
    let demo = read(DOCUMENT, None).programme.unwrap();
    apply(&chain.k, &demo, Some("2026-12-01"), false)
        .await
        .unwrap();
    let shown = show(&chain.k, Some(2)).await.unwrap();
    let first = shown.lines().next().unwrap();
    assert_eq!(
        first,
        "# Version 2 of the programme, in force from 2026-12-01T00:00:00+03:00."
    );
    let reading = check(&chain.k, &shown).await.unwrap();
    assert_eq!(reading.programme.as_ref(), Some(&demo));
    // The demo names stores that this chain does not have.
    let texts: Vec<String> = reading
        .remarks
        .iter()
        .map(|remark| remark.fault.text.clone())
        .collect();
    assert_eq!(
        texts,
        [
            "the chain has no store park; it has center",
            "the chain has no store station; it has center"
        ]
    );
    assert_eq!(diff(&chain.k, &demo, None).await.unwrap(), (2, vec![]));
    assert!(diff(&chain.k, &demo, Some(1)).await.unwrap().1.len() > 1);
    assert!(
        show(&chain.k, None)
            .await
            .unwrap()
            .starts_with("# Version 1 ")
    );
    assert!(matches!(
        show(&chain.k, Some(9)).await,
        Err(NotDone::NoVersion(9))
    ));
}

fn november() -> Period {
    Period {
        from: "2026-11-01".parse().unwrap(),
        until: "2026-11-30".parse().unwrap(),
        switched_on: false,
    }
}

#[tokio::test]
async fn a_simulation_tells_who_gains_and_who_loses() {
    let chain = Chain::open().await;
    // One stays in the first tier, one rises to the second by the first purchase, one buys outside the period.
    let small = chain.member("+79160000001").await;
    let large = chain.member("+79160000002").await;
    let away = chain.member("+79160000003").await;
    chain.sell(&small, "2026-11-02T10:00:00+03:00", 1_000).await;
    chain
        .sell(&large, "2026-11-02T11:00:00+03:00", 20_000)
        .await;
    chain.sell(&large, "2026-11-03T11:00:00+03:00", 1_000).await;
    chain.sell(&away, "2026-12-01T00:00:00+03:00", 1_000).await;

    let same = simulate(&chain.k, plain(), november()).await.unwrap();
    assert_eq!(
        (same.all.before, same.gain, same.lose, same.same),
        (same.all.after, 0, 0, 2)
    );
    assert_eq!(
        (same.all.before.sales, same.all.before.points),
        (3, Points(30 + 600 + 50))
    );
    assert_eq!(same.all.before.cost, Money(68_000));

    // The first tier gets more, the second less.
    let mut candidate = rate(plain(), 400);
    let mut tiers: Vec<Tier> = candidate.tiers.into();
    tiers[1].rate = BasisPoints(100);
    candidate.tiers = tiers.try_into().unwrap();
    let found = simulate(&chain.k, candidate.clone(), november())
        .await
        .unwrap();
    assert_eq!(found.all.after.points, Points(40 + 800 + 10));
    assert_eq!((found.gain, found.lose, found.same), (2, 0, 0));
    assert_eq!(found.by_tier["start"].after.points, Points(840));
    assert_eq!(found.by_tier["silver"].before.points, Points(50));
    assert_eq!(found.by_tier["silver"].after.points, Points(10));
    assert!(!found.tiers_reached_anew);
    let digits = |code: &str| format!("card …{}", &code[code.len() - 4..]);
    let named: Vec<(&str, Money)> = found
        .most_gained
        .iter()
        .map(|(_, label, gain)| (label.as_str(), *gain))
        .collect();
    assert_eq!(
        named,
        [
            (digits(&large).as_str(), Money(16_000)),
            (digits(&small).as_str(), Money(1_000))
        ]
    );

    let less = simulate(&chain.k, rate(plain(), 100), november())
        .await
        .unwrap();
    assert_eq!((less.gain, less.lose, less.same), (0, 2, 0));
    assert_eq!(less.most_lost[0].2, Money(-40_000));
    // Nothing of it was stored.
    assert_eq!(list(&chain.k).await.unwrap().0.len(), 1);
}

#[tokio::test]
async fn a_simulation_counts_an_offer_within_its_limits_and_taps_as_asked() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02T10:00:00+03:00", 2_000).await;
    chain.sell(&card, "2026-11-03T10:00:00+03:00", 2_000).await;
    let with = |activation| {
        let mut candidate = plain();
        candidate.offers.push(thousand_off(activation));
        candidate
    };
    let found = simulate(&chain.k, with(Activation::Automatic), november())
        .await
        .unwrap();
    assert_eq!(
        found.by_offer["thousand-off"].after.uses, 1,
        "once for each member"
    );
    assert_eq!(found.all.after.discount, Money(100_000));
    // 1 000 ₽ off, and 3 % less of points on that.
    assert_eq!(found.most_gained[0].2, Money(100_000 - 3_000));

    let nobody = simulate(&chain.k, with(Activation::Tap), november())
        .await
        .unwrap();
    assert_eq!(nobody.all.after.discount, Money(0));
    let period = Period {
        switched_on: true,
        ..november()
    };
    let everybody = simulate(&chain.k, with(Activation::Tap), period)
        .await
        .unwrap();
    assert_eq!(everybody.all.after.discount, Money(100_000));
}

#[tokio::test]
async fn other_thresholds_are_reached_by_purchases_before_the_sale() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02T10:00:00+03:00", 6_000).await;
    chain.sell(&card, "2026-11-03T10:00:00+03:00", 1_000).await;
    let mut candidate = plain();
    let mut tiers: Vec<Tier> = candidate.tiers.into();
    tiers[1].threshold = 500_000;
    candidate.tiers = tiers.try_into().unwrap();
    let found = simulate(&chain.k, candidate, november()).await.unwrap();
    assert!(found.tiers_reached_anew);
    assert_eq!(found.all.before.points, Points(180 + 30));
    assert_eq!(found.all.after.points, Points(180 + 50));
    assert_eq!(found.by_tier["silver"].after.sales, 1);
}
