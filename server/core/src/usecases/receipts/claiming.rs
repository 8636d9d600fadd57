//! A sale without a card becomes a member's. It is judged as of its own time and programme version, for the member, on what
//! is left of it; what was paid stays as it was, so nothing is taken off and nothing is spent. The judgement is kept as that
//! of any sale, so that a return afterwards takes back just what the claim gave.

use chrono_tz::Tz;

use super::super::facts::{MemberSnapshot, known};
use super::super::tiers::Ladder;
use super::super::{Error, Refusal, radar};
use super::effects::{LevelAfterSale, MemberSale, gave};
use super::judging::uncounted;
use super::kept;
use super::returning::Past;
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::{Evaluation, Standing, Wallet};
use crate::domain::receipt::ReceiptKind;
use crate::domain::returns::Judgement;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::service::{Kopilka, Rules};
use crate::store::json;
use crate::store::receipts::{Claimed, ReceiptRow};
use crate::store::{Tx, chain, ledger, offers, receipts};
use crate::usecases::posting::Posting;

/// A sale that was judged for whoever claims it.
struct Judged {
    past: Past,
    /// Evaluation of the part of the sale that has not gone back.
    left: Evaluation,
    /// Snapshot of the member.
    known: MemberSnapshot,
}

/// Makes the sale the member's; which account the points went on to, where the member's was joined to one. What decides is
/// held until the transaction ends: the sale, the account, and in the end offers' totals.
///
/// # Errors
/// [`Refusal::ClaimTaken`] for a sale that is somebody's; [`Refusal::ClaimReturned`] for one of which nothing is left;
/// [`Refusal::ClaimTooOften`] beyond the hard limit of receipts of a card.
pub(in crate::usecases) async fn claim(
    k: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    sale: ReceiptId,
) -> Result<Option<MemberId>, Error> {
    let sale = receipts::locked(tx, sale)
        .await?
        .filter(|sale| sale.kind == ReceiptKind::Sale)
        .ok_or(Refusal::NotFound)?;
    if sale.member_id.is_some() {
        return Err(Refusal::ClaimTaken.into());
    }
    if sale.kept_total == Money::ZERO {
        return Err(Refusal::ClaimReturned.into());
    }
    ledger::hold_account(tx, member).await?;
    radar::check_claim(k, tx, member, &sale).await?;
    let now = k.now();
    let rules = k.rules_of(tx, sale.programme_version).await?;
    let judged = judge_counted(tx, member, &rules, &sale, now).await?;
    // Before the sale is the member's: it is counted once.
    let ladder = Ladder::of(k, tx, &rules, &judged.known, now).await?;
    let count = judged.past.counted_left(&rules.programme, &judged.left)?;
    let whole = &judged.past.stored;
    let tier = judged.past.judgement.standing.as_ref();
    let tier = tier.map_or("", |standing| standing.tier.as_str());
    let claimed = Claimed {
        member,
        tier,
        evaluation: kept::keep(whole, &rules.programme, tier)?,
        judgement: json::to_column(&judged.past.judgement)?,
        kept_points: judged.left.earned,
        counted_points: count.points,
        earned: whole.lines.iter().map(|line| line.earned).collect(),
    };
    if !receipts::claim(tx, sale.id, &claimed).await? {
        return Err(Refusal::ClaimTaken.into());
    }
    let posting = Posting {
        receipt: Some(sale.id),
        ..Posting::new(member, &rules, now)
    };
    if judged.known.due {
        posting.catch_up(tx).await?;
    }
    let (at, left) = (sale.at, &judged.left);
    // What was paid stays as it was, so the money that counts does too.
    let counted = ladder.with(at, sale.counted_total, count.points, now);
    let sale = MemberSale {
        receipt: sale.id,
        at,
        evaluation: left,
        known: &judged.known,
        level: LevelAfterSale {
            ladder: &ladder,
            counted,
        },
    };
    gave(tx, &posting, &sale).await
}

/// Judges the sale once it is counted what limited offers give to everyone.
async fn judge_counted(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    sale: &ReceiptRow,
    now: Instant,
) -> Result<Judged, Error> {
    loop {
        let judged = judge(tx, member, rules, sale, now).await?;
        let uncounted = uncounted(rules, &judged.left, &judged.known);
        if uncounted.is_empty() {
            return Ok(judged);
        }
        offers::count(tx, &uncounted).await?;
    }
}

/// The store's own time zone when the sale was made; none of a sale from before that was kept.
fn zone_of(sale: &ReceiptRow) -> Result<Option<Tz>, Error> {
    if sale.judgement.is_empty() {
        return Ok(None);
    }
    let judgement: Judgement = json::from_column(&sale.judgement)?;
    Ok(judgement.zone)
}

async fn judge(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    sale: &ReceiptRow,
    now: Instant,
) -> Result<Judged, Error> {
    let at = sale.at;
    let zone = zone_of(sale)?;
    let mut known = known(tx, member, rules, zone, at, now).await?;
    // What is switched on once the receipt is known was not switched on when it was bought.
    known.facts.activated = offers::activated_before(tx, member, at).await?;
    let mut earlier = Vec::new();
    for row in receipts::returns_of(tx, sale.id).await? {
        earlier.push(json::from_column(&row.evaluation)?);
    }
    let lines = receipts::lines(tx, sale.id).await?;
    let mut past = Past {
        judgement: Judgement {
            standing: Some(Standing::of(
                &rules.programme,
                &known.facts,
                at,
                zone.unwrap_or(rules.programme.time_zone),
            )),
            wallet: Wallet {
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
    past.stored = past.whole(&rules.programme)?;
    let left = past.left(&rules.programme)?;
    let standing = past.judgement.standing.take();
    past.judgement.standing = standing.map(Standing::kept);
    Ok(Judged { past, left, known })
}
