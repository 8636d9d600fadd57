//! Cards: numbers that identify a member, and printed ones that are nobody's yet. A replaced one stays blocked for good; no
//! number is drawn twice, whoever's it is.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::MemberId;

/// A card.
#[derive(Debug, Clone, StoredRow)]
pub struct CardRow {
    /// Sixteen digits, the last one Luhn's.
    pub number: String,
    /// The short number inside the EAN-13.
    pub short: i64,
    /// Member whose card it is.
    pub member_id: MemberId,
    /// Time since which it is blocked; `None` = it is not.
    pub blocked_at: Option<Instant>,
}

/// Statement that reads cards as [`CardRow`], with the given conditions and order.
macro_rules! select_cards {
    ($rest:literal) => {
        concat!(
            "SELECT number, short, member_id, blocked_at FROM cards ",
            $rest
        )
    };
}

/// Stores a new card; false when one of its numbers is taken: draw others. The transaction goes on then.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    number: &str,
    short: i64,
    member: MemberId,
    now: Instant,
) -> Result<bool, StoreError> {
    let stored = sql("INSERT INTO cards (number, short, member_id, created_at) \
         SELECT $1, $2, $3, $4 WHERE NOT EXISTS \
         (SELECT 1 FROM blank_cards WHERE number = $1 OR short = $2) ON CONFLICT DO NOTHING")
    .bind(number)
    .bind(short)
    .bind(member)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(stored == 1)
}

/// The card with this number.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<CardRow>, StoreError> {
    sql(select_cards!("WHERE number = $1"))
        .bind(number)
        .fetch_optional(tx)
        .await
}

/// The card with this short number.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_short(tx: &mut Tx, short: i64) -> Result<Option<CardRow>, StoreError> {
    sql(select_cards!("WHERE short = $1"))
        .bind(short)
        .fetch_optional(tx)
        .await
}

/// The member's card in force: the newest that was not printed beforehand, where there is one.
///
/// # Errors
/// [`StoreError`].
pub async fn find_of_member(tx: &mut Tx, member: MemberId) -> Result<Option<CardRow>, StoreError> {
    sql(select_cards!(
        "WHERE member_id = $1 AND blocked_at IS NULL ORDER BY plastic, created_at DESC LIMIT 1"
    ))
    .bind(member)
    .fetch_optional(tx)
    .await
}

/// Blocks a card for good.
///
/// # Errors
/// [`StoreError`].
pub async fn block_card(tx: &mut Tx, number: &str, now: Instant) -> Result<(), StoreError> {
    sql("UPDATE cards SET blocked_at = $2 WHERE number = $1 AND blocked_at IS NULL")
        .bind(number)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets the member's cards: their numbers read as unknown from now on.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_of_member(tx: &mut Tx, member: MemberId) -> Result<(), StoreError> {
    sql("DELETE FROM cards WHERE member_id = $1")
        .bind(member)
        .execute(tx)
        .await?;
    Ok(())
}

/// Stores a printed card that is nobody's; false when one of its numbers is taken: draw others. The transaction goes on
/// then.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_printed(
    tx: &mut Tx,
    number: &str,
    short: i64,
    now: Instant,
) -> Result<bool, StoreError> {
    let stored = sql(
        "INSERT INTO blank_cards (number, short, made_at) SELECT $1, $2, $3 WHERE NOT EXISTS \
         (SELECT 1 FROM cards WHERE number = $1 OR short = $2) ON CONFLICT DO NOTHING",
    )
    .bind(number)
    .bind(short)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(stored == 1)
}

/// A printed card that is nobody's.
#[derive(Debug, Clone, StoredRow)]
pub struct PrintedCardRow {
    /// Sixteen digits, the last one Luhn's.
    pub number: String,
    /// The short number inside the EAN-13.
    pub short: i64,
}

/// A printed card that is nobody's, found by either.
///
/// # Errors
/// [`StoreError`].
pub async fn find_printed(
    tx: &mut Tx,
    number: Option<&str>,
    short: Option<i64>,
) -> Result<Option<PrintedCardRow>, StoreError> {
    sql("SELECT number, short FROM blank_cards WHERE number = $1 OR short = $2")
        .bind(number.map(str::to_owned))
        .bind(short)
        .fetch_optional(tx)
        .await
}

/// Makes a printed card the member's; false when it is nobody's no more. Of many who try one is first.
///
/// # Errors
/// [`StoreError`].
pub async fn attach(
    tx: &mut Tx,
    card: &PrintedCardRow,
    member: MemberId,
    now: Instant,
) -> Result<bool, StoreError> {
    let free = sql("DELETE FROM blank_cards WHERE number = $1")
        .bind(card.number.as_str())
        .execute(tx)
        .await?;
    if free == 0 {
        return Ok(false);
    }
    sql(
        "INSERT INTO cards (number, short, member_id, created_at, plastic) \
         VALUES ($1, $2, $3, $4, TRUE)",
    )
    .bind(card.number.as_str())
    .bind(card.short)
    .bind(member)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(true)
}

/// Blocks the member's printed cards for good; how many there were.
///
/// # Errors
/// [`StoreError`].
pub async fn block_printed(tx: &mut Tx, member: MemberId, now: Instant) -> Result<u64, StoreError> {
    sql("UPDATE cards SET blocked_at = $2 WHERE member_id = $1 AND plastic AND blocked_at IS NULL")
        .bind(member)
        .bind(now)
        .execute(tx)
        .await
}
