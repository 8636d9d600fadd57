//! Members as persons: name, phone, language, how they joined; and the erasing of all that.

use super::engine::{ColumnValue, StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::profile::CarAnswer;
use crate::domain::time::Instant;
use crate::ids::MemberId;

impl ColumnValue for CarAnswer {
    type Stored = Option<String>;

    fn from_stored(word: Option<String>) -> Result<Self, StoreError> {
        Ok(Self::of_word(word.as_deref()))
    }
}

/// A member.
#[derive(Clone, StoredRow)]
pub struct MemberRow {
    /// Meaningless id.
    pub id: MemberId,
    /// E.164; `None` = the account is closed, or the phone went on to another account of the same person.
    pub phone: Option<String>,
    /// First name.
    pub first_name: String,
    /// Last name or nothing.
    pub last_name: String,
    /// E-mail or nothing.
    pub email: String,
    /// `ru` or `en`.
    pub language: String,
    /// Time at which they joined.
    pub joined_at: Instant,
    /// Source that led here: a poster, a page.
    pub joined_from: String,
    /// Code of the store where the person joined, or nothing.
    pub joined_store: String,
    /// Birth year.
    pub birth_year: Option<i64>,
    /// Birth month.
    pub birth_month: Option<i64>,
    /// Birth day.
    pub birth_day: Option<i64>,
    /// Number of changes of the birth date.
    pub birth_changes: i64,
    /// Answer about a car.
    pub car: CarAnswer,
    /// Time at which the full profile was rewarded; `None` = it was not.
    pub rewarded_at: Option<Instant>,
    /// Time at which the account was closed; `None` = it is open.
    pub closed_at: Option<Instant>,
}

/// Personal data stays out of logs.
impl std::fmt::Debug for MemberRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemberRow")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A member about to be stored.
pub struct NewMember<'a> {
    /// Meaningless id.
    pub id: MemberId,
    /// E.164.
    pub phone: &'a str,
    /// First name.
    pub first_name: &'a str,
    /// Last name or nothing.
    pub last_name: &'a str,
    /// `ru` or `en`.
    pub language: &'a str,
    /// Source that led here.
    pub from: &'a str,
    /// Store code or nothing.
    pub store: &'a str,
}

/// Stores a new member.
///
/// # Errors
/// [`StoreError::Duplicate`] when the phone is a member's already.
pub async fn insert(tx: &mut Tx, member: &NewMember<'_>, now: Instant) -> Result<(), StoreError> {
    sql(
        "INSERT INTO members (id, phone, first_name, last_name, language, joined_at, joined_from, \
         joined_store) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(member.id)
    .bind(member.phone)
    .bind(member.first_name)
    .bind(member.last_name)
    .bind(member.language)
    .bind(now)
    .bind(member.from)
    .bind(member.store)
    .execute(tx)
    .await?;
    Ok(())
}

/// The member with this id, closed or not.
///
/// # Errors
/// [`StoreError`], also when there is none.
pub async fn load_member(tx: &mut Tx, member: MemberId) -> Result<MemberRow, StoreError> {
    sql(
        "SELECT id, phone, first_name, last_name, email, language, joined_at, joined_from, \
         joined_store, birth_year, birth_month, birth_day, birth_changes, car, rewarded_at, \
         closed_at FROM members WHERE id = $1",
    )
    .bind(member)
    .fetch_one(tx)
    .await
}

/// The member's row, held until the transaction ends, unless the account is closed: an answer that is on its way
/// while its owner closes the account never comes back into an erased row.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_open(tx: &mut Tx, member: MemberId) -> Result<bool, StoreError> {
    let row: Option<MemberId> = sql("SELECT id FROM members WHERE id = $1 AND closed_at IS NULL")
        .bind(member)
        .locked()
        .fetch_optional_value(tx)
        .await?;
    Ok(row.is_some())
}

