//! Joining at a till, a phone instead of a card, and cards that were printed beforehand.

mod attaching;

use std::collections::BTreeSet;

use super::{look_up, refused};
use crate::domain::actor::Actor;
use crate::domain::amounts::Points;
use crate::domain::card_scheme::CardScheme;
use crate::domain::evaluate::PointsToSpend;
use crate::ids::MemberId;
use crate::store::audit::{self, Action, AuditLogFilter};
use crate::store::{cards, members, outbox};
use crate::usecases::checkout::printed_cards;
use crate::usecases::checkout::receipts::tests::rig::{Member, Rig, line};
use crate::usecases::checkout::receipts::{IdempotentRequest, SaleDraft, SaleReceipt, commit_sale};
use crate::usecases::checkout::till;
use crate::usecases::messages::outbox::MessageContent;
use crate::usecases::sign_up::enrolment::{self, EnrolmentApplication};
use crate::usecases::sign_up::invitations;
use crate::usecases::sign_up::phone_verification::{self, PhoneProofOutcome, SignUpOrigin};
use crate::usecases::wallet::card;
use crate::usecases::{Error, Refusal};

const PHONE: &str = "+79161234567";

/// The newest message to a phone.
async fn message(rig: &Rig, phone: &str) -> MessageContent {
    let mut tx = rig.k.db.read().await.unwrap();
    let rows = outbox::list_newest(&mut tx, 50).await.unwrap();
    let row = rows.into_iter().find(|row| row.recipient == phone).unwrap();
    serde_json::from_str(&row.message).unwrap()
}

async fn phone_of(rig: &Rig, member: &Member) -> String {
    let mut tx = rig.k.db.read().await.unwrap();
    members::load_member(&mut tx, member.id)
        .await
        .unwrap()
        .phone
        .unwrap()
}

async fn finish(rig: &Rig, proven: PhoneProofOutcome) -> MemberId {
    let PhoneProofOutcome::NewPhone(token) = proven else {
        panic!("a new phone");
    };
    let application = EnrolmentApplication {
        first_name: "Анна".to_owned(),
        personal_data: true,
        rules: true,
        messages: BTreeSet::new(),
        language: "ru".to_owned(),
        ..EnrolmentApplication::default()
    };
    enrolment::finish_enrolment(&rig.k, &token, &application)
        .await
        .unwrap();
    let mut tx = rig.k.db.read().await.unwrap();
    members::find_id_by_phone(&mut tx, PHONE)
        .await
        .unwrap()
        .unwrap()
}

/// Joins through the code on the till's screen, up to the consents.
async fn proven(rig: &Rig, phone: &str, token: &str) -> PhoneProofOutcome {
    let origin = SignUpOrigin::from_link("till", "center").during_enrolment(token);
    let challenge = phone_verification::ask_for_code(&rig.k, phone, &origin, "ru")
        .await
        .unwrap();
    let MessageContent::OneTimePassword { code, .. } = message(rig, phone).await else {
        panic!("a one-time password");
    };
    phone_verification::confirm_code(&rig.k, &challenge, &code, "phone")
        .await
        .unwrap()
}

async fn sell(rig: &Rig, key: &str) -> SaleReceipt {
    let draft = SaleDraft {
        visit: None,
        code: None,
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: vec![line("grocery", 1, 2_000)],
        spend: PointsToSpend::None,
    };
    let sent = IdempotentRequest {
        key: key.to_owned(),
        bytes_hash: None,
        body_hash: vec![1],
    };
    let done = commit_sale(&rig.k, &rig.till, &draft, &sent).await.unwrap();
    done.receipt().unwrap()
}

async fn active(rig: &Rig, member: MemberId) -> Points {
    let mut tx = rig.k.db.read().await.unwrap();
    let balance =
        crate::usecases::loyalty::member_snapshot::balance_of(&mut tx, member, rig.k.now());
    balance.await.unwrap().active
}

