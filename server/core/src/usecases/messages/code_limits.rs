//! Limits of one-time passwords (docs/decisions/008-one-time-passwords.md). They are counted in the database, and every
//! message with a code goes through [`admit_code_message`]. Nothing here looks at members: a known and an unknown phone are
//! limited alike.

use crate::domain::time::{Instant, add_days, local_date, start_of_day};
use crate::ids::RowId;
use crate::service::Kopilka;
use crate::store::code_limits::DailyMessageCount;
use crate::store::{Tx, code_limits as store, members};
use crate::usecases::messages::outbox::{MessageContent, send_sms};
use crate::usecases::{Error, Refusal};

/// Seconds between two messages to one phone that the same asker wants.
pub const RESEND_SECONDS: i64 = 60;
/// Messages in an hour to one phone that the same asker wants.
const PER_PHONE_AND_ASKER: i64 = 5;
/// Messages in an hour to one phone, whoever wants them.
const PER_PHONE: i64 = 15;
/// Wrong codes of one phone in an hour after which none is judged.
const WRONG_PER_HOUR: i64 = 15;
/// Wrong codes of one phone without a right one after which no code is sent for [`PAUSE_SECONDS`].
const WRONG_IN_A_ROW: i64 = 100;
/// Length of that pause, in seconds.
const PAUSE_SECONDS: i64 = 24 * HOUR;
/// Share of the day's messages at which the operator is warned, in percent.
const WARNING_PERCENT: i64 = 80;
const HOUR: i64 = 3_600;

/// Sender of a request for a code.
#[derive(Debug, Clone)]
pub struct CodeRequester {
    /// Identifier of the asker: a keyed hash of its network, or a till; empty within the process.
    key: String,
    /// Codes in an hour, `None` = no limit.
    per_hour: Option<i64>,
}

impl CodeRequester {
    /// The browser that the request came from.
    ///
    /// # Errors
    /// [`Error::Fault`] where this process has no secret key.
    pub fn for_browser(service: &Kopilka) -> Result<Self, Error> {
        let key = service.asker_key()?;
        Ok(Self {
            per_hour: (!key.is_empty()).then_some(service.code_limits.per_address),
            key,
        })
    }

    /// A till, which has a limit of its own: many stand behind one address.
    pub fn for_till(till: impl std::fmt::Display, per_hour: i64) -> Self {
        Self {
            key: format!("till {till}"),
            per_hour: Some(per_hour),
        }
    }
}

/// Makes others that ask for a code or link for this phone, or close its account, wait until the end of the transaction. Taken
/// before any row that has to do with the phone.
///
/// # Errors
/// [`Error::Busy`], [`Error::Fault`].
pub(crate) async fn hold_phone(tx: &mut Tx, phone: &str) -> Result<(), Error> {
    Ok(tx.advisory_lock(&format!("phone {phone}")).await?)
}

/// Refuses whatever has to do with codes of a phone for which too many were wrong. Others that ask for the same phone wait
/// until this one is decided.
///
/// # Errors
/// [`Refusal::CodesPaused`], [`Refusal::TooManyCodes`].
pub(crate) async fn check_wrong_codes(
    tx: &mut Tx,
    phone: &str,
    now: Instant,
) -> Result<i64, Error> {
    hold_phone(tx, phone).await?;
    let paused = store::paused_until(tx, phone).await?.0 - now.0;
    if paused > 0 {
        let hours = paused / (HOUR * 1_000_000) + 1;
        return Err(Refusal::CodesPaused { hours }.into());
    }
    let wrong = store::wrong_one_time_codes(tx, phone, now.plus_secs(-HOUR)).await?;
    if wrong.count >= WRONG_PER_HOUR {
        return Err(too_many(wrong.first_at, now));
    }
    Ok(WRONG_PER_HOUR - wrong.count)
}

/// An hour's limit is used up until the first that counts is an hour old.
fn too_many(first: Option<Instant>, now: Instant) -> Error {
    let until = first.unwrap_or(now).plus_secs(HOUR);
    let minutes = ((until.0 - now.0) / 60_000_000 + 1).clamp(1, 60);
    Refusal::TooManyCodes { minutes }.into()
}

/// Returns the challenge whose code this asker had sent to the phone a moment ago: a form that was sent twice is about it.
pub(crate) async fn find_just_sent(
    tx: &mut Tx,
    phone: &str,
    asker: &CodeRequester,
    now: Instant,
) -> Result<Option<RowId>, Error> {
    let since = now.plus_secs(-RESEND_SECONDS);
    Ok(store::last_challenge(tx, phone, &asker.key, since).await?)
}

