//! Answers that are no stored receipt: what waits, what was refused and why, and what became of an item of a batch.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A receipt that the server has and has not stored yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its id while it waits for its time or its sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<String>,
    /// Its id while it waits for somebody to look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// What it waits for: `time`, `sale` or `review`.
    pub waits_for: String,
    /// When its time comes, RFC 3339, where it waits for that.
    #[serde(default)]
    pub due_at: Option<String>,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongField {
    /// Its name.
    pub field: String,
    /// Position of the line, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Stable name of what is wrong.
    pub code: String,
    /// The same in words.
    pub message: String,
}

/// A refusal (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Address of its description.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is.
    #[serde(default)]
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened this time.
    #[serde(default)]
    pub detail: String,
    /// Ends with the request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<WrongField>,
    /// What else it carries: `spendable`, `receipt`, `retry_after`.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

impl Problem {
    /// Seconds after which another try may pass, where the server tells them.
    pub fn retry_after(&self) -> Option<u64> {
        self.rest.get("retry_after").and_then(Value::as_u64)
    }

    /// Stable name: the end of its type.
    pub fn key(&self) -> &str {
        let end = self.kind.rsplit('#').next().unwrap_or_default();
        end.strip_prefix("problem-").unwrap_or(end)
    }
}

/// What became of one item of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The item's key.
    pub key: String,
    /// HTTP status that the item alone would have got.
    pub status: u16,
    /// What was stored, as it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Value>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

impl Answered {
    /// Returns what the item waits for, where the server has it and has not stored it yet.
    pub fn waiting(&self) -> Option<Waiting> {
        let receipt = self.receipt.clone().filter(|_| self.status == 202)?;
        serde_json::from_value(receipt).ok()
    }
}
