//! A member's phone changed by support, for a lost number.

use super::limits::{Request, ask_or_note, points_at_stake};
use super::{Adjustment, card_in_force};
use crate::domain::phone::Phone;
use crate::ids::{MemberId, StaffId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, Line};
use crate::store::members::{self, MemberRow};
use crate::store::support_requests::RequestRow;
use crate::store::{StoreError, Tx};
use crate::usecases::staff::Officer;
use crate::usecases::{Error, Refusal, once_only, phones, retrying};

/// Gives a member another phone, once support has made sure who asks: for a lost number. Points are not spent for as long
/// after it as the programme's radar says. Above the limit, by the points of the card's account, it waits for a second person.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`, also where it is another member's; the refusal of the card.
pub async fn change_phone(
    k: &Kopilka,
    officer: &Officer,
    card: &str,
    phone: &str,
) -> Result<Adjustment, Error> {
    let phone = phones::parse(k, phone).await?;
    retrying(|| change_phone_once(k, officer, card, &phone)).await
}

async fn change_phone_once(
    k: &Kopilka,
    officer: &Officer,
    card: &str,
    phone: &Phone,
) -> Result<Adjustment, Error> {
    let mut tx = k.db.write().await?;
    let row = card_in_force(&mut tx, card).await?;
    let member = hold_member(&mut tx, row.member_id).await?;
    let rules = k.rules(&mut tx).await?;
    if let Some(owner) = members::id_by_phone(&mut tx, phone.as_str()).await?
        && owner != member.id
    {
        return Err(Error::field("phone", "phone-taken"));
    }
    let request = Request {
        kind: "phone",
        member: member.id,
        other: None,
        merge: None,
        card: &row.number,
        other_card: "",
        phone: phone.as_str(),
        old_phone: member.phone.as_deref(),
        note: "",
        points: points_at_stake(&mut tx, member.id).await?,
    };
    let done = match ask_or_note(&mut tx, &rules, officer, request, k.now()).await? {
        Some(id) => Adjustment::Waiting(id),
        None => {
            set_phone(k, &mut tx, officer.staff, &member, phone.as_str()).await?;
            Adjustment::Applied
        }
    };
    tx.commit().await?;
    Ok(done)
}

/// Gives a member another phone as a second person has approved.
///
/// # Errors
/// As [`change_phone`]; [`Refusal::RequestOutdated`] where the card or the phone that is to be replaced is another than when it
/// was asked for.
pub(super) async fn change_approved(
    k: &Kopilka,
    tx: &mut Tx,
    request: &RequestRow,
) -> Result<(), Error> {
    let member = card_in_force(tx, &request.card).await?.member_id;
    let member = hold_member(tx, member).await?;
    let is_other = member.id != request.member_id;
    let has_other_phone = request.old_phone.is_some() && request.old_phone != member.phone;
    if is_other || has_other_phone {
        return Err(Refusal::RequestOutdated.into());
    }
    set_phone(k, tx, request.author_id, &member, &request.phone).await
}

/// Returns the member, held until the transaction ends.
async fn hold_member(tx: &mut Tx, member: MemberId) -> Result<MemberRow, Error> {
    if !members::lock_open(tx, member).await? {
        return Err(Refusal::CardUnknown.into());
    }
    Ok(members::by_id(tx, member).await?)
}

/// Gives a member who is held another phone. What is on its way to the old one is removed: it is somebody else's, or lost.
async fn set_phone(
    k: &Kopilka,
    tx: &mut Tx,
    author: StaffId,
    member: &MemberRow,
    phone: &str,
) -> Result<(), Error> {
    let now = k.now();
    members::set_phone(tx, member.id, phone, now)
        .await
        .map_err(|error| match error {
            StoreError::Duplicate => Error::field("phone", "phone-taken"),
            other => other.into(),
        })?;
    let old = member.phone.as_deref();
    if let Some(old) = old.filter(|old| *old != phone) {
        phones::forget_messages(tx, old).await?;
    }
    let rules = k.rules(tx).await?;
    once_only::phone_changed(k, tx, &rules, member.id, (old, phone), now).await?;
    let line = Line::new(Action::PhoneChanged)
        .staff(author)
        .member(member.id);
    audit::log(tx, line, now).await?;
    Ok(())
}
