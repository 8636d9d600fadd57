//! Challenges by one-time password, wherever they are asked for: at the page for joining or at a till. Who asks writes the
//! message.

use super::code_limits::CodeRequester;
use super::phone_verification::{hold_challenge, is_alive, may_resend};
use super::{Error, Refusal, code_limits};
use crate::domain::phone::Phone;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{RowId, TillId};
use crate::service::Kopilka;
use crate::store::challenges::{self, ChallengeRow};
use crate::store::{Exemption, Tx};

/// Tokens that one challenge can have, for a form that is sent again and again.
const MOST_TOKENS: i64 = 10;

/// Request for a one-time password.
pub(super) struct CodeRequest<'a> {
    /// Sender of the request, whose requests are limited.
    pub asker: &'a CodeRequester,
    /// Till for whose visit it is; `None` = for signing in or joining.
    pub till: Option<TillId>,
    /// Page that the form came from, as JSON.
    pub origin: &'a str,
}

/// Code that is to be sent to a phone.
pub(super) struct CodeToSend {
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
pub(super) async fn begin_challenge(
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
pub(super) async fn renew_code(
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
