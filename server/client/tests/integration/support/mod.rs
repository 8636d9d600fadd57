//! A tiny server that keeps the promises of the POS API about keys and batches, and breaks down when it is told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use kopilka_client::PosApiClient;
use serde_json::{Value, json};

/// What the next requests meet before they are looked at; the last one is then repeated no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Answers with this status and a wish to be left alone for so many seconds.
    Status(u16, Option<u64>),
    /// Stores, then answers with 503, as if the answer had been lost.
    AnswerLost,
}

#[derive(Debug, Default)]
pub struct Store {
    /// What was stored, by key, in the order of arrival.
    pub stored: Vec<(String, Value)>,
    answers: BTreeMap<String, Value>,
    /// Statuses that items of a batch are answered with, by key.
    pub items: BTreeMap<String, (u16, &'static str)>,
    /// What the next requests meet.
    pub weather: Vec<Weather>,
    /// Keys of all requests, repeats too.
    pub seen: Vec<String>,
}

impl Store {
    fn keep(&mut self, key: &str, body: Value) -> Value {
        if let Some(answer) = self.answers.get(key) {
            return answer.clone();
        }
        let answer = json!({"id": format!("receipt-{}", self.stored.len()), "earned": 7, "spent": 0, "balance": 7});
        self.stored.push((key.to_owned(), body));
        self.answers.insert(key.to_owned(), answer.clone());
        answer
    }

    pub fn keys(&self) -> Vec<&str> {
        self.stored.iter().map(|(key, _)| key.as_str()).collect()
    }
}

pub type Shared = Arc<Mutex<Store>>;

fn problem(status: u16, key: &str) -> Value {
    json!({"type": format!("/pos/v1/docs#problem-{key}"), "title": key, "status": status, "detail": "test"})
}

fn refused(status: u16, wait: Option<u64>) -> Response {
    let code = StatusCode::from_u16(status).unwrap();
    let mut response = (code, Json(problem(status, "test"))).into_response();
    if let Some(seconds) = wait {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

async fn commit(
    State(store): State<Shared>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let mut store = store.lock().unwrap();
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    assert_eq!(headers["authorization"], "Bearer key");
    store.seen.push(key.clone());
    match (!store.weather.is_empty()).then(|| store.weather.remove(0)) {
        Some(Weather::Status(status, wait)) => return refused(status, wait),
        Some(Weather::AnswerLost) => {
            store.keep(&key, body);
            return refused(503, None);
        }
        None => {}
    }
    (StatusCode::CREATED, Json(store.keep(&key, body))).into_response()
}

async fn batch(State(store): State<Shared>, Json(body): Json<Value>) -> Response {
    let mut store = store.lock().unwrap();
    let weather = (!store.weather.is_empty()).then(|| store.weather.remove(0));
    if let Some(Weather::Status(status, wait)) = weather {
        return refused(status, wait);
    }
    let mut results = Vec::new();
    let items = body["items"].as_array().unwrap();
    assert!(items.len() <= 1_000);
    for item in items {
        let key = item["key"].as_str().unwrap();
        store.seen.push(key.to_owned());
        results.push(match store.items.get(key).copied() {
            Some((status, kind)) => {
                json!({"key": key, "status": status, "problem": problem(status, kind)})
            }
            None => json!({"key": key, "status": 201, "receipt": store.keep(key, item.clone())}),
        });
    }
    if weather == Some(Weather::AnswerLost) {
        return refused(503, None);
    }
    Json(json!({"results": results})).into_response()
}

/// Starts the server; a client of it and what it keeps.
pub async fn start() -> (PosApiClient, Shared) {
    let store = Shared::default();
    let app = axum::Router::new()
        .route("/pos/v1/receipts", post(commit))
        .route("/pos/v1/receipts/batch", post(batch))
        .with_state(Arc::clone(&store));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (
        PosApiClient::new(&format!("http://{address}"), "key").unwrap(),
        store,
    )
}
