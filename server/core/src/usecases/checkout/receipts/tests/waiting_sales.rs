//! Sales that a till kept while it had no link: judged as of their own time, and put aside once where they are refused.

use super::super::receipt_batch::till_of_maker;
use super::super::*;
use super::rig::{Rig, line};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::time::Instant;
use crate::ids::StaffId;
use crate::store::put_aside_sales;
use crate::usecases::checkout::till::{list_put_aside, look_up_customer, put_sale_aside as aside};
use crate::usecases::{Error, Refusal};

#[test]
fn a_visit_that_was_open_when_the_sale_was_made_earns_later_but_does_not_spend() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let scan = format!("70{}", anna.card.as_str());
        let visit = look_up_customer(&rig.k, &rig.till, &scan).await.unwrap();
        let made = rig.k.now().plus_secs(60);
        let mut draft = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::None);
        (draft.visit, draft.code) = (Some(visit.token.clone()), None);
        draft.at = Some(made);
        rig.wait_days(2);
        let spending = SaleDraft {
            spend: PointsToSpend::All,
            ..draft.clone()
        };
        for (late, number) in [
            (spending, "1"),
            (
                SaleDraft {
                    at: Some(visit.expires),
                    ..draft.clone()
                },
                "2",
            ),
        ] {
            let late = SaleDraft {
                number: Some(number.to_owned()),
                ..late
            };
            let no = commit_sale(&rig.k, &rig.till, &late, &rig.sent()).await;
            assert!(
                matches!(no, Err(Error::Refused(Refusal::VisitOver))),
                "{number}"
            );
        }
        // Others are looked up meanwhile: what is over stays known for a while.
        look_up_customer(&rig.k, &rig.till, &scan).await.unwrap();
        let done = commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
            .await
            .unwrap();
        assert_eq!(done.outcome, CommitOutcome::Stored);
        assert!(rig.balance(&anna).await.active.is_positive());
        rig.check().await;
    });
}

#[test]
fn a_sale_that_is_put_aside_is_kept_once_and_without_whose_it_was() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let draft = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::None);
        let sent = rig.sent();
        for _ in 0..2 {
            aside(&rig.k, &rig.till, &draft, &sent, "card-unknown")
                .await
                .unwrap();
        }
        let listed = list_put_aside(&rig.k, &rig.till).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].why, "card-unknown");
        let mut tx = rig.k.db.read().await.unwrap();
        let rows = put_aside_sales::list_since(&mut tx, rig.till.till.id, Instant(0))
            .await
            .unwrap();
        assert_eq!(rows.len(), 1);
        assert!(!format!("{:?}", rows[0]).contains(anna.card.as_str()));
        drop(tx);
        rig.wait_days(91);
        assert!(list_put_aside(&rig.k, &rig.till).await.unwrap().is_empty());
    });
}

#[test]
fn a_sale_is_only_said_to_be_of_somebody_who_has_worked_at_the_till() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let stranger = till_of_maker(&rig.k, &rig.till, StaffId::new())
            .await
            .unwrap();
        assert_eq!(stranger.staff, rig.till.staff);
    });
}
