//! Gifts at the till: those that wait for a member, and the handing over, which happens once.

use super::AtTill;
use crate::domain::programme::Localised;
use crate::ids::{GrantId, MemberId};
use crate::service::{Kopilka, Rules};
use crate::store::audit::{self, Action};
use crate::store::{Tx, offers};
use crate::usecases::{Error, Refusal};

/// A gift that waits to be handed over.
#[derive(Debug, Clone)]
pub struct WaitingGift {
    /// To be named when it is handed over.
    pub grant: GrantId,
    /// Stable id of the gift.
    pub gift: String,
    /// Its name.
    pub name: Localised,
}

/// The member's gifts that the programme still knows, oldest first.
pub(super) async fn waiting(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
) -> Result<Vec<WaitingGift>, Error> {
    let grants = offers::waiting_gifts(tx, member).await?;
    let known = grants.into_iter().filter_map(|grant| {
        let gift = rules.programme.gift(&grant.gift)?;
        Some(WaitingGift {
            grant: grant.id,
            gift: gift.id.clone(),
            name: gift.name.clone(),
        })
    });
    Ok(known.collect())
}

/// Hands a gift over, once.
///
/// # Errors
/// [`Refusal::GiftHandedOver`], also for a gift that is not known.
pub async fn hand_over(k: &Kopilka, at_till: &AtTill, grant: GrantId) -> Result<(), Error> {
    let mut tx = k.db.write().await?;
    if !offers::hand_over(&mut tx, grant, at_till.staff, k.now()).await? {
        return Err(Refusal::GiftHandedOver.into());
    }
    let given = at_till.did(Action::GiftGiven).subject(grant);
    audit::log(&mut tx, given, k.now()).await?;
    tx.commit().await?;
    Ok(())
}