/// Returns whether the account of this id is there and not closed.
///
/// # Errors
/// [`StoreError`].
pub async fn is_open(tx: &mut Tx, member: MemberId) -> Result<bool, StoreError> {
    let row: Option<MemberId> = sql("SELECT id FROM members WHERE id = $1 AND closed_at IS NULL")
        .bind(member)
        .fetch_optional_value(tx)
        .await?;
    Ok(row.is_some())
}

/// Returns the member who has this phone.
///
/// # Errors
/// [`StoreError`].
pub async fn find_id_by_phone(tx: &mut Tx, phone: &str) -> Result<Option<MemberId>, StoreError> {
    sql("SELECT id FROM members WHERE phone = $1")
        .bind(phone)
        .fetch_optional_value(tx)
        .await
}

/// Changes the name and e-mail.
///
/// # Errors
/// [`StoreError`].
pub async fn set_name(
    tx: &mut Tx,
    member: MemberId,
    first_name: &str,
    last_name: &str,
    email: &str,
) -> Result<(), StoreError> {
    sql("UPDATE members SET first_name = $2, last_name = $3, email = $4 WHERE id = $1")
        .bind(member)
        .bind(first_name)
        .bind(last_name)
        .bind(email)
        .execute(tx)
        .await?;
    Ok(())
}

/// Changes the phone, and remembers when: points are not spent for a while then.
///
/// # Errors
/// [`StoreError::Duplicate`] when the phone is another member's.
pub async fn set_phone(
    tx: &mut Tx,
    member: MemberId,
    phone: &str,
    now: Instant,
) -> Result<(), StoreError> {
    sql("UPDATE members SET phone = $2, phone_changed_at = $3 WHERE id = $1 AND closed_at IS NULL")
        .bind(member)
        .bind(phone)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes the phone from an account: its owner has it in another of theirs from now on, or nobody signs in by it any more.
///
/// # Errors
/// [`StoreError`].
pub async fn release_phone(tx: &mut Tx, member: MemberId) -> Result<(), StoreError> {
    sql("UPDATE members SET phone = NULL WHERE id = $1")
        .bind(member)
        .execute(tx)
        .await?;
    Ok(())
}

/// Changes the language of pages and messages.
///
/// # Errors
/// [`StoreError`].
pub async fn set_language(tx: &mut Tx, member: MemberId, language: &str) -> Result<(), StoreError> {
    sql("UPDATE members SET language = $2 WHERE id = $1")
        .bind(member)
        .bind(language)
        .execute(tx)
        .await?;
    Ok(())
}

/// Erases the person and keeps the meaningless id.
///
/// # Errors
/// [`StoreError`].
pub async fn erase_member(tx: &mut Tx, member: MemberId, now: Instant) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM member_children WHERE member_id = $1",
        "DELETE FROM member_pets WHERE member_id = $1",
        "DELETE FROM offer_activations WHERE member_id = $1",
        "DELETE FROM offer_members WHERE member_id = $1",
        "DELETE FROM earlier_uses WHERE member_id = $1",
        "DELETE FROM former_phones WHERE member_id = $1",
        "DELETE FROM closed_account_successors WHERE member_id = $1",
        "DELETE FROM support_requests WHERE state = 'waiting' AND (member_id = $1 OR other_id = $1)",
        "UPDATE visits SET expires_at = 0 WHERE member_id = $1",
        "DELETE FROM confirmations WHERE member_id = $1 AND receipt_id IS NULL",
        "DELETE FROM till_enrolments WHERE member_id = $1",
        "DELETE FROM claim_tries WHERE device_id IN (SELECT id FROM devices WHERE member_id = $1)",
        "DELETE FROM card_tries WHERE member_id = $1",
        "DELETE FROM radar_lifts WHERE member_id = $1",
        "UPDATE consents SET ip = '' WHERE member_id = $1",
    ] {
        sql(statement).bind(member).execute(tx).await?;
    }
    sql(
        "UPDATE members SET phone = NULL, first_name = '', last_name = '', email = '', \
         joined_from = '', joined_store = '', birth_year = NULL, birth_month = NULL, \
         birth_day = NULL, car = NULL, phone_changed_at = NULL, closed_at = $2 WHERE id = $1",
    )
    .bind(member)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}
