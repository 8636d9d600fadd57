//! "I forgot the card": the shopper's phone gets a one-time password, the shopper tells it to the cashier. A phone with a card
//! and one without are told apart only by whoever holds the phone, until a right code has been told. Such a code signs nobody
//! in anywhere: it is worth a visit at this till.

use super::{AtTill, OpenedVisit, open_by_phone};
use crate::domain::phone::Phone;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::RowId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::challenges::{self, ChallengeRow};
use crate::store::{Tx, members, merged_accounts};
use crate::usecases::code_limits::{self, Asker, seconds_left};
use crate::usecases::joining::{
    alive, hold_challenge, join_running, may_resend, typed_code, use_up,
};
use crate::usecases::outbox::{Message, send_sms};
use crate::usecases::{Error, Refusal, phones, transact};

/// Codes that one till may have sent in an hour.
const PER_TILL: i64 = 60;

/// A code on its way, as the till's page needs it: never the phone.
#[derive(Debug, Clone)]
pub struct Forgotten {
    /// Seconds until another code may be sent.
    pub resend_in: i64,
}

/// Sends a code to the phone that the shopper has said; the token of the challenge, for this till alone. A form that is sent
/// twice gets a token of the challenge that runs already.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`; [`Refusal::StoreWaiting`]; the refusals of [`code_limits`].
pub async fn ask_phone(
    k: &Kopilka,
    at_till: &AtTill,
    phone: &str,
    language: &str,
) -> Result<String, Error> {
    let phone = phones::parse(k, phone).await?;
    if at_till.till.store_status == "waiting" {
        return Err(Refusal::StoreWaiting.into());
    }
    let now = k.now();
    let (token, asker) = (entropy::token()?, asker(at_till));
    let till = Some(at_till.till.id);
    transact!(k.db, |tx| {
        code_limits::check_guesses(tx, phone.as_str(), now).await?;
        let again = (token.as_str(), "");
        if join_running(tx, phone.as_str(), &asker, till, again, now).await? {
            return Ok(());
        }
        let code = entropy::six_digits()?;
        let id = RowId::new();
        code_limits::admit(k, tx, id, phone.as_str(), &asker).await?;
        let challenge = ChallengeRow {
            id,
            token_hash: entropy::hash(&token),
            phone: phone.as_str().to_owned(),
            code_hash: entropy::keyed_hash(id.0.as_bytes(), &code),
            origin: String::new(),
            created_at: now,
            sent_at: now,
            tries: 0,
            used_at: None,
        };
        challenges::insert(tx, &challenge, till).await?;
        send(k, tx, at_till, phone.as_str(), code, language, now).await
    })?;
    Ok(token)
}

fn asker(at_till: &AtTill) -> Asker {
    Asker::till(at_till.till.id, PER_TILL)
}

async fn send(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    phone: &str,
    code: String,
    language: &str,
    now: Instant,
) -> Result<(), Error> {
    // Only the holder of the phone reads which of the two it was.
    let known = members::id_by_phone(tx, phone).await?.is_some();
    let joins = phones::is_admitted(k, tx, &Phone::trusted(phone)).await? && !known;
    let message = Message::TillCode {
        code,
        store: at_till.till.store_name.clone(),
        join: k.link("/join").filter(|_| joins),
    };
    send_sms(tx, phone, language, &message, now).await
}

/// The code behind a token of this till, while it can be used.
///
/// # Errors
/// [`Error::Fault`].
pub async fn forgotten(
    k: &Kopilka,
    at_till: &AtTill,
    token: &str,
) -> Result<Option<Forgotten>, Error> {
    let now = k.now();
    let mut tx = k.db.read().await?;
    let row = challenges::by_token(&mut tx, entropy::hash(token), Some(at_till.till.id)).await?;
    Ok(row.filter(|row| alive(row, now)).map(|row| Forgotten {
        resend_in: seconds_left(row.sent_at, now),
    }))
}

/// Sends another code for the same challenge; earlier ones stay valid for their ten minutes, wrong tries stay counted.
///
/// # Errors
/// [`Refusal::CodeDead`]; the refusals of [`code_limits`].
pub async fn resend_phone(
    k: &Kopilka,
    at_till: &AtTill,
    token: &str,
    language: &str,
) -> Result<(), Error> {
    let now = k.now();
    transact!(k.db, |tx| {
        let row = hold_challenge(tx, token, Some(at_till.till.id))
            .await?
            .filter(|row| may_resend(row, now))
            .ok_or(Refusal::CodeDead)?;
        code_limits::admit(k, tx, row.id, &row.phone, &asker(at_till)).await?;
        let code = entropy::six_digits()?;
        let hash = entropy::keyed_hash(row.id.0.as_bytes(), &code);
        challenges::resend(tx, row.id, hash, now).await?;
        send(k, tx, at_till, &row.phone, code, language, now).await?;
        Ok(())
    })
}

/// Takes the code that the shopper has told: a visit of the member. Each look-up is logged, failed ones too.
///
/// # Errors
/// [`Error::Invalid`] with field `code` and the tries left; [`Refusal::CodeDead`]; [`Refusal::CardUnknown`] for a phone
/// that has no card, which only a right code tells.
pub async fn confirm_phone(
    k: &Kopilka,
    at_till: &AtTill,
    token: &str,
    code: &str,
) -> Result<OpenedVisit, Error> {
    let code = typed_code(code)?;
    let now = k.now();
    let till = Some(at_till.till.id);
    transact!(k.db, |tx| {
        let row = hold_challenge(tx, token, till).await?;
        let row = match use_up(k, tx, row, &code).await? {
            Ok(row) => row,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let Some(member) = merged_accounts::person_by_phone(tx, &row.phone).await? else {
            let why = Refusal::CardUnknown;
            let failed = at_till.did(Action::LookUp).outcome(why.key());
            audit::log(tx, failed, now).await?;
            return Ok(Err(why.into()));
        };
        let opened = open_by_phone(k, tx, at_till, member, now).await?;
        Ok(opened.map_err(Error::from))
    })?
}
