//! Phone → one-time password → signed in, or on to joining. Known and unknown phones are told apart only after the code.

use serde::{Deserialize, Serialize};

use super::outbox::{Message, send_sms};
use super::{Error, Refusal, phones, session, till};
use crate::domain::phone::Phone;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{MemberId, RowId};
use crate::service::Kopilka;
use crate::store::challenges::{self, ChallengeRow};
use crate::store::{Tx, members};

/// Life of a one-time password, in seconds (product rule: 10 minutes).
pub const CODE_SECONDS: i64 = 600;
/// Wrong codes after which the challenge is dead (product rule: 5).
pub const CODE_TRIES: i64 = 5;
/// Seconds between two sendings to one phone.
pub const RESEND_SECONDS: i64 = 60;
/// Codes sent to one phone in an hour, over all its challenges.
const CODES_PER_HOUR: i64 = 10;
/// Wrong codes of one phone in an hour, over all its challenges.
const TRIES_PER_HOUR: i64 = 15;

/// Where a person came from: a poster's link, a store.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Origin {
    /// What led here, at most 64 characters.
    pub from: String,
    /// Code of the store, at most 64 characters.
    pub store: String,
    /// Token of the enrolment that a till has begun: whoever joins by it gets the sale in progress there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub visit: String,
}

impl Origin {
    /// An origin as a link claims it: cut to length, freed of control characters.
    pub fn claimed(from: &str, store: &str) -> Self {
        let tidy = |text: &str| text.chars().filter(|c| !c.is_control()).take(64).collect();
        Self {
            from: tidy(from),
            store: tidy(store),
            visit: String::new(),
        }
    }

    /// The same, during the enrolment that a till has begun.
    pub fn during(mut self, token: &str) -> Self {
        let plain = |c: &char| c.is_ascii_alphanumeric();
        self.visit = token.chars().filter(plain).take(64).collect();
        self
    }
}

/// A sent code, as its page needs it.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// The phone as the owner may recognise it.
    pub phone: String,
    /// Seconds until another code may be sent.
    pub resend_in: i64,
    /// Whether the code can still be used.
    pub alive: bool,
}

/// Sends a one-time password to a phone; the token of the challenge, to be kept in a cookie.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`; [`Refusal::TooSoon`] when a code was just sent or too many were.
pub async fn ask_for_code(
    k: &Kopilka,
    phone: &str,
    origin: &Origin,
    language: &str,
) -> Result<String, Error> {
    let phone = phones::parse(k, phone).await?;
    let now = k.now();
    let mut tx = k.db.write().await?;
    check_pace(&mut tx, phone.as_str(), now).await?;
    let token = entropy::token()?;
    let code = entropy::six_digits()?;
    let id = RowId::new();
    let challenge = ChallengeRow {
        id,
        phone: phone.as_str().to_owned(),
        code_hash: entropy::keyed_hash(id.0.as_bytes(), &code),
        origin: serde_json::to_string(origin)?,
        created_at: now.0,
        sent_at: now.0,
        tries: 0,
        used_at: None,
    };
    challenges::insert(&mut tx, &challenge, entropy::hash(&token), None).await?;
    send_code(k, &mut tx, phone.as_str(), code, language, now).await?;
    tx.commit().await?;
    Ok(token)
}

async fn send_code(
    k: &Kopilka,
    tx: &mut Tx,
    phone: &str,
    code: String,
    language: &str,
    now: Instant,
) -> Result<(), Error> {
    let message = Message::OneTimePassword {
        code,
        host: k.config.host.clone(),
    };
    send_sms(tx, phone, language, &message, now).await
}

/// Whether another code may be sent to the phone; others that ask for the same phone wait until this one is decided.
pub(super) async fn check_pace(tx: &mut Tx, phone: &str, now: Instant) -> Result<(), Error> {
    tx.alone(&format!("phone {phone}")).await?;
    let (tries, sent, last) = challenges::activity(tx, phone, now.plus_secs(-3600)).await?;
    if tries >= TRIES_PER_HOUR || sent >= CODES_PER_HOUR {
        return Err(Refusal::TooSoon { seconds: 3600 }.into());
    }
    let wait = last.map_or(0, |last| seconds_left(Instant(last), now));
    if wait > 0 {
        return Err(Refusal::TooSoon { seconds: wait }.into());
    }
    Ok(())
}

/// Whole seconds until another code may follow the one sent at `sent`, rounded up.
pub(super) fn seconds_left(sent: Instant, now: Instant) -> i64 {
    let left = sent.plus_secs(RESEND_SECONDS).0 - now.0;
    if left <= 0 {
        0
    } else {
        (left + 999_999) / 1_000_000
    }
}

pub(super) fn alive(challenge: &ChallengeRow, now: Instant) -> bool {
    challenge.used_at.is_none()
        && challenge.tries < CODE_TRIES
        && now < Instant(challenge.sent_at).plus_secs(CODE_SECONDS)
}

