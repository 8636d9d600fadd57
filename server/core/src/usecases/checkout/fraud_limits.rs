//! Fraud limits at tills: what looks like misuse warns the cashier, and further on is refused until a senior lets the visit
//! pass. A sale without a card is never stopped. A late sale beyond the hard limit is held until somebody has looked at it.

mod overrides;

pub use overrides::{OverrideTarget, override_limits};

use chrono_tz::Tz;

use crate::domain::actor::Actor;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::fraud_limits::{FraudPattern, SuspicionLevel};
use crate::domain::programme::{FraudHoursLimit, Programme, TimedFraudLimit};
use crate::domain::time::{Instant, add_days, local_date, start_of_day};
use crate::ids::{MemberId, TillId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::receipts::StoredReceiptRow;
use crate::store::{Tx, fraud_limits, held_sales, tills};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::sale_draft::{LateSaleOrigin, SaleDraft};
use crate::usecases::checkout::scanned_cards::PresentedCard;
use crate::usecases::{Error, Refusal, attempt};

/// Time for which a senior's override waits for the card to be scanned again, in seconds.
const OVERRIDE_SECONDS: i64 = 600;
/// A receipt whose own time is so long ago comes late, in seconds: as far as a till's clock may be wrong.
const LATE_SECONDS: i64 = 300;

/// Returns whether a receipt of this time comes late, however it is sent.
pub(crate) fn is_late(at: Option<Instant>, now: Instant) -> bool {
    at.is_some_and(|at| at < now.plus_secs(-LATE_SECONDS))
}

/// Verdict of the fraud limits on a receipt that is not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FraudLimitVerdict {
    /// It is stored; what was noticed is logged.
    Passes(Vec<Suspicion>),
    /// It comes late and exceeds this hard limit: it is held.
    Held(Vec<Suspicion>, FraudPattern),
}

/// Fraud pattern beyond its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspicion {
    /// Pattern that was noticed.
    pub pattern: FraudPattern,
    /// Level of the suspicion: never [`SuspicionLevel::Fine`].
    pub level: SuspicionLevel,
}

impl Suspicion {
    fn beyond_limit(pattern: FraudPattern, level: SuspicionLevel) -> Option<Self> {
        (level != SuspicionLevel::Fine).then_some(Self { pattern, level })
    }

    /// Returns the pattern behind a refusal by the fraud limits; `None` = it is another refusal.
    const fn refused_by(refusal: &Refusal) -> Option<FraudPattern> {
        match refusal {
            Refusal::CardTooOften => Some(FraudPattern::CardReceipts),
            Refusal::ScannedTooOften => Some(FraudPattern::CardScans),
            Refusal::TooManyLookUps => Some(FraudPattern::ScansWithoutSale),
            Refusal::PhoneJustChanged => Some(FraudPattern::PhoneChange),
            _ => None,
        }
    }

    const fn refusal(self) -> Refusal {
        match self.pattern {
            FraudPattern::CardReceipts => Refusal::CardTooOften,
            FraudPattern::CardScans => Refusal::ScannedTooOften,
            FraudPattern::ScansWithoutSale => Refusal::TooManyLookUps,
            FraudPattern::PhoneChange => Refusal::PhoneJustChanged,
        }
    }
}

/// Returns the suspicions about the look-ups of a cashier; `more` are about to be made.
async fn check_cashier_look_ups(
    tx: &mut Tx,
    programme: &Programme,
    at_till: &TillContext,
    member: MemberId,
    now: Instant,
    more: i64,
) -> Result<Vec<Suspicion>, Error> {
    let (one_card, without_sale) = (
        programme.fraud_limits.card_scans,
        programme.fraud_limits.scans_without_sale,
    );
    // A till's software has no cashier whose look-ups could be told from others'.
    let Some(staff) = at_till.staff else {
        return Ok(Vec::new());
    };
    if one_card.is_none() && without_sale.is_none() {
        return Ok(Vec::new());
    }
    let since =
        |timed: Option<TimedFraudLimit>| timed.map_or(now, |timed| timed.counted_since(now));
    let most = one_card.map_or(0, |timed| timed.without_minutes().counting_cap());
    let (scans_since, sales_since) = (since(one_card), since(without_sale));
    let done =
        fraud_limits::count_acts_of_cashier(tx, staff, member, scans_since, most, sales_since)
            .await?;
    let suspicions = [
        one_card.and_then(|timed| {
            let level = timed.without_minutes().level(done.scans + more);
            Suspicion::beyond_limit(FraudPattern::CardScans, level)
        }),
        without_sale.and_then(|timed| {
            let unanswered = done.found - done.sold + done.searched;
            let level = timed.without_minutes().level(unanswered + more);
            Suspicion::beyond_limit(FraudPattern::ScansWithoutSale, level)
        }),
    ];
    Ok(suspicions.into_iter().flatten().collect())
}

