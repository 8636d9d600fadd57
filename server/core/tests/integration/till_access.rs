//! Who is at a till: pairing, PINs, the lock, and the log of it all.

use crate::counter::{Counter, KEY, PASSWORD, at, refused, sale};
use kopilka_core::domain::actor::Actor;
use kopilka_core::store::tills;
use kopilka_core::usecases::access::staff::{self, TillPresence};
use kopilka_core::usecases::access::{pairing, session};
use kopilka_core::usecases::accounts::settings;
use kopilka_core::usecases::jobs::pruning;
use kopilka_core::usecases::jobs::sealing::seal_lines;
use kopilka_core::usecases::{Error, Refusal};

#[tokio::test]
async fn a_code_pairs_one_browser_within_ten_minutes() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let code = pairing::create_pairing_code(k, &Actor::OPERATOR, counter.till)
        .await
        .unwrap();
    assert_eq!(code.len(), 8);
    let token = counter.pair(&code).await.unwrap();
    let paired = pairing::find_paired_browser(k, &token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(paired.till.name, "Browser till");
    assert_eq!(refused(counter.pair(&code).await), Refusal::PairingWrong);

    let late = pairing::create_pairing_code(k, &Actor::OPERATOR, counter.till)
        .await
        .unwrap();
    counter.chain.later(600);
    assert_eq!(refused(counter.pair(&late).await), Refusal::PairingWrong);

    let first = pairing::create_pairing_code(k, &Actor::OPERATOR, counter.till)
        .await
        .unwrap();
    let second = pairing::create_pairing_code(k, &Actor::OPERATOR, counter.till)
        .await
        .unwrap();
    assert_eq!(refused(counter.pair(&first).await), Refusal::PairingWrong);
    counter.pair(&second).await.unwrap();
}

#[tokio::test]
async fn five_wrong_codes_from_one_place_are_enough_for_ten_minutes() {
    let counter = Counter::open(|_| {}).await;
    for guess in 0..5 {
        let wrong = counter.pair(&format!("0000000{guess}")).await;
        assert_eq!(refused(wrong), Refusal::PairingWrong);
    }
    // The right one too: who guesses must not learn of it.
    assert_eq!(refused(counter.pair(KEY).await), Refusal::PairingTooOften);
    assert!(counter.pair_from(KEY, "203.0.113.10").await.is_ok());
    counter.chain.later(601);
    counter.pair(KEY).await.unwrap();
    assert_eq!(counter.log("pair").await.len(), 7);
}

#[tokio::test]
async fn wrong_codes_from_one_ipv6_network_count_together() {
    let counter = Counter::open(|_| {}).await;
    for guess in 0..5 {
        let address = format!("2001:db8:1:2:{guess}::{guess}");
        let wrong = counter.pair_from("00000000", &address).await;
        assert_eq!(refused(wrong), Refusal::PairingWrong);
    }
    let sixth = counter.pair_from(KEY, "2001:db8:1:2:ffff::1").await;
    assert_eq!(refused(sixth), Refusal::PairingTooOften);
    counter.pair_from(KEY, "2001:db8:1:3::1").await.unwrap();
}

#[tokio::test]
async fn a_key_of_a_tills_software_pairs_no_browser() {
    let counter = Counter::open(|_| {}).await;
    assert_eq!(
        refused(counter.pair("test-key").await),
        Refusal::PairingWrong
    );
    let pos = counter.chain.till.till.id;
    let code = pairing::create_pairing_code(counter.k(), &Actor::OPERATOR, pos).await;
    assert_eq!(refused(code), Refusal::NotFound);
}

#[tokio::test]
async fn an_ended_pairing_and_a_revoked_till_end_the_session_with_it() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    for revoke in [false, true] {
        let token = counter.pair(KEY).await.unwrap();
        let paired = pairing::find_paired_browser(k, &token)
            .await
            .unwrap()
            .unwrap();
        let session = counter.come_in(&paired, "olga", "2580").await;
        counter.working(&session, &paired).await;
        if revoke {
            let mut tx = k.db.write_test_data().await.unwrap();
            tills::revoke(&mut tx, counter.till, k.now()).await.unwrap();
            tx.commit().await.unwrap();
        } else {
            assert_eq!(
                pairing::end_pairings(k, &Actor::OPERATOR, counter.till)
                    .await
                    .unwrap(),
                1
            );
        }
        assert!(
            pairing::find_paired_browser(k, &token)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            staff::find_presence(k, &session, None, false)
                .await
                .unwrap()
                .is_none()
        );
    }
}

