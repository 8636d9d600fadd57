//! The radar over tills: a soft limit warns, a hard one refuses until a senior lets one visit pass; both are in the log. A sale
//! without a card is never refused, and a late one is held.

use crate::chain::Member;
use crate::counter::{Counter, PASSWORD, at, refused, sale};
use kopilka_core::domain::amounts::{Points, Quantity};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::fraud_limits::{FraudPattern, SuspicionLevel};
use kopilka_core::domain::programme::{
    FraudHoursLimit, FraudLimit, FraudLimitRules, TimedFraudLimit,
};
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::ids::RowId;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::access::staff::Cashier;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::accounts::corrections;
use kopilka_core::usecases::checkout::fraud_limits::{OverrideTarget, override_limits};
use kopilka_core::usecases::checkout::receipts;
use kopilka_core::usecases::checkout::{spend_confirmation, till};

fn timed(soft: u32, hard: u32, minutes: u32) -> Option<TimedFraudLimit> {
    Some(TimedFraudLimit {
        soft: Some(soft),
        hard: Some(hard),
        minutes,
    })
}

fn none() -> FraudLimitRules {
    FraudLimitRules {
        phone_change: None,
        ..FraudLimitRules::default()
    }
}

async fn open(radar: FraudLimitRules) -> (Counter, Cashier, Member) {
    let counter = Counter::open(|p| p.fraud_limits = radar).await;
    let paired = counter.paired().await;
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    let member = counter.chain.member(1).await;
    (counter, olga, member)
}

fn seen(visit: &till::CustomerVisit) -> Vec<(FraudPattern, SuspicionLevel)> {
    let suspicions = visit.customer.suspicions.iter();
    suspicions.map(|each| (each.pattern, each.level)).collect()
}

fn lines(log: &[(String, String, String)]) -> Vec<(&str, &str)> {
    log.iter()
        .map(|(_, subject, outcome)| (subject.as_str(), outcome.as_str()))
        .collect()
}

#[tokio::test]
async fn one_card_looked_up_again_and_again_warns_then_is_refused_until_its_time_is_over() {
    let (counter, olga, member) = open(FraudLimitRules {
        card_scans: timed(2, 4, 10),
        ..none()
    })
    .await;
    let till = at(&olga);
    for _ in 0..2 {
        assert_eq!(seen(&counter.look_up(&till, &member).await.unwrap()), []);
    }
    for _ in 0..2 {
        let visit = counter.look_up(&till, &member).await.unwrap();
        assert_eq!(
            seen(&visit),
            [(FraudPattern::CardScans, SuspicionLevel::Soft)]
        );
    }
    for _ in 0..3 {
        let visit = counter.look_up(&till, &member).await;
        assert_eq!(refused(visit), Refusal::ScannedTooOften);
    }
    let log = counter.log("radar").await;
    let (soft, hard) = (("card-scans", "soft"), ("card-scans", "hard"));
    assert_eq!(lines(&log), [soft, soft, hard, hard, hard]);
    assert_eq!(counter.log("look-up").await.len(), 7);
    // Another card, and another cashier's look-up, are no part of it.
    let other = counter.chain.member(2).await;
    assert_eq!(seen(&counter.look_up(&till, &other).await.unwrap()), []);
    // What was refused does not make it longer.
    counter.chain.later(601);
    assert_eq!(seen(&counter.look_up(&till, &member).await.unwrap()), []);
}

#[tokio::test]
async fn looking_up_a_card_for_a_return_is_limited_as_any_look_up() {
    let (counter, olga, member) = open(FraudLimitRules {
        card_scans: timed(1, 2, 10),
        ..none()
    })
    .await;
    let till = at(&olga);
    let k = &counter.chain.k;
    counter.look_up(&till, &member).await.unwrap();
    till::identify_member(k, &till, &member.code).await.unwrap();
    // Both kinds are counted together.
    for _ in 0..2 {
        let listed = till::identify_member(k, &till, &member.code).await;
        assert_eq!(refused(listed), Refusal::ScannedTooOften);
        let visit = counter.look_up(&till, &member).await;
        assert_eq!(refused(visit), Refusal::ScannedTooOften);
    }
    assert_eq!(counter.log("look-up").await.len(), 6);
    counter.chain.later(601);
    till::identify_member(k, &till, &member.code).await.unwrap();
}

#[tokio::test]
async fn many_cards_without_sales_are_refused_and_sales_make_room() {
    let (counter, olga, member) = open(FraudLimitRules {
        scans_without_sale: timed(1, 2, 60),
        ..none()
    })
    .await;
    let till = at(&olga);
    let first = counter.look_up(&till, &member).await.unwrap();
    counter
        .look_up(&till, &counter.chain.member(2).await)
        .await
        .unwrap();
    let third = counter.chain.member(3).await;
    let stopped = counter.look_up(&till, &third).await;
    assert_eq!(refused(stopped), Refusal::TooManyLookUps);
    // A sale without a card is never stopped, and makes no room.
    counter.sell(&till, sale(None, 100)).await.unwrap();
    let stopped = counter.look_up(&till, &third).await;
    assert_eq!(refused(stopped), Refusal::TooManyLookUps);
    counter
        .sell(&till, sale(Some(&first.token), 100))
        .await
        .unwrap();
    counter.look_up(&till, &third).await.unwrap();
}

