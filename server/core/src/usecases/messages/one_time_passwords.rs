//! Challenges by one-time password, wherever they are asked for: at the page for joining or at a till. Who asks writes the
//! message.

use crate::domain::one_time_code::OneTimeCode;
use crate::domain::phone::Phone;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{RowId, TillId};
use crate::service::Kopilka;
use crate::store::challenges::{self, ChallengeRow};
use crate::store::{Exemption, Tx};
use crate::usecases::messages::code_limits::{self, CodeRequester};
use crate::usecases::{Error, Refusal};

/// Life of a one-time password, in seconds (product rule: 10 minutes).
pub const CODE_SECONDS: i64 = 600;
/// Wrong codes after which the challenge is dead for the browser that sent them (product rule: 5).
pub const CODE_TRIES: i64 = 5;
/// Seconds after its beginning in which a challenge can have another code sent.
const CHALLENGE_SECONDS: i64 = 3_600;
/// Tokens that one challenge can have, for a form that is sent again and again.
const MOST_TOKENS: i64 = 10;

/// Request for a one-time password.
pub(crate) struct CodeRequest<'a> {
    /// Sender of the request, whose requests are limited.
    pub asker: &'a CodeRequester,
    /// Till for whose visit it is; `None` = for signing in or joining.
    pub till: Option<TillId>,
    /// Page that the form came from, as JSON.
    pub origin: &'a str,
}

/// Code that is to be sent to a phone.
pub(crate) struct CodeToSend {
    /// Phone in E.164.
    pub phone: String,
    /// The six digits.
    pub code: String,
}

/// Begins a challenge for a phone under a token. `None` = a form was sent twice: the token leads to the challenge whose code the
/// same asker had sent a moment ago.
///
/// # Errors
/// The refusals of [`code_limits`].
pub(crate) async fn begin_challenge(
    service: &Kopilka,
    tx: &mut Tx,
    phone: &Phone,
    request: &CodeRequest<'_>,
    token: &str,
) -> Result<Option<CodeToSend>, Error> {
    let now = service.now();
    code_limits::check_wrong_codes(tx, phone.as_str(), now).await?;
    tx.exempt(Exemption::OneTimePassword);
    if join_running(tx, phone, request, token, now).await? {
        return Ok(None);
    }
    let code = entropy::six_digits()?;
    let id = RowId::new();
    code_limits::admit_code_message(service, tx, id, phone.as_str(), request.asker).await?;
    let challenge = ChallengeRow {
        id,
        token_hash: entropy::hash_token(token),
        phone: phone.as_str().to_owned(),
        code_hash: entropy::keyed_hash(id.0.as_bytes(), &code),
        origin: request.origin.to_owned(),
        created_at: now,
        sent_at: now,
        tries: 0,
        used_at: None,
    };
    challenges::insert(tx, &challenge, request.till).await?;
    Ok(Some(CodeToSend {
        phone: challenge.phone,
        code,
    }))
}

/// Makes another code for the challenge of a token. Earlier ones stay valid for their own ten minutes, and wrong tries of all are
/// counted together.
///
/// # Errors
/// [`Refusal::CodeDead`] when the challenge is gone, an hour old or its tries are used up; the refusals of [`code_limits`].
pub(crate) async fn renew_code(
    service: &Kopilka,
    tx: &mut Tx,
    token: &str,
    request: &CodeRequest<'_>,
) -> Result<CodeToSend, Error> {
    let now = service.now();
    let row = hold_challenge(tx, token, request.till)
        .await?
        .filter(|row| may_resend(row, now))
        .ok_or(Refusal::CodeDead)?;
    tx.exempt(Exemption::OneTimePassword);
    code_limits::admit_code_message(service, tx, row.id, &row.phone, request.asker).await?;
    let code = entropy::six_digits()?;
    let hash = entropy::keyed_hash(row.id.0.as_bytes(), &code);
    challenges::resend(tx, row.id, hash, now).await?;
    Ok(CodeToSend {
        phone: row.phone,
        code,
    })
}

