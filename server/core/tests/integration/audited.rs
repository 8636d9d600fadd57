//! Lines of the audit log about sign-ins of members, ids of somebody else and refused forms.

use kopilka_core::Kopilka;
use kopilka_core::domain::amounts::Quantity;
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::ids::{DeviceId, EntryId, MemberId, ReceiptId, RowId, TillId};
use kopilka_core::store::audit::{self, AuditLogFilter};
use kopilka_core::store::engine::sql;
use kopilka_core::store::{profiles, tills};
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::access::pairing;
use kopilka_core::usecases::access::refused_forms::{RefusedFormSender, log_refused_form};
use kopilka_core::usecases::access::session::{self, Shopper};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::accounts::{settings, sign_in_phones};
use kopilka_core::usecases::checkout::receipts::{self, ReturnDraft, ReturnedSaleName};
use kopilka_core::usecases::checkout::spend_confirmation;
use kopilka_core::usecases::profiles::{consents, profile};
use kopilka_core::usecases::sign_up::phone_verification::PhoneProofOutcome;
use kopilka_core::usecases::wallet::history;

use crate::counter::{Counter, refused};
use crate::one_time_codes::scene;

/// Lines about an action: member, subject, outcome.
async fn lines(service: &Kopilka, action: &str) -> Vec<(Option<MemberId>, String, String)> {
    let mut tx = service.db.read().await.unwrap();
    let all = audit::list_entries(&mut tx, &AuditLogFilter::default(), None, 10_000).await;
    let its = all
        .unwrap()
        .into_iter()
        .filter(|line| line.action == action);
    its.map(|line| (line.member_id, line.subject, line.outcome))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_of_members_are_logged_and_so_are_wrong_codes() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let member = counter.chain.member(1).await;
    let token = scene::ask(k, &member.phone).await.unwrap();
    let code = scene::newest_code(k, &member.phone).await;
    scene::wrong(k, &token, &[&code]).await;
    let PhoneProofOutcome::SignedIn(session) = scene::confirm(k, &token, &code).await.unwrap()
    else {
        panic!("a member signs in");
    };
    let shopper = session::find_shopper(k, &session).await.unwrap().unwrap();
    let found = lines(k, "member-sign-in").await;
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[0].0, found[0].2.as_str()),
        (Some(member.id), "code-wrong")
    );
    let done = (
        Some(member.id),
        shopper.device.to_string(),
        "done".to_owned(),
    );
    assert_eq!(found[1], done);
    // A phone that nobody has leads to nobody.
    let token = scene::ask(k, scene::PHONE).await.unwrap();
    let code = scene::newest_code(k, scene::PHONE).await;
    while scene::wrong(k, &token, &[&code]).await.is_some() {}
    let found = lines(k, "member-sign-in").await;
    assert!(found[2..].iter().all(|(member, ..)| member.is_none()));
    assert_eq!(found.last().unwrap().2, "code-dead");
    for (_, subject, outcome) in found {
        for secret in [&code, scene::PHONE, &member.phone] {
            assert!(!subject.contains(secret) && !outcome.contains(secret));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_joined_is_signed_in_with_a_line() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let token = scene::ask(k, scene::PHONE).await.unwrap();
    let code = scene::newest_code(k, scene::PHONE).await;
    let PhoneProofOutcome::NewPhone(enrolment) = scene::confirm(k, &token, &code).await.unwrap()
    else {
        panic!("nobody has this phone");
    };
    assert!(lines(k, "member-sign-in").await.is_empty());
    let application = scene::application("ru", "203.0.113.9");
    let session =
        kopilka_core::usecases::sign_up::enrolment::finish_enrolment(k, &enrolment, &application)
            .await;
    let shopper = session::find_shopper(k, &session.unwrap())
        .await
        .unwrap()
        .unwrap();
    let done = (
        Some(shopper.member),
        shopper.device.to_string(),
        "done".to_owned(),
    );
    assert_eq!(lines(k, "member-sign-in").await, [done]);
}

/// Signs a member in; them on their device.
async fn signed_in(k: &Kopilka, phone: &str) -> Shopper {
    let token = scene::ask(k, phone).await.unwrap();
    let code = scene::newest_code(k, phone).await;
    let PhoneProofOutcome::SignedIn(session) = scene::confirm(k, &token, &code).await.unwrap()
    else {
        panic!("a member signs in");
    };
    session::find_shopper(k, &session).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_member_are_logged_and_ids_of_nobody_are_not() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let (one, other) = (counter.chain.member(1).await, counter.chain.member(2).await);
    let receipt = counter.chain.sell(&other, 1_000).await;
    let entry = counter.chain.entries(&other, "earn").await[0].id;
    let (shopper, stranger) = (
        signed_in(k, &one.phone).await,
        signed_in(k, &other.phone).await,
    );
    let expected = |kind: &str, id: &dyn std::fmt::Display, outcome: &str| {
        (Some(one.id), format!("{kind} {id}"), outcome.to_owned())
    };
    // What nobody has, and what has ended.
    settings::end_device(k, &shopper, DeviceId::new())
        .await
        .unwrap_err();
    history::load_entry(k, &shopper, EntryId::new())
        .await
        .unwrap_err();
    sign_in_phones::remove(k, &shopper, MemberId::new())
        .await
        .unwrap_err();
    spend_confirmation::answer_question(k, &shopper, RowId::new(), true)
        .await
        .unwrap_err();
    assert!(lines(k, "foreign-id").await.is_empty());
    let ended = settings::end_device(k, &shopper, stranger.device).await;
    assert_eq!(refused(ended), Refusal::NotFound);
    let shown = history::load_entry(k, &shopper, entry).await;
    assert_eq!(refused(shown.map(|_| ())), Refusal::NotFound);
    let claimed =
        kopilka_core::usecases::checkout::claim_codes::load_claimed_receipt(k, &shopper, receipt)
            .await;
    assert_eq!(refused(claimed.map(|_| ())), Refusal::NotFound);
    let removed = sign_in_phones::remove(k, &shopper, other.id).await;
    assert_eq!(refused(removed), Refusal::NotFound);
    assert_eq!(
        lines(k, "foreign-id").await,
        [
            expected("device", &stranger.device, "not-found"),
            expected("entry", &entry, "not-found"),
            expected("receipt", &receipt, "not-found"),
            expected("account", &other.id, "not-found"),
        ]
    );
    // Their own device, ended before, is not somebody else's.
    settings::end_device(k, &shopper, shopper.device)
        .await
        .unwrap();
    settings::end_device(k, &shopper, shopper.device)
        .await
        .unwrap_err();
    assert_eq!(lines(k, "foreign-id").await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_of_another_member_is_not_removed_and_its_id_is_logged() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let (one, other) = (counter.chain.member(1).await, counter.chain.member(2).await);
    let (shopper, stranger) = (
        signed_in(k, &one.phone).await,
        signed_in(k, &other.phone).await,
    );
    profile::add_child(k, &stranger, "2020", true, "127.0.0.1")
        .await
        .unwrap();
    let child = profile::load_profile(k, &stranger).await.unwrap().children[0].0;
    let before = lines(k, "profile-changed").await.len();
    // What nobody has is gone already: no error, and no line.
    profile::remove_child(k, &shopper, RowId::new())
        .await
        .unwrap();
    let removed = profile::remove_child(k, &shopper, child).await;
    assert_eq!(refused(removed), Refusal::NotFound);
    let foreign = (
        Some(one.id),
        format!("child {child}"),
        "not-found".to_owned(),
    );
    assert_eq!(lines(k, "foreign-id").await, [foreign]);
    assert_eq!(lines(k, "profile-changed").await.len(), before);
    for _ in 0..2 {
        profile::remove_child(k, &stranger, child).await.unwrap();
    }
    let left = profile::load_profile(k, &stranger).await.unwrap();
    assert!(left.children.is_empty());
    assert_eq!(lines(k, "profile-changed").await.len(), before + 1);
    assert_eq!(lines(k, "foreign-id").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn children_without_an_agreement_are_removed_with_a_line() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let member = counter.chain.member(1).await;
    let shopper = signed_in(k, &member.phone).await;
    let mut tx = k.db.write_test_data().await.unwrap();
    profiles::add_child(&mut tx, member.id, 2020, k.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for _ in 0..2 {
        consents::set_children_document(k, &shopper, false, "127.0.0.1", "consents")
            .await
            .unwrap();
        let line = (Some(member.id), "children".to_owned(), "done".to_owned());
        assert_eq!(lines(k, "consents-changed").await, [line]);
    }
}

/// The till of another store.
async fn far_till(k: &Kopilka) -> TillContext {
    let mut tx = k.db.read().await.unwrap();
    let id: TillId = sql("SELECT id FROM tills WHERE name = 'Far till'")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    TillContext {
        till: tills::find_by_id(&mut tx, id).await.unwrap().unwrap(),
        staff: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_store_or_till_are_logged() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let member = counter.chain.member(1).await;
    let sold = counter.chain.sell(&member, 1_000).await;
    let far = far_till(k).await;
    let draft = |sale: ReceiptId| ReturnDraft {
        sale: ReturnedSaleName::Id(sale),
        series: None,
        shift: Some("1".to_owned()),
        number: Some("900".to_owned()),
        at: None,
        lines: vec![ReturnedLinePart::of_quantity(0, Quantity::ONE)],
    };
    let nobodys = ReceiptId::new();
    receipts::load_receipt(k, &far, nobodys).await.unwrap_err();
    receipts::quote_return(k, &far, &draft(nobodys))
        .await
        .unwrap_err();
    assert!(counter.log("foreign-id").await.is_empty());
    receipts::load_receipt(k, &far, sold).await.unwrap_err();
    receipts::quote_return(k, &far, &draft(sold))
        .await
        .unwrap_err();
    let sent = crate::chain::sent("far");
    receipts::commit_return(k, &far, &draft(sold), &sent)
        .await
        .unwrap_err();
    let line = (
        String::new(),
        format!("receipt {sold}"),
        "not-found".to_owned(),
    );
    assert_eq!(counter.log("foreign-id").await, vec![line; 3]);
    // By people: a till of another store.
    let boss = counter.come_in(&paired, "boss", "1470").await;
    let boss = counter.working(&boss, &paired).await;
    pairing::create_code_for_admin(k, &boss, far.till.id)
        .await
        .unwrap_err();
    let found = counter.log("foreign-id").await;
    let line = (
        "boss".to_owned(),
        format!("till {}", far.till.id),
        "not-found".to_owned(),
    );
    assert_eq!(found.last(), Some(&line));
    assert_eq!(found.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_forms_are_logged_with_whoever_sent_them() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let member = counter.chain.member(1).await;
    let shopper = signed_in(k, &member.phone).await;
    let of_shopper = RefusedFormSender {
        shopper: Some(&shopper),
        at_till: None,
    };
    log_refused_form(k, of_shopper, "settings/close", "invalid")
        .await
        .unwrap();
    let of_till = RefusedFormSender {
        shopper: None,
        at_till: Some(&counter.chain.till),
    };
    log_refused_form(k, of_till, "till/post", "sum-changed")
        .await
        .unwrap();
    let line =
        |member, subject: &str, outcome: &str| (member, subject.to_owned(), outcome.to_owned());
    assert_eq!(
        lines(k, "form-refused").await,
        [
            line(Some(member.id), "settings/close", "invalid"),
            line(None, "till/post", "sum-changed"),
        ]
    );
}