#[tokio::test]
async fn a_look_up_for_a_return_counts_as_one_without_a_sale_until_the_return_is_made() {
    let (counter, olga, member) = open(FraudLimitRules {
        scans_without_sale: timed(1, 2, 60),
        ..none()
    })
    .await;
    let (till, k) = (at(&olga), &counter.chain.k);
    let other = counter.chain.member(2).await;
    let mut sales = Vec::new();
    for _ in 0..2 {
        sales.push(counter.chain.sell(&member, 100).await);
    }
    let search = async |member: &Member| till::identify_member(k, &till, &member.code).await;
    // Two that lead to nothing are as many as may be.
    search(&other).await.unwrap();
    search(&member).await.unwrap();
    assert_eq!(refused(search(&member).await), Refusal::TooManyLookUps);
    let take_back = async |sale| {
        let draft = receipts::ReturnDraft {
            sale: receipts::ReturnedSaleName::Id(sale),
            series: None,
            shift: None,
            number: None,
            at: None,
            lines: vec![ReturnedLinePart::of_quantity(0, Quantity::ONE)],
        };
        let sent = crate::chain::sent(&RowId::new().to_string());
        receipts::commit_return(k, &till, &draft, &sent)
            .await
            .unwrap();
    };
    // A return answers a look-up of its own member, and no other one.
    take_back(sales[0]).await;
    search(&member).await.unwrap();
    assert_eq!(refused(search(&other).await), Refusal::TooManyLookUps);
    take_back(sales[1]).await;
    search(&member).await.unwrap();
    assert_eq!(refused(search(&member).await), Refusal::TooManyLookUps);
}

#[tokio::test]
async fn a_card_on_many_receipts_of_a_till_is_refused_there_for_the_day() {
    let (counter, olga, member) = open(FraudLimitRules {
        card_receipts: Some(FraudLimit {
            soft: Some(1),
            hard: Some(2),
        }),
        ..none()
    })
    .await;
    let till = at(&olga);
    let visit = counter.look_up(&till, &member).await.unwrap();
    assert_eq!(seen(&visit), []);
    counter
        .sell(&till, sale(Some(&visit.token), 100))
        .await
        .unwrap();
    let again = counter.look_up(&till, &member).await.unwrap();
    assert_eq!(
        seen(&again),
        [(FraudPattern::CardReceipts, SuspicionLevel::Soft)]
    );
    counter
        .sell(&till, sale(Some(&again.token), 100))
        .await
        .unwrap();
    let draft = sale(Some(&visit.token), 100);
    let quote = receipts::quote_sale(counter.k(), &till, &draft).await;
    assert_eq!(refused(quote), Refusal::CardTooOften);
    let sold = counter.sell(&till, draft).await;
    assert_eq!(refused(sold), Refusal::CardTooOften);
    let log = counter.log("radar").await;
    let (soft, hard) = (("card-receipts", "soft"), ("card-receipts", "hard"));
    assert_eq!(lines(&log), [soft, hard, hard]);
    // Without the card, and at another till, it goes on; there the API is watched as well.
    counter.sell(&till, sale(None, 100)).await.unwrap();
    let by_code = || receipts::SaleDraft {
        code: Some(member.code.clone()),
        ..sale(None, 100)
    };
    let pos = &counter.chain.till;
    counter.sell(pos, by_code()).await.unwrap();
    counter.sell(pos, by_code()).await.unwrap();
    assert_eq!(
        refused(counter.sell(pos, by_code()).await),
        Refusal::CardTooOften
    );
    // A new day begins at midnight of the programme's time zone.
    counter.chain.later(12 * 3_600 - 1);
    assert_eq!(
        refused(counter.sell(pos, by_code()).await),
        Refusal::CardTooOften
    );
    counter.chain.later(1);
    counter.sell(pos, by_code()).await.unwrap();
}

/// What the till is promised before anything is spent: whether points may be, and how many a sale could be paid with.
async fn promised(
    counter: &Counter,
    till: &TillContext,
    visit: &till::CustomerVisit,
) -> (bool, Points) {
    let quote = receipts::quote_sale(counter.k(), till, &sale(Some(&visit.token), 1_000))
        .await
        .unwrap();
    (visit.customer.may_spend, quote.evaluation.spendable)
}

