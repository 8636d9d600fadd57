//! What members tell about themselves: birth date, children, pets, car.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::profile::{CarAnswer, Species};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId};

/// A child: a birth year and nothing else.
#[derive(Debug, Clone, StoredRow)]
pub struct MemberChildRow {
    /// Its id.
    pub id: RowId,
    /// Year of birth.
    pub birth_year: i64,
}

/// Sets or removes the birth date, counting the change.
///
/// # Errors
/// [`StoreError`].
pub async fn set_birth_date(
    tx: &mut Tx,
    member: MemberId,
    date: Option<(i64, i64, i64)>,
) -> Result<(), StoreError> {
    sql(
        "UPDATE members SET birth_year = $2, birth_month = $3, birth_day = $4, \
         birth_changes = birth_changes + 1 WHERE id = $1",
    )
    .bind(member)
    .bind(date.map(|(year, _, _)| year))
    .bind(date.map(|(_, month, _)| month))
    .bind(date.map(|(_, _, day)| day))
    .execute(tx)
    .await?;
    Ok(())
}

/// Sets or removes what is known of the car.
///
/// # Errors
/// [`StoreError`].
pub async fn set_car(tx: &mut Tx, member: MemberId, car: CarAnswer) -> Result<(), StoreError> {
    sql("UPDATE members SET car = $2 WHERE id = $1")
        .bind(member)
        .bind(car.word())
        .execute(tx)
        .await?;
    Ok(())
}

/// Remembers that the full profile was rewarded; false when it was before.
///
/// # Errors
/// [`StoreError`].
pub async fn take_reward(tx: &mut Tx, member: MemberId, now: Instant) -> Result<bool, StoreError> {
    let taken = sql("UPDATE members SET rewarded_at = $2 WHERE id = $1 AND rewarded_at IS NULL")
        .bind(member)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(taken == 1)
}

/// The member's children, eldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_children(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<MemberChildRow>, StoreError> {
    sql("SELECT id, birth_year FROM member_children WHERE member_id = $1 ORDER BY birth_year, id")
        .bind(member)
        .fetch_all(tx)
        .await
}

/// Adds a child.
///
/// # Errors
/// [`StoreError`].
pub async fn add_child(
    tx: &mut Tx,
    member: MemberId,
    birth_year: i64,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO member_children (id, member_id, birth_year, created_at) \
         VALUES ($1, $2, $3, $4)",
    )
    .bind(RowId::new())
    .bind(member)
    .bind(birth_year)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Removes a child. Returns false where the member has no such child.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_child(tx: &mut Tx, member: MemberId, child: RowId) -> Result<bool, StoreError> {
    let removed = sql("DELETE FROM member_children WHERE id = $1 AND member_id = $2")
        .bind(child)
        .bind(member)
        .execute(tx)
        .await?;
    Ok(removed == 1)
}

/// Removes all children: their consent was taken back. Returns how many there were.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_children(tx: &mut Tx, member: MemberId) -> Result<u64, StoreError> {
    sql("DELETE FROM member_children WHERE member_id = $1")
        .bind(member)
        .execute(tx)
        .await
}

/// Pets of a species.
#[derive(Debug, Clone, StoredRow)]
pub struct MemberPetRow {
    /// The species.
    pub species: Species,
    /// Number of pets.
    pub count: i64,
}

/// The member's pets.
///
/// # Errors
/// [`StoreError`].
pub async fn list_pets(tx: &mut Tx, member: MemberId) -> Result<Vec<MemberPetRow>, StoreError> {
    sql("SELECT species, count FROM member_pets WHERE member_id = $1 ORDER BY species")
        .bind(member)
        .fetch_all(tx)
        .await
}

/// Replaces the member's pets.
///
/// # Errors
/// [`StoreError`].
pub async fn set_pets(
    tx: &mut Tx,
    member: MemberId,
    pets: &[(Species, i64)],
) -> Result<(), StoreError> {
    sql("DELETE FROM member_pets WHERE member_id = $1")
        .bind(member)
        .execute(tx)
        .await?;
    for (species, count) in pets {
        sql("INSERT INTO member_pets (member_id, species, count) VALUES ($1, $2, $3)")
            .bind(member)
            .bind(*species)
            .bind(*count)
            .execute(tx)
            .await?;
    }
    Ok(())
}
