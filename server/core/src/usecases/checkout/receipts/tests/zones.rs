//! A store whose clocks are not the programme's: days and hours of a sale are its own, and a return reads them as its sale did.

use crate::domain::actor::Actor;
use chrono::{DateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::rig::{Rig, back, line, programme};
use crate::domain::amounts::Points;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::offers::{Conditions, ConditionsDocument, Hours, OfferBenefit, OfferLimits};
use crate::domain::programme::Programme;
use crate::domain::returns::SaleJudgement;
use crate::domain::time::Instant;
use crate::store::chain::StoreTimeZone;
use crate::store::json;
use crate::store::tills;
use crate::usecases::checkout::claim_codes;
use crate::usecases::checkout::till::look_up_customer;
use crate::usecases::programme::stores::{self, StoreChanges};

const FAR: Option<Tz> = Some(Tz::Asia__Vladivostok);

/// The rig's programme, in Moscow's time, with one offer: 50 points for coffee, under these conditions and limits.
fn with(conditions: Conditions, limits: OfferLimits) -> Programme {
    let mut programme = programme(0);
    programme.offers.retain(|offer| offer.id == "coffee");
    for offer in &mut programme.offers {
        offer.benefit = OfferBenefit::FixedPoints { points: Points(50) };
        offer.limits = limits.clone();
        let items = offer.conditions.items().to_vec();
        offer.conditions = conditions.clone();
        offer.conditions.rewrite(|written| written.items = items);
    }
    programme
}

/// On Fridays from 18:00 to 20:00.
fn friday_evening() -> Rig {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let conditions = ConditionsDocument {
        weekdays: vec![Weekday::Fri],
        hours: Some(Hours {
            from: hour(18),
            until: hour(20),
        }),
        ..ConditionsDocument::default()
    };
    Rig::with(&with(conditions.into(), OfferLimits::default()))
}

fn at(text: &str) -> Instant {
    Instant(
        DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_micros(),
    )
}

/// Says where the clocks of the rig's store are, from now on.
fn turn_clocks(rig: &mut Rig, zone: Option<Tz>) {
    let (code, id) = (rig.till.till.store_code.clone(), rig.till.till.id);
    rig.till.till = rig.runtime.block_on(async {
        let said = StoreChanges {
            time_zone: Some(StoreTimeZone(zone)),
            ..StoreChanges::default()
        };
        stores::change_store(&rig.k, &Actor::OPERATOR, &code, said)
            .await
            .unwrap();
        let mut tx = rig.k.db.read().await.unwrap();
        tills::find_by_id(&mut tx, id).await.unwrap().unwrap()
    });
}

#[test]
fn hours_and_weekdays_are_those_of_the_store() {
    let mut rig = friday_evening();
    turn_clocks(&mut rig, FAR);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        for (time, points) in [
            ("2026-11-27T17:59:00+10:00", 0),
            ("2026-11-27T18:00:00+10:00", 50),
            ("2026-11-27T19:59:00+10:00", 50),
            // Friday evening in Moscow, Saturday morning there.
            ("2026-11-27T18:30:00+03:00", 0),
        ] {
            rig.clock.set_time(at(time));
            let shown = look_up_customer(&rig.k, &rig.till, &format!("70{}", anna.card.as_str()))
                .await
                .unwrap();
            let coffee = vec![line("coffee", 1, 100)];
            let sold = rig.sell(&anna, coffee, PointsToSpend::None).await;
            let evaluation = sold.quote.evaluation;
            assert_eq!(evaluation.earned, Points(3 + points), "{time}");
            // The till promises what it gives.
            assert_eq!(
                shown.customer.offers.len(),
                usize::from(points > 0),
                "{time}"
            );
        }
    });
}

#[test]
fn a_return_after_the_clocks_of_the_store_were_turned_leaves_the_ledger_of_what_was_kept() {
    for (sold_by, turned_to) in [(FAR, None), (FAR, Some(Tz::Europe__Samara)), (None, FAR)] {
        let mut rig = friday_evening();
        turn_clocks(&mut rig, sold_by);
        let evening = match sold_by {
            Some(_) => at("2026-11-27T18:30:00+10:00"),
            None => at("2026-11-27T18:30:00+03:00"),
        };
        rig.clock.set_time(evening);
        let (both, alone) = (
            || vec![line("coffee", 1, 100), line("grocery", 1, 1_000)],
            || vec![line("coffee", 1, 100)],
        );
        let (anna, boris, sale, unclaimed) = rig.runtime.block_on(async {
            let (anna, boris) = (rig.member(0).await, rig.member(0).await);
            let sale = rig.sell(&anna, both(), PointsToSpend::None).await;
            assert_eq!(sale.quote.evaluation.earned, Points(33 + 50));
            rig.sell(&boris, alone(), PointsToSpend::None).await;
            (anna, boris, sale, rig.sell_to_nobody(both()).await)
        });
        turn_clocks(&mut rig, turned_to);
        rig.runtime.block_on(async {
            rig.wait_days(2);
            rig.take_back(sale.id, vec![back(1, 1)]).await.unwrap();
            let kept = rig.balance(&boris).await.active;
            assert_eq!(kept, Points(3 + 50));
            assert_eq!(rig.balance(&anna).await.active, kept);
            assert_eq!(rig.kept(&anna).await, rig.kept(&boris).await);
            // Whoever claims a receipt of that evening gets the same.
            let vera = rig.member(0).await;
            let code = unclaimed.claim.unwrap().code;
            let shopper = rig.shopper(&vera).await;
            claim_codes::claim_receipt(&rig.k, &shopper, &code)
                .await
                .unwrap();
            assert_eq!(rig.balance(&vera).await.active, Points(33 + 50));
            rig.take_back(unclaimed.id, vec![back(1, 1)]).await.unwrap();
            assert_eq!(rig.balance(&vera).await.active, kept);
            rig.check().await;
        });
    }
}

#[test]
fn once_a_day_is_once_in_a_day_of_the_store() {
    let limits = OfferLimits {
        per_day: Some(1),
        ..OfferLimits::default()
    };
    let mut rig = Rig::with(&with(Conditions::default(), limits));
    turn_clocks(&mut rig, FAR);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        // Before and after midnight there, one afternoon in Moscow; and an evening of that same day there.
        for (time, points) in [
            ("2026-11-27T23:30:00+10:00", 50),
            ("2026-11-28T00:30:00+10:00", 50),
            ("2026-11-28T22:00:00+10:00", 0),
        ] {
            rig.clock.set_time(at(time));
            let sold = rig
                .sell(&anna, vec![line("coffee", 1, 100)], PointsToSpend::None)
                .await;
            let earned = sold.quote.evaluation.earned;
            assert_eq!(earned, Points(3 + points), "{time}");
        }
    });
}

#[test]
fn judgements_that_were_kept_without_a_time_zone_are_the_programme_s() {
    let kept = r#"{"standing":null,"wallet":{"available":0,"may_earn":true,"may_spend":false}}"#;
    let judgement: SaleJudgement = json::from_column(kept).unwrap();
    assert_eq!(judgement.time_zone(&programme(0)), Tz::Europe__Moscow);
    assert_eq!(json::to_column(&judgement).unwrap(), kept);
}
