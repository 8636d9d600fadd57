//! Answers of the server.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A text in the languages of the wallet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilingualText {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

/// An offer in short.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OfferSummary {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: BilingualText,
}

/// A gift that waits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GiftToHandOver {
    /// Id to be named when the gift is handed over.
    pub id: String,
    /// Id of the thing.
    pub gift: String,
    /// Name in each language.
    pub name: BilingualText,
    /// The store has none left.
    #[serde(default)]
    pub out_of_stock: bool,
    /// Gift that may be handed over instead; `None` = there is none.
    #[serde(default)]
    pub substitute: Option<SubstituteGift>,
}

/// A thing that may be handed over instead of a gift.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SubstituteGift {
    /// Id of the thing.
    pub gift: String,
    /// Name in each language.
    pub name: BilingualText,
}

/// Code by which a shopper who showed no card takes the receipt later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedClaim {
    /// Code to be printed and typed.
    pub code: String,
    /// Link to be printed as a QR code; `None` = there is none.
    #[serde(default)]
    pub link: Option<String>,
    /// Time at which it ends, RFC 3339.
    pub expires: String,
}

/// Member at the till.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LookupResponse {
    /// Names the member in this till's receipts for five minutes.
    pub visit: String,
    /// First name and initial.
    pub name: String,
    /// Name of the level.
    pub tier: BilingualText,
    /// Points that are active now.
    pub points: i64,
    /// Permission to spend points.
    pub may_spend: bool,
    /// A receipt has used this code: points may be spent only once a new code is shown.
    #[serde(default)]
    pub needs_new_code: bool,
    /// Offers that will count.
    #[serde(default)]
    pub offers: Vec<OfferSummary>,
    /// Gifts to hand over.
    #[serde(default)]
    pub gifts: Vec<GiftToHandOver>,
}

/// Cost and points of a sale; also what a return gives and takes back, where the server answers so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuoteResponse {
    /// Version of the programme that judged.
    pub programme_version: i64,
    /// Lines before discounts, in minor units.
    pub total: i64,
    /// Taken off, in minor units.
    pub discount: i64,
    /// Most points that may pay.
    pub spendable: i64,
    /// Points that pay.
    pub spent: i64,
    /// Sum left to pay in money, in minor units.
    pub to_pay: i64,
    /// Points to earn.
    pub earned: i64,
    /// Everything else that was answered: lines, reasons, offers.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

/// A stored receipt or return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitResponse {
    /// Its id.
    pub id: String,
    /// Points that the member has active afterwards.
    #[serde(default)]
    pub balance: Option<i64>,
    /// Points earned.
    #[serde(default)]
    pub earned: i64,
    /// Points spent.
    #[serde(default)]
    pub spent: i64,
    /// Claim to print on the receipt of a sale without a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<PrintedClaim>,
    /// Everything else that was answered.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

/// A receipt in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptListItem {
    /// Its id.
    pub id: String,
    /// `sale` or `return`.
    pub kind: String,
    /// Series of the numbering; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Its own time, RFC 3339.
    pub at: String,
    /// Paid in money, or given back in money by a return, minor units.
    pub money: i64,
    /// Everything else that was answered.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

/// A page of a shift's receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptListResponse {
    /// Receipts in the order in which they were stored.
    pub receipts: Vec<ReceiptListItem>,
    /// Names the next page; none on the last one.
    #[serde(default)]
    pub next: Option<String>,
}

/// A receipt that the server has and has not stored yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedResponse {
    /// Its id while it waits for its time or its sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<String>,
    /// Its id while it waits for somebody to look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// Reason to wait: `time`, `sale` or `review`.
    pub waits_for: String,
    /// Time at which its turn comes, RFC 3339; `None` = it does not wait for a time.
    #[serde(default)]
    pub due_at: Option<String>,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
}

/// Fault of a field.
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
pub struct ProblemResponse {
    /// Address of its description.
    #[serde(rename = "type")]
    pub kind: String,
    /// Title of the problem.
    #[serde(default)]
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Explanation of this occurrence.
    #[serde(default)]
    pub detail: String,
    /// Ends with the request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Faults of single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<WrongField>,
    /// Further members: `spendable`, `receipt`, `retry_after`.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

impl ProblemResponse {
    /// Returns the seconds after which another try may pass; `None` = the server does not tell them.
    pub fn retry_after(&self) -> Option<u64> {
        self.rest.get("retry_after").and_then(Value::as_u64)
    }

    /// Stable name: the end of its type.
    pub fn stable_key(&self) -> &str {
        let end = self.kind.rsplit('#').next().unwrap_or_default();
        end.strip_prefix("problem-").unwrap_or(end)
    }
}

/// Result of one item of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchItemResponse {
    /// The item's key.
    pub key: String,
    /// HTTP status that the item alone would have got.
    pub status: u16,
    /// Stored receipt, as it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Value>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemResponse>,
}

impl BatchItemResponse {
    /// Returns what the item waits for, where the server has it and has not stored it yet.
    pub fn accepted_response(&self) -> Option<AcceptedResponse> {
        let receipt = self.receipt.clone().filter(|_| self.status == 202)?;
        serde_json::from_value(receipt).ok()
    }
}
