//! Signing in at a till, and the lock. A locked till shows nothing of a customer; whoever unlocks it goes on with what
//! lies there, as themselves.

use super::pins::prove_pin;
use super::{prove_password, refuse_attempt};
use crate::domain::actor::{Actor, StaffActor};
use crate::domain::roles::{Permission, Role};
use crate::entropy;
use crate::ids::{RowId, StaffId, TillId};
use crate::service::Kopilka;
use crate::store::Exemption;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::chain;
use crate::store::chain::StaffAccountRow;
use crate::store::sessions::{self, StaffSessionRow};
use crate::store::tills::{self, TillRow};
use crate::usecases::access::pairing::PairedBrowser;
use crate::usecases::access::shifts;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, Refusal, transact};

/// Seconds after which an unused session ends, locked or not: a long shift.
const LONGEST_SECONDS: i64 = 12 * 3_600;

/// A person signed in at a till.
#[derive(Debug, Clone)]
pub struct Cashier {
    /// The session.
    pub session: RowId,
    /// Id of their account.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The till they work at.
    pub till: TillRow,
    /// The paired browser; none where the browser is not.
    pub device: Option<RowId>,
    /// Number of the till's open shift.
    pub shift: Option<i64>,
}

impl Cashier {
    /// Returns whether their role allows this.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission)
    }

    /// Returns them at their till.
    pub fn at_till(&self) -> TillContext {
        TillContext {
            till: self.till.clone(),
            staff: Some(self.staff),
        }
    }

    /// Returns who acts.
    pub const fn actor(&self) -> Actor {
        Actor::Staff(StaffActor {
            id: self.staff,
            role: self.role,
            till: Some(self.till.id),
            device: self.device,
        })
    }

    /// Makes a line of the audit log about what they did.
    pub(crate) fn audit_line(&self, action: Action) -> AuditLine {
        AuditLine::new(action, &self.actor())
    }
}

/// Person at a till, working or locked out.
#[derive(Debug, Clone)]
pub enum TillPresence {
    /// Somebody who works.
    Working(Cashier),
    /// Somebody who has to prove themselves again before anything is shown.
    Locked(Cashier),
}

/// Signs a person in by login and password: at the paired browser's till, in a demo also at the till of their own. A session that was
/// locked in this browser ends. The session token.
///
/// # Errors
/// [`Error::Invalid`] for empty fields; [`Refusal::WrongPassword`], [`Refusal::Locked`]; [`Refusal::NotFound`] for an
/// account without a till in a browser that is not paired; [`Refusal::OtherStore`] where the paired till is not theirs;
/// [`Refusal::NotAllowed`] for a role that works at no till; [`Refusal::BrowserUnpaired`], unless it is a demo on this machine.
pub async fn sign_in(
    service: &Kopilka,
    paired: Option<&PairedBrowser>,
    locked: Option<&Cashier>,
    login: &str,
    password: &str,
) -> Result<String, Error> {
    if paired.is_none() && !service.admits_unpaired_browser() {
        return Err(Refusal::BrowserUnpaired.into());
    }
    let device = paired.map(|paired| paired.device);
    let attempt = AuditLine::new(Action::SignIn, &Actor::Visitor)
        .till(paired.map(|paired| paired.till.id))
        .device(device);
    let account = prove_password(service, &attempt, login, password).await?;
    if !account.role.may(Permission::WorkAtTill) {
        return refuse_attempt(service, &attempt, account.id, Refusal::NotAllowed).await;
    }
    let till = match paired {
        None => match account.till_id {
            Some(till) => till,
            None => {
                return refuse_attempt(service, &attempt, account.id, Refusal::NotFound).await;
            }
        },
        Some(paired) if works_in_store(service, &account, &paired.till).await? => paired.till.id,
        Some(_) => {
            return refuse_attempt(service, &attempt, account.id, Refusal::OtherStore).await;
        }
    };
    begin_session(service, &account, till, device, locked, "password").await
}

/// Returns whether an account works in the store of a till: that of its own till, any store where it has none.
async fn works_in_store(
    service: &Kopilka,
    account: &StaffAccountRow,
    till: &TillRow,
) -> Result<bool, Error> {
    let Some(home) = account.till_id else {
        return Ok(true);
    };
    let mut tx = service.db.read().await?;
    Ok(chain::store_of_till(&mut tx, home).await? == till.store_id)
}

/// Unlocks a till by PIN, or signs somebody in by theirs where nobody is; the token of a new session. None where the session
/// that was locked goes on, because it is theirs.
///
/// # Errors
/// [`Error::Invalid`] with field `who` or `pin`; [`Refusal::WrongPin`], [`Refusal::Locked`]; [`Refusal::NotSignedIn`] in
/// a browser that is not paired and where nobody was signed in; there only whoever was may unlock.
pub async fn unlock_till(
    service: &Kopilka,
    paired: Option<&PairedBrowser>,
    locked: Option<&Cashier>,
    who: Option<StaffId>,
    pin: &str,
) -> Result<Option<String>, Error> {
    let (till, device) = match (paired, locked) {
        (Some(paired), _) => (&paired.till, Some(paired.device)),
        (None, Some(locked)) if who.is_none_or(|who| who == locked.staff) => (&locked.till, None),
        _ => return Err(Refusal::NotSignedIn.into()),
    };
    let account = prove_pin(service, till, device, who, pin).await?;
    let Some(locked) = locked.filter(|locked| locked.staff == account.id) else {
        return begin_session(service, &account, till.id, device, locked, "pin")
            .await
            .map(Some);
    };
    let now = service.now();
    transact!(service.db, |tx| {
        if !sessions::unlock_session(tx, locked.session, now).await? {
            return Err(Refusal::NotSignedIn.into());
        }
        audit::log(tx, locked.audit_line(Action::Unlock), now).await?;
        shifts::continue_or_begin_shift(service, tx, till.id, Some(account.id), now).await?;
        Ok(None)
    })
}

