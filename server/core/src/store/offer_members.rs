//! Lists of members whom the chain has named for an offer.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::MemberId;

/// A place in the list of an offer.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct ListedMember {
    /// Member who has it.
    pub member_id: MemberId,
    /// Number of the member's card in force; `None` = there is none.
    pub card: Option<String>,
    /// Time since which they have it.
    pub added_at: Instant,
}

/// A place of a member, by the offer in whose list it is.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct ListedOffer {
    /// Id of the offer.
    pub offer: String,
    /// Time since which they have it.
    pub added_at: Instant,
}

/// Puts a member into the list of an offer. Returns false for one who is there already.
///
/// # Errors
/// [`StoreError`].
pub async fn add(
    tx: &mut Tx,
    offer: &str,
    member: MemberId,
    now: Instant,
) -> Result<bool, StoreError> {
    let added = sql(
        "INSERT INTO offer_members (member_id, offer, added_at) VALUES ($1, $2, $3) \
         ON CONFLICT (member_id, offer) DO NOTHING",
    )
    .bind(member)
    .bind(offer)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(added == 1)
}

/// Takes a member out of the list of an offer. Returns false for one who is not there.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, offer: &str, member: MemberId) -> Result<bool, StoreError> {
    let removed = sql("DELETE FROM offer_members WHERE member_id = $1 AND offer = $2")
        .bind(member)
        .bind(offer)
        .execute(tx)
        .await?;
    Ok(removed == 1)
}

/// Empties the list of an offer. Returns how many members were in it.
///
/// # Errors
/// [`StoreError`].
pub async fn clear(tx: &mut Tx, offer: &str) -> Result<u64, StoreError> {
    sql("DELETE FROM offer_members WHERE offer = $1")
        .bind(offer)
        .execute(tx)
        .await
}

/// Returns members in the list of an offer, by their ids: so many after `after`.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tx: &mut Tx,
    offer: &str,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Vec<ListedMember>, StoreError> {
    sql(
        "SELECT o.member_id, (SELECT c.number FROM cards c WHERE c.member_id = o.member_id \
         AND c.blocked_at IS NULL ORDER BY c.plastic, c.created_at DESC LIMIT 1) AS card, o.added_at \
         FROM offer_members o WHERE o.offer = $1 AND ($2 IS NULL OR o.member_id > $2) ORDER BY o.member_id LIMIT $3",
    )
    .bind(offer)
    .bind(after)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// Returns the offers in whose lists a member is.
///
/// # Errors
/// [`StoreError`].
pub async fn of_member(tx: &mut Tx, member: MemberId) -> Result<Vec<ListedOffer>, StoreError> {
    sql("SELECT offer, added_at FROM offer_members WHERE member_id = $1 ORDER BY offer")
        .bind(member)
        .fetch_all(tx)
        .await
}
