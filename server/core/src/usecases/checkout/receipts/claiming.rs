//! A sale without a card becomes a member's. It is judged as of its own time and programme version, for the member, on what
//! is left of it; what was paid stays as it was, so nothing is taken off and nothing is spent. The judgement is kept as that
//! of any sale, so that a return afterwards takes back just what the claim gave.

use chrono_tz::Tz;

use super::SaleDraft;
use super::judging::uncounted_offers;
use super::returning::SaleBeforeReturn;
use super::sale_effects::{LevelAfterSale, MemberSale, apply_earnings};
use super::sent_receipt::SentReceipt;
use crate::domain::actor::Actor;
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::{Evaluation, MemberWallet, OfferEligibility};
use crate::domain::receipt::ReceiptKind;
use crate::domain::returns::SaleJudgement;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action, AuditLine};
use crate::store::json;
use crate::store::receipts::{ClaimedSaleValues, StoredReceiptRow};
use crate::store::{Tx, chain, claims, ledger, members, offers, receipts, till_enrolments};
use crate::usecases::checkout::fraud_limits;
use crate::usecases::loyalty::evaluation_encoding;
use crate::usecases::loyalty::member_snapshot::{MemberSnapshot, load_member_snapshot};
use crate::usecases::loyalty::posting::LedgerPosting;
use crate::usecases::loyalty::tiers::CurrentTierRules;
use crate::usecases::{Error, Refusal};

/// A sale that was judged for whoever claims it.
struct ClaimJudgement {
    past: SaleBeforeReturn,
    /// Evaluation of the part of the sale that has not gone back.
    left: Evaluation,
    /// Snapshot of the member.
    snapshot: MemberSnapshot,
}

/// Makes a receipt without a card the member's, and logs it; which account the points went on to, where it was joined to one. The
/// caller tells open pages of both after the commit.
pub(crate) async fn assign_receipt(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    receipt: ReceiptId,
) -> Result<Option<MemberId>, Error> {
    let gone_on = claim_sale(service, tx, member, receipt).await?;
    let now = service.now();
    claims::mark_claimed(tx, receipt, member, now).await?;
    let line = AuditLine::new(Action::ReceiptClaimed, &Actor::Member(member)).subject(receipt);
    audit::log(tx, line, now).await?;
    Ok(gone_on)
}

/// Gives a sale that was just stored without a card to whoever has joined during it. It was paid as it is, so it is
/// claimed, not judged anew.
pub(super) async fn give_sale_to_new_member(
    service: &Kopilka,
    tx: &mut Tx,
    sale: &SentReceipt<'_, SaleDraft>,
    receipt: ReceiptId,
    news: &mut Vec<MemberId>,
) -> Result<(), Error> {
    let (till, sale_key) = (sale.at_till.till.id, &sale.request.key);
    if let Some(member) = till_enrolments::find_joined_member(tx, till, sale_key).await?
        && members::lock_open(tx, member).await?
    {
        match assign_receipt(service, tx, member, receipt).await {
            Ok(gone_on) => news.extend(gone_on),
            // The sale itself is right, and stays nobody's.
            Err(Error::Refused(Refusal::ClaimTooOften)) => {
                return fraud_limits::add_refused_claim(tx, member, till, service.now()).await;
            }
            Err(error) => return Err(error),
        }
        news.push(member);
    }
    Ok(())
}