/// Returns what one more receipt of the member at this till today looks like, and spending where that is asked for. A late
/// receipt counts by its sender, too, whichever tills it names.
async fn check_member(
    tx: &mut Tx,
    programme: &Programme,
    at_till: &TillContext,
    member: MemberId,
    spends: bool,
    late: Option<LateSaleOrigin>,
    now: Instant,
) -> Result<Vec<Suspicion>, Error> {
    let receipts = programme.fraud_limits.card_receipts;
    let change = programme.fraud_limits.phone_change.filter(|_| spends);
    if receipts.is_none() && change.is_none() {
        return Ok(Vec::new());
    }
    let zone = at_till
        .till
        .store_zone
        .or_programme_zone(programme.time_zone);
    // Receipts of tomorrow, by a clock that is a little ahead, count today.
    let (from, to) = (day_of(now, zone).0, Instant(i64::MAX));
    let most = receipts.map_or(0, |limit| limit.counting_cap());
    let till = at_till.till.id;
    let sender = late.and_then(|late| late.sender);
    let found =
        fraud_limits::count_sales_of_member(tx, member, till, from, to, most, sender).await?;
    let (count, changed) = (found.counted_sales(), found.phone_changed_at);
    let suspicions = [
        receipts.and_then(|limit| {
            Suspicion::beyond_limit(FraudPattern::CardReceipts, limit.level(count + 1))
        }),
        change.and_then(|limit| {
            Suspicion::beyond_limit(FraudPattern::PhoneChange, limit.level(changed, now))
        }),
    ];
    Ok(suspicions.into_iter().flatten().collect())
}

/// Judges a look-up that is about to be made, and logs what it looks like.
///
/// # Errors
/// [`Error::Fault`]. A refusal is answered, not thrown: the log is kept.
pub(crate) async fn check_look_up(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    card: &mut PresentedCard,
    now: Instant,
) -> Result<Option<Refusal>, Error> {
    if at_till.staff.is_none() {
        return Ok(None);
    }
    let programme = service.current_rules(tx).await?.programme;
    let suspicions = check_cashier_look_ups(tx, &programme, at_till, card.member, now, 1).await?;
    let refusal = find_refusal(&suspicions);
    if refusal.is_some() {
        let since = now.plus_secs(-OVERRIDE_SECONDS);
        card.overridden_by =
            fraud_limits::take_override(tx, at_till.till.id, card.member, since).await?;
    }
    log_suspicions(tx, at_till, card.member, &suspicions, now).await?;
    Ok(refusal.filter(|_| card.overridden_by.is_none()))
}

/// Returns the suspicions that the cashier is told about the member who is being served, while so many look-ups are being made.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn suspicions_to_show(
    tx: &mut Tx,
    programme: &Programme,
    at_till: &TillContext,
    card: &PresentedCard,
    looking_up: i64,
    may_spend: bool,
    now: Instant,
) -> Result<Vec<Suspicion>, Error> {
    // A till's software has nobody to tell.
    if card.overridden_by.is_some() || at_till.staff.is_none() {
        return Ok(Vec::new());
    }
    let member = card.member;
    let mut suspicions =
        check_cashier_look_ups(tx, programme, at_till, member, now, looking_up).await?;
    suspicions.extend(check_member(tx, programme, at_till, member, may_spend, None, now).await?);
    Ok(suspicions)
}

/// Returns whether no points may be spent, because the phone was changed a short while ago and no senior lets the visit pass.
pub(crate) fn stops_spending(
    programme: &Programme,
    card: &PresentedCard,
    phone_changed: Option<Instant>,
    now: Instant,
) -> bool {
    let is_hard = |limit: FraudHoursLimit| limit.level(phone_changed, now) == SuspicionLevel::Hard;
    card.overridden_by.is_none() && programme.fraud_limits.phone_change.is_some_and(is_hard)
}

