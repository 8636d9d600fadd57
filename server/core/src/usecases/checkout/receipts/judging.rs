//! The judgement of a sale: by the programme in force at its own time, for the member who stood at the till.

use super::confirmed_spending::{SpendConfirmation, find_unused_confirmation};
use super::sale_effects::LevelAfterSale;
use super::{ReceiptTierProgress, SaleDraft};
use crate::domain::amounts::Points;
use crate::domain::evaluate::{
    CountedAmounts, Evaluation, MemberWallet, OfferEligibility, PointsToSpend, evaluate,
};
use crate::domain::ledger::settle;
use crate::domain::offers::Offer;
use crate::domain::receipt::Basket;
use crate::domain::returns::SaleJudgement;
use crate::domain::time::Instant;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::{Tx, ledger, offers};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::fraud_limits;
use crate::usecases::checkout::scanned_cards::{
    CodeUsageState, PresentedCard, ScanReadingTimes, count_in_sale, find_visit,
    resolve_card_number, resolve_scan,
};
use crate::usecases::loyalty::member_snapshot::{
    MemberSnapshot, load_rules_at, load_snapshot_in_force,
};
use crate::usecases::loyalty::points_forwarding;
use crate::usecases::loyalty::tiers::CurrentTierRules;
use crate::usecases::{Error, Refusal};

/// A sale that was judged.
pub(super) struct EvaluatedSale {
    pub rules: ProgrammeRules,
    pub card: Option<PresentedCard>,
    /// Time at which it was judged: of the points, those that are active at this moment count, so they move as of it too.
    pub now: Instant,
    /// The receipt's own time.
    pub at: Instant,
    /// Snapshot of the member; `None` = no card was shown.
    pub snapshot: Option<MemberSnapshot>,
    /// Rules that decide their level, and what counts for it.
    pub tier_rules: Option<CurrentTierRules>,
    /// Facts that the sale was judged by, to be kept with the receipt.
    pub judgement: SaleJudgement,
    pub evaluation: Evaluation,
    /// Part of it that counts for levels and as a purchase.
    pub counted: CountedAmounts,
    /// The owner's word that lets points pay where the card's form alone does not.
    pub confirmed: Option<SpendConfirmation>,
}

/// Source of the owner's word that points may be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ConfirmationSource {
    /// Actual answer, if anything was answered.
    Actual,
    /// Assumed agreement to whatever may be spent.
    Assumed,
}

/// Returns whose card was shown. A code or visit is read as of the receipt's own time, and never as of a time to come; where
/// points are spent it is read as of now, whatever time the till tells.
pub(super) async fn read_presented_card(
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
    now: Instant,
) -> Result<Option<PresentedCard>, Error> {
    let as_of = scan_reading_times(draft, now);
    let card = match (&draft.visit, &draft.code) {
        (Some(token), _) => find_visit(tx, at_till, token, as_of.shown).await?,
        (None, Some(code)) => resolve_scan(tx, at_till.till.id, code, as_of).await?,
        (None, None) => return Ok(None),
    };
    card.check_usage(draft.spend != PointsToSpend::None)?;
    Ok(Some(card))
}

/// Returns whose card was shown, as [`read_presented_card`] does, for a sale that its till has kept because it had no link: it
/// has happened. A device that was signed out meanwhile, a till's wrong clock, or a code that another till has used, leaves the
/// card's number. A wrong code of a known card is counted in the transaction of the sale, and returned beside.
pub(super) async fn read_late_presented_card<'a>(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &'a SaleDraft,
    now: Instant,
) -> Result<(Option<PresentedCard>, Option<&'a str>), Error> {
    let as_of = scan_reading_times(draft, now);
    let no = match read_presented_card(tx, at_till, draft, now).await {
        Err(Error::Refused(
            no @ (Refusal::CodeStale | Refusal::CodeWrong | Refusal::CodeAlreadySpent),
        )) => no,
        card => return card.map(|card| (card, None)),
    };
    match (&draft.visit, &draft.code) {
        (Some(token), _) => {
            let visited = find_visit(tx, at_till, token, as_of.shown).await?;
            let card = visited.of_late_sale(tx, at_till.till.id).await?;
            Ok((Some(card), None))
        }
        (None, Some(code)) => {
            let card = resolve_card_number(tx, at_till.till.id, code, as_of).await?;
            if no != Refusal::CodeWrong {
                return Ok((Some(card), None));
            }
            count_in_sale(service, tx, at_till, code).await?;
            Ok((Some(card), Some(code)))
        }
        (None, None) => Ok((None, None)),
    }
}

