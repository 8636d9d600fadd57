//! Tills, their keys, and the visits of members there.

use super::chain::StoreTimeZone;
use super::engine::{StoredRow, WriteEffect, sql};
use super::{StoreError, Tx, pairing};
use crate::domain::card_scheme::CardScheme;
use crate::domain::chain::{StoreStatus, TillKind};
use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId, StaffId, StoreId, TillId};

/// A till with the store it stands in.
#[derive(Debug, Clone, StoredRow)]
pub struct TillRow {
    /// Its id.
    pub id: TillId,
    /// Name on the shop floor.
    pub name: String,
    /// Kind of the till.
    pub kind: TillKind,
    /// The store's id.
    pub store_id: StoreId,
    /// The store's code.
    pub store_code: String,
    /// The store's name.
    pub store_name: String,
    /// The store's status.
    pub store_status: StoreStatus,
    /// The store's time zone.
    pub store_zone: StoreTimeZone,
}

/// Statement that reads tills as [`TillRow`], with the given conditions and order.
macro_rules! select_tills {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.name, t.kind, t.store_id, s.code AS store_code, \
             s.name AS store_name, s.status AS store_status, s.time_zone AS store_zone \
             FROM tills t JOIN stores s ON s.id = t.store_id ",
            $rest
        )
    };
}

