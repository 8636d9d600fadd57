//! A till asks to send a shopper a link to joining. The link goes to the phone alone and proves it as a one-time password
//! would; consents stay the shopper's. Nothing here looks at members before the link is used, so that a known and an
//! unknown phone cannot be told apart.

use crate::domain::phone::Phone;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::RowId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::invitations::{self, InvitationRow};
use crate::store::{Exemption, Tx};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::messages::code_limits;
use crate::usecases::messages::outbox::{MessageContent, send_sms};
use crate::usecases::messages::phones;
use crate::usecases::sign_up::phone_verification::{
    PhoneProofOutcome, SignUpOrigin, accept_proven_phone,
};
use crate::usecases::{Error, Refusal, transact};

/// Life of a link, in seconds.
pub const LINK_SECONDS: i64 = 1_200;
/// Seconds between two links to one phone.
const APART_SECONDS: i64 = 60;
/// Links to one phone in a day.
const PER_PHONE: i64 = 5;
/// Links from one till in an hour: more than a queue of shoppers needs, too few to pester a city.
const PER_TILL: i64 = 120;

/// Sends a link to a phone. `during` is the token of the enrolment that the till has begun, where it has: whoever joins by
/// the link gets its sale.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`; [`Refusal::StoreWaiting`]; [`Refusal::TooSoon`] when this phone was sent a
/// link a moment ago or this till sends too many; [`Refusal::NoCodesToday`] where the day's messages are used up.
pub async fn send_invitation(
    service: &Kopilka,
    at_till: &TillContext,
    phone: &str,
    language: &str,
    during: Option<&str>,
) -> Result<(), Error> {
    let phone = phones::parse_for_sign_up(service, phone).await?;
    at_till.require_open_store()?;
    transact!(service.db, |tx| {
        // Requests for one phone, and those of one till, are counted one after the other.
        code_limits::hold_phone(tx, phone.as_str()).await?;
        tx.advisory_lock(&format!("invitations of {}", at_till.till.id))
            .await?;
        let now = service.now();
        check_pace(tx, at_till, phone.as_str(), now).await?;
        if !code_limits::count_message(service, tx).await? {
            let hours = code_limits::hours_left(service, tx, now).await?;
            return Err(Refusal::NoCodesToday { hours }.into());
        }
        let mut origin = SignUpOrigin::from_link("till", &at_till.till.store_code);
        if let Some(token) = during {
            origin = origin.during_enrolment(token);
        }
        let token = entropy::random_token()?;
        let invitation = InvitationRow {
            id: RowId::new(),
            phone: phone.as_str().to_owned(),
            origin: serde_json::to_string(&origin)?,
            created_at: now,
        };
        invitations::insert(
            tx,
            &invitation,
            entropy::hash_token(&token),
            at_till.till.id,
        )
        .await?;
        let message = MessageContent::Invitation {
            link: service.served_link(&format!("/join?invitation={token}"))?,
        };
        send_sms(tx, phone.as_str(), language, &message, now).await?;
        // One that was begun on the till's screen is in the log already.
        if during.is_none() {
            let begun = at_till
                .audit_line(Action::EnrolmentBegun)
                .subject(invitation.id);
            audit::log(tx, begun, now).await?;
        } else {
            tx.exempt(Exemption::OneTimePassword);
        }
        Ok(())
    })
}

async fn check_pace(
    tx: &mut Tx,
    at_till: &TillContext,
    phone: &str,
    now: Instant,
) -> Result<(), Error> {
    let too_soon = |seconds| Err(Refusal::TooSoon { seconds }.into());
    let hour_ago = now.plus_secs(-3_600);
    if invitations::sent_by(tx, at_till.till.id, hour_ago).await? >= PER_TILL {
        return too_soon(3_600);
    }
    let sent = invitations::sent_to(tx, phone, now.plus_days(-1)).await?;
    if sent.count >= PER_PHONE {
        return too_soon(86_400);
    }
    let passed = sent
        .newest_at
        .map_or(APART_SECONDS, |newest| (now.0 - newest.0) / 1_000_000);
    if passed < APART_SECONDS {
        return too_soon(APART_SECONDS - passed.max(0));
    }
    Ok(())
}

async fn find_open_invitation(
    tx: &mut Tx,
    token: &str,
    now: Instant,
) -> Result<Option<InvitationRow>, Error> {
    let since = now.plus_secs(-LINK_SECONDS);
    Ok(invitations::find_open(tx, entropy::hash_token(token), since).await?)
}

/// The phone behind a link as its owner may recognise it, while the link can be used. Looking uses nothing up: phones
/// and mail programs open links on their own.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_invited_phone(service: &Kopilka, token: &str) -> Result<Option<String>, Error> {
    let mut tx = service.db.read().await?;
    let row = find_open_invitation(&mut tx, token, service.now()).await?;
    Ok(row.map(|row| Phone::trusted(&row.phone).masked()))
}

/// Takes a link for the phone's proof, once: a member is signed in, a new phone goes on to the consents.
///
/// # Errors
/// [`Refusal::CodeDead`] when the link was used or has run out.
pub async fn accept_invitation(
    service: &Kopilka,
    token: &str,
    device: &str,
) -> Result<PhoneProofOutcome, Error> {
    let now = service.now();
    let (proven, news) = transact!(service.db, |tx| {
        let row = find_open_invitation(tx, token, now)
            .await?
            .ok_or(Refusal::CodeDead)?;
        if !invitations::mark_used(tx, row.id, now).await? {
            return Err(Refusal::CodeDead.into());
        }
        let mut news = Vec::new();
        let (phone, origin) = (&row.phone, &row.origin);
        let proven = accept_proven_phone(service, tx, phone, origin, device, &mut news).await?;
        Ok((proven, news))
    })?;
    news.iter().for_each(|member| service.announce(*member));
    Ok(proven)
}