fn scan_reading_times(draft: &SaleDraft, now: Instant) -> ScanReadingTimes {
    let as_of = ScanReadingTimes::at_present(now);
    if draft.spend != PointsToSpend::None {
        return as_of;
    }
    let at = draft.at.unwrap_or(now).min(now);
    ScanReadingTimes {
        shown: at,
        in_force: at,
        ..as_of
    }
}

/// Judges a sale.
///
/// # Errors
/// The [`Refusal`] of the spending or of an account that is closed; [`Error::Fault`].
pub(super) async fn judge_sale(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
    card: Option<PresentedCard>,
) -> Result<EvaluatedSale, Error> {
    judge_with_confirmation(
        service,
        tx,
        at_till,
        draft,
        card,
        ConfirmationSource::Actual,
    )
    .await
}

/// Judges a sale as if the card's owner let points pay: what there would be to ask for.
///
/// # Errors
/// As [`judge_sale`].
pub(super) async fn judge_as_if_confirmed(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
    card: PresentedCard,
) -> Result<Evaluation, Error> {
    let judged = judge_with_confirmation(
        service,
        tx,
        at_till,
        draft,
        Some(card),
        ConfirmationSource::Assumed,
    )
    .await?;
    Ok(judged.evaluation)
}

async fn judge_with_confirmation(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
    card: Option<PresentedCard>,
    source: ConfirmationSource,
) -> Result<EvaluatedSale, Error> {
    let now = service.now();
    let at = draft.at.unwrap_or(now);
    let zone = at_till.till.store_zone.0;
    let mut judgement = SaleJudgement {
        zone,
        ..SaleJudgement::default()
    };
    let mut confirmed = None;
    let (rules, member) = match &card {
        Some(card) => {
            let (rules, snapshot) =
                load_snapshot_in_force(service, tx, card.member, zone, at, now).await?;
            (rules, Some(snapshot))
        }
        None => (load_rules_at(service, tx, at).await?, None),
    };
    let mut tier_rules = None;
    if let (Some(card), Some(snapshot)) = (&card, &member) {
        let allowed = card.scheme.allows(&rules);
        // The first receipt of a code or visit ends it for spending.
        let unused = card.usage == CodeUsageState::Unused;
        // The account may have been closed since its card was scanned.
        if snapshot.closed {
            return Err(Refusal::CardUnknown.into());
        }
        let mut available = snapshot.active();
        if let (false, true, ConfirmationSource::Actual, Some(visit)) =
            (allowed.spend, unused, source, &draft.visit)
        {
            confirmed = find_unused_confirmation(tx, at_till, visit).await?;
            if let Some(confirmed) = &confirmed {
                available = available.min(confirmed.points);
            }
        }
        let stopped =
            fraud_limits::stops_spending(&rules.programme, card, snapshot.phone_changed, now);
        if stopped && source == ConfirmationSource::Assumed {
            return Err(Refusal::PhoneJustChanged.into());
        }
        // A sale that spends nevertheless is refused by the fraud limits, which write that down.
        let passes_on = draft.spend != PointsToSpend::None;
        judgement.wallet = MemberWallet {
            available,
            may_earn: allowed.earn,
            may_spend: unused
                && (!stopped || passes_on)
                && (allowed.spend || confirmed.is_some() || source == ConfirmationSource::Assumed),
        };
        let zone = judgement.time_zone(&rules.programme);
        judgement.standing = Some(OfferEligibility::of_member(
            &rules.programme,
            &snapshot.facts,
            at,
            zone,
        ));
        tier_rules =
            Some(CurrentTierRules::load_current(service, tx, &rules, snapshot, now).await?);
    }
    if draft.spend != PointsToSpend::None && !judgement.wallet.may_spend {
        return Err(Refusal::CannotSpend.into());
    }
    let basket = Basket {
        store: at_till.till.store_code.clone(),
        at,
        zone: judgement.time_zone(&rules.programme),
        lines: draft.lines.clone(),
    };
    let evaluation = evaluate(
        &rules.programme,
        &basket,
        judgement.standing.as_ref(),
        judgement.wallet,
        draft.spend,
    )
    .map_err(|too_many| Refusal::TooManyPoints {
        spendable: too_many.spendable,
    })?;
    judgement.standing = judgement.standing.map(OfferEligibility::only_open_offers);
    let counted = CountedAmounts::from_lines(&rules.programme, &basket.lines, &evaluation.lines);
    Ok(EvaluatedSale {
        rules,
        card,
        now,
        at,
        snapshot: member,
        tier_rules,
        judgement,
        evaluation,
        counted,
        confirmed,
    })
}