#[test]
fn whoever_joins_while_the_sale_is_open_is_its_customer() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (k, till) = (&rig.k, &rig.till);
        let token = till::begin_enrolment(k, till, "sale-1").await.unwrap();
        let link = till::join_link(k, till, &token).unwrap();
        assert_eq!(
            link,
            format!("https://test/join?from=till&store=center&visit={token}")
        );
        let way = proven(&rig, PHONE, &token).await;
        assert!(!till::has_joined(k, till, &token, "sale-1").await.unwrap());
        assert!(
            till::check_enrolment(k, till, &token, "sale-1")
                .await
                .unwrap()
                .is_none()
        );
        let member = finish(&rig, way).await;
        // Only this till, for this sale.
        assert!(!till::has_joined(k, till, &token, "sale-2").await.unwrap());
        assert!(till::has_joined(k, till, &token, "sale-1").await.unwrap());
        let visit = till::check_enrolment(k, till, &token, "sale-1")
            .await
            .unwrap()
            .unwrap();
        let customer = till::load_visit_customer(k, till, &visit.token)
            .await
            .unwrap();
        assert_eq!((visit.member, customer.scheme), (member, CardScheme::Phone));
        assert!(!customer.may_spend);
        assert_eq!(customer.name, "Анна");
        rig.clock.set_time(rig.k.now().plus_secs(901));
        assert!(
            till::check_enrolment(k, till, &token, "sale-1")
                .await
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn a_sale_that_was_posted_first_is_the_newcomer_s_as_it_was_paid() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let token = till::begin_enrolment(&rig.k, &rig.till, "sale-1")
            .await
            .unwrap();
        let way = proven(&rig, PHONE, &token).await;
        let sold = sell(&rig, "sale-1").await;
        assert!(sold.claim.is_some());
        let member = finish(&rig, way).await;
        assert_eq!(active(&rig, member).await, Points(120));
        let shown = till::load_completed_sale(&rig.k, &rig.till, sold.id)
            .await
            .unwrap();
        assert_eq!(shown.customer.as_deref(), Some("Анна"));
        assert_eq!(
            (shown.claim, shown.receipt.quote.evaluation.earned),
            (None, Points(120))
        );
        rig.check().await;
    });
}

#[test]
fn a_sale_that_is_posted_without_asking_finds_whoever_has_joined_during_it() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let token = till::begin_enrolment(&rig.k, &rig.till, "sale-1")
            .await
            .unwrap();
        let way = proven(&rig, PHONE, &token).await;
        let member = finish(&rig, way).await;
        let sold = sell(&rig, "sale-1").await;
        // What was paid was told before anybody had joined.
        assert_eq!(sold.quote.evaluation.to_pay.0, 200_000);
        assert_eq!(active(&rig, member).await, Points(120));
        // The same key again is the same answer, and no more points.
        assert_eq!(sell(&rig, "sale-1").await.claim, sold.claim);
        assert_eq!(active(&rig, member).await, Points(120));
        rig.check().await;
    });
}

#[test]
fn a_known_phone_gets_the_same_link_and_its_owner_the_sale() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await;
        let phone = phone_of(&rig, &member).await;
        let token = till::begin_enrolment(&rig.k, &rig.till, "sale-1")
            .await
            .unwrap();
        for phone in [phone.as_str(), PHONE] {
            invitations::send_invitation(&rig.k, &rig.till, phone, "ru", Some(&token))
                .await
                .unwrap();
            assert!(matches!(
                message(&rig, phone).await,
                MessageContent::Invitation { .. }
            ));
        }
        assert!(
            !till::has_joined(&rig.k, &rig.till, &token, "sale-1")
                .await
                .unwrap()
        );
        let MessageContent::Invitation { link } = message(&rig, &phone).await else {
            panic!("a link");
        };
        let (_, invitation) = link.split_once("invitation=").unwrap();
        let proven = invitations::accept_invitation(&rig.k, invitation, "phone")
            .await
            .unwrap();
        assert!(matches!(proven, PhoneProofOutcome::SignedIn(_)));
        let visit = till::check_enrolment(&rig.k, &rig.till, &token, "sale-1")
            .await
            .unwrap();
        assert_eq!(visit.unwrap().member, member.id);
    });
}