#[tokio::test]
async fn points_stay_for_a_day_after_the_phone_was_changed() {
    let (counter, olga, member) = open(FraudLimitRules {
        phone_change: Some(FraudHoursLimit {
            soft_hours: Some(72),
            hard_hours: Some(24),
        }),
        ..none()
    })
    .await;
    counter.chain.sell(&member, 10_000).await;
    let k = counter.k();
    let officer = staff::prove_officer(k, "boss", PASSWORD).await.unwrap();
    let card = member.code.get(2..).unwrap();
    corrections::change_phone(k, &officer, card, "+7 916 555-44-33")
        .await
        .unwrap();
    let till = at(&olga);
    let spend = |token: &str| {
        let mut draft = sale(Some(token), 1_000);
        draft.spend = PointsToSpend::Exactly(Points(10));
        draft
    };
    let visit = counter.look_up(&till, &member).await.unwrap();
    assert_eq!(
        seen(&visit),
        [(FraudPattern::PhoneChange, SuspicionLevel::Hard)]
    );
    assert_eq!(promised(&counter, &till, &visit).await, (false, Points(0)));
    let of_software = &counter.chain.till;
    let by_software = till::look_up_customer(k, of_software, &member.code)
        .await
        .unwrap();
    assert_eq!(
        promised(&counter, of_software, &by_software).await,
        (false, Points(0))
    );
    let asked =
        spend_confirmation::ask_to_confirm(k, &till, &sale(Some(&visit.token), 1_000)).await;
    assert_eq!(refused(asked), Refusal::PhoneJustChanged);
    let sold = counter.sell(&till, spend(&visit.token)).await;
    assert_eq!(refused(sold), Refusal::PhoneJustChanged);
    // Earning goes on.
    counter
        .sell(&till, sale(Some(&visit.token), 100))
        .await
        .unwrap();
    counter.chain.later(86_400);
    let visit = counter.look_up(&till, &member).await.unwrap();
    assert_eq!(
        seen(&visit),
        [(FraudPattern::PhoneChange, SuspicionLevel::Soft)]
    );
    assert_eq!(promised(&counter, &till, &visit).await, (true, Points(303)));
    counter.sell(&till, spend(&visit.token)).await.unwrap();
    counter.chain.later(2 * 86_400);
    let visit = counter.look_up(&till, &member).await.unwrap();
    assert_eq!(seen(&visit), []);
    assert_eq!(counter.log("phone-changed").await.len(), 1);
}

#[tokio::test]
async fn a_senior_lets_one_visit_pass_by_their_own_pin() {
    let (counter, olga, member) = open(FraudLimitRules {
        card_scans: timed(1, 1, 60),
        card_receipts: Some(FraudLimit {
            soft: None,
            hard: Some(1),
        }),
        ..none()
    })
    .await;
    let (k, till) = (counter.k(), at(&olga));
    let (boss, ilya) = (
        Some(counter.id("boss").await),
        Some(counter.id("ilya").await),
    );
    let device = olga.device;
    let visit = counter.look_up(&till, &member).await.unwrap();
    counter
        .sell(&till, sale(Some(&visit.token), 100))
        .await
        .unwrap();
    let card = OverrideTarget::Card(&member.code);
    assert_eq!(
        refused(counter.look_up(&till, &member).await),
        Refusal::ScannedTooOften
    );

    let colleague = override_limits(k, &till, device, ilya, "3690", card).await;
    assert_eq!(refused(colleague), Refusal::NotAllowed);
    let wrong = override_limits(k, &till, device, boss, "0001", card).await;
    assert_eq!(refused(wrong), Refusal::WrongPin);
    override_limits(k, &till, device, boss, "1470", card)
        .await
        .unwrap();
    let passed = counter.look_up(&till, &member).await.unwrap();
    assert_eq!(seen(&passed), []);
    // The visit that was let pass is let pass as a whole; the next one is not.
    counter
        .sell(&till, sale(Some(&passed.token), 100))
        .await
        .unwrap();
    assert_eq!(
        refused(counter.look_up(&till, &member).await),
        Refusal::ScannedTooOften
    );

    // A visit that runs is let pass where it is.
    let stopped = sale(Some(&visit.token), 100);
    assert_eq!(
        refused(counter.sell(&till, stopped.clone()).await),
        Refusal::CardTooOften
    );
    override_limits(
        k,
        &till,
        device,
        boss,
        "1470",
        OverrideTarget::Visit(&visit.token),
    )
    .await
    .unwrap();
    counter.sell(&till, stopped).await.unwrap();
    let lifted = counter.log("radar-lifted").await;
    assert_eq!(lifted.len(), 2);
    assert!(
        lifted
            .iter()
            .all(|(login, subject, _)| { login == "boss" && *subject == olga.staff.to_string() })
    );
    // A senior's word does not wait for ever.
    override_limits(k, &till, device, boss, "1470", card)
        .await
        .unwrap();
    counter.chain.later(601);
    assert_eq!(
        refused(counter.look_up(&till, &member).await),
        Refusal::ScannedTooOften
    );
}
