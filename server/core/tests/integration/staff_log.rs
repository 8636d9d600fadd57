//! Lines of the audit log about sign-ins and accounts of staff: who tried, where, and what came of it.

use crate::counter::{Counter, PASSWORD, refused};
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::roles::Role;
use kopilka_core::ids::StaffId;
use kopilka_core::store::audit::{self, AuditLogFilter};
use kopilka_core::usecases::access::staff::{self, StaffAccountChange};
use kopilka_core::usecases::{Error, Refusal};

/// Last line of an action: login, till, browser, subject, outcome.
async fn last(counter: &Counter, action: &str) -> [String; 5] {
    let mut tx = counter.k().db.read().await.unwrap();
    let filter = AuditLogFilter::default();
    let lines = audit::list_entries(&mut tx, &filter, None, 10_000);
    let lines = lines.await.unwrap();
    let line = lines.into_iter().rfind(|line| line.action == action);
    let line = line.expect("a line of this action");
    [
        line.login,
        line.till,
        line.device,
        line.subject,
        line.outcome,
    ]
}

#[tokio::test]
async fn sign_ins_that_fail_are_logged_with_their_till_and_browser() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let (till, browser) = ("Browser till", "Chrome, Windows");
    staff::add_staff(
        k,
        &Actor::OPERATOR,
        "sam",
        "sam",
        Role::Auditor,
        PASSWORD,
        None,
    )
    .await
    .unwrap();
    let ilya = counter.id("ilya").await;
    let blocked = StaffAccountChange::Block;
    staff::change_staff_account(k, &Actor::OPERATOR, "ilya", blocked)
        .await
        .unwrap();
    for (login, password, refusal, known, outcome) in [
        (
            "olga",
            "wrong",
            Refusal::WrongPassword,
            "olga",
            "wrong-password",
        ),
        (
            "nobody",
            "wrong",
            Refusal::WrongPassword,
            "",
            "wrong-password",
        ),
        (
            "ilya",
            PASSWORD,
            Refusal::WrongPassword,
            "ilya",
            "wrong-password",
        ),
        ("sam", PASSWORD, Refusal::NotAllowed, "sam", "not-allowed"),
        (
            "stranger",
            PASSWORD,
            Refusal::OtherStore,
            "stranger",
            "other-store",
        ),
    ] {
        let tried = staff::sign_in(k, Some(&paired), None, login, password).await;
        assert_eq!(refused(tried), refusal, "{login}");
        assert_eq!(
            last(&counter, "sign-in").await,
            [known, till, browser, "", outcome],
            "{login}"
        );
    }
    // A wrong PIN, that of somebody who is blocked, and that of somebody who works in another store.
    let (olga, stranger) = (counter.id("olga").await, counter.id("stranger").await);
    for (login, who) in [("olga", olga), ("ilya", ilya), ("stranger", stranger)] {
        let tried = staff::unlock_till(k, Some(&paired), None, Some(who), "0001").await;
        assert_eq!(refused(tried), Refusal::WrongPin, "{login}");
        assert_eq!(
            last(&counter, "wrong-pin").await,
            [login, till, browser, "", "wrong-pin"]
        );
    }
    let nobody = Some(StaffId::new());
    let tried = staff::unlock_till(k, Some(&paired), None, nobody, "0001").await;
    assert_eq!(refused(tried), Refusal::WrongPin);
}

#[tokio::test]
async fn whoever_fails_to_prove_themselves_by_a_command_is_logged() {
    let counter = Counter::open(|_| {}).await;
    for (login, password, refusal, known, outcome) in [
        (
            "nobody",
            "wrong",
            Refusal::WrongPassword,
            "",
            "wrong-password",
        ),
        ("olga", PASSWORD, Refusal::NotAllowed, "olga", "not-allowed"),
    ] {
        let tried = staff::prove_officer(counter.k(), login, password).await;
        assert_eq!(refused(tried), refusal, "{login}");
        let line = last(&counter, "sign-in").await;
        assert_eq!(line, [known, "", "", "", outcome], "{login}");
    }
}

#[tokio::test]
async fn a_pin_that_an_operator_sets_is_the_operators_act() {
    let counter = Counter::open(|_| {}).await;
    staff::set_pin(counter.k(), &Actor::OPERATOR, "olga", "8642")
        .await
        .unwrap();
    let line = last(&counter, "pin-set").await;
    assert_eq!(line, ["", "", "", "olga", "done"]);
}

#[tokio::test]
async fn a_session_in_another_browser_ends_and_is_logged() {
    let counter = Counter::open(|_| {}).await;
    let (here, elsewhere) = (counter.paired().await, counter.paired().await);
    let token = counter.come_in(&here, "olga", "2580").await;
    assert!(counter.present(&token, &elsewhere).await.is_none());
    assert!(counter.present(&token, &here).await.is_none());
    assert_eq!(
        last(&counter, "sign-out").await,
        [
            "olga",
            "Browser till",
            "Chrome, Windows",
            "",
            "other-browser"
        ]
    );
}

#[tokio::test]
async fn a_new_password_is_not_the_name_of_its_owner() {
    let counter = Counter::open(|_| {}).await;
    let (k, operator) = (counter.k(), &Actor::OPERATOR);
    let name = "Zhqwvexo Prubkilt";
    let added = staff::add_staff(k, operator, "zhq", name, Role::Cashier, PASSWORD, None);
    added.await.unwrap();
    let change = |text: &str| StaffAccountChange::Password(text.to_owned());
    let named = staff::change_staff_account(k, operator, "zhq", change(name)).await;
    let Err(Error::Invalid(problems)) = named else {
        panic!("{named:?}");
    };
    assert_eq!(problems[0].key, "password-common");
    let other = "Vrumqalt Nizgopex";
    staff::change_staff_account(k, operator, "zhq", change(other))
        .await
        .unwrap();
    let shown = format!("{:?}", change(other));
    assert!(!shown.contains(other), "{shown}");
}