/// Judges a sale that is about to be stored, and holds the member's account until the transaction ends. What is left of the
/// offers that are limited for everyone is looked at again when they are used ([`super::sale_effects`]).
///
/// # Errors
/// As [`judge_sale`].
pub(super) async fn judge_and_hold(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
    card: Option<PresentedCard>,
) -> Result<EvaluatedSale, Error> {
    if let Some(card) = &card {
        ledger::lock_account_if_concurrent(tx, card.member).await?;
    }
    let mut person_is_held = false;
    loop {
        let judged = judge_sale(service, tx, at_till, draft, card).await?;
        let Some(snapshot) = &judged.snapshot else {
            return Ok(judged);
        };
        // The level is the person's: nobody else moves it meanwhile.
        if snapshot.joined && !person_is_held {
            points_forwarding::hold_with_target(tx, snapshot.person).await?;
            person_is_held = true;
            continue;
        }
        let uncounted = uncounted_offers(&judged.rules, &judged.evaluation, snapshot);
        if uncounted.is_empty() {
            return Ok(judged);
        }
        offers::start_counting(tx, &uncounted).await?;
    }
}

/// Offers of a judgement that are limited for everyone together, though it is not counted yet what they give: no judgement
/// by them is worth anything before it is.
pub(super) fn uncounted_offers<'a>(
    rules: &ProgrammeRules,
    evaluation: &'a Evaluation,
    snapshot: &MemberSnapshot,
) -> Vec<&'a str> {
    let used = evaluation.offers_used.iter();
    used.map(|used| used.offer.as_str())
        .filter(|id| rules.programme.offer(id).is_some_and(Offer::is_limited))
        .filter(|id| !snapshot.counted_offers.iter().any(|counted| counted == id))
        .collect()
}

impl EvaluatedSale {
    /// Returns the level of its member once the sale is stored: the rules that decide it, and what counts for it.
    pub fn level_after_sale(&self) -> Option<LevelAfterSale<'_>> {
        let tier_rules = self.tier_rules.as_ref()?;
        let CountedAmounts { money, points, .. } = self.counted;
        let counted = tier_rules.measure_with_receipt(self.at, money, points, self.now);
        Some(LevelAfterSale {
            tier_rules,
            counted,
        })
    }

    /// The member's level once it is stored.
    pub fn tier_progress(&self) -> Option<ReceiptTierProgress> {
        let snapshot = self.snapshot.as_ref()?;
        let LevelAfterSale {
            tier_rules,
            counted,
        } = self.level_after_sale()?;
        let programme = &tier_rules.rules.programme;
        Some(ReceiptTierProgress::after_receipt(
            programme,
            &snapshot.standing.tier,
            counted,
        ))
    }

    /// Points that the member has active once it is stored.
    pub fn balance_after(&self) -> Option<Points> {
        let snapshot = self.snapshot.as_ref()?;
        let (activates, expires) = receipt_lot_dates(&self.rules, self.at);
        let lasts = expires.is_none_or(|expires| expires > self.now);
        let active = activates <= self.now && lasts;
        let new = if active {
            self.evaluation.earned
        } else {
            Points::ZERO
        };
        let in_lots = snapshot.in_lots - self.evaluation.spent + new;
        Some(settle(snapshot.debt, in_lots).1)
    }
}

/// Returns the beginning and the end of a lot of a receipt: counted from the receipt's own time, however late it came;
/// `None` = the lot does not end.
pub(super) fn receipt_lot_dates(rules: &ProgrammeRules, at: Instant) -> (Instant, Option<Instant>) {
    let points = &rules.programme.points;
    crate::domain::ledger::lot_dates(points, at, points.hold_days, rules.programme.time_zone)
}
