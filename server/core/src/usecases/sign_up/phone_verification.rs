//! Phone → one-time password → signed in, or on to joining. Known and unknown phones are told apart only after the code.

use serde::{Deserialize, Serialize};

use crate::domain::phone::Phone;
use crate::entropy;
use crate::ids::MemberId;
use crate::service::Kopilka;
use crate::store::challenges;
use crate::store::{Exemption, Tx, members, merged_accounts};
use crate::usecases::access::session;
use crate::usecases::checkout::till;
use crate::usecases::messages::code_limits::{CodeRequester, seconds_left};
use crate::usecases::messages::one_time_passwords::{
    CodeRequest, CodeToSend, begin_challenge, hold_challenge, is_alive, renew_code, typed_code,
    use_up_code,
};
use crate::usecases::messages::outbox::{MessageContent, send_sms};
use crate::usecases::messages::phones;
use crate::usecases::{Error, transact};

/// Origin of a person who joins: a poster's link, a store. Stored as JSON, so its fields keep their names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SignUpOrigin {
    /// Name of the poster or link that led here, at most 64 characters.
    pub from: String,
    /// Code of the store, at most 64 characters.
    pub store: String,
    /// Token of the enrolment that a till has begun: whoever joins by it gets the sale in progress there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub visit: String,
}

impl SignUpOrigin {
    /// An origin as a link claims it: cut to length, freed of control characters.
    pub fn from_link(from: &str, store: &str) -> Self {
        let tidy = |text: &str| text.chars().filter(|c| !c.is_control()).take(64).collect();
        Self {
            from: tidy(from),
            store: tidy(store),
            visit: String::new(),
        }
    }

    /// The same, during the enrolment that a till has begun.
    pub fn during_enrolment(mut self, token: &str) -> Self {
        let plain = |c: &char| c.is_ascii_alphanumeric();
        self.visit = token.chars().filter(plain).take(64).collect();
        self
    }
}

/// A sent code, as its page needs it.
#[derive(Debug, Clone)]
pub struct CodeChallengeView {
    /// The phone as the owner may recognise it.
    pub phone: String,
    /// Seconds until another code may be sent.
    pub resend_in: i64,
    /// True if the code can still be used.
    pub alive: bool,
}

/// Sends a one-time password to a phone; the token of the challenge, to be kept in a cookie. A form that is sent twice gets a
/// token of the challenge that runs already, and no second message.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`; the refusals of [`code_limits`].
pub async fn ask_for_code(
    service: &Kopilka,
    phone: &str,
    origin: &SignUpOrigin,
    language: &str,
) -> Result<String, Error> {
    let phone = phones::parse_any_country(service, phone).await?;
    let token = entropy::random_token()?;
    let from = serde_json::to_string(origin)?;
    let request = CodeRequest {
        asker: &CodeRequester::for_browser(service)?,
        till: None,
        origin: &from,
    };
    transact!(service.db, |tx| {
        match begin_challenge(service, tx, &phone, &request, &token).await? {
            Some(to_send) => send_code(service, tx, to_send, language).await,
            None => Ok(()),
        }
    })?;
    Ok(token)
}

async fn send_code(
    service: &Kopilka,
    tx: &mut Tx,
    to_send: CodeToSend,
    language: &str,
) -> Result<(), Error> {
    let CodeToSend { phone, code } = to_send;
    let message = MessageContent::OneTimePassword {
        code,
        host: service.config.host.clone(),
    };
    send_sms(tx, &phone, language, &message, service.now()).await
}

/// The challenge behind a token, where there is one.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_challenge(
    service: &Kopilka,
    token: &str,
) -> Result<Option<CodeChallengeView>, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let row = challenges::find_by_token(&mut tx, entropy::hash_token(token), None).await?;
    Ok(row
        .filter(|row| row.used_at.is_none())
        .map(|row| CodeChallengeView {
            phone: Phone::trusted(&row.phone).masked(),
            resend_in: seconds_left(row.sent_at, now),
            alive: is_alive(&row, now),
        }))
}

