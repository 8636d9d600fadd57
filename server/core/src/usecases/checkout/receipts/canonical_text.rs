//! Meaning of a receipt: one canonical text for all spellings of the same receipt. An idempotency key compares it, so that
//! field order, white space and defaults that are written out do not make another receipt.
//!
//! The text is JSON without white space, its fields in the order of the types below. A field that has its default value is
//! left out. So a later version may add an optional field: receipts without it keep their text, and answers that were stored
//! before still match. A field never changes its name, its place or its spelling; a test pins a full example. Whoever adds a
//! field to [`SaleDraft`], [`ReturnDraft`], [`ReceiptLine`] or [`ReturnedLinePart`] must decide here how it counts, or this
//! does not compile.

use serde::Serialize;

use super::{ReturnDraft, ReturnedSaleName, SaleDraft};
use crate::domain::amounts::{Money, Points, Quantity};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::receipt::ReceiptLine;
use crate::domain::returns::ReturnedLinePart;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::ReceiptId;
use crate::usecases::Error;

/// First byte of a hash of a meaning. Hashes of a body's bytes, stored before, have 32 bytes and no version.
const VERSION: u8 = 1;

/// Canonical form of a receipt.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum CanonicalReceipt<'a> {
    Sale(CanonicalSale<'a>),
    Return(CanonicalReturn<'a>),
}

#[derive(Serialize)]
struct CanonicalSale<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(flatten)]
    own: CanonicalIdentity<'a>,
    lines: Vec<CanonicalSaleLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spend: Option<CanonicalSpending>,
}

#[derive(Serialize)]
struct CanonicalReturn<'a> {
    sale: CanonicalSaleName<'a>,
    #[serde(flatten)]
    own: CanonicalIdentity<'a>,
    lines: Vec<CanonicalReturnLine>,
}

/// A receipt's own identity and time.
#[derive(Serialize)]
struct CanonicalIdentity<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shift: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    /// Microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
}

#[derive(Serialize)]
struct CanonicalSaleLine<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    sku: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    category: &'a str,
    quantity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    amount: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum CanonicalSpending {
    All,
    Exactly(i64),
    AtMost(i64),
}

#[derive(Serialize)]
#[serde(untagged)]
enum CanonicalSaleName<'a> {
    Id(ReceiptId),
    Number {
        #[serde(skip_serializing_if = "str::is_empty")]
        series: &'a str,
        shift: &'a str,
        number: &'a str,
    },
}

#[derive(Serialize)]
struct CanonicalReturnLine {
    position: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
}

/// Returns the hash of a sale's meaning, for [`super::IdempotentRequest`].
///
/// # Errors
/// Never in practice.
pub fn hash_sale(draft: &SaleDraft) -> Result<Vec<u8>, Error> {
    Ok(hash_text(&sale_text(draft)?))
}

/// Returns the hash of a return's meaning, for [`super::IdempotentRequest`].
///
/// # Errors
/// Never in practice.
pub fn hash_return(draft: &ReturnDraft) -> Result<Vec<u8>, Error> {
    Ok(hash_text(&return_text(draft)?))
}

fn hash_text(text: &str) -> Vec<u8> {
    let mut hash = vec![VERSION];
    hash.extend(entropy::sha256(text));
    hash
}

fn sale_text(draft: &SaleDraft) -> Result<String, Error> {
    let SaleDraft {
        visit,
        code,
        series,
        shift,
        number,
        at,
        lines,
        spend,
    } = draft;
    Ok(serde_json::to_string(&CanonicalReceipt::Sale(
        CanonicalSale {
            visit: visit.as_deref(),
            code: code.as_deref(),
            own: CanonicalIdentity::of(series, shift, number, *at),
            lines: lines.iter().map(CanonicalSaleLine::of).collect(),
            spend: match *spend {
                PointsToSpend::None => None,
                PointsToSpend::All => Some(CanonicalSpending::All),
                PointsToSpend::Exactly(Points(points)) => Some(CanonicalSpending::Exactly(points)),
                PointsToSpend::AtMost(Points(points)) => Some(CanonicalSpending::AtMost(points)),
            },
        },
    ))?)
}

fn return_text(draft: &ReturnDraft) -> Result<String, Error> {
    let ReturnDraft {
        sale,
        series,
        shift,
        number,
        at,
        lines,
    } = draft;
    Ok(serde_json::to_string(&CanonicalReceipt::Return(
        CanonicalReturn {
            sale: match sale {
                ReturnedSaleName::Id(id) => CanonicalSaleName::Id(*id),
                ReturnedSaleName::Number {
                    series,
                    shift,
                    number,
                } => CanonicalSaleName::Number {
                    series,
                    shift,
                    number,
                },
            },
            own: CanonicalIdentity::of(series, shift, number, *at),
            lines: lines.iter().map(CanonicalReturnLine::of).collect(),
        },
    ))?)
}

impl<'a> CanonicalIdentity<'a> {
    fn of(
        series: &'a Option<String>,
        shift: &'a Option<String>,
        number: &'a Option<String>,
        at: Option<Instant>,
    ) -> Self {
        Self {
            series: series.as_deref(),
            shift: shift.as_deref(),
            number: number.as_deref(),
            at: at.map(|at| at.0),
        }
    }
}

impl<'a> CanonicalSaleLine<'a> {
    fn of(line: &'a ReceiptLine) -> Self {
        let ReceiptLine {
            sku,
            name,
            category,
            quantity: Quantity(quantity),
            unit,
            amount: Money(amount),
        } = line;
        Self {
            sku,
            name,
            category,
            quantity: *quantity,
            unit: (!unit.is_piece()).then(|| unit.as_str()),
            amount: *amount,
        }
    }
}

impl CanonicalReturnLine {
    fn of(line: &ReturnedLinePart) -> Self {
        let ReturnedLinePart {
            position,
            quantity,
            amount,
        } = *line;
        Self {
            position,
            quantity: quantity.map(|quantity| quantity.0),
            amount: amount.map(|amount| amount.0),
        }
    }
}

#[cfg(test)]
mod tests;
