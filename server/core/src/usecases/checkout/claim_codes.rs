//! Claim codes: a receipt without a card carries one, and whoever types it into the wallet takes the receipt, once. Guessing
//! is slow: a device has five wrong codes in ten minutes.

use crate::domain::amounts::{Money, Points};
use crate::domain::claim_code::ClaimCode;
use crate::domain::programme::LocalisedText;
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, TillId};
use crate::service::Kopilka;
use crate::store::{Exemption, Tx, answers, chain, claims, ledger, offers, receipts};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_shopper};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::checkout::fraud_limits;
use crate::usecases::checkout::receipts::{assign_receipt, hash_claim_code};
use crate::usecases::programme::gifts;
use crate::usecases::{Error, FieldProblem, Refusal, retrying};

/// Wrong codes of a device, after which it waits.
const TRIES: i64 = 5;
/// Time for which they are counted, in seconds.
const TRIES_SECONDS: i64 = 600;

/// Takes the receipt of a code; again by the same member is no error and does nothing.
///
/// # Errors
/// [`Error::Invalid`] with field `code`: nothing typed, mistyped, or no code, with the tries left. [`Refusal::Locked`]
/// after too many of these; [`Refusal::ClaimTaken`], [`Refusal::ClaimOver`], [`Refusal::ClaimReturned`],
/// [`Refusal::ClaimTooOften`].
pub async fn claim_receipt(
    service: &Kopilka,
    shopper: &Shopper,
    typed: &str,
) -> Result<ReceiptId, Error> {
    if typed.trim().is_empty() {
        return Err(Error::invalid_field("code", "claim-code-missing"));
    }
    // What is only mistyped tells nothing about codes, and costs no try.
    let code = ClaimCode::parse(typed)
        .ok_or_else(|| Error::invalid_field("code", "claim-code-misread"))?;
    retrying(|| claim_once(service, shopper, &code)).await
}

async fn claim_once(
    service: &Kopilka,
    shopper: &Shopper,
    code: &ClaimCode,
) -> Result<ReceiptId, Error> {
    let now = service.now();
    let mut tx = service.db.write().await?;
    session::hold_account(&mut tx, shopper).await?;
    let since = now.plus_secs(-TRIES_SECONDS);
    let tries = claims::load_tries(&mut tx, shopper.device, since).await?;
    if tries.count >= TRIES {
        let free = tries
            .oldest_at
            .map_or(TRIES_SECONDS, |oldest| (oldest.0 - since.0) / 1_000_000);
        return Err(Refusal::Locked {
            minutes: ((free + 59) / 60).max(1),
        }
        .into());
    }
    let Some(row) = claims::lock_by_code(&mut tx, hash_claim_code(code)).await? else {
        tx.exempt(Exemption::FailureCount);
        claims::count_try(&mut tx, shopper.device, now).await?;
        tx.commit().await?;
        let left = TRIES - tries.count - 1;
        return Err(FieldProblem::new("code", "claim-code-wrong")
            .with_arg("left", left)
            .into());
    };
    match row.claimed_by {
        Some(member) if member == shopper.member => return Ok(row.receipt_id),
        Some(_) => return Err(Refusal::ClaimTaken.into()),
        None if now >= row.expires_at => return Err(Refusal::ClaimOver.into()),
        None => {}
    }
    let gone_on = match assign_receipt(service, &mut tx, shopper.member, row.receipt_id).await {
        Err(no @ Error::Refused(Refusal::ClaimTooOften)) => {
            drop(tx);
            fraud_limits::log_refused_claim(service, shopper.member, row.till_id).await?;
            return Err(no);
        }
        taken => taken?,
    };
    tx.commit().await?;
    service.announce(shopper.member);
    gone_on
        .into_iter()
        .for_each(|member| service.announce(member));
    Ok(row.receipt_id)
}

/// Gives the sale of this key, where it is stored already, to whoever has joined during it.
pub(crate) async fn give_stored_sale(
    service: &Kopilka,
    tx: &mut Tx,
    till: TillId,
    sale_key: &str,
    member: MemberId,
) -> Result<(), Error> {
    let Some(answer) = answers::find_by_key(tx, till, sale_key).await? else {
        return Ok(());
    };
    let sale = receipts::find_by_id(tx, answer.receipt_id).await?;
    if sale.is_some_and(|sale| sale.member_id.is_none() && sale.kind == ReceiptKind::Sale) {
        match assign_receipt(service, tx, member, answer.receipt_id).await {
            Err(Error::Refused(Refusal::ClaimTooOften)) => {
                fraud_limits::add_refused_claim(tx, member, till, service.now()).await?;
            }
            // It is somebody's, or nothing is left of it: then nothing is given, and joining goes on.
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// A receipt that was claimed, as its new owner sees it.
#[derive(Debug, Clone)]
pub struct ClaimedReceiptView {
    /// Name of the store.
    pub store: String,
    /// Time of the sale.
    pub at: Instant,
    /// Amount of the sale that has not gone back, after discounts.
    pub total: Money,
    /// Points that it gave.
    pub points: Points,
    /// Time from which all of the points can be spent; `None` = all can be spent already.
    pub activates: Option<Instant>,
    /// Gifts that wait at the till.
    pub gifts: Vec<LocalisedText>,
}

/// A receipt that the shopper has claimed.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn load_claimed_receipt(
    service: &Kopilka,
    shopper: &Shopper,
    receipt: ReceiptId,
) -> Result<ClaimedReceiptView, Error> {
    let mut tx = service.db.read().await?;
    let claim = claims::find_of_receipt(&mut tx, receipt).await?;
    if claim.is_none_or(|row| row.claimed_by != Some(shopper.member)) {
        drop(tx);
        let refused = Err(Refusal::NotFound.into());
        return log_foreign_id_of_shopper(
            service,
            refused,
            shopper,
            OwnedId::MembersReceipt(receipt),
        )
        .await;
    }
    let sale = receipts::find_by_id(&mut tx, receipt)
        .await?
        .ok_or(Refusal::NotFound)?;
    let rules = service.current_rules(&mut tx).await?;
    let now = service.now();
    let activates = ledger::lots_of_sale(&mut tx, receipt)
        .await?
        .into_iter()
        .map(|lot| lot.activates)
        .filter(|activates| *activates > now)
        .max();
    let mut waiting = Vec::new();
    for grant in offers::list_waiting_gifts(&mut tx, shopper.member).await? {
        let version = grant.programme_version;
        let then = service.rules_of_version(&mut tx, version).await?.programme;
        if grant.receipt_id != receipt || then.leaves_unnamed(&grant.offer, &rules.programme) {
            continue;
        }
        let known = gifts::find_gift_rules(service, &mut tx, &rules, &grant.gift, version).await?;
        waiting.extend(
            known
                .programme
                .gift(&grant.gift)
                .map(|gift| gift.name.clone()),
        );
    }
    Ok(ClaimedReceiptView {
        store: chain::store_name(&mut tx, sale.store_id).await?,
        at: sale.at,
        total: sale.kept_total,
        points: sale.kept_points,
        activates,
        gifts: waiting,
    })
}
