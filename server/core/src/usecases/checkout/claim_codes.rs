//! Claim codes: a receipt without a card carries one, and whoever types it into the wallet takes the receipt, once. Guessing
//! is slow: a device has five wrong codes in ten minutes.
//!
//! The code is random and part of the receipt's stored answer, so that a repeat has it byte for byte. A code made from a
//! secret of the server and the receipt's id would be the same each time too, but then whoever learns that secret can take
//! every receipt there is; a random one opens its own receipt only, and only until it ends.

use serde::Deserialize;

use crate::domain::actor::Actor;
use crate::domain::amounts::{Money, Points};
use crate::domain::claim_code::ClaimCode;
use crate::domain::programme::LocalisedText;
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{MemberId, ReceiptId, TillId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action, AuditLine};
use crate::store::claims::{self, ClaimCodeRow};
use crate::store::{Exemption, Tx, answers, chain, ledger, offers, receipts, till_enrolments};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_shopper};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::checkout::fraud_limits;
use crate::usecases::checkout::pos_v1::ApiClaim;
use crate::usecases::checkout::receipts::claiming;
use crate::usecases::programme::gifts;
use crate::usecases::{Error, FieldProblem, Refusal, retrying};

/// Wrong codes of a device, after which it waits.
const TRIES: i64 = 5;
/// Time for which they are counted, in seconds.
const TRIES_SECONDS: i64 = 600;
/// Tries to draw a code that nobody has.
const DRAWS: usize = 8;

/// How a receipt without a card becomes somebody's later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedClaimCode {
    /// Eleven signs in groups, to be printed and typed.
    pub code: String,
    /// The address of the wallet's page for it, to be printed as a QR code; null where the receipt was stored by a command
    /// that knows no public address.
    pub link: Option<String>,
    /// When it ends.
    pub expires: Instant,
}

/// Gives a receipt without a card its code, where the programme has such codes.
pub(crate) async fn issue_claim_code(
    service: &Kopilka,
    tx: &mut Tx,
    rules: &ProgrammeRules,
    (till, key): (TillId, &str),
    receipt: ReceiptId,
    now: Instant,
) -> Result<Option<IssuedClaimCode>, Error> {
    let days = rules.programme.till.claim_days;
    if days == 0 {
        return Ok(None);
    }
    let expires = now.plus_days(days.into());
    let row = ClaimCodeRow {
        receipt_id: receipt,
        till_id: till,
        key: key.to_owned(),
        expires_at: expires,
        claimed_by: None,
    };
    for _ in 0..DRAWS {
        let code = ClaimCode::from_random(entropy::random_number()?);
        if claims::insert(tx, hash_claim_code(&code), &row, now).await? {
            return Ok(Some(IssuedClaimCode {
                code: code.grouped(),
                link: service.public_link(&format!("/claim?code={}", code.as_str())),
                expires,
            }));
        }
    }
    Err(Error::Fault("no free claim code was found".to_owned()))
}

/// A code has 42 random bits: its hash finds it without showing it in a table, and it ends before it could be guessed.
fn hash_claim_code(code: &ClaimCode) -> Vec<u8> {
    entropy::sha256(code.as_str())
}

/// The code of a receipt that can still be claimed, as its till was answered.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn find_claim_code(
    tx: &mut Tx,
    receipt: ReceiptId,
    now: Instant,
) -> Result<Option<IssuedClaimCode>, Error> {
    #[derive(Deserialize)]
    struct StoredClaimAnswer {
        #[serde(default)]
        claim: Option<ApiClaim>,
    }
    let open = claims::find_of_receipt(tx, receipt)
        .await?
        .filter(|row| row.claimed_by.is_none() && now < row.expires_at);
    let Some(row) = open else {
        return Ok(None);
    };
    let Some(answered) = answers::find_by_key(tx, row.till_id, &row.key).await? else {
        return Ok(None);
    };
    let claim = serde_json::from_str::<StoredClaimAnswer>(&answered.answer)?.claim;
    Ok(claim.map(IssuedClaimCode::from))
}

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

/// Makes a receipt without a card the member's, and logs it; which account the points went on to, where it was joined to one. The
/// caller tells open pages of both after the commit.
async fn assign_receipt(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    receipt: ReceiptId,
) -> Result<Option<MemberId>, Error> {
    let gone_on = claiming::claim_sale(service, tx, member, receipt).await?;
    let now = service.now();
    claims::mark_claimed(tx, receipt, member, now).await?;
    let line = AuditLine::new(Action::ReceiptClaimed, &Actor::Member(member)).subject(receipt);
    audit::log(tx, line, now).await?;
    Ok(gone_on)
}

/// Gives a sale that was just stored without a card to whoever has joined during it. It was paid as it is, so it is
/// claimed, not judged anew.
pub(crate) async fn give_sale_to_new_member(
    service: &Kopilka,
    tx: &mut Tx,
    till: TillId,
    sale_key: &str,
    receipt: ReceiptId,
    news: &mut Vec<MemberId>,
) -> Result<(), Error> {
    if let Some(member) = till_enrolments::find_joined_member(tx, till, sale_key).await?
        && crate::store::members::lock_open(tx, member).await?
    {
        match assign_receipt(service, tx, member, receipt).await {
            Ok(gone_on) => news.extend(gone_on),
            // The sale itself is right, and stays nobody's.
            Err(Error::Refused(Refusal::ClaimTooOften)) => return Ok(()),
            Err(error) => return Err(error),
        }
        news.push(member);
    }
    Ok(())
}

/// Gives the sale of this key, where it is stored already, to whoever has joined during it.
pub(crate) async fn give_stored_sale(
    service: &Kopilka,
    tx: &mut Tx,
    (till, sale_key): (TillId, &str),
    member: MemberId,
) -> Result<(), Error> {
    let Some(answer) = answers::find_by_key(tx, till, sale_key).await? else {
        return Ok(());
    };
    let sale = receipts::find_by_id(tx, answer.receipt_id).await?;
    if sale.is_some_and(|sale| sale.member_id.is_none() && sale.kind == ReceiptKind::Sale) {
        match assign_receipt(service, tx, member, answer.receipt_id).await {
            // Nothing is left of it: then nothing is given, and joining goes on.
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