/// Gives a further token to the challenge whose code the same asker had sent to the phone a moment ago; false where there is
/// none that can be used and has tokens left. The token has tries of its own: somebody else behind the same address may have
/// asked.
async fn join_running(
    tx: &mut Tx,
    phone: &Phone,
    request: &CodeRequest<'_>,
    token: &str,
    now: Instant,
) -> Result<bool, Error> {
    let Some(id) = code_limits::find_just_sent(tx, phone.as_str(), request.asker, now).await?
    else {
        return Ok(false);
    };
    let row = challenges::find_by_id(tx, id, request.till).await?;
    if !row.is_some_and(|row| is_alive(&row, now))
        || challenges::count_tokens(tx, id).await? >= MOST_TOKENS
    {
        return Ok(false);
    }
    challenges::insert_token(tx, id, entropy::hash_token(token), request.origin).await?;
    Ok(true)
}

pub(crate) fn is_alive(challenge: &ChallengeRow, now: Instant) -> bool {
    challenge.used_at.is_none()
        && challenge.tries < CODE_TRIES
        && now < challenge.sent_at.plus_secs(CODE_SECONDS)
}

fn may_resend(challenge: &ChallengeRow, now: Instant) -> bool {
    challenge.used_at.is_none()
        && challenge.tries < CODE_TRIES
        && now < challenge.created_at.plus_secs(CHALLENGE_SECONDS)
}

/// Returns the challenge of a token, held until the transaction ends. Its phone is held first, as whoever asks for a code or
/// closes the account does.
pub(crate) async fn hold_challenge(
    tx: &mut Tx,
    token: &str,
    till: Option<TillId>,
) -> Result<Option<ChallengeRow>, Error> {
    let hash = entropy::hash_token(token);
    let Some(row) = challenges::find_by_token(tx, hash.clone(), till).await? else {
        return Ok(None);
    };
    code_limits::hold_phone(tx, &row.phone).await?;
    Ok(challenges::lock_by_token(tx, hash, till).await?)
}

/// Returns what was typed or pasted as a one-time password.
pub(crate) fn typed_code(code: &str) -> Result<OneTimeCode, Error> {
    OneTimeCode::parse(code).map_err(|fault| Error::invalid_field("code", fault.problem_key()))
}

/// Compares a code with those of its challenge, which is held: a right one is used up, and its challenge returned. A wrong one is
/// counted, and what the caller answers once that is stored is returned. Where too many of the phone were wrong none is
/// judged, right or not.
pub(crate) async fn use_up_code(
    service: &Kopilka,
    tx: &mut Tx,
    row: Option<ChallengeRow>,
    code: &OneTimeCode,
) -> Result<Result<ChallengeRow, Error>, Error> {
    let now = service.now();
    let row = row
        .filter(|row| is_alive(row, now))
        .ok_or(Refusal::CodeDead)?;
    let left_of_phone = code_limits::check_wrong_codes(tx, &row.phone, now).await?;
    if !is_right(tx, &row, code, now).await? {
        tx.exempt(Exemption::FailureCount);
        challenges::count_try(tx, &row).await?;
        code_limits::count_wrong(service, tx, &row.phone).await?;
        let left = (CODE_TRIES - row.tries).min(left_of_phone) - 1;
        if left <= 0 {
            return Ok(Err(Refusal::CodeDead.into()));
        }
        let wrong = crate::usecases::FieldProblem::new("code", "code-wrong").with_arg("left", left);
        return Ok(Err(wrong.into()));
    }
    if !challenges::mark_used(tx, row.id, now).await? {
        return Err(Refusal::CodeDead.into());
    }
    code_limits::forgive_wrong_codes(tx, row.id, &row.phone).await?;
    Ok(Ok(row))
}

/// Returns whether the code is the challenge's newest or an earlier one that is younger than ten minutes.
async fn is_right(
    tx: &mut Tx,
    row: &ChallengeRow,
    code: &OneTimeCode,
    now: Instant,
) -> Result<bool, Error> {
    let hash = entropy::keyed_hash(row.id.0.as_bytes(), code.as_str());
    if hash == row.code_hash {
        return Ok(true);
    }
    let since = now.plus_secs(-CODE_SECONDS);
    Ok(challenges::is_earlier_code(tx, row.id, hash, since).await?)
}