/// Counts a message with a code of `challenge`, unless one of the limits is reached.
///
/// # Errors
/// [`Refusal::TooSoon`], [`Refusal::TooManyCodes`], [`Refusal::CodesPaused`], [`Refusal::NoCodesToday`].
pub(crate) async fn admit_code_message(
    service: &Kopilka,
    tx: &mut Tx,
    challenge: RowId,
    phone: &str,
    asker: &CodeRequester,
) -> Result<(), Error> {
    let now = service.now();
    check_wrong_codes(tx, phone, now).await?;
    let hour_ago = now.plus_secs(-HOUR);
    let sends = store::sends_to_phone(tx, phone, &asker.key, hour_ago).await?;
    let wait = sends.own_last.map_or(0, |last| seconds_left(last, now));
    if wait > 0 {
        return Err(Refusal::TooSoon { seconds: wait }.into());
    }
    if sends.own >= PER_PHONE_AND_ASKER {
        return Err(too_many(sends.own_first, now));
    }
    if sends.all >= PER_PHONE {
        return Err(too_many(sends.first, now));
    }
    if let Some(per_hour) = asker.per_hour {
        tx.advisory_lock(&format!("asker {}", asker.key)).await?;
        let sends = store::sends_by_asker(tx, &asker.key, hour_ago).await?;
        if sends.count >= per_hour {
            return Err(too_many(sends.first_at, now));
        }
    }
    if !count_message(service, tx).await? {
        let hours = hours_left(service, tx, now).await?;
        return Err(Refusal::NoCodesToday { hours }.into());
    }
    store::insert_send(tx, challenge, phone, &asker.key, now).await?;
    Ok(())
}

/// Whole seconds until another code may follow the one sent at `sent`, rounded up.
pub(crate) fn seconds_left(sent: Instant, now: Instant) -> i64 {
    let left = sent.plus_secs(RESEND_SECONDS).0 - now.0;
    if left <= 0 {
        0
    } else {
        (left + 999_999) / 1_000_000
    }
}

/// Counts a message of today; false when there were as many as the operator allows. The operator is warned once a day. The
/// day's row is held until the end of the transaction, so this comes after all locks by name.
pub(crate) async fn count_message(service: &Kopilka, tx: &mut Tx) -> Result<bool, Error> {
    let now = service.now();
    let day = programme_day(service, tx, now).await?;
    let limit = service.code_limits.messages_per_day();
    let Some(DailyMessageCount { sent, warned_at }) = store::count_message(tx, &day, limit).await?
    else {
        tracing::warn!(
            day,
            limit,
            "no more codes are sent today: the limit is reached"
        );
        return Ok(false);
    };
    if warned_at.is_none() && sent.saturating_mul(100) >= limit.saturating_mul(WARNING_PERCENT) {
        store::set_warned(tx, &day, now).await?;
        tracing::warn!(
            day,
            sent,
            limit,
            "most of the codes that may be sent today are sent"
        );
    }
    Ok(true)
}

/// The day as the programme reads it, `2026-11-29`.
async fn programme_day(service: &Kopilka, tx: &mut Tx, now: Instant) -> Result<String, Error> {
    let rules = service.current_rules(tx).await?;
    Ok(local_date(now, rules.programme.time_zone).to_string())
}

/// Returns the whole hours until the programme's next day begins, rounded up.
pub(crate) async fn hours_left(service: &Kopilka, tx: &mut Tx, now: Instant) -> Result<i64, Error> {
    let zone = service.current_rules(tx).await?.programme.time_zone;
    let tomorrow = start_of_day(add_days(local_date(now, zone), 1), zone);
    Ok((tomorrow.0 - now.0) / (HOUR * 1_000_000) + 1)
}

/// Messages with codes of today and what they may be, for those who watch over the service.
#[derive(Debug, Clone, Copy)]
pub struct CodeMessagesToday {
    /// Number sent.
    pub sent: i64,
    /// Number that may be sent.
    pub limit: i64,
    /// Cost of those sent, in minor units; 0 where the price is not known.
    pub cost_minor: i64,
}

/// Returns how many messages with codes were sent today.
///
/// # Errors
/// [`Error::Fault`].
pub async fn messages_today(service: &Kopilka) -> Result<CodeMessagesToday, Error> {
    let limits = service.code_limits;
    let mut tx = service.db.read().await?;
    let day = programme_day(service, &mut tx, service.now()).await?;
    let sent = store::messages_of_day(&mut tx, &day).await?;
    Ok(CodeMessagesToday {
        sent,
        limit: limits.messages_per_day(),
        cost_minor: sent.saturating_mul(limits.price_minor),
    })
}

/// Counts a wrong code. After very many the phone gets no codes for a day, and its owner is told once.
pub(crate) async fn count_wrong(service: &Kopilka, tx: &mut Tx, phone: &str) -> Result<(), Error> {
    let now = service.now();
    if store::insert_wrong_code(tx, phone, now).await? < WRONG_IN_A_ROW {
        return Ok(());
    }
    store::pause_codes(tx, phone, now.plus_secs(PAUSE_SECONDS)).await?;
    let language = match members::find_id_by_phone(tx, phone).await? {
        Some(member) => members::load_member(tx, member).await?.language,
        None => "ru".to_owned(),
    };
    // One message for a hundred wrong codes; where the day's messages are used up it has to be left out.
    if count_message(service, tx).await? {
        send_sms(tx, phone, &language, &MessageContent::CodesPaused, now).await?;
    }
    tracing::warn!("a phone gets no codes for a day: too many wrong ones in a row");
    Ok(())
}

/// Forgives wrong codes in a row and the messages of a challenge, once the phone's owner has answered it.
pub(crate) async fn forgive_wrong_codes(
    tx: &mut Tx,
    challenge: RowId,
    phone: &str,
) -> Result<(), Error> {
    Ok(store::forgive_sends(tx, challenge, phone).await?)
}