/// Judges a receipt: what it looks like. A late one that only earns is held instead of refused.
///
/// # Errors
/// The [`Refusal`] of the fraud limits.
pub(crate) async fn judge_receipt(
    tx: &mut Tx,
    programme: &Programme,
    at_till: &TillContext,
    draft: &SaleDraft,
    card: &PresentedCard,
    late: Option<LateSaleOrigin>,
    now: Instant,
) -> Result<FraudLimitVerdict, Error> {
    let spends = draft.spend != PointsToSpend::None;
    let suspicions = check_member(tx, programme, at_till, card.member, spends, late, now).await?;
    let hard = suspicions
        .iter()
        .find(|each| each.level == SuspicionLevel::Hard);
    // A senior lets a visit pass while it runs; a late sale may name it whenever it likes.
    let overridden = card.overridden_by.is_some() && late.is_none();
    match hard.copied().filter(|_| !overridden) {
        Some(hard) if late.is_some() && !spends => {
            Ok(FraudLimitVerdict::Held(suspicions, hard.pattern))
        }
        Some(hard) => Err(hard.refusal().into()),
        None => Ok(FraudLimitVerdict::Passes(suspicions)),
    }
}

/// Beginning and end of the day of `at`.
fn day_of(at: Instant, zone: Tz) -> (Instant, Instant) {
    let day = local_date(at, zone);
    (
        start_of_day(day, zone),
        start_of_day(add_days(day, 1), zone),
    )
}

/// Compares a sale without a card, which a member claims, with the hard limit of receipts of a card: on the day on which it was
/// made and, where it came late, on the day on which it was sent and for its sender.
///
/// # Errors
/// [`Refusal::ClaimTooOften`].
pub(crate) async fn check_claim(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    sale: &StoredReceiptRow,
) -> Result<(), Error> {
    let programme = service.current_rules(tx).await?.programme;
    let Some(limit) = programme.fraud_limits.card_receipts else {
        return Ok(());
    };
    let till = tills::load_selling_till(tx, sale.till_id).await?;
    let zone = till.store_zone.or_programme_zone(programme.time_zone);
    let late = held_sales::sent_late(tx, sale.id).await?;
    let sender = late.as_ref().and_then(|late| late.sender_staff_id);
    let mut days = vec![day_of(sale.at, zone)];
    days.extend(late.map(|late| day_of(late.created_at, zone)));
    days.dedup();
    for (from, to) in days {
        let found = fraud_limits::count_sales_of_member(
            tx,
            member,
            sale.till_id,
            from,
            to,
            limit.counting_cap(),
            sender,
        )
        .await?;
        if limit.level(found.counted_sales().saturating_add(1)) == SuspicionLevel::Hard {
            return Err(Refusal::ClaimTooOften.into());
        }
    }
    Ok(())
}

/// Writes down that a claim was refused by the limit of receipts of a card.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn log_refused_claim(
    service: &Kopilka,
    member: MemberId,
    till: TillId,
) -> Result<(), Error> {
    attempt!(service.db, |tx| {
        add_refused_claim(tx, member, till, service.now()).await
    })
    .await
}

/// Writes down that a claim was refused, in a transaction that goes on without it.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn add_refused_claim(
    tx: &mut Tx,
    member: MemberId,
    till: TillId,
    now: Instant,
) -> Result<(), Error> {
    let line = AuditLine::new(Action::Radar, &Actor::Member(member)).till(till);
    let line = line.subject(FraudPattern::CardReceipts.as_str());
    Ok(audit::log(tx, line.outcome("hard"), now).await?)
}

fn find_refusal(suspicions: &[Suspicion]) -> Option<Refusal> {
    let hard = suspicions
        .iter()
        .find(|each| each.level == SuspicionLevel::Hard)?;
    Some(hard.refusal())
}

/// Writes down what was noticed.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn log_suspicions(
    tx: &mut Tx,
    at_till: &TillContext,
    member: MemberId,
    suspicions: &[Suspicion],
    now: Instant,
) -> Result<(), Error> {
    for each in suspicions {
        let outcome = if each.level == SuspicionLevel::Hard {
            "hard"
        } else {
            "soft"
        };
        let line = at_till
            .audit_line(Action::Radar)
            .member(member)
            .subject(each.pattern.as_str())
            .outcome(outcome);
        audit::log(tx, line, now).await?;
    }
    Ok(())
}

/// Writes a receipt's refusal down by itself, where it is one of the fraud limits: nothing else of the receipt is stored.
///
/// # Errors
/// The refusal, as it was.
pub(crate) async fn log_stopped_receipt<T>(
    service: &Kopilka,
    at_till: &TillContext,
    card: &PresentedCard,
    no: Error,
) -> Result<T, Error> {
    let pattern = match &no {
        Error::Refused(refusal) => Suspicion::refused_by(refusal),
        _ => None,
    };
    if let Some(pattern) = pattern {
        let level = SuspicionLevel::Hard;
        let now = service.now();
        let suspicions = [Suspicion { pattern, level }];
        attempt!(service.db, |tx| log_suspicions(
            tx,
            at_till,
            card.member,
            &suspicions,
            now
        )
        .await)
        .await?;
    }
    Err(no)
}
