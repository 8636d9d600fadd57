//! Each write leaves a line of the audit log that says who did it, and whoever lacks the permission writes nothing.

use std::collections::BTreeSet;

use crate::chain::{Chain, Member};
use crate::counter::{Counter, PASSWORD, at, refused};
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::{Actor, StaffActor};
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::chain::TillKind;
use kopilka_core::domain::consents::{Channel, Purpose};
use kopilka_core::domain::profile::Species;
use kopilka_core::domain::roles::Role;
use kopilka_core::entropy;
use kopilka_core::ids::{DeviceId, MemberId, StaffId};
use kopilka_core::store::audit::{self, AuditLogFilter};
use kopilka_core::store::devices::{self, MemberDeviceRow};
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::access::session::{self, Shopper};
use kopilka_core::usecases::access::staff::StaffAccountChange;
use kopilka_core::usecases::access::{pairing, staff};
use kopilka_core::usecases::accounts::{corrections, settings};
use kopilka_core::usecases::checkout::printed_cards;
use kopilka_core::usecases::jobs::nightly;
use kopilka_core::usecases::operation::{backups, secret_key};
use kopilka_core::usecases::profiles::{consents, profile};
use kopilka_core::usecases::programme::gifts::{self, GiftStockLevel};
use kopilka_core::usecases::programme::products::{self, ProductImportOptions};
use kopilka_core::usecases::programme::stores::{self, StoreChanges};
use kopilka_core::usecases::programme::{programmes, tills};
use kopilka_core::usecases::wallet::card;
use kopilka_core::usecases::{Refusal, demo};

/// Lines of the log, oldest first: kind of the actor, action, subject.
async fn lines(service: &Kopilka) -> Vec<(String, String, String)> {
    let mut tx = service.db.read().await.unwrap();
    let asked = AuditLogFilter::default();
    let lines = audit::list_entries(&mut tx, &asked, None, 10_000);
    let line = |line: audit::AuditLogRow| (line.actor, line.action, line.subject);
    lines.await.unwrap().into_iter().map(line).collect()
}

async fn last(service: &Kopilka) -> (String, String, String) {
    lines(service).await.pop().unwrap()
}

fn is_line(line: &(String, String, String), actor: &str, action: &str, subject: &str) {
    let found = (line.0.as_str(), line.1.as_str(), line.2.as_str());
    assert_eq!(found, (actor, action, subject));
}

async fn signed_in(chain: &Chain, member: MemberId) -> Shopper {
    let token = entropy::random_token().unwrap();
    let now = chain.k.now();
    let row = MemberDeviceRow {
        id: DeviceId::new(),
        member_id: member,
        secret: vec![7; 32],
        secret_turn: 0,
        name: "Test".to_owned(),
        created_at: now,
        seen_at: now,
    };
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    let hash = entropy::hash_token(&token);
    devices::insert(&mut tx, &row, hash).await.unwrap();
    tx.commit().await.unwrap();
    session::find_shopper(&chain.k, &token)
        .await
        .unwrap()
        .unwrap()
}

fn staff_of(role: Role) -> Actor {
    Actor::Staff(StaffActor {
        id: StaffId::new(),
        role,
        till: None,
        device: None,
    })
}

#[tokio::test]
async fn what_members_change_themselves_has_a_line_of_theirs() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let member: Member = chain.member(1).await;
    let shopper = signed_in(&chain, member.id).await;
    let other = signed_in(&chain, member.id).await;
    let k = &chain.k;
    profile::save_name(k, &shopper, "Anna", "", "")
        .await
        .unwrap();
    is_line(&last(k).await, "member", "profile-changed", "name");
    let pets = [(Species::Cat, "1".to_owned())];
    profile::save_pets(k, &shopper, &pets).await.unwrap();
    is_line(&last(k).await, "member", "profile-changed", "pets");
    profile::save_car(k, &shopper, "none").await.unwrap();
    is_line(&last(k).await, "member", "profile-changed", "car");
    let year = profile::add_child(k, &shopper, "2020", true, "127.0.0.1");
    year.await.unwrap();
    is_line(&last(k).await, "member", "profile-changed", "children");
    let wanted = BTreeSet::from([(Channel::Email, Purpose::PersonalOffers)]);
    for _ in 0..2 {
        let saved = consents::save_consents(k, &shopper, &wanted, "127.0.0.1", "consents");
        saved.await.unwrap();
    }
    is_line(&last(k).await, "member", "consents-changed", "messages");
    let told = lines(k).await;
    let consents = told.iter().filter(|line| line.1 == "consents-changed");
    assert_eq!(consents.count(), 1, "saving the same again changes nothing");
    settings::set_language(k, &shopper, "en").await.unwrap();
    is_line(&last(k).await, "member", "language-set", "en");
    card::renew_secret(k, &shopper).await.unwrap();
    is_line(&last(k).await, "member", "device-secret-renewed", "");
    let ended = settings::end_device(k, &shopper, other.device);
    ended.await.unwrap();
    is_line(&last(k).await, "member", "device-ended", "");
    session::sign_out(k, &shopper).await.unwrap();
    is_line(&last(k).await, "member", "sign-out", "");
}

