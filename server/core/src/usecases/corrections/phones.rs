//! A member's phone changed by support, for a lost number.

use super::limits::{Request, ask_or_note, points_at_stake};
use super::{Adjustment, card_in_force};
use crate::domain::phone::Phone;
use crate::ids::StaffId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, Line};
use crate::store::{StoreError, Tx, members};
use crate::usecases::staff::Officer;
use crate::usecases::{Error, once_only, phones, retrying};

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
    let rules = k.rules(&mut tx).await?;
    if let Some(owner) = members::id_by_phone(&mut tx, phone.as_str()).await?
        && owner != row.member_id
    {
        return Err(Error::field("phone", "phone-taken"));
    }
    let request = Request {
        kind: "phone",
        member: row.member_id,
        other: None,
        merge: None,
        card: &row.number,
        other_card: "",
        phone: phone.as_str(),
        note: "",
        points: points_at_stake(&mut tx, row.member_id).await?,
    };
    let done = match ask_or_note(&mut tx, &rules, officer, request, k.now()).await? {
        Some(id) => Adjustment::Waiting(id),
        None => {
            set_phone(k, &mut tx, officer.staff, &row.number, phone.as_str()).await?;
            Adjustment::Applied
        }
    };
    tx.commit().await?;
    Ok(done)
}

/// Gives the member of a card another phone.
///
/// # Errors
/// As [`change_phone`].
pub(super) async fn set_phone(
    k: &Kopilka,
    tx: &mut Tx,
    author: StaffId,
    card: &str,
    phone: &str,
) -> Result<(), Error> {
    let now = k.now();
    let member = card_in_force(tx, card).await?.member_id;
    let old = members::by_id(tx, member).await?.phone;
    members::set_phone(tx, member, phone, now)
        .await
        .map_err(|error| match error {
            StoreError::Duplicate => Error::field("phone", "phone-taken"),
            other => other.into(),
        })?;
    let rules = k.rules(tx).await?;
    let phones = (old.as_deref(), phone);
    once_only::phone_changed(k, tx, &rules, member, phones, now).await?;
    let line = Line::new(Action::PhoneChanged).staff(author).member(member);
    audit::log(tx, line, now).await?;
    Ok(())
}
