//! Devices, language, and the end of an account.

use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::members::{self, MemberRow};
use crate::store::{self, Tx, cards, devices, ledger, merged_accounts};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_shopper};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::checkout::receipts;
use crate::usecases::loyalty::{once_only, points_forwarding};
use crate::usecases::messages::{code_limits, phones};
use crate::usecases::{Error, Refusal, transact};

/// A signed-in device.
#[derive(Debug, Clone)]
pub struct SignedInDevice {
    /// Its id.
    pub id: DeviceId,
    /// Browser and system in words.
    pub name: String,
    /// Time at which it signed in.
    pub since: Instant,
    /// Time at which it was last used, to about ten minutes.
    pub seen: Instant,
    /// True if it is the device that asks.
    pub this: bool,
}

/// The shopper's signed-in devices, last used first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_devices(
    service: &Kopilka,
    shopper: &Shopper,
) -> Result<Vec<SignedInDevice>, Error> {
    let mut tx = service.db.read().await?;
    Ok(devices::list_of_member(&mut tx, shopper.member)
        .await?
        .into_iter()
        .map(|row| SignedInDevice {
            this: row.id == shopper.device,
            id: row.id,
            name: row.name,
            since: row.created_at,
            seen: row.seen_at,
        })
        .collect())
}

/// Ends a device: it is signed out and its codes stop.
///
/// # Errors
/// [`Refusal::NotFound`] for a device that is not the shopper's or has ended.
pub async fn end_device(
    service: &Kopilka,
    shopper: &Shopper,
    device: DeviceId,
) -> Result<(), Error> {
    let ended = transact!(service.db, |tx| {
        let now = service.now();
        if !devices::end_device(tx, shopper.member, device, now).await? {
            return Err(Refusal::NotFound.into());
        }
        audit::log(tx, shopper.audit_line(Action::DeviceEnded), now).await?;
        Ok(())
    });
    log_foreign_id_of_shopper(service, ended, shopper, OwnedId::Device(device)).await
}

/// Remembers the language of pages and messages.
///
/// # Errors
/// [`Error::Fault`].
pub async fn set_language(
    service: &Kopilka,
    shopper: &Shopper,
    language: &str,
) -> Result<(), Error> {
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        members::set_language(tx, shopper.member, language).await?;
        let line = shopper.audit_line(Action::LanguageSet).subject(language);
        Ok(audit::log(tx, line, service.now()).await?)
    })
}

/// Closes the account: the person is erased, the ledger stays under a meaningless id, cards read as unknown. Accounts that
/// were merged are one person's and are closed together.
///
/// # Errors
/// [`Error::Invalid`] when the closing was not confirmed.
pub async fn close_account(
    service: &Kopilka,
    shopper: &Shopper,
    confirmed: bool,
) -> Result<(), Error> {
    if !confirmed {
        return Err(Error::invalid_field("confirmed", "closing-unconfirmed"));
    }
    transact!(service.db, |tx| close_in_transaction(service, tx, shopper)
        .await)
}

async fn close_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    shopper: &Shopper,
) -> Result<(), Error> {
    let now = service.now();
    let phones = hold_phones(tx, shopper.member).await?;
    let accounts = hold_open_accounts(tx, shopper.member).await?;
    if !accounts.iter().any(|account| account.id == shopper.member) {
        return Err(Refusal::NotSignedIn.into());
    }
    if phones_of(&accounts) != phones {
        // Another phone was given meanwhile, or another account was merged.
        return Err(Error::Busy);
    }
    let rules = service.current_rules(tx).await?;
    once_only::on_accounts_closed(service, tx, &rules, &accounts, now).await?;
    for account in &accounts {
        erase_person(tx, account, now).await?;
        service.form_states.forget_member(tx, account.id).await?;
        let line = shopper.audit_line(Action::AccountClosed).member(account.id);
        audit::log(tx, line, now).await?;
    }
    Ok(())
}

/// Holds the phones of all open accounts of the person and returns them: a request for a code that is on its way is stored
/// only before or after its phone is forgotten. Such a request holds the phone before it reads an account.
async fn hold_phones(tx: &mut Tx, member: MemberId) -> Result<Vec<String>, Error> {
    let mut accounts = Vec::new();
    for account in merged_accounts::accounts_of_person(tx, member).await? {
        accounts.push(members::load_member(tx, account).await?);
    }
    let phones = phones_of(&accounts);
    for phone in &phones {
        code_limits::hold_phone(tx, phone).await?;
    }
    Ok(phones)
}

/// Returns the phones of these accounts, sorted. Closed accounts have none.
fn phones_of(accounts: &[MemberRow]) -> Vec<String> {
    let phones = accounts.iter().filter_map(|account| account.phone.clone());
    let mut phones: Vec<String> = phones.collect();
    phones.sort_unstable();
    phones
}

/// Returns all open accounts of the person, held: no sale that is on its way is stored only after its offers were counted.
async fn hold_open_accounts(tx: &mut Tx, member: MemberId) -> Result<Vec<MemberRow>, Error> {
    // Whoever holds the end of the chain keeps others from being merged into it.
    points_forwarding::hold_with_target(tx, member).await?;
    let mut accounts = merged_accounts::accounts_of_person(tx, member).await?;
    accounts.sort_unstable();
    let mut open = Vec::new();
    for account in accounts {
        if members::lock_open(tx, account).await? {
            ledger::lock_account(tx, account).await?;
            open.push(members::load_member(tx, account).await?);
        }
    }
    Ok(open)
}

/// Erases the person of an account that is held.
async fn erase_person(tx: &mut Tx, account: &MemberRow, now: Instant) -> Result<(), Error> {
    if let Some(phone) = &account.phone {
        phones::forget_messages(tx, phone).await?;
        store::code_limits::delete_of_phone(tx, phone).await?;
    }
    receipts::forget_member(tx, account.id).await?;
    cards::delete_of_member(tx, account.id).await?;
    devices::end_all(tx, account.id, now).await?;
    members::erase_member(tx, account.id, now).await?;
    Ok(())
}
