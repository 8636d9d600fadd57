//! States of posted forms that were refused or are not finished: ten minutes, five of a browser, 5,000 in all. In memory over SQLite, which one
//! process serves; over PostgreSQL in a table that no log and no backup has (`UNLOGGED`).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::engine::{StoredRow, sql};
use super::{Database, StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::MemberId;

/// Time for which a state is kept, in seconds.
pub const KEPT_SECONDS: i64 = 600;
/// Most states of one browser.
const MOST_OF_BROWSER: usize = 5;
/// Most states in all.
const MOST_STATES: usize = 5_000;
/// Most bytes of all states in memory.
const MOST_BYTES_IN_MEMORY: usize = 16 * 1024 * 1024;

/// State of a posted form.
#[derive(Clone, StoredRow)]
pub struct FormStateRow {
    /// Hash of the key in the address that shows it.
    pub key_hash: Vec<u8>,
    /// Hash of the cookie of the browser that may see it.
    pub browser_hash: Vec<u8>,
    /// Member who was signed in; `None` = nobody.
    pub member_id: Option<MemberId>,
    /// The state as JSON.
    pub body: String,
    /// Time at which the form was posted.
    pub created_at: Instant,
}

impl std::fmt::Debug for FormStateRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The rest is what somebody has typed.
        f.debug_struct("FormStateRow")
            .field("member_id", &self.member_id)
            .finish_non_exhaustive()
    }
}

/// Place where states of forms are kept; cheap to clone.
#[derive(Debug, Clone)]
pub struct FormStates(FormStatePlace);

#[derive(Debug, Clone)]
enum FormStatePlace {
    Memory(Arc<Mutex<StatesInMemory>>),
    Table(Database),
}

impl FormStates {
    pub(super) fn in_memory() -> Self {
        Self(FormStatePlace::Memory(Arc::default()))
    }

    pub(super) const fn in_table(db: Database) -> Self {
        Self(FormStatePlace::Table(db))
    }

    /// Keeps a state where states are in memory; gives it back where they are in the table, for [`insert`]. The browser's oldest
    /// states beyond five go, and so do those that are over.
    pub fn keep_in_memory(&self, row: FormStateRow) -> Option<FormStateRow> {
        let FormStatePlace::Memory(states) = &self.0 else {
            return Some(row);
        };
        let over = row.created_at.plus_secs(-KEPT_SECONDS);
        let mut states = hold(states);
        states.forget(|each| each.created_at <= over);
        states.keep(row);
        None
    }

    /// Returns the body of the state of this key, where this browser and member may see it at `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(
        &self,
        key_hash: Vec<u8>,
        browser_hash: Vec<u8>,
        member: Option<MemberId>,
        now: Instant,
    ) -> Result<Option<String>, StoreError> {
        let over = now.plus_secs(-KEPT_SECONDS);
        let row = match &self.0 {
            FormStatePlace::Memory(states) => hold(states).find(&key_hash),
            FormStatePlace::Table(db) => {
                let mut tx = db.read().await?;
                sql(
                    "SELECT key_hash, browser_hash, member_id, body, created_at FROM form_states \
                     WHERE key_hash = $1",
                )
                .bind(key_hash)
                .fetch_optional::<FormStateRow>(&mut tx)
                .await?
            }
        };
        Ok(row
            .filter(|row| row.browser_hash == browser_hash && row.member_id == member)
            .filter(|row| row.created_at > over)
            .map(|row| row.body))
    }

    /// Forgets the member's states, in the transaction that erases the member.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_member(&self, tx: &mut Tx, member: MemberId) -> Result<(), StoreError> {
        match &self.0 {
            FormStatePlace::Memory(states) => {
                hold(states).forget(|each| each.member_id == Some(member));
                Ok(())
            }
            FormStatePlace::Table(_) => sql("DELETE FROM form_states WHERE member_id = $1")
                .bind(member)
                .execute(tx)
                .await
                .map(drop),
        }
    }

    /// Forgets the states in memory that are over at `now`, and returns how many there were; `None` = they are in the table, for
    /// [`delete_expired`].
    pub fn prune_memory(&self, now: Instant) -> Option<u64> {
        let FormStatePlace::Memory(states) = &self.0 else {
            return None;
        };
        let over = now.plus_secs(-KEPT_SECONDS);
        Some(hold(states).forget(|each| each.created_at <= over))
    }
}

