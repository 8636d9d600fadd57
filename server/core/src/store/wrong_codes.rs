//! Wrong codes and unknown cards that tills have sent lately, by till and by a hash of the card number.

use super::cards::CardRow;
use super::engine::{StoredRow, WriteEffect, generated, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, TillId};

/// Times of the last wrong codes within the counted window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, StoredRow)]
pub struct RecentWrongCodes {
    /// The fifth last one at the till.
    pub fifth_at_till: Option<Instant>,
    /// The fifth last one for the card, at whichever till.
    pub fifth_of_card: Option<Instant>,
    /// The last one for the card at this till.
    pub last_of_card_at_till: Option<Instant>,
}

/// Number by which a scan names its card.
#[derive(Debug, Clone, Copy)]
pub enum CardLookupKey<'a> {
    /// Sixteen digits.
    Number(&'a str),
    /// The short number inside the EAN-13.
    Short(i64),
}

/// Columns of [`RecentWrongCodes`]; `$1` = till, `$2` = hash of the card, `$3` and `$4` = window.
const FAILURES: &str = "(SELECT w.at FROM wrong_codes w WHERE w.till_id = $1 AND w.at > $3 AND w.at <= $4 \
     ORDER BY w.at DESC LIMIT 1 OFFSET 4) AS fifth_at_till, \
     (SELECT w.at FROM wrong_codes w WHERE w.card_hash = $2 AND w.at > $3 AND w.at <= $4 \
     ORDER BY w.at DESC LIMIT 1 OFFSET 4) AS fifth_of_card, \
     (SELECT MAX(w.at) FROM wrong_codes w WHERE w.card_hash = $2 AND w.till_id = $1 \
     AND w.at > $3 AND w.at <= $4) AS last_of_card_at_till";

/// Returns the last wrong codes of the till and of the card in the window from `since` to `now`.
///
/// # Errors
/// [`StoreError`].
pub async fn load_recent(
    tx: &mut Tx,
    till: TillId,
    card_hash: Vec<u8>,
    since: Instant,
    now: Instant,
) -> Result<RecentWrongCodes, StoreError> {
    generated(format!("SELECT {FAILURES}"))
        .bind(till)
        .bind(card_hash)
        .bind(since)
        .bind(now)
        .fetch_one(tx)
        .await
}

#[derive(StoredRow)]
struct CardWithWrongCodes {
    number: Option<String>,
    short: Option<i64>,
    member_id: Option<MemberId>,
    blocked_at: Option<Instant>,
    fifth_at_till: Option<Instant>,
    fifth_of_card: Option<Instant>,
    last_of_card_at_till: Option<Instant>,
}

/// Returns the card (`None` = there is no such card) and, in the same statement, what [`load_recent`] returns.
///
/// # Errors
/// [`StoreError`].
pub async fn card_with_recent(
    tx: &mut Tx,
    card: CardLookupKey<'_>,
    till: TillId,
    card_hash: Vec<u8>,
    since: Instant,
    now: Instant,
) -> Result<(Option<CardRow>, RecentWrongCodes), StoreError> {
    let column = match card {
        CardLookupKey::Number(_) => "number",
        CardLookupKey::Short(_) => "short",
    };
    let statement = generated(format!(
        "SELECT c.number, c.short, c.member_id, c.blocked_at, {FAILURES} \
         FROM (SELECT 1 AS one) AS always LEFT JOIN cards c ON c.{column} = $5"
    ))
    .bind(till)
    .bind(card_hash)
    .bind(since)
    .bind(now);
    let statement = match card {
        CardLookupKey::Number(number) => statement.bind(number),
        CardLookupKey::Short(short) => statement.bind(short),
    };
    let row: CardWithWrongCodes = statement.fetch_one(tx).await?;
    let failures = RecentWrongCodes {
        fifth_at_till: row.fifth_at_till,
        fifth_of_card: row.fifth_of_card,
        last_of_card_at_till: row.last_of_card_at_till,
    };
    let card = match (row.number, row.short, row.member_id) {
        (Some(number), Some(short), Some(member_id)) => Some(CardRow {
            number,
            short,
            member_id,
            blocked_at: row.blocked_at,
        }),
        _ => None,
    };
    Ok((card, failures))
}

/// Stores a wrong code.
pub fn insert(tx: &mut Tx, till: TillId, card_hash: Vec<u8>, now: Instant) {
    sql("INSERT INTO wrong_codes (id, till_id, card_hash, at) VALUES ($1, $2, $3, $4)")
        .bind(RowId::new())
        .bind(till)
        .bind(card_hash)
        .bind(now)
        .defer(tx, WriteEffect::Adds("wrong_codes"));
}