#[test]
fn a_told_code_is_worth_a_visit_that_earns_and_no_sign_in() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(100).await;
        let phone = phone_of(&rig, &member).await;
        let token = till::request_phone_code(&rig.k, &rig.till, &phone, "ru")
            .await
            .unwrap();
        let MessageContent::TillCode { code, join, .. } = message(&rig, &phone).await else {
            panic!("a code for the till");
        };
        assert_eq!(join, None);
        // Whoever holds the till's token cannot sign in with it.
        assert!(
            phone_verification::find_challenge(&rig.k, &token)
                .await
                .unwrap()
                .is_none()
        );
        let web = phone_verification::confirm_code(&rig.k, &token, &code, "cashier").await;
        assert_eq!(refused(web), Refusal::CodeDead);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let Err(Error::Invalid(problems)) =
            till::confirm_phone_code(&rig.k, &rig.till, &token, wrong).await
        else {
            panic!("a wrong code");
        };
        assert_eq!(
            (problems[0].key, problems[0].args[0].1.as_str()),
            ("code-wrong", "4")
        );
        let visit = till::confirm_phone_code(&rig.k, &rig.till, &token, &code)
            .await
            .unwrap();
        assert_eq!(visit.member, member.id);
        let customer = till::load_visit_customer(&rig.k, &rig.till, &visit.token);
        let customer = customer.await.unwrap();
        assert_eq!(customer.points, Points(100));
        assert!(!customer.may_spend);
        // Once.
        let again = till::confirm_phone_code(&rig.k, &rig.till, &token, &code).await;
        assert_eq!(refused(again), Refusal::CodeDead);
        let unknown = till::confirm_phone_code(&rig.k, &rig.till, "unknown", &code).await;
        assert_eq!(refused(unknown), Refusal::CodeDead);
        assert_eq!(
            look_ups(&rig).await,
            ["code-wrong", "found", "code-dead", "code-dead"]
        );
    });
}

/// Outcomes of the look-ups in the audit log, oldest first.
async fn look_ups(rig: &Rig) -> Vec<String> {
    let mut tx = rig.k.db.read().await.unwrap();
    let lines = audit::list_entries(&mut tx, &AuditLogFilter::default(), None, 10_000).await;
    lines
        .unwrap()
        .into_iter()
        .filter(|line| line.action == Action::LookUp.as_str())
        .map(|line| line.outcome)
        .collect()
}

#[test]
fn a_phone_without_a_card_is_told_apart_only_after_a_right_code() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let token = till::request_phone_code(&rig.k, &rig.till, PHONE, "ru")
            .await
            .unwrap();
        let waiting = till::find_phone_code(&rig.k, &rig.till, &token)
            .await
            .unwrap();
        assert_eq!(waiting.unwrap().resend_in, 60);
        let MessageContent::TillCode { code, join, .. } = message(&rig, PHONE).await else {
            panic!("a code for the till");
        };
        assert_eq!(join.as_deref(), Some("https://test/join"));
        let too_soon = till::resend_phone_code(&rig.k, &rig.till, &token, "ru").await;
        assert_eq!(refused(too_soon), Refusal::TooSoon { seconds: 60 });
        let answer = till::confirm_phone_code(&rig.k, &rig.till, &token, &code).await;
        assert_eq!(refused(answer), Refusal::CardUnknown);
    });
}

#[test]
fn five_wrong_codes_end_it_and_a_resend_resets_nothing() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let token = till::request_phone_code(&rig.k, &rig.till, PHONE, "ru")
            .await
            .unwrap();
        let wrong = async || {
            let MessageContent::TillCode { code, .. } = message(&rig, PHONE).await else {
                panic!("a code for the till");
            };
            let other = if code == "000000" { "000001" } else { "000000" };
            till::confirm_phone_code(&rig.k, &rig.till, &token, other).await
        };
        for _ in 0..3 {
            assert!(matches!(wrong().await, Err(Error::Invalid(_))));
        }
        rig.clock.set_time(rig.k.now().plus_secs(61));
        till::resend_phone_code(&rig.k, &rig.till, &token, "ru")
            .await
            .unwrap();
        assert!(matches!(wrong().await, Err(Error::Invalid(_))));
        assert_eq!(refused(wrong().await), Refusal::CodeDead);
        assert_eq!(
            look_ups(&rig).await,
            [
                "code-wrong",
                "code-wrong",
                "code-wrong",
                "code-wrong",
                "code-dead"
            ]
        );
        assert!(
            till::find_phone_code(&rig.k, &rig.till, &token)
                .await
                .unwrap()
                .is_none()
        );
    });
}