#[tokio::test]
async fn what_the_operator_changes_has_a_line_of_the_operator() {
    let chain = Chain::open("2026-03-01", |_| {}).await;
    let (k, operator) = (&chain.k, &Actor::OPERATOR);
    let named = |name: &str| StoreChanges {
        name: Some(name.to_owned()),
        ..StoreChanges::default()
    };
    let added = stores::add_store(k, operator, "park", named("Park"));
    added.await.unwrap();
    is_line(&last(k).await, "operator", "store-added", "park");
    let changed = stores::change_store(k, operator, "park", named("The park"));
    changed.await.unwrap();
    is_line(&last(k).await, "operator", "store-changed", "park");
    let key = tills::add_till(k, operator, "P1", "park", TillKind::Browser).await;
    let key = key.unwrap();
    is_line(&last(k).await, "operator", "till-added", "");
    let rotated = tills::rotate_key(k, operator, "P1", 0).await.unwrap();
    assert_ne!(rotated, key);
    is_line(&last(k).await, "operator", "till-key-rotated", "");
    tills::make_pairing_code(k, operator, "P1").await.unwrap();
    is_line(&last(k).await, "operator", "pairing-code", "");
    tills::end_pairings(k, operator, "P1").await.unwrap();
    is_line(&last(k).await, "operator", "unpair", "");
    tills::revoke_till(k, operator, "P1").await.unwrap();
    is_line(&last(k).await, "operator", "till-revoked", "");
    let goods = "sku;name;category;price\n1;Bread;bakery;10,00\n";
    let imported =
        products::import_products(k, operator, goods, ProductImportOptions::default()).await;
    assert!(imported.unwrap().stored);
    is_line(&last(k).await, "operator", "products-imported", "1");
    products::remove_products(k, operator, &["1".to_owned()])
        .await
        .unwrap();
    is_line(&last(k).await, "operator", "products-removed", "1");
    printed_cards::create_printed_cards(k, operator, 3)
        .await
        .unwrap();
    is_line(&last(k).await, "operator", "cards-printed", "3");
    let day = crate::chain::day("2026-03-01");
    chain.set(crate::chain::night("2026-03-01"));
    nightly::run_night(k, &Actor::Job, day, || false)
        .await
        .unwrap();
    is_line(&last(k).await, "job", "night-batch", "2026-03-01");
    let mut programme = demo::programme().unwrap();
    programme.name.en = "Another".to_owned();
    let applied = programmes::apply_document(k, operator, &programme, None, true);
    applied.await.unwrap();
    is_line(&last(k).await, "operator", "programme-applied", "2");
    let gift = programme.gifts[0].id.clone();
    let set = gifts::set_stock(k, operator, "park", &gift, GiftStockLevel::Counted(2));
    set.await.unwrap();
    let subject = format!("{gift} in park");
    is_line(&last(k).await, "operator", "gift-stock-set", &subject);
    let file = chain.folder().join("copy");
    backups::make_backup(k, operator, &file).await.unwrap();
    is_line(&last(k).await, "operator", "backup-made", "");
    no_backup_is_without_its_line(&chain).await;
    let restored = backups::restore_backup(k, operator, &file, true);
    restored.await.unwrap();
    let told = lines(k).await;
    is_line(&told[told.len() - 1], "operator", "backup-restored", "");
    // The backup was made before its own line.
    is_line(
        &told[told.len() - 2],
        "operator",
        "gift-stock-set",
        &subject,
    );
    secret_key::forget_key(k, operator).await.unwrap();
    is_line(&last(k).await, "operator", "key-forgotten", "");
}

/// Makes a backup whose line cannot be stored: then there is no file.
async fn no_backup_is_without_its_line(chain: &Chain) {
    let execute = async |text: &'static str| {
        let mut tx = chain.k.db.write_test_data().await.unwrap();
        sql(text).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    };
    execute("CREATE UNIQUE INDEX broken ON audit (action) WHERE action = 'backup-made'").await;
    let file = chain.folder().join("another copy");
    let failed = backups::make_backup(&chain.k, &Actor::OPERATOR, &file).await;
    assert!(failed.is_err());
    assert!(!file.exists());
    execute("DROP INDEX broken").await;
}

