//! Right codes and wrong ones.

use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::sign_up::phone_verification::{self, PhoneProofOutcome};
use kopilka_core::usecases::{Error, Refusal};

use super::scene::{
    PHONE, ask, chain, confirm, from, messages, newest_code, other_than, refused, wrong,
};

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
        phone_verification::resend_code(&chain.k, &token, "ru")
            .await
            .unwrap();
        let second = newest_code(&chain.k, phone).await;
        assert_ne!(first, second);
        chain.later(later - 60);
        if first_is_right {
            let proven = confirm(&chain.k, &token, &first).await.unwrap();
            assert!(matches!(proven, PhoneProofOutcome::NewPhone(_)));
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
    phone_verification::resend_code(&chain.k, &token, "ru")
        .await
        .unwrap();
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
        let challenge = phone_verification::find_challenge(&service, token)
            .await
            .unwrap();
        assert!(challenge.unwrap().alive);
    }
    let code = newest_code(&service, PHONE).await;
    assert_eq!(wrong(&service, &first, &[&code]).await, Some(4));
    // Who has the other token may be somebody else behind the same address.
    assert_eq!(wrong(&service, &second, &[&code]).await, Some(4));
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
        let token = till::request_phone_code(&chain.k, &chain.till, PHONE, "ru").await;
        tokens.push(token.unwrap());
    }
    assert_eq!(messages(&chain.k, PHONE).await.len(), 1);
    let code = newest_code(&chain.k, PHONE).await;
    // A till's token opens nothing in a browser.
    assert_eq!(wrong(&chain.k, &tokens[1], &[&code]).await, None);
    for token in &tokens {
        let waiting = till::find_phone_code(&chain.k, &chain.till, token)
            .await
            .unwrap();
        assert_eq!(waiting.unwrap().resend_in, 60);
    }
    let answer = till::confirm_phone_code(&chain.k, &chain.till, &tokens[1], &code).await;
    assert_eq!(refused(answer), Refusal::CardUnknown);
    let answer = till::confirm_phone_code(&chain.k, &chain.till, &tokens[0], &code).await;
    assert_eq!(refused(answer), Refusal::CodeDead);
}

#[tokio::test]
async fn a_stranger_behind_the_same_address_uses_up_none_of_the_owner_s_tries() {
    let chain = chain().await;
    let service = from(&chain.k, "192.0.2.1");
    for (phone, owner_is_first) in [("+79160000001", true), ("+79160000002", false)] {
        let first = ask(&service, phone).await.unwrap();
        let second = ask(&service, phone).await.unwrap();
        let code = newest_code(&service, phone).await;
        let (owner, stranger) = if owner_is_first {
            (first, second)
        } else {
            (second, first)
        };
        for left in [Some(4), Some(3), Some(2), Some(1), None] {
            assert_eq!(wrong(&service, &stranger, &[&code]).await, left);
        }
        for guess in [code.as_str(), &other_than(&[&code])] {
            let dead = confirm(&service, &stranger, guess).await;
            assert_eq!(refused(dead), Refusal::CodeDead);
        }
        let sent = phone_verification::resend_code(&service, &stranger, "ru").await;
        assert_eq!(refused(sent), Refusal::CodeDead);
        assert_eq!(wrong(&service, &owner, &[&code]).await, Some(4));
        confirm(&service, &owner, &code).await.unwrap();
    }
}

#[tokio::test]
async fn tokens_of_one_challenge_have_no_more_than_the_phone_s_fifteen_tries() {
    let chain = chain().await;
    let service = from(&chain.k, "192.0.2.1");
    let owner = ask(&service, PHONE).await.unwrap();
    let code = newest_code(&service, PHONE).await;
    for _ in 0..3 {
        let stranger = ask(&service, PHONE).await.unwrap();
        for _ in 0..5 {
            wrong(&service, &stranger, &[&code]).await;
        }
    }
    let right = confirm(&service, &owner, &code).await;
    assert!(matches!(refused(right), Refusal::TooManyCodes { .. }));
}
