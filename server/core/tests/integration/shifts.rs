//! Shifts of a browser till and their report: figures that are those of the receipts, whatever happened in between.

use crate::counter::{Counter, at, refused, sale};
use kopilka_core::domain::amounts::{Money, Points, Quantity};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::ids::RowId;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::access::shifts::{self, SalesFigures};
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    self, IdempotentRequest, ReturnDraft, ReturnedSaleName,
};

#[tokio::test]
async fn a_shift_begins_with_the_first_sign_in_and_ends_by_hand_or_by_the_day() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    assert_eq!(olga.shift, Some(1));
    // A second person of the same day works in the same shift.
    let token = counter.come_in(&paired, "ilya", "3690").await;
    let ilya = counter.working(&token, &paired).await;
    assert_eq!(ilya.shift, Some(1));

    shifts::close_shift(k, &ilya).await.unwrap();
    let locked = counter.locked(&token, &paired).await;
    assert_eq!(locked.shift, None);
    assert_eq!(
        refused(shifts::close_shift(k, &ilya).await),
        Refusal::NoShift
    );
    staff::unlock_till(k, Some(&paired), Some(&locked), Some(ilya.staff), "3690")
        .await
        .unwrap();
    let ilya = counter.working(&token, &paired).await;
    assert_eq!(ilya.shift, Some(2));

    counter.chain.later(86_400);
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    assert_eq!(olga.shift, Some(3));
    let report = shifts::load_shift_report(k, &olga, None).await.unwrap();
    let ended: Vec<(i64, bool, &str)> = report
        .to_choose
        .iter()
        .map(|shift| {
            (
                shift.number,
                shift.closed.is_some(),
                shift.closed_by.as_str(),
            )
        })
        .collect();
    assert_eq!(ended, [(3, false, ""), (2, true, ""), (1, true, "ilya")]);
    assert_eq!(report.total, SalesFigures::default());
    assert!(report.by_cashier.is_empty());
}

#[tokio::test]
async fn receipts_of_a_browser_till_carry_the_shift_and_those_of_the_api_the_day() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    let first = counter.sell(&at(&olga), sale(None, 100)).await.unwrap();
    assert_eq!((first.shift.as_str(), first.number.as_str()), ("1", "1"));
    shifts::close_shift(k, &olga).await.unwrap();
    // Whatever is on its way as the shift is closed belongs to the next one; a receipt is never without.
    let late = counter.sell(&at(&olga), sale(None, 100)).await.unwrap();
    assert_eq!((late.shift.as_str(), late.number.as_str()), ("2", "1"));
    let pos = counter
        .sell(&counter.chain.till, sale(None, 100))
        .await
        .unwrap();
    assert_eq!(pos.shift, "2026-03-02");
    let of_browser = TillContext {
        till: olga.till.clone(),
        staff: None,
    };
    let by_key = counter.sell(&of_browser, sale(None, 100)).await.unwrap();
    assert_eq!(by_key.shift, "2026-03-02");
}

#[tokio::test]
async fn the_report_is_the_sum_of_what_is_stored_by_cashier_and_in_all() {
    let counter = Counter::open(|p| p.points.hold_days = 0).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let member = counter.chain.member(1).await;
    // Points to spend, earned elsewhere: 3 % of 10 000.
    counter.chain.sell(&member, 10_000).await;
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    let visit = counter.look_up(&at(&olga), &member).await.unwrap();
    let mut draft = sale(Some(&visit.token), 1_000);
    draft.spend = PointsToSpend::Exactly(Points(100));
    let sold = counter.sell(&at(&olga), draft).await.unwrap();
    counter.sell(&at(&olga), sale(None, 50)).await.unwrap();

    let token = counter.come_in(&paired, "ilya", "3690").await;
    let ilya = counter.working(&token, &paired).await;
    let back = ReturnDraft {
        sale: ReturnedSaleName::Id(sold.id),
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: vec![ReturnedLinePart::of_quantity(0, Quantity::ONE)],
    };
    let sent = IdempotentRequest {
        key: RowId::new().to_string(),
        bytes_hash: None,
        body_hash: Vec::new(),
    };
    receipts::commit_return(k, &at(&ilya), &back, &sent)
        .await
        .unwrap();

    let report = shifts::load_shift_report(k, &ilya, None).await.unwrap();
    let by: Vec<(&str, SalesFigures)> = report
        .by_cashier
        .iter()
        .map(|(name, figures)| (name.as_str(), *figures))
        .collect();
    let of_ilya = SalesFigures {
        returns: 1,
        refund: Money(90_000),
        taken_back: Points(27),
        given_back: Points(100),
        ..SalesFigures::default()
    };
    let of_olga = SalesFigures {
        sales: 2,
        sold: Money(105_000),
        by_points: Money(10_000),
        given: Points(27),
        taken: Points(100),
        look_ups: 1,
        ..SalesFigures::default()
    };
    assert_eq!(by, [("ilya", of_ilya), ("olga", of_olga)]);
    let mut total = of_ilya;
    total += of_olga;
    assert_eq!(report.total, total);
    assert_eq!(report.total.in_money(), Money(5_000));

    // The store's day has the other till's sale too, and is for the administrator alone.
    assert_eq!(
        refused(shifts::load_store_day(k, &ilya).await),
        Refusal::AdminsOnly
    );
    let token = counter.come_in(&paired, "boss", "1470").await;
    let boss = counter.working(&token, &paired).await;
    let day = shifts::load_store_day(k, &boss).await.unwrap();
    let names: Vec<&str> = day.by_till.iter().map(|each| each.till.as_str()).collect();
    assert_eq!(names, ["Browser till", "Test till"]);
    assert_eq!(day.by_till[0].figures, total);
    assert_eq!(day.by_till[1].figures.sold, Money(1_000_000));
    assert_eq!(day.total.sold, Money(1_105_000));
    counter.chain.check().await;
}

#[tokio::test]
async fn a_report_is_of_the_tills_own_shifts() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    let own = shifts::close_shift(k, &olga).await.unwrap();
    let report = shifts::load_shift_report(k, &olga, Some(own))
        .await
        .unwrap();
    assert_eq!(report.shift.unwrap().number, 1);
    let token = staff::sign_in(k, None, None, "stranger", crate::counter::PASSWORD)
        .await
        .unwrap();
    let Some(staff::TillPresence::Working(stranger)) =
        staff::find_presence(k, &token, None, false).await.unwrap()
    else {
        panic!("nobody works");
    };
    let theirs = shifts::load_shift_report(k, &stranger, Some(own)).await;
    assert_eq!(refused(theirs), Refusal::NotFound);
}
