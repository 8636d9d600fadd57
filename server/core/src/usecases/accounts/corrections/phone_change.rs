//! A member's phone changed by support, for a lost number.

use super::approval_limits::{ApprovalRequest, ask_or_note, points_at_stake};
use super::{CorrectionOutcome, card_in_force};
use crate::domain::actor::Actor;
use crate::domain::corrections::SupportRequestKind;
use crate::domain::phone::Phone;
use crate::domain::roles::Permission;
use crate::ids::{MemberId, StaffId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::members::{self, MemberRow};
use crate::store::support_requests::SupportRequestRow;
use crate::store::{StoreError, Tx, merged_accounts};
use crate::usecases::access::staff::Officer;
use crate::usecases::accounts::sign_in_phones;
use crate::usecases::loyalty::once_only;
use crate::usecases::messages::phones;
use crate::usecases::{Error, Refusal, transact};

/// Gives a member another phone, once support has made sure who asks: for a lost number. It may be the phone of another
/// account of the same person, which has none then. Points are not spent for as long
/// after it as the programme's fraud limits say. Above the limit, by the points of the card's account, it waits for a second
/// person.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`, also where it is another member's; the refusal of the card.
pub async fn change_phone(
    service: &Kopilka,
    officer: &Officer,
    card: &str,
    phone: &str,
) -> Result<CorrectionOutcome, Error> {
    officer.require(Permission::CorrectAccount)?;
    let phone = phones::parse_any_country(service, phone).await?;
    transact!(service.db, |tx| change_phone_in_transaction(
        service, tx, officer, card, &phone
    )
    .await)
}

async fn change_phone_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    card: &str,
    phone: &Phone,
) -> Result<CorrectionOutcome, Error> {
    let row = card_in_force(tx, card).await?;
    let member = hold_member(tx, row.member_id).await?;
    let rules = service.current_rules(tx).await?;
    other_owner(tx, member.id, phone.as_str()).await?;
    let request = ApprovalRequest {
        kind: SupportRequestKind::Phone,
        member: member.id,
        other: None,
        merge: None,
        card: &row.number,
        other_card: "",
        phone: phone.as_str(),
        old_phone: member.phone.as_deref(),
        note: "",
        points: points_at_stake(tx, member.id).await?,
    };
    let done = match ask_or_note(tx, &rules, officer, request, service.now()).await? {
        Some(id) => CorrectionOutcome::Waiting(id),
        None => {
            set_phone(service, tx, officer.staff, &member, phone.as_str()).await?;
            CorrectionOutcome::Applied
        }
    };
    Ok(done)
}

/// Gives a member another phone as a second person has approved.
///
/// # Errors
/// As [`change_phone`]; [`Refusal::RequestOutdated`] where the card or the phone that is to be replaced is another than when it
/// was asked for.
pub(super) async fn change_approved(
    service: &Kopilka,
    tx: &mut Tx,
    request: &SupportRequestRow,
) -> Result<(), Error> {
    let member = card_in_force(tx, &request.card).await?.member_id;
    let member = hold_member(tx, member).await?;
    let is_other = member.id != request.member_id;
    let has_other_phone = request.old_phone.is_some() && request.old_phone != member.phone;
    if is_other || has_other_phone {
        return Err(Refusal::RequestOutdated.into());
    }
    set_phone(service, tx, request.author_id, &member, &request.phone).await
}

/// Returns the member, held until the transaction ends.
async fn hold_member(tx: &mut Tx, member: MemberId) -> Result<MemberRow, Error> {
    if !members::lock_open(tx, member).await? {
        return Err(Refusal::CardUnknown.into());
    }
    Ok(members::load_member(tx, member).await?)
}

/// Returns the other account of the member's person that has this phone; `None` = nobody has it, or the member.
///
/// # Errors
/// [`Error::Invalid`] with field `phone` where somebody else has it.
async fn other_owner(
    tx: &mut Tx,
    member: MemberId,
    phone: &str,
) -> Result<Option<MemberId>, Error> {
    let Some(owner) = members::find_id_by_phone(tx, phone).await? else {
        return Ok(None);
    };
    if owner == member {
        return Ok(None);
    }
    let person = merged_accounts::person_of(tx, member).await?;
    if merged_accounts::person_of(tx, owner).await? != person {
        return Err(Error::invalid_field("phone", "phone-taken"));
    }
    Ok(Some(owner))
}

/// Takes the phone from an account of the person who gets it in another.
async fn give_phone_up(
    service: &Kopilka,
    tx: &mut Tx,
    author: StaffId,
    owner: MemberId,
    to: MemberId,
    phone: &str,
) -> Result<(), Error> {
    let author = Actor::proven_operator(author);
    let line = AuditLine::new(Action::PhoneChanged, &author)
        .member(owner)
        .subject(to)
        .outcome("given-up");
    sign_in_phones::give_up(service, tx, owner, phone, line).await
}

/// Gives a member who is held another phone. What is on its way to the old one is removed: it is somebody else's, or lost.
async fn set_phone(
    service: &Kopilka,
    tx: &mut Tx,
    author: StaffId,
    member: &MemberRow,
    phone: &str,
) -> Result<(), Error> {
    let now = service.now();
    if let Some(owner) = other_owner(tx, member.id, phone).await? {
        give_phone_up(service, tx, author, owner, member.id, phone).await?;
    }
    members::set_phone(tx, member.id, phone, now)
        .await
        .map_err(|error| match error {
            StoreError::Duplicate => Error::invalid_field("phone", "phone-taken"),
            other => other.into(),
        })?;
    let old = member.phone.as_deref();
    if let Some(old) = old.filter(|old| *old != phone) {
        phones::forget_messages(tx, old).await?;
    }
    let rules = service.current_rules(tx).await?;
    once_only::on_phone_changed(service, tx, &rules, member.id, old, phone, now).await?;
    let author = Actor::proven_operator(author);
    let line = AuditLine::new(Action::PhoneChanged, &author).member(member.id);
    audit::log(tx, line, now).await?;
    Ok(())
}
