//! Spending is judged by the server's clock, earning by the receipt's own time.

use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::receipts::{self, SaleDraft};
use kopilka_core::usecases::checkout::till::look_up_customer;

use super::scene::{Scene, refused};

#[tokio::test(flavor = "multi_thread")]
async fn an_old_code_spends_nothing_whatever_time_the_receipt_carries() {
    let scene = Scene::open().await;
    let till = &scene.chain.till;
    for age in [75, 95, 1_800, 6 * 3_600, 30 * 86_400] {
        let code = scene.code(-age);
        let spends = scene.ago(age, scene.by_code(&code, 50));
        let quoted = receipts::quote_sale(&scene.chain.k, till, &spends).await;
        let done = scene.commit(till, &spends).await;
        // The clock stands at the beginning of a step.
        let why = if age == 75 {
            Refusal::CodeStale
        } else {
            Refusal::CodeWrong
        };
        assert_eq!(
            (refused(quoted), refused(done)),
            (why.clone(), why),
            "{age}"
        );
        scene.chain.later(61);
        let code = scene.code(-age);
        let earns = scene.ago(age, scene.by_code(&code, 0));
        let receipt = scene.commit(till, &earns).await.unwrap();
        assert!(receipt.quote.evaluation.earned.is_positive(), "{age}");
    }
    scene.chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_now_spends_also_when_the_receipt_is_of_a_minute_ago() {
    let scene = Scene::open().await;
    let code = scene.code(0);
    let draft = scene.ago(90, scene.by_code(&code, 50));
    let receipt = scene.commit(&scene.chain.till, &draft).await.unwrap();
    assert_eq!(receipt.quote.evaluation.spent.0, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_two_steps_before_the_accepted_ones_are_told_apart_as_stale() {
    let scene = Scene::open().await;
    let k = &scene.chain.k;
    for (seconds, why) in [
        (30, None),
        (0, None),
        (-30, None),
        (-60, Some(Refusal::CodeStale)),
        (-90, Some(Refusal::CodeStale)),
        (-120, Some(Refusal::CodeWrong)),
        (-7_200, Some(Refusal::CodeWrong)),
        (60, Some(Refusal::CodeWrong)),
    ] {
        let found = look_up_customer(k, &scene.chain.till, &scene.code(seconds)).await;
        assert_eq!(
            found.err().map(|no| refused::<()>(Err(no))),
            why,
            "{seconds}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotating_scan_does_not_tell_whether_its_card_exists() {
    let scene = Scene::open().await;
    let k = &scene.chain.k;
    let nobody = kopilka_core::domain::card::CardNumber::from_random(77);
    let of_nobody = format!("71{nobody}12345678");
    let (till, other) = (&scene.chain.till, &scene.other_till);
    let draft = |code: &str| SaleDraft {
        spend: kopilka_core::domain::evaluate::PointsToSpend::None,
        ..scene.by_code(code, 0)
    };
    let wrong = scene.code(-86_400);
    for code in [&of_nobody, &wrong] {
        assert_eq!(
            refused(look_up_customer(k, till, code).await),
            Refusal::CodeWrong
        );
        let quoted = receipts::quote_sale(k, other, &draft(code)).await;
        assert_eq!(refused(quoted), Refusal::CodeWrong);
        let done = scene.commit(till, &draft(code)).await;
        assert_eq!(refused(done), Refusal::CodeWrong);
    }
    let late = scene.send_late(other, draft(&of_nobody)).await;
    assert_eq!(refused(late), Refusal::CodeWrong);
    let fixed = format!("70{nobody}");
    assert_eq!(
        refused(look_up_customer(k, other, &fixed).await),
        Refusal::CardUnknown
    );
}
