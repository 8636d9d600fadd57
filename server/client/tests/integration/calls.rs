//! A call is repeated under its key until it is answered or refused, and stored once.

use std::time::{Duration, Instant};

use crate::support::{Weather, start};
use kopilka_client::{
    ClientError, PosApiClient, ReceiptLineRequest, ReceiptRequest, RetryPolicy, SpendRequest,
    new_key,
};

const QUICK: RetryPolicy = RetryPolicy {
    tries: 5,
    first: Duration::from_millis(1),
    longest: Duration::from_secs(2),
};

fn receipt() -> ReceiptRequest {
    ReceiptRequest::without_card(vec![ReceiptLineRequest::new("grocery", 12_400)])
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_key() {
    let (client, store) = start().await;
    store.lock().unwrap().weather = vec![
        Weather::Status(503, None),
        Weather::AnswerLost,
        Weather::Status(500, None),
    ];
    let key = new_key();
    let stored = client
        .with_retry_policy(QUICK)
        .commit_sale(&key, &receipt())
        .await
        .unwrap();
    assert_eq!((stored.earned, stored.balance), (7, Some(7)));
    let store = store.lock().unwrap();
    assert_eq!(store.keys(), [key.as_str()], "stored once");
    assert_eq!(store.seen, vec![key; 4], "always the same key");
}

#[tokio::test]
async fn the_server_s_wish_to_wait_is_kept() {
    for status in [429, 409] {
        let (client, store) = start().await;
        store.lock().unwrap().weather = vec![Weather::Status(status, Some(1))];
        let before = Instant::now();
        client
            .with_retry_policy(QUICK)
            .commit_sale(&new_key(), &receipt())
            .await
            .unwrap();
        assert!(before.elapsed() >= Duration::from_secs(1), "{status}");
    }
}

#[tokio::test]
async fn a_refusal_is_not_repeated() {
    for status in [400, 401, 404, 409, 422] {
        let (client, store) = start().await;
        store.lock().unwrap().weather = vec![Weather::Status(status, None)];
        let error = client
            .with_retry_policy(QUICK)
            .commit_sale("k", &receipt())
            .await
            .unwrap_err();
        let ClientError::Refused(problem) = error else {
            panic!("{error}");
        };
        assert_eq!((problem.status, problem.stable_key()), (status, "test"));
        assert_eq!(store.lock().unwrap().seen.len(), 1, "{status}");
    }
}

#[tokio::test]
async fn patience_ends() {
    let (client, store) = start().await;
    store.lock().unwrap().weather = vec![Weather::Status(503, None); 9];
    let error = client
        .with_retry_policy(QUICK)
        .commit_sale("k", &receipt())
        .await
        .unwrap_err();
    assert!(error.may_pass(), "{error}");
    assert_eq!(store.lock().unwrap().seen.len(), 5);
}

#[tokio::test]
async fn no_link_is_no_refusal() {
    let nowhere = PosApiClient::new("http://127.0.0.1:9", "key")
        .unwrap()
        .with_retry_policy(QUICK);
    let error = nowhere.commit_sale("k", &receipt()).await.unwrap_err();
    assert!(
        matches!(error, ClientError::NoLink(_)) && error.may_pass(),
        "{error}"
    );
}

#[test]
fn what_goes_over_the_wire_is_what_the_docs_say() {
    let mut sale = receipt();
    assert_eq!(
        serde_json::to_string(&sale).unwrap(),
        r#"{"lines":[{"sku":"","name":"","category":"grocery","quantity":1000,"amount":12400}]}"#
    );
    for (spend, text) in [
        (SpendRequest::All, r#""all""#),
        (SpendRequest::Points(5), "5"),
    ] {
        assert_eq!(serde_json::to_string(&spend).unwrap(), text);
        assert_eq!(serde_json::from_str::<SpendRequest>(text).unwrap(), spend);
        sale.spend = Some(spend);
        let again: ReceiptRequest =
            serde_json::from_str(&serde_json::to_string(&sale).unwrap()).unwrap();
        assert_eq!(again, sale);
    }
    assert!(serde_json::from_str::<SpendRequest>(r#""some""#).is_err());
    let keys: std::collections::BTreeSet<String> = (0..1_000).map(|_| new_key()).collect();
    assert_eq!(keys.len(), 1_000);
}

#[test]
fn a_client_never_shows_its_key() {
    let client = PosApiClient::new("https://club.test", "very-secret").unwrap();
    assert!(!format!("{client:?}").contains("very-secret"));
    assert!(PosApiClient::new("https://club.test", "two\nlines").is_err());
    assert!(PosApiClient::new("no address", "key").is_err());
}
