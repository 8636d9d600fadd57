//! Sessions of shoppers: the member behind a device's token. Every page and server function of a shopper begins here.

use crate::domain::actor::Actor;
use crate::ids::{DeviceId, MemberId, RowId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action, AuditLine};
use crate::store::devices::MemberDeviceRow;
use crate::store::members::MemberRow;
use crate::store::{Exemption, Tx, devices, members};
use crate::usecases::{Error, Refusal, transact};
use crate::{domain::time::Instant, entropy};

/// Time between two writes of the last use of a device, in seconds: not at each page.
const TOUCH_SECONDS: i64 = 600;

/// A signed-in member on one of their devices.
#[derive(Debug, Clone)]
pub struct Shopper {
    /// Member who is signed in.
    pub member: MemberId,
    /// Device on which they are signed in.
    pub device: DeviceId,
    /// Their language, `ru` or `en`.
    pub language: String,
}

impl Shopper {
    /// Makes a line of the audit log about what they did.
    pub(crate) fn audit_line(&self, action: Action) -> AuditLine {
        AuditLine::new(action, &Actor::Member(self.member))
    }
}

/// The shopper with this session token, or nobody. A device of an account that was merged is one of the account that stands
/// for the person.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_shopper(service: &Kopilka, token: &str) -> Result<Option<Shopper>, Error> {
    let mut tx = service.db.read().await?;
    let found = find_device_and_member(&mut tx, token).await?;
    drop(tx);
    open_session(service, found).await
}

/// The rules in force, and the shopper with this session token as [`find_shopper`] finds them: what each page and form
/// needs first, in one transaction.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_rules_and_shopper(
    service: &Kopilka,
    token: Option<&str>,
) -> Result<(ProgrammeRules, Option<Shopper>), Error> {
    let mut tx = service.db.read().await?;
    let rules = service.current_rules(&mut tx).await?;
    let found = match token {
        Some(token) => find_device_and_member(&mut tx, token).await?,
        None => None,
    };
    drop(tx);
    Ok((rules, open_session(service, found).await?))
}

async fn find_device_and_member(
    tx: &mut Tx,
    token: &str,
) -> Result<Option<(MemberDeviceRow, MemberRow)>, Error> {
    let Some(device) = devices::find_by_token(tx, entropy::hash_token(token)).await? else {
        return Ok(None);
    };
    let member = members::load_member(tx, device.member_id).await?;
    Ok(Some((device, member)))
}

/// Notes that the device is used, now and then, and returns its shopper unless the account is closed.
async fn open_session(
    service: &Kopilka,
    found: Option<(MemberDeviceRow, MemberRow)>,
) -> Result<Option<Shopper>, Error> {
    let Some((device, member)) = found else {
        return Ok(None);
    };
    let now = service.now();
    if now >= device.seen_at.plus_secs(TOUCH_SECONDS) {
        transact!(service.db, |tx| {
            tx.exempt(Exemption::SessionTouch);
            Ok(devices::mark_used(tx, device.id, now).await?)
        })?;
    }
    Ok(member.closed_at.is_none().then_some(Shopper {
        member: member.id,
        device: device.id,
        language: member.language,
    }))
}

/// Holds the shopper's account until the transaction ends: their other writes wait, and an account that was closed meanwhile
/// stays erased.
///
/// # Errors
/// [`Refusal::NotSignedIn`] when the account is closed.
pub(crate) async fn hold_account(tx: &mut Tx, shopper: &Shopper) -> Result<(), Error> {
    if members::lock_open(tx, shopper.member).await? {
        Ok(())
    } else {
        Err(Refusal::NotSignedIn.into())
    }
}

/// Logs that a member has signed in on a device.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn log_sign_in(
    tx: &mut Tx,
    member: MemberId,
    device: DeviceId,
    now: Instant,
) -> Result<(), Error> {
    let line = AuditLine::new(Action::MemberSignIn, &Actor::Member(member));
    Ok(audit::log(tx, line.subject(device), now).await?)
}

/// Logs that a wrong one-time password was typed: with the member whose phone it is, where it is one's.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn log_wrong_code(
    tx: &mut Tx,
    member: Option<MemberId>,
    challenge: RowId,
    wrong: &Error,
    now: Instant,
) -> Result<(), Error> {
    let Some(outcome) = wrong.outcome_key() else {
        return Ok(());
    };
    let line = AuditLine::new(Action::MemberSignIn, &Actor::Visitor).member(member);
    Ok(audit::log(tx, line.subject(challenge).outcome(outcome), now).await?)
}

/// A device that was just signed in.
pub struct OpenedDevice {
    /// The device.
    pub device: DeviceId,
    /// Its session token, to be kept in a cookie only.
    pub token: String,
}

/// Signs a member in on a new device.
///
/// # Errors
/// [`Error::Fault`].
pub async fn open_device(
    tx: &mut Tx,
    member: MemberId,
    name: &str,
    now: Instant,
) -> Result<OpenedDevice, Error> {
    open_device_as(tx, member, name, entropy::random_token()?, now).await
}

/// Signs a member in on a new device under a session token that nobody else can know.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn open_device_as(
    tx: &mut Tx,
    member: MemberId,
    name: &str,
    token: String,
    now: Instant,
) -> Result<OpenedDevice, Error> {
    let device = MemberDeviceRow {
        id: DeviceId::new(),
        member_id: member,
        secret: entropy::random_bytes::<32>()?.to_vec(),
        secret_turn: 0,
        name: name.chars().take(80).collect(),
        created_at: now,
        seen_at: now,
    };
    devices::insert(tx, &device, entropy::hash_token(&token)).await?;
    Ok(OpenedDevice {
        device: device.id,
        token,
    })
}

/// Signs the shopper out on this device: its token and its code secret end.
///
/// # Errors
/// [`Error::Fault`].
pub async fn sign_out(service: &Kopilka, shopper: &Shopper) -> Result<(), Error> {
    transact!(service.db, |tx| {
        let now = service.now();
        devices::end_device(tx, shopper.member, shopper.device, now).await?;
        audit::log(tx, shopper.audit_line(Action::SignOut), now).await?;
        Ok(())
    })
}
