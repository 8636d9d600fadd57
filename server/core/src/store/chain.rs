//! Stores of the chain and the staff who work there.

use std::str::FromStr;

use chrono_tz::Tz;

use super::engine::{ColumnValue, Statement, StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::chain::StoreStatus;
use crate::domain::roles::Role;
use crate::domain::time::Instant;
use crate::ids::{StaffId, StoreId, TillId};

/// The time zone in which a store reads days and hours; none: the programme's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreTimeZone(pub Option<Tz>);

impl StoreTimeZone {
    /// The store's own zone, or else that of its programme.
    pub fn or_programme_zone(self, programme: Tz) -> Tz {
        self.0.unwrap_or(programme)
    }

    fn zone_name(self) -> Option<String> {
        self.0.map(|zone| zone.name().to_owned())
    }
}

impl FromStr for StoreTimeZone {
    type Err = chrono_tz::ParseError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(Self(Some(name.parse()?)))
    }
}

impl ColumnValue for StoreTimeZone {
    type Stored = Option<String>;

    fn from_stored(name: Option<String>) -> Result<Self, StoreError> {
        name.map_or_else(|| Ok(Self::default()), |name| name.parse())
            .map_err(|error: chrono_tz::ParseError| StoreError::Unreadable(error.to_string()))
    }
}

/// A store.
#[derive(Debug, Clone, StoredRow)]
pub struct StoreRow {
    /// Its id.
    pub id: StoreId,
    /// Short stable code that conditions of offers name.
    pub code: String,
    /// Name shown to people.
    pub name: String,
    /// Street address.
    pub address: String,
    /// Part that it takes in the programme.
    pub status: StoreStatus,
    /// Time zone of its clocks.
    pub time_zone: StoreTimeZone,
}

/// Statement that reads stores as [`StoreRow`], with the given conditions and order.
macro_rules! select_stores {
    ($rest:literal) => {
        concat!(
            "SELECT id, code, name, address, status, time_zone FROM stores ",
            $rest
        )
    };
}

