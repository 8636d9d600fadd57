//! Messages on their way out, stored in the transaction of what caused them, so that none is lost or sent for nothing.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::consents::Channel;
use crate::domain::time::Instant;
use crate::ids::RowId;

/// A message as data; the words are made where it leaves.
#[derive(Debug, Clone, StoredRow)]
pub struct OutboxMessageRow {
    /// Its id.
    pub id: RowId,
    /// Way it goes.
    pub channel: Channel,
    /// Phone or address.
    pub recipient: String,
    /// `ru` or `en`.
    pub language: String,
    /// JSON of [`crate::usecases::messages::outbox::MessageContent`].
    pub message: String,
    /// Time at which it was caused.
    pub created_at: Instant,
}

/// Statement that reads messages as [`OutboxMessageRow`], with the given conditions and order.
macro_rules! select_messages {
    ($rest:literal) => {
        concat!(
            "SELECT id, channel, recipient, language, message, created_at FROM outbox ",
            $rest
        )
    };
}

/// Stores a message.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, message: &OutboxMessageRow) -> Result<(), StoreError> {
    sql(
        "INSERT INTO outbox (id, channel, recipient, language, message, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(message.id)
    .bind(message.channel)
    .bind(message.recipient.as_str())
    .bind(message.language.as_str())
    .bind(message.message.as_str())
    .bind(message.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The newest messages, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_newest(tx: &mut Tx, limit: i64) -> Result<Vec<OutboxMessageRow>, StoreError> {
    sql(select_messages!(
        "ORDER BY created_at DESC, id DESC LIMIT $1"
    ))
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// Messages that no gateway has taken yet, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list_unsent(tx: &mut Tx, limit: i64) -> Result<Vec<OutboxMessageRow>, StoreError> {
    sql(select_messages!(
        "WHERE sent_at IS NULL ORDER BY created_at, id LIMIT $1"
    ))
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// Removes messages to this recipient: the person closed the account or has another phone.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_of_recipient(tx: &mut Tx, recipient: &str) -> Result<(), StoreError> {
    sql("DELETE FROM outbox WHERE recipient = $1")
        .bind(recipient)
        .execute(tx)
        .await?;
    Ok(())
}
