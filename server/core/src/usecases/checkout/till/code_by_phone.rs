//! "I forgot the card": the shopper's phone gets a one-time password, the shopper tells it to the cashier. A phone with a card
//! and one without are told apart only by whoever holds the phone, until a right code has been told. Such a code signs nobody
//! in anywhere: it is worth a visit at this till.

use super::{OpenedVisit, open_by_phone};
use crate::domain::phone::Phone;
use crate::domain::time::Instant;
use crate::entropy;
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::challenges;
use crate::store::{Tx, members, merged_accounts};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::messages::code_limits::{CodeRequester, seconds_left};
use crate::usecases::messages::one_time_passwords::{
    CodeRequest, CodeToSend, begin_challenge, hold_challenge, is_alive, renew_code, typed_code,
    use_up_code,
};
use crate::usecases::messages::outbox::{MessageContent, send_sms};
use crate::usecases::messages::phones;
use crate::usecases::{Error, Refusal, transact};

/// Codes that one till may have sent in an hour.
const PER_TILL: i64 = 60;

/// A code on its way, as the till's page needs it: never the phone.
#[derive(Debug, Clone)]
pub struct PhoneCodeStatus {
    /// Seconds until another code may be sent.
    pub resend_in: i64,
}

/// Sends a code to the phone that the shopper has said; the token of the challenge, for this till alone. A form that is sent
/// twice gets a token of the challenge that runs already.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`; [`Refusal::StoreWaiting`]; the refusals of [`code_limits`].
pub async fn request_phone_code(
    service: &Kopilka,
    at_till: &TillContext,
    phone: &str,
    language: &str,
) -> Result<String, Error> {
    let phone = phones::parse_any_country(service, phone).await?;
    at_till.require_open_store()?;
    let token = entropy::random_token()?;
    let asker = code_requester(at_till);
    let request = request(at_till, &asker);
    transact!(service.db, |tx| {
        match begin_challenge(service, tx, &phone, &request, &token).await? {
            Some(to_send) => send_phone_code(service, tx, at_till, to_send, language).await,
            None => Ok(()),
        }
    })?;
    Ok(token)
}

fn code_requester(at_till: &TillContext) -> CodeRequester {
    CodeRequester::for_till(at_till.till.id, PER_TILL)
}

/// Returns the request of a till, whose code is for a visit there.
fn request<'a>(at_till: &TillContext, asker: &'a CodeRequester) -> CodeRequest<'a> {
    CodeRequest {
        asker,
        till: Some(at_till.till.id),
        origin: "",
    }
}

async fn send_phone_code(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    to_send: CodeToSend,
    language: &str,
) -> Result<(), Error> {
    let CodeToSend { phone, code } = to_send;
    // Only the holder of the phone reads which of the two it was.
    let known = members::find_id_by_phone(tx, &phone).await?.is_some();
    let joins = phones::is_admitted(service, tx, &Phone::trusted(&phone)).await? && !known;
    let message = MessageContent::TillCode {
        code,
        store: at_till.till.store_name.clone(),
        join: service.public_link("/join").filter(|_| joins),
    };
    send_sms(tx, &phone, language, &message, service.now()).await
}

/// The code behind a token of this till, while it can be used.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_phone_code(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
) -> Result<Option<PhoneCodeStatus>, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let row = challenges::find_by_token(&mut tx, entropy::hash_token(token), Some(at_till.till.id))
        .await?;
    Ok(row
        .filter(|row| is_alive(row, now))
        .map(|row| PhoneCodeStatus {
            resend_in: seconds_left(row.sent_at, now),
        }))
}

/// Sends another code for the same challenge; earlier ones stay valid for their ten minutes, wrong tries stay counted.
///
/// # Errors
/// [`Refusal::CodeDead`]; the refusals of [`code_limits`].
pub async fn resend_phone_code(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
    language: &str,
) -> Result<(), Error> {
    let asker = code_requester(at_till);
    let request = request(at_till, &asker);
    transact!(service.db, |tx| {
        let to_send = renew_code(service, tx, token, &request).await?;
        send_phone_code(service, tx, at_till, to_send, language).await
    })
}

/// Takes the code that the shopper has told: a visit of the member. Each look-up is logged, failed ones too.
///
/// # Errors
/// [`Error::Invalid`] with field `code` and the tries left; [`Refusal::CodeDead`]; [`Refusal::CardUnknown`] for a phone
/// that has no card, which only a right code tells.
pub async fn confirm_phone_code(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
    code: &str,
) -> Result<OpenedVisit, Error> {
    let code = typed_code(code)?;
    let now = service.now();
    let till = Some(at_till.till.id);
    transact!(service.db, |tx| {
        let row = hold_challenge(tx, token, till).await?;
        let row = match use_up_code(service, tx, row, &code).await {
            Ok(Ok(row)) => row,
            Ok(Err(why)) | Err(why @ Error::Refused(_)) => {
                log_failed_look_up(tx, at_till, &why, now).await?;
                return Ok(Err(why));
            }
            Err(fault) => return Err(fault),
        };
        let Some(member) = merged_accounts::person_by_phone(tx, &row.phone).await? else {
            let why = Refusal::CardUnknown.into();
            log_failed_look_up(tx, at_till, &why, now).await?;
            return Ok(Err(why));
        };
        let opened = open_by_phone(service, tx, at_till, member, now).await?;
        Ok(opened.map_err(Error::from))
    })?
}

/// Logs that a look-up by phone has failed, with the key of the reason.
async fn log_failed_look_up(
    tx: &mut Tx,
    at_till: &TillContext,
    why: &Error,
    now: Instant,
) -> Result<(), Error> {
    let Some(outcome) = why.outcome_key() else {
        return Ok(());
    };
    let line = at_till.audit_line(Action::LookUp).outcome(outcome);
    Ok(audit::log(tx, line, now).await?)
}
