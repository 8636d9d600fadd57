//! Benefits that a person gets once: what was used under the keyed hash of a phone, what a member had used in an earlier
//! account, and which phones a member had before.

use super::engine::{StoredRow, generated, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};

/// Uses of one benefit on one day.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct EarlierBenefitUse {
    /// `profile`, `purchase` or `offer:ID`.
    pub benefit: String,
    /// Beginning of the day in the programme's time zone.
    pub day: Instant,
    /// Number of uses on that day.
    pub uses: i64,
}

/// A use of an offer.
#[derive(Debug, Clone, StoredRow)]
pub struct DatedOfferUse {
    /// Id of the offer.
    pub offer: String,
    /// Time at which it was used.
    pub at: Instant,
}

/// Returns when the member used these offers.
///
/// # Errors
/// [`StoreError`].
pub async fn uses_of_offers(
    tx: &mut Tx,
    member: MemberId,
    offers: &[&str],
) -> Result<Vec<DatedOfferUse>, StoreError> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let places = (2..).take(offers.len()).map(|place| format!("${place}"));
    let text = format!(
        "SELECT offer, at FROM offer_uses WHERE member_id = $1 AND offer IN ({})",
        places.collect::<Vec<_>>().join(", ")
    );
    let statement = generated(text).bind(member);
    let offers = offers.iter();
    offers
        .fold(statement, |statement, offer| statement.bind(*offer))
        .fetch_all(tx)
        .await
}

/// Returns the time of the member's latest purchase of which anything is left.
///
/// # Errors
/// [`StoreError`].
pub async fn last_purchase(tx: &mut Tx, member: MemberId) -> Result<Option<Instant>, StoreError> {
    sql("SELECT MAX(at) FROM receipts WHERE member_id = $1 AND purchase_total > 0")
        .bind(member)
        .fetch_value(tx)
        .await
}

/// Returns whether there is a receipt of the member, also one of which nothing is left.
///
/// # Errors
/// [`StoreError`].
pub async fn has_bought(tx: &mut Tx, member: MemberId) -> Result<bool, StoreError> {
    let row: Option<ReceiptId> = sql("SELECT id FROM receipts WHERE member_id = $1 LIMIT 1")
        .bind(member)
        .fetch_optional_value(tx)
        .await?;
    Ok(row.is_some())
}

/// Returns what the member had used in earlier accounts.
///
/// # Errors
/// [`StoreError`].
pub async fn earlier_uses(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<EarlierBenefitUse>, StoreError> {
    sql("SELECT benefit, day, uses FROM earlier_uses WHERE member_id = $1 ORDER BY benefit, day")
        .bind(member)
        .fetch_all(tx)
        .await
}

/// Adds a use in an earlier account to the member.
///
/// # Errors
/// [`StoreError`].
pub async fn add_earlier_use(
    tx: &mut Tx,
    member: MemberId,
    used: &EarlierBenefitUse,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO earlier_uses (member_id, benefit, day, uses) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (member_id, benefit, day) DO UPDATE SET uses = earlier_uses.uses + excluded.uses",
    )
    .bind(member)
    .bind(used.benefit.as_str())
    .bind(used.day)
    .bind(used.uses)
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps a use under the hash of a phone until `ends_at`. A use that is there already is kept longer.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_kept_use(
    tx: &mut Tx,
    phone_hash: &[u8],
    used: &EarlierBenefitUse,
    kept_from: Instant,
    ends_at: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO once_only_uses (phone_hash, benefit, day, uses, kept_from, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (phone_hash, benefit, day) DO UPDATE SET \
         uses = CASE WHEN excluded.uses > once_only_uses.uses THEN excluded.uses \
         ELSE once_only_uses.uses END, kept_from = excluded.kept_from, ends_at = excluded.ends_at",
    )
    .bind(phone_hash.to_vec())
    .bind(used.benefit.as_str())
    .bind(used.day)
    .bind(used.uses)
    .bind(kept_from)
    .bind(ends_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Returns what is kept under the hash of a phone: uses that end after `now` and that are kept from `since` on.
///
/// # Errors
/// [`StoreError`].
pub async fn list_kept_uses(
    tx: &mut Tx,
    phone_hash: &[u8],
    since: Instant,
    now: Instant,
) -> Result<Vec<EarlierBenefitUse>, StoreError> {
    sql("SELECT benefit, day, uses FROM once_only_uses \
         WHERE phone_hash = $1 AND ends_at > $2 AND kept_from >= $3 ORDER BY benefit, day")
    .bind(phone_hash.to_vec())
    .bind(now)
    .bind(since)
    .fetch_all(tx)
    .await
}

/// Removes all that is kept under hashes of phones: the key that made them is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_all(tx: &mut Tx) -> Result<(), StoreError> {
    sql("DELETE FROM once_only_uses").execute(tx).await?;
    sql("DELETE FROM former_phones").execute(tx).await?;
    Ok(())
}

/// Remembers that the member had this phone until `now`.
///
/// # Errors
/// [`StoreError`].
pub async fn add_former_phone(
    tx: &mut Tx,
    member: MemberId,
    phone_hash: &[u8],
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO former_phones (member_id, phone_hash, changed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (member_id, phone_hash) DO UPDATE SET changed_at = excluded.changed_at",
    )
    .bind(member)
    .bind(phone_hash.to_vec())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Removes a phone that the member has again from those that they had before.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_former_phone(
    tx: &mut Tx,
    member: MemberId,
    phone_hash: &[u8],
) -> Result<(), StoreError> {
    sql("DELETE FROM former_phones WHERE member_id = $1 AND phone_hash = $2")
        .bind(member)
        .bind(phone_hash.to_vec())
        .execute(tx)
        .await?;
    Ok(())
}

/// Returns hashes of the phones that the member had at some time since `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn former_phones(
    tx: &mut Tx,
    member: MemberId,
    since: Instant,
) -> Result<Vec<Vec<u8>>, StoreError> {
    sql("SELECT phone_hash FROM former_phones \
         WHERE member_id = $1 AND changed_at >= $2 ORDER BY changed_at")
    .bind(member)
    .bind(since)
    .fetch_values(tx)
    .await
}

/// Returns members who had the phone of this hash at some time since `since` and have another one now.
///
/// # Errors
/// [`StoreError`].
pub async fn former_owners(
    tx: &mut Tx,
    phone_hash: &[u8],
    since: Instant,
) -> Result<Vec<MemberId>, StoreError> {
    sql("SELECT member_id FROM former_phones \
         WHERE phone_hash = $1 AND changed_at >= $2 ORDER BY changed_at")
    .bind(phone_hash.to_vec())
    .bind(since)
    .fetch_values(tx)
    .await
}