#[tokio::test]
async fn whoever_lacks_the_permission_writes_nothing() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let before = lines(k).await.len();
    let file = counter.chain.folder().join("copy");
    let programme = demo::programme().unwrap();
    for &role in Role::ALL {
        let actor = &staff_of(role);
        let not_admin = role != Role::Administrator;
        let sells_goods = matches!(role, Role::Administrator | Role::Marketer);
        if not_admin {
            let no = stores::add_store(k, actor, "x", StoreChanges::default()).await;
            assert_eq!(refused(no), Refusal::NotAllowed, "{role:?}");
            let no = tills::add_till(k, actor, "x", "test", TillKind::Pos).await;
            assert_eq!(refused(no), Refusal::NotAllowed);
            let no = staff::set_pin(k, actor, "olga", "2580").await;
            assert_eq!(refused(no), Refusal::NotAllowed);
            let no = staff::change_staff_account(k, actor, "olga", StaffAccountChange::Block).await;
            assert_eq!(refused(no), Refusal::NotAllowed);
            let no = pairing::create_pairing_code(k, actor, counter.till).await;
            assert_eq!(refused(no), Refusal::NotAllowed);
            let no = printed_cards::create_printed_cards(k, actor, 1).await;
            assert_eq!(refused(no), Refusal::NotAllowed);
            let no = programmes::apply_document(k, actor, &programme, None, true).await;
            assert!(no.is_err());
        }
        if !sells_goods {
            let no = products::remove_products(k, actor, &["1".to_owned()]).await;
            assert_eq!(refused(no), Refusal::NotAllowed, "{role:?}");
        }
        let no = backups::make_backup(k, actor, &file).await;
        assert_eq!(refused(no), Refusal::NotAllowed);
        let no = secret_key::forget_key(k, actor).await;
        assert_eq!(refused(no), Refusal::NotAllowed);
    }
    assert!(!file.exists());
    assert_eq!(lines(k).await.len(), before);
}

#[tokio::test]
async fn an_approver_decides_and_does_not_correct() {
    let counter = Counter::open(|p| p.adjustments.approval_above = Points(10)).await;
    let k = counter.k();
    let member = counter.chain.member(1).await;
    let operator = &Actor::OPERATOR;
    let added = staff::add_staff(k, operator, "rita", "Rita", Role::Approver, PASSWORD, None);
    added.await.unwrap();
    let added = staff::add_staff(k, operator, "sam", "Sam", Role::Auditor, PASSWORD, None);
    added.await.unwrap();
    assert_eq!(
        refused(staff::prove_officer(k, "sam", PASSWORD).await),
        Refusal::NotAllowed
    );
    let rita = staff::prove_officer(k, "rita", PASSWORD).await.unwrap();
    let boss = staff::prove_officer(k, "boss", PASSWORD).await.unwrap();
    let number = &member.code[2..];
    let no = corrections::adjust_points(k, &rita, number, Points(100), "note", None).await;
    assert_eq!(refused(no), Refusal::NotAllowed);
    let no = corrections::replace_card(k, &rita, number).await;
    assert_eq!(refused(no), Refusal::NotAllowed);
    let asked = corrections::adjust_points(k, &boss, number, Points(100), "note", None).await;
    let corrections::CorrectionOutcome::Waiting(id) = asked.unwrap() else {
        panic!("a second person is needed");
    };
    corrections::decide_on_approval(k, &rita, id, true)
        .await
        .unwrap();
    let told = lines(k).await;
    assert!(
        told.contains(&(
            "operator".to_owned(),
            "approval-decided".to_owned(),
            id.to_string()
        )),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_role_without_a_till_signs_in_at_none() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    for named in [Role::Marketer, Role::Approver, Role::Analyst, Role::Auditor] {
        let role = named.as_str();
        let added = staff::add_staff(k, &Actor::OPERATOR, role, role, named, PASSWORD, None);
        added.await.unwrap();
        staff::set_pin(k, &Actor::OPERATOR, role, "8642")
            .await
            .unwrap();
        let no = staff::sign_in(k, Some(&paired), None, role, PASSWORD).await;
        assert_eq!(refused(no), Refusal::NotAllowed, "{role}");
        let who = Some(counter.id(role).await);
        let no = staff::unlock_till(k, Some(&paired), None, who, "8642").await;
        assert_eq!(refused(no), Refusal::WrongPin, "{role}");
    }
    let roster = staff::list_roster(k, paired.till.store_id).await.unwrap();
    assert!(roster.iter().all(|person| person.name != "marketer"));
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    assert_eq!(olga.role, Role::Cashier);
    let member = counter.chain.member(7).await;
    counter.look_up(&at(&olga), &member).await.unwrap();
    is_line(&last(k).await, "staff", "look-up", "");
    let by_key = counter.chain.till.clone();
    counter.look_up(&by_key, &member).await.unwrap();
    is_line(&last(k).await, "till", "look-up", "");
}