#[tokio::test]
async fn an_administrator_shows_codes_for_tills_of_their_own_store_only() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let olga = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&olga, &paired).await;
    let shown = pairing::create_code_for_admin(k, &olga, counter.till).await;
    assert_eq!(refused(shown), Refusal::AdminsOnly);
    let boss = counter.come_in(&paired, "boss", "1470").await;
    let boss = counter.working(&boss, &paired).await;
    let tills = pairing::list_tills_to_pair(k, &boss).await.unwrap();
    assert_eq!(tills.len(), 1);
    let code = pairing::create_code_for_admin(k, &boss, counter.till)
        .await
        .unwrap();
    counter.pair(&code).await.unwrap();
    let mut tx = k.db.read().await.unwrap();
    let far = tills::id_by_name(&mut tx, "Far till")
        .await
        .unwrap()
        .unwrap();
    drop(tx);
    let shown = pairing::create_code_for_admin(k, &boss, far).await;
    assert_eq!(refused(shown), Refusal::NotFound);
}

#[tokio::test]
async fn people_of_the_store_come_in_by_pin_and_others_do_not() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let names: Vec<String> = staff::list_roster(k, paired.till.store_id)
        .await
        .unwrap()
        .into_iter()
        .map(|each| each.name)
        .collect();
    assert_eq!(names, ["boss", "floater", "ilya", "olga"]);
    counter.come_in(&paired, "floater", "9513").await;
    let stranger = Some(counter.id("stranger").await);
    let come = staff::unlock_till(k, Some(&paired), None, stranger, "7530").await;
    assert_eq!(refused(come), Refusal::WrongPin);
    let by_password = staff::sign_in(k, Some(&paired), None, "stranger", PASSWORD).await;
    assert_eq!(refused(by_password), Refusal::OtherStore);
    // At the paired till, not at a till of one's own.
    let floater = staff::sign_in(k, Some(&paired), None, "floater", PASSWORD)
        .await
        .unwrap();
    assert_eq!(
        counter.working(&floater, &paired).await.till.id,
        counter.till
    );
    let nowhere = staff::sign_in(k, None, None, "floater", PASSWORD).await;
    assert_eq!(refused(nowhere), Refusal::NotFound);
    // No PIN without a paired browser.
    let olga = Some(counter.id("olga").await);
    let unpaired = staff::unlock_till(k, None, None, olga, "2580").await;
    assert_eq!(refused(unpaired), Refusal::NotSignedIn);
}

#[tokio::test]
async fn five_wrong_pins_lock_the_account_and_twenty_the_browser() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let mut wrong = 0;
    for login in ["olga", "ilya", "boss", "floater"] {
        let who = Some(counter.id(login).await);
        for _ in 0..5 {
            let come = staff::unlock_till(k, Some(&paired), None, who, "0001").await;
            assert_eq!(refused(come), Refusal::WrongPin, "{login}");
            wrong += 1;
        }
        let come = staff::unlock_till(k, Some(&paired), None, who, "2580").await;
        assert!(matches!(refused(come), Refusal::Locked { .. }), "{login}");
        let password = staff::sign_in(k, Some(&paired), None, login, PASSWORD).await;
        assert!(
            matches!(refused(password), Refusal::Locked { minutes: 6 }),
            "{login}"
        );
    }
    assert_eq!(wrong, 20);
    assert_eq!(counter.log("wrong-pin").await.len(), 20);
    // The accounts are free again before the browser is.
    counter.chain.later(301);
    let olga = Some(counter.id("olga").await);
    let come = staff::unlock_till(k, Some(&paired), None, olga, "2580").await;
    assert!(matches!(refused(come), Refusal::Locked { .. }));
    let other = counter.paired().await;
    counter.come_in(&other, "olga", "2580").await;
    counter.chain.later(300);
    counter.come_in(&paired, "olga", "2580").await;
}

#[tokio::test]
async fn a_pin_is_digits_that_are_not_the_first_to_be_tried() {
    let counter = Counter::open(|_| {}).await;
    let paired = counter.paired().await;
    let session = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&session, &paired).await;
    for (pin, key) in [
        ("123", "pin-digits"),
        ("123456789", "pin-digits"),
        ("12a4", "pin-digits"),
        ("1234", "pin-simple"),
        ("98765", "pin-simple"),
        ("00000000", "pin-simple"),
    ] {
        let set = staff::set_own_pin(counter.k(), &olga, PASSWORD, pin, pin).await;
        let Err(Error::Invalid(problems)) = set else {
            panic!("{pin}: {set:?}");
        };
        assert_eq!(problems[0].key, key, "{pin}");
    }
    let wrong = staff::set_own_pin(counter.k(), &olga, "wrong-password", "8642", "8642").await;
    assert_eq!(refused(wrong), Refusal::WrongPassword);
    staff::set_own_pin(counter.k(), &olga, PASSWORD, "86420", "86420")
        .await
        .unwrap();
    counter.come_in(&paired, "olga", "86420").await;
}

