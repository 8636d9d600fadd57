//! Audit lines about ids that exist but belong to somebody else: a person who sends such an id has seen it where they should not,
//! or tries what is not theirs. The answer is that of an id which nobody has.

use uuid::Uuid;

use crate::domain::actor::Actor;
use crate::ids::{DeviceId, EntryId, GrantId, MemberId, ReceiptId, RowId, TillId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::foreign_ids::{OwnedKind, is_of_another};
use crate::usecases::access::session::Shopper;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, transact};

/// Id of something that has one owner.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OwnedId {
    /// A device of a member.
    Device(DeviceId),
    /// A movement of a member's points.
    Entry(EntryId),
    /// A receipt of a member.
    MembersReceipt(ReceiptId),
    /// A question to a member.
    Question(RowId),
    /// A child in the profile of a member.
    Child(RowId),
    /// A gift that was promised to a member.
    Grant(GrantId),
    /// An account, merged or not.
    Account(MemberId),
    /// A receipt of a store.
    StoresReceipt(ReceiptId),
    /// A till of a store.
    Till(TillId),
    /// A shift of a till.
    Shift(RowId),
}

impl OwnedId {
    const fn parts(self) -> (OwnedKind, Uuid) {
        match self {
            Self::Device(id) => (OwnedKind::Device, id.0),
            Self::Entry(id) => (OwnedKind::Entry, id.0),
            Self::MembersReceipt(id) => (OwnedKind::MembersReceipt, id.0),
            Self::Question(id) => (OwnedKind::Question, id.0),
            Self::Child(id) => (OwnedKind::Child, id.0),
            Self::Grant(id) => (OwnedKind::Grant, id.0),
            Self::Account(id) => (OwnedKind::Account, id.0),
            Self::StoresReceipt(id) => (OwnedKind::StoresReceipt, id.0),
            Self::Till(id) => (OwnedKind::Till, id.0),
            Self::Shift(id) => (OwnedKind::Shift, id.0),
        }
    }
}

/// Returns the result of what a shopper asked for with an id. A refusal is logged where the id is another member's.
///
/// # Errors
/// That of the result; [`Error::Fault`].
pub(crate) async fn log_foreign_id_of_shopper<T>(
    service: &Kopilka,
    result: Result<T, Error>,
    shopper: &Shopper,
    id: OwnedId,
) -> Result<T, Error> {
    let line = AuditLine::new(Action::ForeignId, &Actor::Member(shopper.member));
    log_if_foreign(service, result, line, shopper.member.0, id).await
}

/// Returns the result of what a till asked for with an id. A refusal is logged where the id is another store's, or for a shift
/// another till's; for a gift where its member was neither served at this till nor bought in its store.
///
/// # Errors
/// That of the result; [`Error::Fault`].
pub(crate) async fn log_foreign_id_of_till<T>(
    service: &Kopilka,
    result: Result<T, Error>,
    at_till: &TillContext,
    id: OwnedId,
) -> Result<T, Error> {
    let owner = match id {
        OwnedId::Shift(_) | OwnedId::Grant(_) => at_till.till.id.0,
        _ => at_till.till.store_id.0,
    };
    let line = at_till.audit_line(Action::ForeignId);
    log_if_foreign(service, result, line, owner, id).await
}

async fn log_if_foreign<T>(
    service: &Kopilka,
    result: Result<T, Error>,
    line: AuditLine,
    owner: Uuid,
    id: OwnedId,
) -> Result<T, Error> {
    let Err(Error::Refused(refusal)) = &result else {
        return result;
    };
    let (kind, id) = id.parts();
    let line = line
        .subject(format_args!("{} {id}", kind.as_str()))
        .outcome(refusal.key());
    let mut tx = service.db.read().await?;
    let is_foreign = is_of_another(&mut tx, kind, id, owner).await?;
    drop(tx);
    if is_foreign {
        // The refused transaction is undone: the line has one of its own.
        transact!(service.db, |tx| Ok(audit::log(
            tx,
            line.clone(),
            service.now()
        )
        .await?))?;
    }
    result
}
