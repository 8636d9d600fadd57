//! Messages that leave the programme, as data. Words are made where they leave, in the language of the receiver.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::domain::consents::Channel;
use crate::domain::programme::{LocalisedText, TierMeasure};
use crate::domain::time::Instant;
use crate::ids::RowId;
use crate::service::Kopilka;
use crate::store::outbox::{self, OutboxMessageRow};
use crate::store::{StoreError, Tx};
use crate::usecases::Error;

/// Content of a message. Stored as JSON, so its variants and fields keep their names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MessageContent {
    /// A one-time password.
    OneTimePassword {
        /// Six digits.
        code: String,
        /// The host that asked, for the browser to fill the code in there only.
        host: String,
    },
    /// A tier will be lost unless more is bought.
    TierEnding {
        /// Its name.
        tier: LocalisedText,
        /// Measure of tiers: money spent or points earned.
        measure: TierMeasure,
        /// Amount that is missing to keep the tier, in the unit of the measure.
        missing: i64,
        /// Currency of the programme.
        currency: String,
        /// Time from which it is too late: the start of a day.
        until: Instant,
        /// Time zone of that day.
        time_zone: Tz,
    },
    /// A one-time password to be told to a cashier.
    TillCode {
        /// Six digits.
        code: String,
        /// Name of the store that asked.
        store: String,
        /// Address of the page for joining, for a phone that has no card.
        join: Option<String>,
    },
    /// A link to joining that a till asked for.
    Invitation {
        /// The whole address with its token.
        link: String,
    },
    /// No codes are sent for a day, because very many wrong ones were typed.
    CodesPaused,
}

/// Puts an SMS on its way, in the transaction of what caused it.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn send_sms(
    tx: &mut Tx,
    phone: &str,
    language: &str,
    message: &MessageContent,
    now: Instant,
) -> Result<(), Error> {
    let row = OutboxMessageRow {
        id: RowId::new(),
        channel: Channel::Sms,
        recipient: phone.to_owned(),
        language: language.to_owned(),
        message: serde_json::to_string(message)?,
        created_at: now,
    };
    outbox::insert(tx, &row).await?;
    Ok(())
}

/// A message to be read or sent.
#[derive(Debug, Clone)]
pub struct OutgoingMessage {
    /// Its id.
    pub id: RowId,
    /// Way it goes.
    pub channel: Channel,
    /// Phone or address.
    pub recipient: String,
    /// `ru` or `en`.
    pub language: String,
    /// Content of the message.
    pub message: MessageContent,
    /// Time at which it was caused.
    pub at: Instant,
}

fn read_message(row: OutboxMessageRow) -> Result<OutgoingMessage, Error> {
    Ok(OutgoingMessage {
        id: row.id,
        channel: row.channel,
        recipient: row.recipient,
        language: row.language,
        message: serde_json::from_str(&row.message)
            .map_err(|error| StoreError::Unreadable(error.to_string()))?,
        at: row.created_at,
    })
}

/// The newest messages of the demo, newest first. Asked for only where the demo is served.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_newest_messages(service: &Kopilka) -> Result<Vec<OutgoingMessage>, Error> {
    let mut tx = service.db.read().await?;
    outbox::list_newest(&mut tx, 50)
        .await?
        .into_iter()
        .map(read_message)
        .collect()
}
