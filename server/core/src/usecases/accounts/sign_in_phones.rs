//! Phones by which a person can sign in: that of their account, and those of accounts that were merged into it. Their owner and
//! support can take those of merged accounts away, for instance when the number is somebody else's by now.

use crate::domain::actor::Actor;
use crate::domain::phone::Phone;
use crate::domain::roles::Permission;
use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::{self, Tx, devices, members, merged_accounts};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_shopper};
use crate::usecases::access::session::Shopper;
use crate::usecases::access::staff::Officer;
use crate::usecases::accounts::corrections;
use crate::usecases::loyalty::{once_only, points_forwarding};
use crate::usecases::messages::{code_limits, phones};
use crate::usecases::{Error, Refusal, transact};

/// A phone by which the shopper can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInPhone {
    /// Account that has it.
    pub account: MemberId,
    /// The number, as far as its owner needs it to recognise it.
    pub masked: String,
    /// True if it is the phone of the account itself, not of a merged one.
    pub is_own: bool,
}

/// Returns the phones by which the shopper can sign in, their account's own first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn sign_in_phones(
    service: &Kopilka,
    shopper: &Shopper,
) -> Result<Vec<SignInPhone>, Error> {
    let mut tx = service.db.read().await?;
    let mut found = Vec::new();
    for account in merged_accounts::accounts_of_person(&mut tx, shopper.member).await? {
        if let Some(phone) = members::load_member(&mut tx, account).await?.phone {
            found.push(SignInPhone {
                account,
                masked: Phone::trusted(&phone).masked(),
                is_own: account == shopper.member,
            });
        }
    }
    Ok(found)
}

/// Takes the phone of a merged account away: nobody signs in by it any more, and devices that have are signed out, except the
/// one that asks.
///
/// # Errors
/// [`Refusal::NotFound`] for an account that was not merged into the shopper's, or has no phone.
pub async fn remove(service: &Kopilka, shopper: &Shopper, account: MemberId) -> Result<(), Error> {
    let removed = transact!(service.db, |tx| {
        let merged = merged_accounts::merged_into(tx, shopper.member).await?;
        if !merged.contains(&account) {
            return Err(Refusal::NotFound.into());
        }
        let phone = members::load_member(tx, account).await?.phone;
        let phone = phone.ok_or(Refusal::NotFound)?;
        let author = Actor::Member(shopper.member);
        take_away(service, tx, &author, account, shopper.member, &phone).await?;
        end_devices(tx, account, Some(shopper.device), service.now()).await
    });
    log_foreign_id_of_shopper(service, removed, shopper, OwnedId::Account(account)).await
}

/// Takes the phone of a merged account away and signs its devices out, once support has made sure who asks. `card` is the card of
/// the account that the other was merged into.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`, also where it is not the phone of such a merged account; the refusal of the card.
pub async fn remove_by_support(
    service: &Kopilka,
    officer: &Officer,
    card: &str,
    phone: &str,
) -> Result<(), Error> {
    officer.require(Permission::CorrectAccount)?;
    let phone = phones::parse_any_country(service, phone).await?;
    transact!(service.db, |tx| {
        let person = corrections::card_in_force(tx, card).await?.member_id;
        let owner = members::find_id_by_phone(tx, phone.as_str()).await?;
        let merged = merged_accounts::merged_into(tx, person).await?;
        let account = owner
            .filter(|owner| merged.contains(owner))
            .ok_or_else(|| Error::invalid_field("phone", "phone-not-merged"))?;
        let author = officer.actor();
        take_away(service, tx, &author, account, person, phone.as_str()).await?;
        end_devices(tx, account, None, service.now()).await
    })
}

/// Takes the phone from an account that was merged into that of `person`, with everything that is on its way to it.
async fn take_away(
    service: &Kopilka,
    tx: &mut Tx,
    author: &Actor,
    account: MemberId,
    person: MemberId,
    phone: &str,
) -> Result<(), Error> {
    // In the order of everything that holds both: phone, account.
    code_limits::hold_phone(tx, phone).await?;
    points_forwarding::hold_with_target(tx, account).await?;
    let is_open = members::lock_open(tx, account).await?;
    if !is_open || members::load_member(tx, account).await?.phone.as_deref() != Some(phone) {
        return Err(Error::Busy);
    }
    phones::forget_messages(tx, phone).await?;
    store::code_limits::delete_of_phone(tx, phone).await?;
    let line = AuditLine::new(Action::PhoneChanged, author)
        .member(account)
        .subject(person)
        .outcome("removed");
    give_up(service, tx, account, phone, line).await
}

/// Ends the devices that have signed in by the account's phone, except `kept`.
async fn end_devices(
    tx: &mut Tx,
    account: MemberId,
    kept: Option<DeviceId>,
    now: Instant,
) -> Result<(), Error> {
    for device in devices::list_of_member(tx, account).await? {
        if Some(device.id) != kept {
            devices::end_device(tx, account, device.id, now).await?;
        }
    }
    Ok(())
}

/// Takes the phone from an account and remembers that it had it, with a line of the audit.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn give_up(
    service: &Kopilka,
    tx: &mut Tx,
    account: MemberId,
    phone: &str,
    line: AuditLine,
) -> Result<(), Error> {
    let now = service.now();
    members::release_phone(tx, account).await?;
    let rules = service.current_rules(tx).await?;
    once_only::on_phone_given_up(service, tx, &rules, account, phone, now).await?;
    audit::log(tx, line, now).await?;
    Ok(())
}