/// The challenge behind a token, where there is one.
///
/// # Errors
/// [`Error::Fault`].
pub async fn challenge(k: &Kopilka, token: &str) -> Result<Option<Challenge>, Error> {
    let now = k.now();
    let mut tx = k.db.read().await?;
    let row = challenges::by_token(&mut tx, entropy::hash(token)).await?;
    Ok(row
        .filter(|row| row.used_at.is_none())
        .map(|row| Challenge {
            phone: Phone::trusted(&row.phone).masked(),
            resend_in: seconds_left(Instant(row.sent_at), now),
            alive: alive(&row, now),
        }))
}

/// Sends another code for the same challenge; wrong tries stay counted.
///
/// # Errors
/// [`Refusal::CodeDead`] when the challenge is gone or its tries are used up; [`Refusal::TooSoon`].
pub async fn resend(k: &Kopilka, token: &str, language: &str) -> Result<(), Error> {
    let now = k.now();
    let mut tx = k.db.write().await?;
    let row = challenges::lock_by_token(&mut tx, entropy::hash(token))
        .await?
        .filter(|row| row.used_at.is_none() && row.tries < CODE_TRIES)
        .ok_or(Refusal::CodeDead)?;
    check_pace(&mut tx, &row.phone, now).await?;
    let code = entropy::six_digits()?;
    let hash = entropy::keyed_hash(row.id.0.as_bytes(), &code);
    challenges::resend(&mut tx, row.id, hash, now).await?;
    send_code(k, &mut tx, &row.phone, code, language, now).await?;
    tx.commit().await?;
    Ok(())
}

/// What a right code leads to.
#[derive(Debug, Clone)]
pub enum Proven {
    /// A member: signed in, with this session token.
    SignedIn(String),
    /// A new phone: joining goes on with this token.
    NewPhone(String),
}

/// Checks a one-time password. A right one is used up; a wrong one is counted.
///
/// # Errors
/// [`Error::Invalid`] with field `code` and the tries left; [`Refusal::CodeDead`].
pub async fn confirm_code(
    k: &Kopilka,
    token: &str,
    code: &str,
    device: &str,
) -> Result<Proven, Error> {
    let code = typed_code(code)?;
    let mut tx = k.db.write().await?;
    let row = challenges::lock_by_token(&mut tx, entropy::hash(token)).await?;
    let (mut tx, row) = use_up(tx, row, &code, k.now()).await?;
    let mut news = Vec::new();
    let whose = (row.phone.as_str(), row.origin.as_str());
    let proven = prove(k, &mut tx, whose, device, &mut news).await?;
    tx.commit().await?;
    news.iter().for_each(|member| k.announce(*member));
    Ok(proven)
}

/// What was typed as a one-time password, without spaces and dashes.
pub(super) fn typed_code(code: &str) -> Result<String, Error> {
    let code: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if code.is_empty() {
        return Err(Error::field("code", "code-missing"));
    }
    Ok(code)
}

/// Compares a code with its challenge, which is held: a right one is used up, a wrong one is counted and committed.
pub(super) async fn use_up(
    mut tx: Tx,
    row: Option<ChallengeRow>,
    code: &str,
    now: Instant,
) -> Result<(Tx, ChallengeRow), Error> {
    let row = row.filter(|row| alive(row, now)).ok_or(Refusal::CodeDead)?;
    let six_digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if !six_digits {
        return Err(Error::field("code", "code-six-digits"));
    }
    if entropy::keyed_hash(row.id.0.as_bytes(), code) != row.code_hash {
        challenges::count_try(&mut tx, row.id).await?;
        tx.commit().await?;
        let left = CODE_TRIES - row.tries - 1;
        if left <= 0 {
            return Err(Refusal::CodeDead.into());
        }
        return Err(super::Problem::new("code", "code-wrong")
            .with("left", left)
            .into());
    }
    if !challenges::take(&mut tx, row.id, now).await? {
        return Err(Refusal::CodeDead.into());
    }
    Ok((tx, row))
}

/// What a proven phone leads to: a member is signed in, a new phone may go on to join.
///
/// # Errors
/// [`Error::Invalid`] with field `code` where new members may not have such a number.
pub(super) async fn prove(
    k: &Kopilka,
    tx: &mut Tx,
    (phone, origin): (&str, &str),
    device: &str,
    news: &mut Vec<MemberId>,
) -> Result<Proven, Error> {
    let now = k.now();
    if let Some(member) = members::id_by_phone(tx, phone).await? {
        let origin: Origin = serde_json::from_str(origin)?;
        till::joined(k, tx, &origin.visit, member, news).await?;
        let opened = session::open_device(tx, member, device, now).await?;
        return Ok(Proven::SignedIn(opened.token));
    }
    // A known number has signed in above: members come from anywhere. The code or link is not used up.
    phones::admit(k, tx, phone, "code").await?;
    let token = entropy::token()?;
    challenges::insert_enrolment(tx, entropy::hash(&token), phone, origin, now).await?;
    Ok(Proven::NewPhone(token))
}