/// Begins a session, and the till's shift where none is open.
async fn begin_session(
    service: &Kopilka,
    account: &StaffAccountRow,
    till: TillId,
    device: Option<RowId>,
    locked: Option<&Cashier>,
    how: &str,
) -> Result<String, Error> {
    let now = service.now();
    let token = entropy::random_token()?;
    transact!(service.db, |tx| {
        if let Some(locked) = locked {
            sessions::end_session(tx, locked.session, now).await?;
        }
        let hash = entropy::hash_token(&token);
        sessions::insert_session(tx, account.id, Some(till), device, hash, now).await?;
        let actor = Actor::Staff(StaffActor {
            id: account.id,
            role: account.role,
            till: Some(till),
            device,
        });
        let line = AuditLine::new(Action::SignIn, &actor).subject(how);
        audit::log(tx, line, now).await?;
        shifts::continue_or_begin_shift(service, tx, till, Some(account.id), now).await?;
        Ok(())
    })?;
    Ok(token)
}

/// Returns the person at the till of this session token; a till that has been idle for as long as the programme says is locked
/// from then on. `None` = the session has ended, was begun in another browser, or the till was revoked. `by_itself` says that a
/// page asks and not a person: that is no sign of life.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_presence(
    service: &Kopilka,
    token: &str,
    paired: Option<&PairedBrowser>,
    by_itself: bool,
) -> Result<Option<TillPresence>, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let Some(session) = sessions::find_by_token(&mut tx, entropy::hash_token(token)).await? else {
        return Ok(None);
    };
    // A session without a till is nobody's presence at one.
    let Some(till) = session.till_id else {
        return Ok(None);
    };
    let till = tills::find_by_id(&mut tx, till).await?;
    let idle = service
        .current_rules(&mut tx)
        .await?
        .programme
        .till
        .idle_seconds();
    drop(tx);
    let seen = session.seen_at;
    let over = now > seen.plus_secs(LONGEST_SECONDS.max(idle));
    let (Some(till), false) = (till, over) else {
        transact!(service.db, |tx| {
            tx.exempt(Exemption::SessionTouch);
            Ok(sessions::end_session(tx, session.id, now).await?)
        })?;
        return Ok(None);
    };
    let device = paired.map(|paired| paired.device);
    if session.device_id != device {
        end_stolen_session(service, &session, &till, device).await?;
        return Ok(None);
    }
    let was_locked = session.locked_at.is_some();
    let cashier = build_cashier(session, till);
    if was_locked {
        return Ok(Some(TillPresence::Locked(cashier)));
    }
    if now > seen.plus_secs(idle) {
        put_lock(service, &cashier, "idle").await?;
        return Ok(Some(TillPresence::Locked(cashier)));
    }
    // Not at each request, yet often enough for a till that locks after a minute.
    if !by_itself && now > seen.plus_secs((idle / 15).clamp(1, 60)) {
        transact!(service.db, |tx| {
            tx.exempt(Exemption::SessionTouch);
            Ok(sessions::mark_used(tx, cashier.session, now).await?)
        })?;
    }
    Ok(Some(TillPresence::Working(cashier)))
}

/// Ends a session whose token came from another browser than it was begun in, with a line that tells where it came from.
async fn end_stolen_session(
    service: &Kopilka,
    session: &StaffSessionRow,
    till: &TillRow,
    device: Option<RowId>,
) -> Result<(), Error> {
    let now = service.now();
    let line = AuditLine::new(Action::SignOut, &Actor::Visitor)
        .staff(session.staff_id)
        .till(till.id)
        .device(device)
        .outcome("other-browser");
    transact!(service.db, |tx| {
        // A page asks for several things at once: one of them ends it.
        if sessions::end_session(tx, session.id, now).await? {
            audit::log(tx, line.clone(), now).await?;
        }
        Ok(())
    })
}

fn build_cashier(session: StaffSessionRow, till: TillRow) -> Cashier {
    Cashier {
        session: session.id,
        staff: session.staff_id,
        name: session.name,
        role: session.role,
        till,
        device: session.device_id,
        shift: session.shift,
    }
}

/// Locks the till: what lies there stays until somebody unlocks it.
///
/// # Errors
/// [`Error::Fault`].
pub async fn lock_till(service: &Kopilka, cashier: &Cashier) -> Result<(), Error> {
    put_lock(service, cashier, "by hand").await
}

async fn put_lock(service: &Kopilka, cashier: &Cashier, why: &str) -> Result<(), Error> {
    let now = service.now();
    transact!(service.db, |tx| {
        if sessions::lock_session(tx, cashier.session, now).await? {
            let line = cashier.audit_line(Action::Lock).subject(why);
            audit::log(tx, line, now).await?;
        }
        Ok(())
    })
}

/// Signs the cashier out.
///
/// # Errors
/// [`Error::Fault`].
pub async fn sign_out(service: &Kopilka, cashier: &Cashier) -> Result<(), Error> {
    let now = service.now();
    transact!(service.db, |tx| {
        sessions::end_session(tx, cashier.session, now).await?;
        audit::log(tx, cashier.audit_line(Action::SignOut), now).await?;
        Ok(())
    })
}
