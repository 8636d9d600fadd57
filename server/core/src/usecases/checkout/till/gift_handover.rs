//! Gifts at the till: those that wait for a member, the handing over, which happens once and only to whoever is being served,
//! and its undoing within a minute. What a store counts never falls below nothing: of many who hand the last one over, one
//! does.

use crate::domain::programme::{LocalisedText, ProgrammeGift};
use crate::ids::{GrantId, MemberId, StoreId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action};
use crate::store::{Tx, gifts, offers};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_till};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::programme::gifts::find_gift_rules;
use crate::usecases::{Error, Refusal, transact};

/// Time in which a handing over can be undone, in seconds.
const UNDO_SECONDS: i64 = 60;
/// Time after a sale in which its store may hand the member's gifts over without another scan, in seconds.
const SERVED_SECONDS: i64 = 3_600;

/// A gift that waits to be handed over.
#[derive(Debug, Clone)]
pub struct WaitingGift {
    /// Id of the promised gift, to be named when it is handed over.
    pub grant: GrantId,
    /// Stable id of the gift.
    pub gift: String,
    /// Its name.
    pub name: LocalisedText,
    /// Substitute where the store has none left; `None` = the gift is there.
    pub out: Option<GiftReplacement>,
}

/// Thing to hand over where a gift is out.
#[derive(Debug, Clone)]
pub enum GiftReplacement {
    /// Another thing, by its id and name.
    Other(String, LocalisedText),
    /// Nothing: the gift stays promised for another day.
    Nothing,
}

/// The member's gifts, oldest first, as this store can hand them over; also those that the programme has dropped since.
pub(super) async fn list_waiting_gifts(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    store: StoreId,
) -> Result<Vec<WaitingGift>, Error> {
    let mut known = Vec::new();
    for grant in offers::list_waiting_gifts(tx, member).await? {
        let rules =
            &find_gift_rules(service, tx, rules, &grant.gift, grant.programme_version).await?;
        let Some(gift) = rules.programme.gift(&grant.gift) else {
            continue;
        };
        let out = match gifts::load_stock_left(tx, store, &gift.id).await? {
            Some(0) => Some(find_replacement(tx, rules, store, &gift.id).await?),
            _ => None,
        };
        known.push(WaitingGift {
            grant: grant.id,
            gift: gift.id.clone(),
            name: gift.name.clone(),
            out,
        });
    }
    Ok(known)
}

/// The first substitute that the store has.
async fn find_replacement(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    store: StoreId,
    gift: &str,
) -> Result<GiftReplacement, Error> {
    for other in rules.programme.substitutes(gift) {
        if gifts::load_stock_left(tx, store, &other.id).await? != Some(0) {
            return Ok(GiftReplacement::Other(other.id.clone(), other.name.clone()));
        }
    }
    Ok(GiftReplacement::Nothing)
}

/// Hands a gift over, once, or with `substitute` one of the things that may be handed over instead: the shelf may be empty
/// whatever was counted. What is handed over is one less in the store.
///
/// # Errors
/// [`Refusal::NotFound`] for a gift that is not known and a thing that is no substitute; [`Refusal::GiftHandedOver`];
/// [`Refusal::VisitOver`] for one of a member who is not being served here; [`Refusal::GiftOut`].
pub async fn hand_over_gift(
    service: &Kopilka,
    at_till: &TillContext,
    grant: GrantId,
    substitute: Option<&str>,
) -> Result<(), Error> {
    let now = service.now();
    let (till, store) = (at_till.till.id, at_till.till.store_id);
    let handed_over = transact!(service.db, |tx| {
        let promise = gifts::lock_promise(tx, grant)
            .await?
            .ok_or(Refusal::NotFound)?;
        let since = now.plus_secs(-SERVED_SECONDS);
        if !gifts::is_served(tx, promise.member_id, till, store, since, now).await? {
            return Err(Refusal::VisitOver.into());
        }
        if promise.handed_over_at.is_some() {
            return Err(Refusal::GiftHandedOver.into());
        }
        let in_force = service.current_rules(tx).await?;
        let version = promise.programme_version;
        let rules = find_gift_rules(service, tx, &in_force, &promise.gift, version).await?;
        let thing = match substitute {
            None => promise.gift.as_str(),
            Some(other) => {
                let mut all = rules.programme.substitutes(&promise.gift);
                all.find(|gift: &&ProgrammeGift| gift.id == other)
                    .map(|gift| gift.id.as_str())
                    .ok_or(Refusal::NotFound)?
            }
        };
        if !gifts::hand_over(tx, grant, thing, till, at_till.staff, now).await? {
            return Err(Refusal::GiftHandedOver.into());
        }
        let given = at_till
            .audit_line(Action::GiftGiven)
            .member(promise.member_id);
        audit::log(tx, given.subject(grant), now).await?;
        if !gifts::take_one(tx, store, thing).await? {
            let instead = match find_replacement(tx, &rules, store, &promise.gift).await? {
                GiftReplacement::Other(id, _) => Some(id),
                GiftReplacement::Nothing => None,
            };
            return Err(Refusal::GiftOut {
                substitute: instead,
            }
            .into());
        }
        Ok(())
    });
    match handed_over {
        Err(Error::Refused(Refusal::VisitOver)) => {
            log_foreign_id_of_till(service, handed_over, at_till, OwnedId::Grant(grant)).await
        }
        other => other,
    }
}

/// Takes a handing over back, by the till that made it and within a minute; the thing is in the store again.
///
/// # Errors
/// [`Refusal::GiftUndoOver`].
pub async fn take_gift_back(
    service: &Kopilka,
    at_till: &TillContext,
    grant: GrantId,
) -> Result<(), Error> {
    let now = service.now();
    let taken_back = transact!(service.db, |tx| {
        let promise = gifts::lock_promise(tx, grant)
            .await?
            .ok_or(Refusal::GiftUndoOver)?;
        let since = now.plus_secs(-UNDO_SECONDS);
        if !gifts::undo_hand_over(tx, grant, at_till.till.id, since).await? {
            return Err(Refusal::GiftUndoOver.into());
        }
        let back = at_till
            .audit_line(Action::GiftTakenBack)
            .member(promise.member_id);
        audit::log(tx, back.subject(grant), now).await?;
        let store = at_till.till.store_id;
        gifts::put_back(tx, store, &promise.handed_over_gift).await?;
        Ok(())
    });
    log_foreign_id_of_till(service, taken_back, at_till, OwnedId::Grant(grant)).await
}