/// Stores a new store.
///
/// # Errors
/// [`StoreError::Duplicate`] when the code is taken.
pub async fn insert_store(tx: &mut Tx, store: &StoreRow) -> Result<(), StoreError> {
    sql(
        "INSERT INTO stores (id, code, name, address, status, time_zone) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(store.id)
    .bind(store.code.as_str())
    .bind(store.name.as_str())
    .bind(store.address.as_str())
    .bind(store.status)
    .bind(store.time_zone.zone_name())
    .execute(tx)
    .await?;
    Ok(())
}

/// Stores what is said of a store from now on; its id and code stay.
///
/// # Errors
/// [`StoreError`].
pub async fn update_store(tx: &mut Tx, store: &StoreRow) -> Result<(), StoreError> {
    sql("UPDATE stores SET name = $2, address = $3, status = $4, time_zone = $5 WHERE id = $1")
        .bind(store.id)
        .bind(store.name.as_str())
        .bind(store.address.as_str())
        .bind(store.status)
        .bind(store.time_zone.zone_name())
        .execute(tx)
        .await?;
    Ok(())
}

/// All stores by name.
///
/// # Errors
/// [`StoreError`].
pub async fn list_stores(tx: &mut Tx) -> Result<Vec<StoreRow>, StoreError> {
    sql(select_stores!("ORDER BY name")).fetch_all(tx).await
}

/// Returns whether nobody has begun a chain here: there is no programme, store, person of staff or member.
///
/// # Errors
/// [`StoreError`].
pub async fn is_empty(tx: &mut Tx) -> Result<bool, StoreError> {
    let rows: i64 = sql("SELECT (SELECT COUNT(*) FROM programme_versions) \
         + (SELECT COUNT(*) FROM stores) + (SELECT COUNT(*) FROM staff) \
         + (SELECT COUNT(*) FROM (SELECT 1 FROM members LIMIT 1) AS one)")
    .fetch_value(tx)
    .await?;
    Ok(rows == 0)
}

/// The store with this code.
///
/// # Errors
/// [`StoreError`].
pub async fn store_by_code(tx: &mut Tx, code: &str) -> Result<Option<StoreRow>, StoreError> {
    sql(select_stores!("WHERE code = $1"))
        .bind(code)
        .fetch_optional(tx)
        .await
}

/// The code of a store.
///
/// # Errors
/// [`StoreError`].
pub async fn store_code(tx: &mut Tx, store: StoreId) -> Result<String, StoreError> {
    sql("SELECT code FROM stores WHERE id = $1")
        .bind(store)
        .fetch_value(tx)
        .await
}

/// The time zone of the store that a till stands in.
///
/// # Errors
/// [`StoreError`].
pub async fn zone_of_till(tx: &mut Tx, till: TillId) -> Result<StoreTimeZone, StoreError> {
    sql("SELECT s.time_zone FROM tills t JOIN stores s ON s.id = t.store_id WHERE t.id = $1")
        .bind(till)
        .fetch_value(tx)
        .await
}

/// The name of a store.
///
/// # Errors
/// [`StoreError`].
pub async fn store_name(tx: &mut Tx, store: StoreId) -> Result<String, StoreError> {
    sql("SELECT name FROM stores WHERE id = $1")
        .bind(store)
        .fetch_value(tx)
        .await
}

/// A staff account.
#[derive(Debug, Clone, StoredRow)]
pub struct StaffAccountRow {
    /// Its id.
    pub id: StaffId,
    /// Text that is typed to sign in.
    pub login: String,
    /// Name shown at the till.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// The PIN as Argon2id, PHC string; none where none was set.
    pub pin_hash: Option<String>,
    /// The till that a cashier works at.
    pub till_id: Option<TillId>,
    /// Wrong passwords and PINs since the last right one.
    pub failures: i64,
    /// No sign-in before this instant.
    pub locked_until: Instant,
}

/// Statement that reads staff accounts as [`StaffAccountRow`], with the given conditions and order.
macro_rules! select_staff {
    ($rest:literal) => {
        concat!(
            "SELECT id, login, name, role, password_hash, pin_hash, till_id, failures, locked_until \
             FROM staff ",
            $rest
        )
    };
}

/// Stores a new staff account.
///
/// # Errors
/// [`StoreError::Duplicate`] when the login is taken.
pub async fn insert_staff(
    tx: &mut Tx,
    staff: &StaffAccountRow,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO staff (id, login, name, role, password_hash, pin_hash, till_id, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(staff.id)
    .bind(staff.login.as_str())
    .bind(staff.name.as_str())
    .bind(staff.role)
    .bind(staff.password_hash.as_str())
    .bind(staff.pin_hash.clone())
    .bind(staff.till_id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The account with this login, unless it is blocked.
///
/// # Errors
/// [`StoreError`].
pub async fn staff_by_login(
    tx: &mut Tx,
    login: &str,
) -> Result<Option<StaffAccountRow>, StoreError> {
    sql(select_staff!("WHERE login = $1 AND blocked_at IS NULL"))
        .bind(login)
        .fetch_optional(tx)
        .await
}

/// The account of this id, unless it is blocked.
///
/// # Errors
/// [`StoreError`].
pub async fn staff_by_id(
    tx: &mut Tx,
    staff: StaffId,
) -> Result<Option<StaffAccountRow>, StoreError> {
    staff_with_id(staff).fetch_optional(tx).await
}

fn staff_with_id(staff: StaffId) -> Statement {
    sql(select_staff!("WHERE id = $1 AND blocked_at IS NULL")).bind(staff)
}

/// The account of this id, unless it is blocked, held until the transaction ends: wrong passwords and PINs are counted one by one.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_staff(
    tx: &mut Tx,
    staff: StaffId,
) -> Result<Option<StaffAccountRow>, StoreError> {
    staff_with_id(staff).locked().fetch_optional(tx).await
}

/// Somebody with a PIN.
#[derive(Debug, Clone, StoredRow)]
pub struct StaffWithPin {
    /// The id.
    pub id: StaffId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// Accounts with a PIN that belong to a store, by name: those whose till is there, and those who have no till of their own.
///
/// # Errors
/// [`StoreError`].
pub async fn list_staff_with_pin(
    tx: &mut Tx,
    store: StoreId,
) -> Result<Vec<StaffWithPin>, StoreError> {
    sql(
        "SELECT s.id, s.name, s.role FROM staff s LEFT JOIN tills t ON t.id = s.till_id \
         WHERE s.pin_hash IS NOT NULL AND s.blocked_at IS NULL AND (t.store_id = $1 \
         OR s.till_id IS NULL) ORDER BY s.name, s.id",
    )
    .bind(store)
    .fetch_all(tx)
    .await
}

/// The store that a till stands in, revoked or not.
///
/// # Errors
/// [`StoreError`].
pub async fn store_of_till(tx: &mut Tx, till: TillId) -> Result<StoreId, StoreError> {
    sql("SELECT store_id FROM tills WHERE id = $1")
        .bind(till)
        .fetch_value(tx)
        .await
}

/// Gives an account its PIN.
///
/// # Errors
/// [`StoreError`].
pub async fn set_pin(tx: &mut Tx, staff: StaffId, pin_hash: &str) -> Result<(), StoreError> {
    sql("UPDATE staff SET pin_hash = $2 WHERE id = $1")
        .bind(staff)
        .bind(pin_hash)
        .execute(tx)
        .await?;
    Ok(())
}

/// Remembers wrong passwords and PINs of an account and until when it is locked.
///
/// # Errors
/// [`StoreError`].
pub async fn set_failures(
    tx: &mut Tx,
    staff: StaffId,
    failures: i64,
    locked_until: Instant,
) -> Result<(), StoreError> {
    sql("UPDATE staff SET failures = $2, locked_until = $3 WHERE id = $1")
        .bind(staff)
        .bind(failures)
        .bind(locked_until)
        .execute(tx)
        .await?;
    Ok(())
}