/// Sends another code for the same challenge. Earlier ones stay valid for their own ten minutes, and wrong tries of all are
/// counted together.
///
/// # Errors
/// [`Refusal::CodeDead`](crate::usecases::Refusal::CodeDead) when the challenge is gone, an hour old or its tries are used up;
/// the refusals of [`code_limits`].
pub async fn resend_code(service: &Kopilka, token: &str, language: &str) -> Result<(), Error> {
    let request = CodeRequest {
        asker: &CodeRequester::for_browser(service)?,
        till: None,
        origin: "",
    };
    transact!(service.db, |tx| {
        let to_send = renew_code(service, tx, token, &request).await?;
        send_code(service, tx, to_send, language).await
    })
}

/// Result of a right code.
#[derive(Debug, Clone)]
pub enum PhoneProofOutcome {
    /// A member: signed in, with this session token.
    SignedIn(String),
    /// A new phone: joining goes on with this token.
    NewPhone(String),
}

/// Checks a one-time password. A right one is used up; a wrong one is counted.
///
/// # Errors
/// [`Error::Invalid`] with field `code` and the tries left; [`Refusal::CodeDead`](crate::usecases::Refusal::CodeDead).
pub async fn confirm_code(
    service: &Kopilka,
    token: &str,
    code: &str,
    device: &str,
) -> Result<PhoneProofOutcome, Error> {
    let code = typed_code(code)?;
    let answer = transact!(service.db, |tx| {
        let row = hold_challenge(tx, token, None).await?;
        let whose = row.as_ref().map(|row| (row.id, row.phone.clone()));
        let row = match use_up_code(service, tx, row, &code).await? {
            Ok(row) => row,
            Err(wrong) => {
                if let Some((challenge, phone)) = whose {
                    let member = members::find_id_by_phone(tx, &phone).await?;
                    session::log_wrong_code(tx, member, challenge, &wrong, service.now()).await?;
                }
                return Ok(Err(wrong));
            }
        };
        let mut news = Vec::new();
        let (phone, origin) = (&row.phone, &row.origin);
        let proven = accept_proven_phone(service, tx, phone, origin, device, &mut news).await?;
        Ok(Ok((proven, news)))
    })?;
    let (proven, news) = answer?;
    news.iter().for_each(|member| service.announce(*member));
    Ok(proven)
}

/// Signs a member in by a proven phone, or lets a new phone go on to join. The phone of an account that was merged signs in to
/// the account that stands for the person, as long as the two are merged.
///
/// # Errors
/// [`Error::Invalid`] with field `code` where new members may not have such a number.
pub(crate) async fn accept_proven_phone(
    service: &Kopilka,
    tx: &mut Tx,
    phone: &str,
    origin: &str,
    device: &str,
    news: &mut Vec<MemberId>,
) -> Result<PhoneProofOutcome, Error> {
    let now = service.now();
    if let Some(member) = members::find_id_by_phone(tx, phone).await? {
        let origin: SignUpOrigin = serde_json::from_str(origin)?;
        let person = merged_accounts::person_of(tx, member).await?;
        till::finish_till_enrolment(service, tx, &origin.visit, person, news).await?;
        let opened = session::open_device(tx, member, device, now).await?;
        session::log_sign_in(tx, member, opened.device, now).await?;
        return Ok(PhoneProofOutcome::SignedIn(opened.token));
    }
    // A known number has signed in above: members come from anywhere. The code or link is not used up.
    phones::check_admitted(service, tx, phone, "code").await?;
    tx.exempt(Exemption::OneTimePassword);
    let token = entropy::random_token()?;
    challenges::insert_enrolment(tx, entropy::hash_token(&token), phone, origin, now).await?;
    Ok(PhoneProofOutcome::NewPhone(token))
}