/// Makes the sale the member's; which account the points went on to, where the member's was joined to one. What decides is
/// held until the transaction ends: the sale, the account, and in the end offers' totals.
///
/// # Errors
/// [`Refusal::ClaimTaken`] for a sale that is somebody's; [`Refusal::ClaimReturned`] for one of which nothing is left;
/// [`Refusal::ClaimTooOften`] beyond the hard limit of receipts of a card.
async fn claim_sale(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    sale: ReceiptId,
) -> Result<Option<MemberId>, Error> {
    let sale = receipts::lock_by_id(tx, sale)
        .await?
        .filter(|sale| sale.kind == ReceiptKind::Sale)
        .ok_or(Refusal::NotFound)?;
    if sale.member_id.is_some() {
        return Err(Refusal::ClaimTaken.into());
    }
    if sale.kept_total == Money::ZERO {
        return Err(Refusal::ClaimReturned.into());
    }
    ledger::lock_account_if_concurrent(tx, member).await?;
    fraud_limits::check_claim(service, tx, member, &sale).await?;
    let now = service.now();
    let rules = service.rules_of_version(tx, sale.programme_version).await?;
    let judged = judge_counted(tx, member, &rules, &sale, now).await?;
    // Before the sale is the member's: it is counted once.
    let tier_rules =
        CurrentTierRules::load_current(service, tx, &rules, &judged.snapshot, now).await?;
    let count = judged.past.counted_left(&rules.programme, &judged.left)?;
    let whole = &judged.past.stored;
    let tier = judged.past.judgement.standing.as_ref();
    let tier = tier.map_or("", |standing| standing.tier.as_str());
    let claimed = ClaimedSaleValues {
        member,
        tier,
        evaluation: evaluation_encoding::encode_evaluation(whole, &rules.programme, tier)?,
        judgement: json::to_column(&judged.past.judgement)?,
        kept_points: judged.left.earned,
        counted_points: count.points,
        earned: whole.lines.iter().map(|line| line.earned).collect(),
    };
    if !receipts::assign_to_member(tx, sale.id, &claimed).await? {
        return Err(Refusal::ClaimTaken.into());
    }
    let posting = LedgerPosting {
        receipt: Some(sale.id),
        ..LedgerPosting::new(member, &rules, now)
    };
    if judged.snapshot.due {
        posting.catch_up(tx).await?;
    }
    let (at, left) = (sale.at, &judged.left);
    // What was paid stays as it was, so the money that counts does too.
    let counted = tier_rules.measure_with_receipt(at, sale.counted_total, count.points, now);
    let sale = MemberSale {
        receipt: sale.id,
        at,
        evaluation: left,
        snapshot: &judged.snapshot,
        level: LevelAfterSale {
            tier_rules: &tier_rules,
            counted,
        },
    };
    apply_earnings(tx, &posting, &sale).await
}

/// Judges the sale once it is counted what limited offers give to everyone.
async fn judge_counted(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    sale: &StoredReceiptRow,
    now: Instant,
) -> Result<ClaimJudgement, Error> {
    loop {
        let judged = judge_claimed_sale(tx, member, rules, sale, now).await?;
        let uncounted = uncounted_offers(rules, &judged.left, &judged.snapshot);
        if uncounted.is_empty() {
            return Ok(judged);
        }
        offers::start_counting(tx, &uncounted).await?;
    }
}

/// The store's own time zone when the sale was made; none of a sale from before that was kept.
fn zone_of(sale: &StoredReceiptRow) -> Result<Option<Tz>, Error> {
    if sale.judgement.is_empty() {
        return Ok(None);
    }
    let judgement: SaleJudgement = json::from_column(&sale.judgement)?;
    Ok(judgement.zone)
}

async fn judge_claimed_sale(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    sale: &StoredReceiptRow,
    now: Instant,
) -> Result<ClaimJudgement, Error> {
    let at = sale.at;
    let zone = zone_of(sale)?;
    let mut snapshot = load_member_snapshot(tx, member, rules, zone, at, now).await?;
    // What is switched on once the receipt is known was not switched on when it was bought.
    snapshot.facts.activated = offers::activated_before(tx, member, at).await?;
    let mut earlier = Vec::new();
    for row in receipts::list_returns(tx, sale.id).await? {
        earlier.push(json::from_column(&row.evaluation)?);
    }
    let lines = receipts::list_lines(tx, sale.id).await?;
    let mut past = SaleBeforeReturn {
        judgement: SaleJudgement {
            standing: Some(OfferEligibility::of_member(
                &rules.programme,
                &snapshot.facts,
                at,
                zone.unwrap_or(rules.programme.time_zone),
            )),
            wallet: MemberWallet {
                available: Points::ZERO,
                may_earn: true,
                may_spend: false,
            },
            claimed: true,
            zone,
        },
        store: chain::store_code(tx, sale.store_id).await?,
        at,
        sold: lines.into_iter().map(|row| row.line).collect(),
        stored: Evaluation::default(),
        earlier,
    };
    past.stored = past.judge_whole_sale(&rules.programme)?;
    let left = past.judge_part_left(&rules.programme)?;
    let standing = past.judgement.standing.take();
    past.judgement.standing = standing.map(OfferEligibility::only_open_offers);
    Ok(ClaimJudgement {
        past,
        left,
        snapshot,
    })
}
