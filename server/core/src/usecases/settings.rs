//! Devices, language, and the end of an account.

use std::collections::BTreeSet;

use super::session::{self, Shopper};
use super::{Error, Refusal, code_limits, once_only, receipts, retrying};
use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId};
use crate::service::Kopilka;
use crate::store::{
    self, Tx, cards, challenges, devices, invitations, ledger, members, merged_accounts, outbox,
};

/// A signed-in device.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Browser and system in words.
    pub name: String,
    /// When it signed in.
    pub since: Instant,
    /// When it was last used, to about ten minutes.
    pub seen: Instant,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// The shopper's signed-in devices, last used first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn devices(k: &Kopilka, shopper: &Shopper) -> Result<Vec<Device>, Error> {
    let mut tx = k.db.read().await?;
    Ok(devices::of_member(&mut tx, shopper.member)
        .await?
        .into_iter()
        .map(|row| Device {
            this: row.id == shopper.device,
            id: row.id,
            name: row.name,
            since: Instant(row.created_at),
            seen: Instant(row.seen_at),
        })
        .collect())
}

/// Ends a device: it is signed out and its codes stop.
///
/// # Errors
/// [`Refusal::NotFound`] for a device that is not the shopper's or has ended.
pub async fn end_device(k: &Kopilka, shopper: &Shopper, device: DeviceId) -> Result<(), Error> {
    let mut tx = k.db.write().await?;
    if !devices::end(&mut tx, shopper.member, device, k.now()).await? {
        return Err(Refusal::NotFound.into());
    }
    tx.commit().await?;
    Ok(())
}

/// Remembers the language of pages and messages.
///
/// # Errors
/// [`Error::Fault`].
pub async fn set_language(k: &Kopilka, shopper: &Shopper, language: &str) -> Result<(), Error> {
    let mut tx = session::write(k, shopper).await?;
    members::set_language(&mut tx, shopper.member, language).await?;
    tx.commit().await?;
    Ok(())
}

/// Closes the account: the person is erased, the ledger stays under a meaningless id, cards read as unknown.
///
/// # Errors
/// [`Error::Invalid`] when the closing was not confirmed.
pub async fn close_account(k: &Kopilka, shopper: &Shopper, confirmed: bool) -> Result<(), Error> {
    if !confirmed {
        return Err(Error::field("confirmed", "closing-unconfirmed"));
    }
    retrying(|| close(k, shopper)).await
}

async fn close(k: &Kopilka, shopper: &Shopper) -> Result<(), Error> {
    let now = k.now();
    let mut tx = k.db.write().await?;
    let held = hold_phones(&mut tx, shopper.member).await?;
    if !members::lock_open(&mut tx, shopper.member).await? {
        return Err(Refusal::NotSignedIn.into());
    }
    let row = members::by_id(&mut tx, shopper.member).await?;
    if row.phone.iter().any(|phone| !held.contains(phone)) {
        // Another phone was given meanwhile.
        return Err(Error::Busy);
    }
    if let Some(phone) = &row.phone {
        challenges::forget(&mut tx, phone).await?;
        store::code_limits::forget(&mut tx, phone).await?;
        invitations::forget(&mut tx, phone).await?;
        outbox::forget(&mut tx, phone).await?;
    }
    // No sale that is on its way is stored only after its offers were counted here.
    ledger::lock_account(&mut tx, shopper.member).await?;
    let rules = k.rules(&mut tx).await?;
    let closed = (shopper.member, row.phone.as_deref());
    once_only::account_closed(k, &mut tx, &rules, closed, now).await?;
    receipts::forget_member(&mut tx, shopper.member).await?;
    cards::forget(&mut tx, shopper.member).await?;
    devices::end_all(&mut tx, shopper.member, now).await?;
    members::erase(&mut tx, shopper.member, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns the phones of all accounts of the person, held before anything else: a request for a code that is on its way is
/// stored either before a phone is forgotten, or after the account is closed.
async fn hold_phones(tx: &mut Tx, member: MemberId) -> Result<BTreeSet<String>, Error> {
    let mut phones = BTreeSet::new();
    for account in merged_accounts::accounts_of_person(tx, member).await? {
        phones.extend(members::by_id(tx, account).await?.phone);
    }
    for phone in &phones {
        code_limits::hold_phone(tx, phone).await?;
    }
    Ok(phones)
}