/// Adds a state to the table. States that are over go, and so do the browser's oldest beyond five and the oldest of all beyond
/// 5,000.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, row: FormStateRow) -> Result<(), StoreError> {
    let over = row.created_at.plus_secs(-KEPT_SECONDS);
    // Rows that another transaction deletes are left to it.
    sql(
        "DELETE FROM form_states WHERE key_hash IN (SELECT key_hash FROM form_states \
         WHERE key_hash IN (SELECT key_hash FROM form_states WHERE created_at <= $1 \
         UNION ALL (SELECT key_hash FROM form_states WHERE browser_hash = $2 \
         ORDER BY created_at DESC, key_hash OFFSET $3) \
         UNION ALL (SELECT key_hash FROM form_states \
         ORDER BY created_at DESC, key_hash OFFSET $4)) FOR UPDATE SKIP LOCKED)",
    )
    .bind(over)
    .bind(row.browser_hash.clone())
    .bind(room_for_one(MOST_OF_BROWSER))
    .bind(room_for_one(MOST_STATES))
    .execute(tx)
    .await?;
    sql(
        "INSERT INTO form_states (key_hash, browser_hash, member_id, body, created_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(row.key_hash)
    .bind(row.browser_hash)
    .bind(row.member_id)
    .bind(row.body)
    .bind(row.created_at)
    .execute(tx)
    .await
    .map(drop)
}

/// Returns how many states may stay before one is added.
fn room_for_one(most: usize) -> i64 {
    i64::try_from(most - 1).unwrap_or(i64::MAX)
}

/// Deletes the states of the table that are over at `now`, and returns how many there were. Rows that another transaction deletes
/// are left to it.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_expired(tx: &mut Tx, now: Instant) -> Result<u64, StoreError> {
    sql(
        "DELETE FROM form_states WHERE key_hash IN (SELECT key_hash FROM form_states \
         WHERE created_at <= $1 FOR UPDATE SKIP LOCKED)",
    )
    .bind(now.plus_secs(-KEPT_SECONDS))
    .execute(tx)
    .await
}

/// States in memory, oldest first.
#[derive(Default)]
struct StatesInMemory {
    states: VecDeque<FormStateRow>,
    bytes: usize,
}

impl std::fmt::Debug for StatesInMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StatesInMemory")
            .field("states", &self.states.len())
            .field("bytes", &self.bytes)
            .finish()
    }
}

fn hold(states: &Mutex<StatesInMemory>) -> MutexGuard<'_, StatesInMemory> {
    states.lock().unwrap_or_else(PoisonError::into_inner)
}

impl StatesInMemory {
    fn find(&self, key_hash: &[u8]) -> Option<FormStateRow> {
        let mut states = self.states.iter();
        states.find(|each| each.key_hash == key_hash).cloned()
    }

    fn forget(&mut self, is_over: impl Fn(&FormStateRow) -> bool) -> u64 {
        let before = self.states.len();
        self.states.retain(|each| !is_over(each));
        self.bytes = self.states.iter().map(|each| each.body.len()).sum();
        u64::try_from(before - self.states.len()).unwrap_or(u64::MAX)
    }

    /// Adds a state; the oldest ones make room for it.
    fn keep(&mut self, row: FormStateRow) {
        let is_of_browser = |each: &FormStateRow| each.browser_hash == row.browser_hash;
        let of_browser = self.states.iter().filter(|each| is_of_browser(each));
        if of_browser.count() >= MOST_OF_BROWSER
            && let Some(oldest) = self.states.iter().position(is_of_browser)
            && let Some(gone) = self.states.remove(oldest)
        {
            self.bytes -= gone.body.len();
        }
        self.bytes += row.body.len();
        self.states.push_back(row);
        while self.states.len() > MOST_STATES || self.bytes > MOST_BYTES_IN_MEMORY {
            let Some(gone) = self.states.pop_front() else {
                return;
            };
            self.bytes -= gone.body.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, browser: u32, bytes: usize) -> FormStateRow {
        FormStateRow {
            key_hash: number.to_be_bytes().to_vec(),
            browser_hash: browser.to_be_bytes().to_vec(),
            member_id: None,
            body: "x".repeat(bytes),
            created_at: Instant(i64::from(number)),
        }
    }

    #[test]
    fn memory_is_bounded_by_number_and_bytes_and_the_oldest_go_first() {
        let mut states = StatesInMemory::default();
        for number in 0..6_000 {
            states.keep(row(number, number, 10));
        }
        assert_eq!((states.states.len(), states.bytes), (5_000, 50_000));
        assert!(states.find(&999_u32.to_be_bytes()).is_none());
        assert!(states.find(&1_000_u32.to_be_bytes()).is_some());
        for number in 6_000..8_000 {
            states.keep(row(number, number, 16 * 1024));
        }
        assert_eq!(states.bytes, 1_024 * 16 * 1024);
        assert_eq!(states.states.len(), 1_024);
        assert!(states.find(&7_999_u32.to_be_bytes()).is_some());
    }
}
