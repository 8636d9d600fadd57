//! Consents as a history: each change a line with its proof, the newest line in force. Lines are never changed.

use super::engine::{Columns, StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::consents::ConsentSubject;
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId};

/// Read from the columns `channel` and `purpose`.
impl StoredRow for ConsentSubject {
    fn read(columns: &Columns<'_>) -> Result<Self, StoreError> {
        let channel: String = columns.get("channel")?;
        let purpose: String = columns.get("purpose")?;
        Ok(Self::of_words(&channel, &purpose))
    }
}

/// One change of a consent.
#[derive(Debug, Clone, StoredRow)]
pub struct ConsentChangeRow {
    /// What it is about.
    #[row(flatten)]
    pub subject: ConsentSubject,
    /// Yes or no.
    pub granted: bool,
    /// Version of the text that the person saw.
    pub text_version: String,
    /// Time of the change.
    pub at: Instant,
    /// Address that the change came from.
    pub ip: String,
    /// Page that the change came from.
    pub source: String,
}

/// Adds a change.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    member: MemberId,
    change: &ConsentChangeRow,
) -> Result<(), StoreError> {
    sql("INSERT INTO consents (id, member_id, channel, purpose, granted, text_version, at, ip, source) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(RowId::new())
    .bind(member)
    .bind(change.subject.channel_word())
    .bind(change.subject.purpose_word())
    .bind(change.granted)
    .bind(change.text_version.as_str())
    .bind(change.at)
    .bind(change.ip.as_str())
    .bind(change.source.as_str())
    .execute(tx)
    .await?;
    Ok(())
}

/// All changes of the member, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_history(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<ConsentChangeRow>, StoreError> {
    sql(
        "SELECT channel, purpose, granted, text_version, at, ip, source FROM consents \
         WHERE member_id = $1 ORDER BY id DESC",
    )
    .bind(member)
    .fetch_all(tx)
    .await
}

/// What the member's consents in force are about.
///
/// # Errors
/// [`StoreError`].
pub async fn list_granted(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Vec<ConsentSubject>, StoreError> {
    sql(
        "SELECT c.channel, c.purpose FROM consents c WHERE c.member_id = $1 AND c.granted \
         AND NOT EXISTS (SELECT 1 FROM consents later WHERE later.member_id = c.member_id \
         AND later.channel = c.channel AND later.purpose = c.purpose AND later.id > c.id)",
    )
    .bind(member)
    .fetch_all(tx)
    .await
}
