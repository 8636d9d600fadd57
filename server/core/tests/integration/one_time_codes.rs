//! One-time passwords: which codes are right, and how many are sent and judged.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::chain::Chain;
use kopilka_core::Kopilka;
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::code_limits::{CodeLimits, messages_today};
use kopilka_core::usecases::enrolment::{self, Application};
use kopilka_core::usecases::joining::{self, Origin, Proven};
use kopilka_core::usecases::outbox::{self, Message};
use kopilka_core::usecases::pruning::prune;
use kopilka_core::usecases::{Error, Refusal, invitations, session, settings, till};

const PHONE: &str = "+79161234567";

async fn chain() -> Chain {
    Chain::open("2026-03-01", |_| {}).await
}

fn from(service: &Kopilka, address: &str) -> Kopilka {
    service.asked_from(address.parse::<IpAddr>().unwrap())
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

async fn ask(service: &Kopilka, phone: &str) -> Result<String, Error> {
    joining::ask_for_code(service, phone, &Origin::default(), "ru").await
}

/// Texts of the messages to a phone, newest first.
async fn messages(service: &Kopilka, phone: &str) -> Vec<Message> {
    let all = outbox::newest(service).await.unwrap();
    all.into_iter()
        .filter(|message| message.recipient == phone)
        .map(|message| message.message)
        .collect()
}

async fn newest_code(service: &Kopilka, phone: &str) -> String {
    match messages(service, phone).await.swap_remove(0) {
        Message::OneTimePassword { code, .. } | Message::TillCode { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

async fn confirm(service: &Kopilka, token: &str, code: &str) -> Result<Proven, Error> {
    joining::confirm_code(service, token, code, "phone").await
}

/// A code that none of these is.
fn other_than(codes: &[&str]) -> String {
    let mut numbers = (0..).map(|number: u32| format!("{number:06}"));
    numbers
        .find(|each| !codes.contains(&each.as_str()))
        .unwrap()
}

/// Tries left after a wrong code, `None` = the challenge is dead.
async fn wrong(service: &Kopilka, token: &str, codes: &[&str]) -> Option<i64> {
    match confirm(service, token, &other_than(codes)).await {
        Err(Error::Invalid(problems)) => Some(problems[0].args[0].1.parse().unwrap()),
        Err(Error::Refused(Refusal::CodeDead)) => None,
        other => panic!("{other:?}"),
    }
}

async fn count(chain: &Chain, text: &'static str) -> i64 {
    let mut tx = chain.k.db.read().await.unwrap();
    let (count,): (i64,) = sql(text).one(&mut tx).await.unwrap();
    count
}

#[tokio::test]
async fn after_a_resend_both_codes_are_right_each_for_its_own_ten_minutes() {
    let chain = chain().await;
    for (phone, later, first_is_right) in [
        ("+79160000001", 61, true),
        ("+79160000002", 598, true),
        ("+79160000003", 601, false),
    ] {
        let token = ask(&chain.k, phone).await.unwrap();
        let first = newest_code(&chain.k, phone).await;
        chain.later(60);
        joining::resend(&chain.k, &token, "ru").await.unwrap();
        let second = newest_code(&chain.k, phone).await;
        assert_ne!(first, second);
        chain.later(later - 60);
        if first_is_right {
            let proven = confirm(&chain.k, &token, &first).await.unwrap();
            assert!(matches!(proven, Proven::NewPhone(_)));
            // Together they are used once.
            let again = confirm(&chain.k, &token, &second).await;
            assert_eq!(refused(again), Refusal::CodeDead);
        } else {
            let late = confirm(&chain.k, &token, &first).await;
            assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");
            confirm(&chain.k, &token, &second).await.unwrap();
        }
    }
}

#[tokio::test]
async fn wrong_tries_of_both_codes_are_counted_together() {
    let chain = chain().await;
    let token = ask(&chain.k, PHONE).await.unwrap();
    let first = newest_code(&chain.k, PHONE).await;
    for left in [4, 3, 2] {
        assert_eq!(wrong(&chain.k, &token, &[&first]).await, Some(left));
    }
    chain.later(60);
    joining::resend(&chain.k, &token, "ru").await.unwrap();
    let second = newest_code(&chain.k, PHONE).await;
    assert_eq!(wrong(&chain.k, &token, &[&first, &second]).await, Some(1));
    assert_eq!(wrong(&chain.k, &token, &[&first, &second]).await, None);
    for code in [first, second] {
        let dead = confirm(&chain.k, &token, &code).await;
        assert_eq!(refused(dead), Refusal::CodeDead);
    }
}

#[tokio::test]
async fn what_cannot_be_a_code_costs_no_try() {
    let chain = chain().await;
    let token = ask(&chain.k, PHONE).await.unwrap();
    let code = newest_code(&chain.k, PHONE).await;
    for text in ["", "12345", "123456 654321"] {
        let answer = confirm(&chain.k, &token, text).await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "{text}");
    }
    assert_eq!(wrong(&chain.k, &token, &[&code]).await, Some(4));
    let (one, two) = code.split_at(3);
    let pasted = format!("\u{200e}«Ваш код {one}\u{a0}{two}».");
    confirm(&chain.k, &token, &pasted).await.unwrap();
}

#[tokio::test]
async fn a_form_sent_twice_sends_one_message_and_both_answers_lead_to_its_code() {
    let chain = chain().await;
    let service = from(&chain.k, "192.0.2.1");
    let first = ask(&service, PHONE).await.unwrap();
    let second = ask(&service, PHONE).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(messages(&service, PHONE).await.len(), 1);
    for token in [&first, &second] {
        let challenge = joining::challenge(&service, token).await.unwrap();
        assert!(challenge.unwrap().alive);
    }
    let code = newest_code(&service, PHONE).await;
    assert_eq!(wrong(&service, &first, &[&code]).await, Some(4));
    assert_eq!(wrong(&service, &second, &[&code]).await, Some(3));
    confirm(&service, &second, &code).await.unwrap();
    assert_eq!(
        refused(confirm(&service, &first, &code).await),
        Refusal::CodeDead
    );
    // Somebody else gets a code of their own.
    let (one, stranger) = (from(&chain.k, "192.0.2.2"), from(&chain.k, "192.0.2.3"));
    ask(&one, "+79160000001").await.unwrap();
    ask(&stranger, "+79160000001").await.unwrap();
    assert_eq!(messages(&service, "+79160000001").await.len(), 2);
    // And nobody piles up tokens.
    let mut last = Ok(String::new());
    for _ in 0..11 {
        last = ask(&stranger, "+79160000001").await;
    }
    assert_eq!(refused(last), Refusal::TooSoon { seconds: 60 });
}

#[tokio::test]
async fn a_till_that_asks_twice_sends_one_message_too() {
    let chain = chain().await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let token = till::ask_phone(&chain.k, &chain.till, PHONE, "ru").await;
        tokens.push(token.unwrap());
    }
    assert_eq!(messages(&chain.k, PHONE).await.len(), 1);
    let code = newest_code(&chain.k, PHONE).await;
    // A till's token opens nothing in a browser.
    assert_eq!(wrong(&chain.k, &tokens[1], &[&code]).await, None);
    for token in &tokens {
        let waiting = till::forgotten(&chain.k, &chain.till, token).await.unwrap();
        assert_eq!(waiting.unwrap().resend_in, 60);
    }
    let answer = till::confirm_phone(&chain.k, &chain.till, &tokens[1], &code).await;
    assert_eq!(refused(answer), Refusal::CardUnknown);
    let answer = till::confirm_phone(&chain.k, &chain.till, &tokens[0], &code).await;
    assert_eq!(refused(answer), Refusal::CodeDead);
}

#[tokio::test]
async fn fifteen_wrong_codes_of_a_phone_in_an_hour_are_all_that_are_judged() {
    let chain = chain().await;
    let mut tokens = Vec::new();
    let mut codes = Vec::new();
    for address in 1..=4 {
        let service = from(&chain.k, &format!("192.0.2.{address}"));
        tokens.push(ask(&service, PHONE).await.unwrap());
        codes.push(newest_code(&chain.k, PHONE).await);
    }
    let all: Vec<&str> = codes.iter().map(String::as_str).collect();
    for token in &tokens[..3] {
        for _ in 0..5 {
            wrong(&chain.k, token, &all).await;
        }
    }
    // The right code of the fourth is not looked at, and no path sends another.
    let right = confirm(&chain.k, &tokens[3], &codes[3]).await;
    assert!(matches!(refused(right), Refusal::TooManyCodes { .. }));
    chain.later(61);
    let elsewhere = from(&chain.k, "198.51.100.1");
    let sent = [
        ask(&elsewhere, PHONE).await.map(drop),
        joining::resend(&elsewhere, &tokens[3], "ru").await,
        till::ask_phone(&chain.k, &chain.till, PHONE, "ru")
            .await
            .map(drop),
    ];
    for answer in sent {
        assert!(matches!(refused(answer), Refusal::TooManyCodes { .. }));
    }
    chain.later(3_600);
    let token = ask(&elsewhere, PHONE).await.unwrap();
    let code = newest_code(&chain.k, PHONE).await;
    confirm(&chain.k, &token, &code).await.unwrap();
}

#[tokio::test]
async fn after_a_hundred_wrong_codes_in_a_row_none_is_sent_for_a_day_and_sessions_go_on() {
    let chain = chain().await;
    let owner = from(&chain.k, "203.0.113.1");
    let token = ask(&owner, PHONE).await.unwrap();
    let code = newest_code(&owner, PHONE).await;
    let Proven::NewPhone(enrolment) = confirm(&owner, &token, &code).await.unwrap() else {
        panic!("a new phone");
    };
    let application = Application {
        first_name: "Анна".to_owned(),
        last_name: String::new(),
        personal_data: true,
        rules: true,
        messages: BTreeSet::new(),
        language: "en".to_owned(),
        device: "phone".to_owned(),
        ip: "203.0.113.1".to_owned(),
    };
    let session = enrolment::finish(&chain.k, &enrolment, &application)
        .await
        .unwrap();
    for phone in [PHONE, "+79160000009"] {
        let mut judged = 0;
        for round in 0..7 {
            chain.later(3_601);
            for attempt in 0..3 {
                let stranger = from(&chain.k, &format!("198.51.{round}.{attempt}"));
                let Ok(token) = ask(&stranger, phone).await else {
                    continue;
                };
                let code = newest_code(&chain.k, phone).await;
                for _ in 0..5 {
                    if judged < 100 {
                        wrong(&chain.k, &token, &[&code]).await;
                        judged += 1;
                    }
                }
            }
        }
        assert_eq!(judged, 100);
        chain.later(3_601);
        for address in ["203.0.113.1", "198.51.100.7"] {
            let answer = ask(&from(&chain.k, address), phone).await;
            assert_eq!(refused(answer), Refusal::CodesPaused { hours: 23 });
        }
        let at_till = till::ask_phone(&chain.k, &chain.till, phone, "ru").await;
        assert_eq!(refused(at_till), Refusal::CodesPaused { hours: 23 });
        // Its owner is told, once.
        let told = messages(&chain.k, phone).await;
        let told = told
            .iter()
            .filter(|each| matches!(each, Message::CodesPaused));
        assert_eq!(told.count(), 1);
        // A link needs no guessing.
        invitations::invite(&chain.k, &chain.till, phone, "ru", None)
            .await
            .unwrap();
    }
    assert!(
        session::shopper(&chain.k, &session)
            .await
            .unwrap()
            .is_some()
    );
    chain.later(24 * 3_600);
    let token = ask(&owner, PHONE).await.unwrap();
    let code = newest_code(&chain.k, PHONE).await;
    assert_eq!(wrong(&chain.k, &token, &[&code]).await, Some(4));
    let proven = confirm(&owner, &token, &code).await.unwrap();
    assert!(matches!(proven, Proven::SignedIn(_)));
}

#[tokio::test]
async fn a_stranger_s_requests_do_not_use_up_the_owner_s() {
    let chain = chain().await;
    let stranger = from(&chain.k, "198.51.100.1");
    for _ in 0..5 {
        ask(&stranger, PHONE).await.unwrap();
        chain.later(60);
    }
    let sixth = ask(&stranger, PHONE).await;
    assert_eq!(refused(sixth), Refusal::TooManyCodes { minutes: 56 });
    let owner = from(&chain.k, "203.0.113.1");
    let token = ask(&owner, PHONE).await.unwrap();
    let code = newest_code(&chain.k, PHONE).await;
    confirm(&owner, &token, &code).await.unwrap();
    // What the owner has answered counts no more; fifteen in all are the end for everybody.
    for address in 1..=10 {
        let stranger = from(&chain.k, &format!("192.0.2.{address}"));
        ask(&stranger, PHONE).await.unwrap();
    }
    let sixteenth = ask(&from(&chain.k, "192.0.2.99"), PHONE).await;
    assert!(matches!(refused(sixteenth), Refusal::TooManyCodes { .. }));
}

#[tokio::test]
async fn an_old_challenge_sends_no_more_than_a_new_one() {
    let chain = chain().await;
    let service = from(&chain.k, "192.0.2.1");
    let token = ask(&service, PHONE).await.unwrap();
    for _ in 0..4 {
        chain.later(60);
        joining::resend(&service, &token, "ru").await.unwrap();
    }
    chain.later(60);
    let sixth = joining::resend(&service, &token, "ru").await;
    assert!(matches!(refused(sixth), Refusal::TooManyCodes { .. }));
    // After an hour the limits are those of any phone, but this challenge is over.
    chain.later(3_600);
    let old = joining::resend(&service, &token, "ru").await;
    assert_eq!(refused(old), Refusal::CodeDead);
    ask(&service, PHONE).await.unwrap();
    // Challenges of the hour before, each resent in this one, count in this one.
    let mut tokens = Vec::new();
    for address in 1..=20 {
        let service = from(&chain.k, &format!("198.51.100.{address}"));
        if let Ok(token) = ask(&service, "+79160000002").await {
            tokens.push((service, token));
        }
    }
    assert_eq!(tokens.len(), 15);
    chain.later(3_599);
    let mut sent = 0;
    for (service, token) in &tokens {
        sent += i64::from(joining::resend(service, token, "ru").await.is_ok());
    }
    assert_eq!(sent, 0);
}

#[tokio::test]
async fn one_network_gets_twenty_codes_in_an_hour() {
    let chain = chain().await;
    for (network, addresses) in [
        ("IPv4", ["192.0.2.1", "::ffff:192.0.2.1"]),
        ("IPv6", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"]),
    ] {
        for number in 0..20 {
            let service = from(&chain.k, addresses[number % 2]);
            let phone = format!("+79160000{number:03}");
            ask(&service, &phone).await.unwrap();
        }
        for address in addresses {
            let answer = ask(&from(&chain.k, address), "+79169999999").await;
            let refusal = refused(answer);
            assert!(
                matches!(refusal, Refusal::TooManyCodes { minutes: 60 | 61 }),
                "{network}: {refusal:?}"
            );
        }
        chain.later(3_601);
    }
    ask(&from(&chain.k, "192.0.2.1"), PHONE).await.unwrap();
    ask(&from(&chain.k, "2001:db8:1:3::1"), "+79160000001")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_day_has_as_many_messages_as_the_operator_allows_by_number_or_cost() {
    let chain = chain().await;
    let limits = CodeLimits {
        per_day: 100,
        price_minor: 450,
        cost_per_day: Some(4_500),
        ..CodeLimits::default()
    };
    let service = chain.k.clone().with_code_limits(limits);
    for number in 0..7 {
        let phone = format!("+7916000000{number}");
        ask(&service, &phone).await.unwrap();
    }
    let warned = "SELECT COUNT(*) FROM code_days WHERE warned_at IS NOT NULL";
    assert_eq!(count(&chain, warned).await, 0);
    till::ask_phone(&service, &chain.till, "+79160000007", "ru")
        .await
        .unwrap();
    assert_eq!(count(&chain, warned).await, 1);
    invitations::invite(&service, &chain.till, "+79160000008", "ru", None)
        .await
        .unwrap();
    let token = ask(&service, "+79160000009").await.unwrap();
    let today = messages_today(&service).await.unwrap();
    assert_eq!((today.sent, today.limit, today.cost_minor), (10, 10, 4_500));
    // Known or unknown, anew or again, by whichever path.
    chain.later(61);
    let refusals = [
        ask(&service, PHONE).await.map(drop),
        joining::resend(&service, &token, "ru").await,
        till::ask_phone(&service, &chain.till, PHONE, "ru")
            .await
            .map(drop),
    ];
    for answer in refusals {
        assert_eq!(refused(answer), Refusal::NoCodesToday { hours: 12 });
    }
    let link = invitations::invite(&service, &chain.till, PHONE, "ru", None).await;
    assert!(matches!(refused(link), Refusal::TooSoon { .. }));
    assert_eq!(count(&chain, "SELECT COUNT(*) FROM outbox").await, 10);
    // A code that was sent still signs in, and tomorrow is another day.
    let code = newest_code(&service, "+79160000009").await;
    confirm(&service, &token, &code).await.unwrap();
    chain.later(12 * 3_600);
    ask(&service, PHONE).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_at_once_no_more_are_sent_than_of_one_by_one() {
    let chain = chain().await;
    let limits = CodeLimits {
        per_day: 30,
        ..CodeLimits::default()
    };
    let service = chain.k.clone().with_code_limits(limits);
    let mut asking = Vec::new();
    for number in 0..60 {
        let service = from(
            &service,
            if number % 2 == 0 {
                "192.0.2.1"
            } else {
                "192.0.2.2"
            },
        );
        asking.push(tokio::spawn(async move {
            let phone = format!("+791600000{number:02}");
            ask(&service, &phone).await.is_ok()
        }));
    }
    let mut sent = 0;
    for each in asking {
        sent += i64::from(each.await.unwrap());
    }
    assert_eq!(sent, 30);
    assert_eq!(count(&chain, "SELECT COUNT(*) FROM outbox").await, 30);
    let wrong_at_once = ask(&from(&chain.k, "203.0.113.5"), PHONE).await.unwrap();
    let code = newest_code(&chain.k, PHONE).await;
    let guess = other_than(&[&code]);
    let mut guessing = Vec::new();
    for _ in 0..20 {
        let (service, token, guess) = (chain.k.clone(), wrong_at_once.clone(), guess.clone());
        guessing.push(tokio::spawn(async move {
            confirm(&service, &token, &guess).await.is_err()
        }));
    }
    for each in guessing {
        assert!(each.await.unwrap());
    }
    assert_eq!(
        count(&chain, "SELECT COUNT(*) FROM wrong_one_time_codes").await,
        5
    );
}

#[tokio::test]
async fn what_is_counted_is_forgotten_in_time_and_with_the_account() {
    let chain = chain().await;
    let service = from(&chain.k, "192.0.2.1");
    let token = ask(&service, PHONE).await.unwrap();
    ask(&service, PHONE).await.unwrap();
    chain.later(60);
    joining::resend(&service, &token, "ru").await.unwrap();
    let code = newest_code(&service, PHONE).await;
    wrong(&service, &token, &[&code]).await;
    let tables = [
        "SELECT COUNT(*) FROM challenges",
        "SELECT COUNT(*) FROM challenge_tokens",
        "SELECT COUNT(*) FROM earlier_codes",
        "SELECT COUNT(*) FROM code_sends",
        "SELECT COUNT(*) FROM wrong_one_time_codes",
        "SELECT COUNT(*) FROM guessed_phones",
        "SELECT COUNT(*) FROM code_days",
    ];
    for table in tables {
        assert!(count(&chain, table).await > 0, "{table}");
    }
    chain.later(31 * 86_400);
    prune(&chain.k).await.unwrap();
    for table in tables {
        assert_eq!(count(&chain, table).await, 0, "{table}");
    }

    let token = ask(&service, PHONE).await.unwrap();
    ask(&service, PHONE).await.unwrap();
    let code = newest_code(&service, PHONE).await;
    wrong(&service, &token, &[&code]).await;
    let Proven::NewPhone(enrolment) = confirm(&service, &token, &code).await.unwrap() else {
        panic!("a new phone");
    };
    let application = Application {
        first_name: "Анна".to_owned(),
        last_name: String::new(),
        personal_data: true,
        rules: true,
        messages: BTreeSet::new(),
        language: "ru".to_owned(),
        device: "phone".to_owned(),
        ip: "192.0.2.1".to_owned(),
    };
    let session = enrolment::finish(&chain.k, &enrolment, &application)
        .await
        .unwrap();
    // One more, wrongly answered, while the account is open.
    let token = ask(&from(&chain.k, "192.0.2.9"), PHONE).await.unwrap();
    chain.later(60);
    joining::resend(&service, &token, "ru").await.unwrap();
    let code = newest_code(&service, PHONE).await;
    wrong(&service, &token, &[&code]).await;
    let shopper = session::shopper(&chain.k, &session).await.unwrap().unwrap();
    settings::close_account(&chain.k, &shopper, true)
        .await
        .unwrap();
    for table in [
        "SELECT COUNT(*) FROM challenges WHERE phone <> ''",
        "SELECT COUNT(*) FROM challenge_tokens",
        "SELECT COUNT(*) FROM earlier_codes",
        "SELECT COUNT(*) FROM code_sends WHERE phone <> ''",
        "SELECT COUNT(*) FROM wrong_one_time_codes",
        "SELECT COUNT(*) FROM guessed_phones",
    ] {
        assert_eq!(count(&chain, table).await, 0, "{table}");
    }
}
