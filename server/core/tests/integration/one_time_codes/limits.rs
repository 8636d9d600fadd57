//! Limits of codes that are sent and judged.

use kopilka_core::domain::code_limits::OneTimeCodeLimits;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::messages::code_limits::messages_today;
use kopilka_core::usecases::sign_up::{invitations, phone_verification};

use super::scene::{
    PHONE, ask, chain, confirm, count, from, newest_code, other_than, refused, wrong,
};

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
        phone_verification::resend_code(&elsewhere, &tokens[3], "ru").await,
        till::request_phone_code(&chain.k, &chain.till, PHONE, "ru")
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
        phone_verification::resend_code(&service, &token, "ru")
            .await
            .unwrap();
    }
    chain.later(60);
    let sixth = phone_verification::resend_code(&service, &token, "ru").await;
    assert!(matches!(refused(sixth), Refusal::TooManyCodes { .. }));
    // After an hour the limits are those of any phone, but this challenge is over.
    chain.later(3_600);
    let old = phone_verification::resend_code(&service, &token, "ru").await;
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
        sent += i64::from(
            phone_verification::resend_code(service, token, "ru")
                .await
                .is_ok(),
        );
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
    let limits = OneTimeCodeLimits {
        per_day: 100,
        price_minor: 450,
        cost_per_day: Some(4_500),
        ..OneTimeCodeLimits::default()
    };
    let service = chain.k.clone().with_code_limits(limits);
    for number in 0..7 {
        let phone = format!("+7916000000{number}");
        ask(&service, &phone).await.unwrap();
    }
    let warned = "SELECT COUNT(*) FROM code_days WHERE warned_at IS NOT NULL";
    assert_eq!(count(&chain, warned).await, 0);
    till::request_phone_code(&service, &chain.till, "+79160000007", "ru")
        .await
        .unwrap();
    assert_eq!(count(&chain, warned).await, 1);
    invitations::send_invitation(&service, &chain.till, "+79160000008", "ru", None)
        .await
        .unwrap();
    let token = ask(&service, "+79160000009").await.unwrap();
    let today = messages_today(&service).await.unwrap();
    assert_eq!((today.sent, today.limit, today.cost_minor), (10, 10, 4_500));
    // Known or unknown, anew or again, by whichever path.
    chain.later(61);
    let refusals = [
        ask(&service, PHONE).await.map(drop),
        phone_verification::resend_code(&service, &token, "ru").await,
        till::request_phone_code(&service, &chain.till, PHONE, "ru")
            .await
            .map(drop),
    ];
    for answer in refusals {
        assert_eq!(refused(answer), Refusal::NoCodesToday { hours: 12 });
    }
    let link = invitations::send_invitation(&service, &chain.till, PHONE, "ru", None).await;
    assert_eq!(refused(link), Refusal::NoCodesToday { hours: 12 });
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
    let limits = OneTimeCodeLimits {
        per_day: 30,
        ..OneTimeCodeLimits::default()
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
