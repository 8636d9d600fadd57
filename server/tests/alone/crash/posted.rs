//! What a till has posted and what it was answered. An answer is kept as bytes; none means that nobody knows whether
//! anything was stored.

use serde_json::value::RawValue;
use serde_json::{Value, json};
use ureq::Agent;

use crate::support::store::Identity;
use crate::support::{Answer, TILL_KEY, post};

/// How something is posted.
#[derive(Debug, Clone)]
pub enum Way {
    /// As a sale.
    Sale,
    /// As a return of the sale with this id.
    Return(String),
    /// As an item of a batch.
    Item,
}

/// A definite answer: of a call of its own, or of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    pub text: String,
}

impl Told {
    /// Stored now or before.
    pub const fn is_stored(&self) -> bool {
        self.status == 201
    }

    /// It waits for its sale.
    pub const fn is_parked(&self) -> bool {
        self.status == 202
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }
}

/// Something posted under a key and with an identity that nothing else has.
#[derive(Debug, Clone)]
pub struct Posted {
    pub key: String,
    pub way: Way,
    /// The body of a call of its own, or the item.
    pub body: Value,
    pub identity: Identity,
    pub told: Option<Told>,
}

/// Whether an answer settles anything: a fault of the server or "busy" does not.
fn settled(status: u16, text: String) -> Option<Told> {
    let busy = status == 409 && text.contains("#problem-busy");
    // In a batch, what was stored before is told apart by 200.
    let status = if status == 200 { 201 } else { status };
    (status < 500 && !busy).then_some(Told { status, text })
}

impl Posted {
    /// Posts it, for the first time or again; none when there is no answer that settles it.
    pub fn send(&self, agent: &Agent, url: &str) -> Option<Told> {
        let path = match &self.way {
            Way::Sale => "receipts".to_owned(),
            Way::Return(sale) => format!("receipts/{sale}/returns"),
            Way::Item => return send_all(agent, url, std::slice::from_ref(self)).remove(0),
        };
        let answer = post(agent, url, TILL_KEY, &path, Some(&self.key), &self.body).ok()?;
        settled(answer.status, answer.text)
    }

    pub fn is_sale(&self) -> bool {
        self.identity.0 == "sale"
    }
}

/// Posts items as one batch; an answer for each.
pub fn send_all(agent: &Agent, url: &str, items: &[Posted]) -> Vec<Option<Told>> {
    let bodies: Vec<&Value> = items.iter().map(|item| &item.body).collect();
    let body = json!({"items": bodies});
    let Ok(Answer {
        status: 200, text, ..
    }) = post(agent, url, TILL_KEY, "receipts/batch", None, &body)
    else {
        return vec![None; items.len()];
    };
    let answer: BatchAnswer = serde_json::from_str(&text).unwrap();
    assert_eq!(answer.results.len(), items.len());
    let told = answer.results.into_iter().zip(items).map(|(result, item)| {
        assert_eq!(result.key, item.key);
        let said = result.receipt.or(result.problem).unwrap();
        settled(result.status, said.get().to_owned())
    });
    told.collect()
}

#[derive(serde::Deserialize)]
struct BatchAnswer {
    results: Vec<Item>,
}

#[derive(serde::Deserialize)]
struct Item {
    key: String,
    status: u16,
    receipt: Option<Box<RawValue>>,
    problem: Option<Box<RawValue>>,
}