#[tokio::test]
async fn an_idle_till_locks_and_its_own_page_is_no_sign_of_life() {
    let counter = Counter::open(|p| p.till.idle_minutes = 2).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let token = counter.come_in(&paired, "olga", "2580").await;
    for _ in 0..5 {
        counter.chain.later(110);
        counter.working(&token, &paired).await;
    }
    counter.chain.later(115);
    let asked = staff::find_presence(k, &token, Some(&paired), true)
        .await
        .unwrap();
    assert!(matches!(asked, Some(TillPresence::Working(_))));
    counter.chain.later(6);
    counter.locked(&token, &paired).await;
    // And it stays so, until the shift is long over.
    counter.chain.later(3_600);
    counter.locked(&token, &paired).await;
    assert_eq!(
        counter.log("lock").await,
        [("olga".to_owned(), "idle".to_owned(), "done".to_owned())]
    );
    counter.chain.later(12 * 3_600);
    assert!(counter.present(&token, &paired).await.is_none());
}

#[tokio::test]
async fn whoever_unlocks_goes_on_with_the_customer_as_themselves() {
    let counter = Counter::open(|_| {}).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let member = counter.chain.member(1).await;
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    let visit = counter.look_up(&at(&olga), &member).await.unwrap();
    staff::lock_till(k, &olga).await.unwrap();
    let locked = counter.locked(&token, &paired).await;

    let wrong = staff::unlock_till(k, Some(&paired), Some(&locked), Some(olga.staff), "0001").await;
    assert_eq!(refused(wrong), Refusal::WrongPin);
    let same = staff::unlock_till(k, Some(&paired), Some(&locked), Some(olga.staff), "2580").await;
    assert_eq!(same.unwrap(), None);
    counter.working(&token, &paired).await;

    staff::lock_till(k, &olga).await.unwrap();
    let ilya = Some(counter.id("ilya").await);
    let new = staff::unlock_till(k, Some(&paired), Some(&locked), ilya, "3690").await;
    let new = new.unwrap().expect("a session of his own");
    assert!(counter.present(&token, &paired).await.is_none());
    let ilya = counter.working(&new, &paired).await;
    let sold = counter
        .sell(&at(&ilya), sale(Some(&visit.token), 100))
        .await
        .unwrap();
    assert!(sold.balance.is_some());
    let sales = counter.log("sale").await;
    assert_eq!(sales[0].0, "ilya");
    assert_eq!(counter.log("look-up").await[0].0, "olga");
}

#[tokio::test]
async fn in_a_browser_that_is_not_paired_only_the_one_who_locked_it_has_a_pin() {
    let counter = Counter::open(|_| {}).await;
    let k = counter.k();
    let token = staff::sign_in(k, None, None, "olga", PASSWORD)
        .await
        .unwrap();
    let Some(TillPresence::Working(olga)) =
        staff::find_presence(k, &token, None, false).await.unwrap()
    else {
        panic!("nobody works");
    };
    staff::lock_till(k, &olga).await.unwrap();
    let ilya = Some(counter.id("ilya").await);
    let other = staff::unlock_till(k, None, Some(&olga), ilya, "3690").await;
    assert_eq!(refused(other), Refusal::NotSignedIn);
    staff::unlock_till(k, None, Some(&olga), Some(olga.staff), "2580")
        .await
        .unwrap();
    // The same token is worth nothing in a paired browser.
    let paired = counter.paired().await;
    assert!(counter.present(&token, &paired).await.is_none());
}

#[tokio::test]
async fn the_log_keeps_a_meaningless_id_of_a_closed_account_and_is_pruned() {
    let counter = Counter::open(|p| p.till.audit_days = 30).await;
    let (k, paired) = (counter.k(), counter.paired().await);
    let member = counter.chain.member(7).await;
    let token = counter.come_in(&paired, "olga", "2580").await;
    let olga = counter.working(&token, &paired).await;
    counter.look_up(&at(&olga), &member).await.unwrap();
    let shopper = session::Shopper {
        member: member.id,
        device: kopilka_core::ids::DeviceId::new(),
        language: "ru".to_owned(),
    };
    settings::close_account(k, &shopper, true).await.unwrap();
    let mut tx = k.db.read().await.unwrap();
    let asked = kopilka_core::store::audit::AuditLogFilter {
        member: Some(member.id),
        ..Default::default()
    };
    let lines = kopilka_core::store::audit::list_entries(&mut tx, &asked, None, 10)
        .await
        .unwrap();
    drop(tx);
    let acts: Vec<_> = lines
        .iter()
        .map(|line| (line.actor.as_str(), line.action.as_str()))
        .collect();
    assert_eq!(acts, [("staff", "look-up"), ("member", "account-closed")]);
    assert_eq!(lines[0].card, None);
    assert_eq!(lines[0].member_id, Some(member.id));
    // A line is pruned once it is sealed.
    seal_lines(k, || false).await.unwrap().unwrap();
    counter.chain.later(29 * 86_400);
    pruning::prune_expired_rows(k).await.unwrap();
    assert_eq!(counter.log("look-up").await.len(), 1);
    counter.chain.later(2 * 86_400);
    pruning::prune_expired_rows(k).await.unwrap();
    assert!(counter.log("look-up").await.is_empty());
}