/// Stores a new till; `key_hash` is that of its key for the POS API.
///
/// # Errors
/// [`StoreError::Duplicate`] when the name is taken.
pub async fn insert(
    tx: &mut Tx,
    id: TillId,
    store: StoreId,
    name: &str,
    kind: TillKind,
    key_hash: Option<Vec<u8>>,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO tills (id, store_id, name, kind, key_hash, key_made_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(id)
    .bind(store)
    .bind(name)
    .bind(kind)
    .bind(key_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The till whose key has this hash, or whose old key has it and still goes on; never one that was revoked.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_key(
    tx: &mut Tx,
    key_hash: Vec<u8>,
    now: Instant,
) -> Result<Option<TillRow>, StoreError> {
    sql(select_tills!(
        "WHERE (t.key_hash = $1 OR (t.old_key_hash = $1 AND t.old_key_ends_at > $2)) \
         AND t.revoked_at IS NULL"
    ))
    .bind(key_hash)
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// The till with this id.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_id(tx: &mut Tx, till: TillId) -> Result<Option<TillRow>, StoreError> {
    sql(select_tills!("WHERE t.id = $1 AND t.revoked_at IS NULL"))
        .bind(till)
        .fetch_optional(tx)
        .await
}

/// The till with this id, a revoked one too: for what it has sent before.
///
/// # Errors
/// [`StoreError`].
pub async fn load_selling_till(tx: &mut Tx, till: TillId) -> Result<TillRow, StoreError> {
    sql(select_tills!("WHERE t.id = $1"))
        .bind(till)
        .fetch_one(tx)
        .await
}

/// A till of a store by name.
#[derive(Debug, Clone, StoredRow)]
pub struct NamedTill {
    /// Its id.
    pub id: TillId,
    /// Name on the shop floor.
    pub name: String,
}

/// The tills of a store, revoked ones too: what they have sold may still come back.
///
/// # Errors
/// [`StoreError`].
pub async fn list_of_store(tx: &mut Tx, store: StoreId) -> Result<Vec<NamedTill>, StoreError> {
    sql("SELECT id, name FROM tills WHERE store_id = $1 ORDER BY name")
        .bind(store)
        .fetch_all(tx)
        .await
}

/// Tills of a kind in a store that are not revoked, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn list_of_kind(
    tx: &mut Tx,
    store: StoreId,
    kind: TillKind,
) -> Result<Vec<NamedTill>, StoreError> {
    sql("SELECT id, name FROM tills WHERE store_id = $1 AND kind = $2 AND revoked_at IS NULL ORDER BY name")
        .bind(store)
        .bind(kind)
        .fetch_all(tx)
        .await
}

/// The till's name, whether it is revoked or not.
///
/// # Errors
/// [`StoreError`], also where there is no such till.
pub async fn load_name(tx: &mut Tx, till: TillId) -> Result<String, StoreError> {
    sql("SELECT name FROM tills WHERE id = $1")
        .bind(till)
        .fetch_value(tx)
        .await
}

/// The till with this name, revoked or not.
///
/// # Errors
/// [`StoreError`].
pub async fn id_by_name(tx: &mut Tx, name: &str) -> Result<Option<TillId>, StoreError> {
    sql("SELECT id FROM tills WHERE name = $1")
        .bind(name)
        .fetch_optional_value(tx)
        .await
}

/// Puts a new key in force; the one before goes on until `old_ends`, and one that was older ends now. False when the
/// till is revoked.
///
/// # Errors
/// [`StoreError`].
pub async fn rotate(
    tx: &mut Tx,
    till: TillId,
    key_hash: Vec<u8>,
    old_ends: Instant,
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = sql(
        "UPDATE tills SET old_key_hash = key_hash, old_key_ends_at = $3, key_hash = $2, \
         key_made_at = $4 WHERE id = $1 AND revoked_at IS NULL",
    )
    .bind(till)
    .bind(key_hash)
    .bind(old_ends)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(changed == 1)
}

/// A till and the state of its keys.
#[derive(Debug, Clone, StoredRow)]
pub struct TillKeyState {
    /// Its id.
    pub id: TillId,
    /// Name on the shop floor.
    pub name: String,
    /// Kind of the till.
    pub kind: TillKind,
    /// Code of its store.
    pub store_code: String,
    /// Time at which its key was made; `None` = it has no key.
    pub key_made_at: Option<Instant>,
    /// Time until which the key before goes on.
    pub old_key_ends_at: Option<Instant>,
    /// Time at which it was revoked; `None` = it was not.
    pub revoked_at: Option<Instant>,
}

/// All tills with the state of their keys, by store and name.
///
/// # Errors
/// [`StoreError`].
pub async fn list_with_keys(tx: &mut Tx) -> Result<Vec<TillKeyState>, StoreError> {
    sql("SELECT t.id, t.name, t.kind, s.code AS store_code, \
         CASE WHEN t.key_hash IS NULL THEN NULL ELSE t.key_made_at END AS key_made_at, \
         t.old_key_ends_at, t.revoked_at \
         FROM tills t JOIN stores s ON s.id = t.store_id ORDER BY s.code, t.name")
    .fetch_all(tx)
    .await
}

/// Ends the till's key, its pairings and whoever is signed in there.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke(tx: &mut Tx, till: TillId, now: Instant) -> Result<(), StoreError> {
    pairing::end_all(tx, till, now).await?;
    sql("UPDATE tills SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(till)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// A member being served at a till.
#[derive(Debug, Clone, StoredRow)]
pub struct VisitRow {
    /// Till that serves.
    pub till_id: TillId,
    /// Member who is served.
    pub member_id: MemberId,
    /// Form of the code that was shown.
    pub scheme: CardScheme,
    /// The device whose code was shown.
    pub device_id: Option<DeviceId>,
    /// The 30-second step of the code.
    pub step: Option<i64>,
    /// End of the visit.
    pub expires_at: Instant,
    /// Senior who has lifted the block of the fraud limits for this visit.
    pub overridden_by: Option<StaffId>,
}

/// Time for which a visit is kept after its end, in seconds: sales that a till kept without a link name it when the link is
/// back.
pub const VISITS_KEPT_SECONDS: i64 = 14 * 86_400;

/// Opens a visit and forgets those of the same till that are long over.
///
/// # Errors
/// [`StoreError`].
pub async fn open_visit(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    visit: &VisitRow,
    now: Instant,
) -> Result<(), StoreError> {
    sql("DELETE FROM visits WHERE till_id = $1 AND expires_at < $2")
        .bind(visit.till_id)
        .bind(now.plus_secs(-VISITS_KEPT_SECONDS))
        .defer(tx, WriteEffect::Changes("visits"));
    sql(
        "INSERT INTO visits (token_hash, till_id, member_id, scheme, device_id, step, expires_at, \
         lifted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(token_hash)
    .bind(visit.till_id)
    .bind(visit.member_id)
    .bind(visit.scheme)
    .bind(visit.device_id)
    .bind(visit.step)
    .bind(visit.expires_at)
    .bind(visit.overridden_by)
    .defer(tx, WriteEffect::Adds("visits"));
    Ok(())
}

/// Ends the visits of a member whose card is good no more. What was bought before stays bought with it.
pub fn end_visits(tx: &mut Tx, member: MemberId, now: Instant) {
    sql("UPDATE visits SET expires_at = $2 WHERE member_id = $1 AND expires_at > $2")
        .bind(member)
        .bind(now)
        .defer(tx, WriteEffect::Changes("visits"));
}

/// A visit with the receipts that have used it.
#[derive(Debug, Clone, StoredRow)]
pub struct VisitWithUse {
    /// The visit.
    #[row(flatten)]
    pub visit: VisitRow,
    /// Time at which a receipt used the visit first; `None` = none has.
    pub used_at: Option<Instant>,
    /// Till of the first receipt with the visit's code.
    pub code_till: Option<TillId>,
}

/// The visit with this token, over or not.
///
/// # Errors
/// [`StoreError`].
pub async fn find_visit(
    tx: &mut Tx,
    token_hash: Vec<u8>,
) -> Result<Option<VisitWithUse>, StoreError> {
    sql(
        "SELECT v.till_id, v.member_id, v.scheme, v.device_id, v.step, v.expires_at, v.lifted_by AS overridden_by, v.used_at, \
         (SELECT s.till_id FROM spent_codes s WHERE s.device_id = v.device_id AND s.step = v.step) AS code_till \
         FROM visits v WHERE v.token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(tx)
    .await
}
