//! Simulation of another programme: each stored sale is judged once more by the candidate, and compared with what it got.
//! Nothing is stored, and everything is read from one moment's view of the database.
//!
//! Judged as at the time of the sale: lines, store, time, tier, purchases before it, points paid (as many as the candidate
//! allows). Judged as now: what the profile tells, consents. Returns are left out.

mod simulation_tally;

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::domain::amounts::Money;
use crate::domain::evaluate::{
    Evaluation, MemberFacts, MemberWallet, OfferEligibility, PointsToSpend, evaluate,
};
use crate::domain::offers::{OfferActivation, OfferUses, UnmetCondition};
use crate::domain::programme::{Programme, TierMeasure};
use crate::domain::receipt::Basket;
use crate::domain::returns::SaleJudgement;
use crate::domain::tiers::tier_for;
use crate::domain::time::{Instant, add_days, local_date, start_of_day};
use crate::ids::MemberId;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::json;
use crate::store::receipts::StoredReceiptLine;
use crate::store::simulation::{self, SaleBatchCursor, SimulatedSaleRow};
use crate::store::tiers::CountedSaleSums;
use crate::store::{ScanTx, cards, merged_accounts, programmes, receipts};
use crate::usecases::Error;
use crate::usecases::loyalty::evaluation_encoding;
use crate::usecases::loyalty::member_snapshot::load_member_facts;
use crate::usecases::loyalty::tiers::in_measure;

pub use simulation_tally::{
    BeforeAndAfter, SimulatedOfferTotals, SimulatedSaleTotals, SimulationReport,
};
use simulation_tally::{ComparedSale, SimulationTally};

/// Sales that are read at a time.
const BATCH: i64 = 500;

/// Period and assumption of a simulation.
#[derive(Debug, Clone, Copy)]
pub struct SimulationPeriod {
    /// First day, in the candidate's time zone.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// True if members are taken to have switched on the offers that the stored judgements say nothing of.
    pub switched_on: bool,
}

/// Judges the sales of a period by a candidate.
///
/// # Errors
/// [`Error::Fault`].
pub async fn simulate(
    service: &Kopilka,
    candidate: Programme,
    period: SimulationPeriod,
) -> Result<SimulationReport, Error> {
    let mut tx = service.db.scan().await?;
    let zone = candidate.time_zone;
    let from = start_of_day(period.from, zone);
    let until = start_of_day(add_days(period.until, 1), zone);
    let mut run = SimulationRun {
        // The version's number is never looked at: nothing of this is stored.
        rules: ProgrammeRules::new(0, candidate),
        switched_on: period.switched_on,
        from,
        known: HashMap::new(),
        shared: simulation::uses_of_all(&mut tx, from).await?,
        member: None,
        tally: SimulationTally::default(),
    };
    let mut after = SaleBatchCursor::default();
    loop {
        let sales = simulation::list_sales(&mut tx, from, until, after, BATCH).await?;
        for sale in &sales {
            run.judge_sale(&mut tx, sale).await?;
        }
        match sales.last() {
            Some(last) => after = SaleBatchCursor::from(last),
            None => break,
        }
    }
    let mut found = run.tally.finish();
    for (member, label) in found.labels() {
        if let Some(card) = cards::find_of_member(&mut tx, member).await? {
            let skipped = card.number.len().saturating_sub(4);
            *label = format!("card …{}", card.number.get(skipped..).unwrap_or_default());
        }
    }
    Ok(found)
}

/// A version that judged sales of the period.
struct PastProgrammeVersion {
    programme: Programme,
    /// True if tiers are reached as in the candidate.
    same_tiers: bool,
}

/// A member whose sales are being judged.
struct SimulatedMember {
    id: MemberId,
    /// Uses of each offer, those before the period and those in the simulation.
    uses: HashMap<String, i64>,
    day: NaiveDate,
    /// Uses on that day.
    today: HashMap<String, i64>,
}

struct SimulationRun {
    rules: ProgrammeRules,
    switched_on: bool,
    from: Instant,
    known: HashMap<i64, PastProgrammeVersion>,
    /// Totals of what offers gave to everyone, before the period and in the simulation.
    shared: HashMap<String, OfferUses>,
    member: Option<SimulatedMember>,
    tally: SimulationTally,
}

impl SimulationRun {
    async fn judge_sale(&mut self, tx: &mut ScanTx, sale: &SimulatedSaleRow) -> Result<(), Error> {
        let at = sale.at;
        let zone = self.zone_of_sale(sale)?;
        self.switch_to_member(tx, sale.member_id, local_date(at, zone))
            .await?;
        self.load_version(tx, sale.programme_version).await?;
        let lines = receipts::list_lines(tx, sale.id).await?;
        let before = self.judged_before(sale, &lines)?;
        let mut member = load_member_facts(tx, sale.member_id, &self.rules, at).await?;
        // What is stored now says nothing of what was known then: the sale itself is stored.
        member.bought_later = false;
        member.tier = self.tier_at_sale(tx, sale).await?;
        member.uses = self.offer_uses();
        member.activated = self.activated(&before);
        let basket = Basket {
            store: sale.store.clone(),
            at,
            zone,
            lines: lines.into_iter().map(|row| row.line).collect(),
        };
        let after = judge_again(&self.rules.programme, &basket, &member, &before)?;
        self.remember_uses(&after);
        let value = self
            .known
            .get(&sale.programme_version)
            .map_or(Money::ZERO, |known| known.programme.points.value);
        let both = ComparedSale {
            before: &before,
            after: &after,
            value_before: value,
            value_after: self.rules.programme.points.value,
            tier_before: &sale.tier,
            tier_after: &member.tier,
        };
        self.tally.add(sale.member_id, &both);
        Ok(())
    }

    /// The time zone of the sale: its store's own, or else the candidate's.
    fn zone_of_sale(&self, sale: &SimulatedSaleRow) -> Result<Tz, Error> {
        let programme = &self.rules.programme;
        if sale.judgement.is_empty() {
            return Ok(programme.time_zone);
        }
        let judgement: SaleJudgement = json::from_column(&sale.judgement)?;
        Ok(judgement.time_zone(programme))
    }

    /// Reads the stored evaluation of the sale.
    fn judged_before(
        &self,
        sale: &SimulatedSaleRow,
        lines: &[StoredReceiptLine],
    ) -> Result<Evaluation, Error> {
        let known = self.known.get(&sale.programme_version).ok_or_else(|| {
            Error::Fault(format!("version {} is not known", sale.programme_version))
        })?;
        evaluation_encoding::decode_evaluation(
            &sale.evaluation,
            &known.programme,
            &sale.tier,
            lines,
        )
    }

    /// Turns to a member, and to the day of a purchase.
    async fn switch_to_member(
        &mut self,
        tx: &mut ScanTx,
        id: MemberId,
        day: NaiveDate,
    ) -> Result<(), Error> {
        match &mut self.member {
            Some(member) if member.id == id => {
                if member.day != day {
                    member.day = day;
                    member.today.clear();
                }
            }
            _ => {
                self.member = Some(SimulatedMember {
                    id,
                    uses: simulation::uses_of_member(tx, id, self.from).await?,
                    day,
                    today: HashMap::new(),
                });
            }
        }
        Ok(())
    }

    async fn load_version(&mut self, tx: &mut ScanTx, version: i64) -> Result<(), Error> {
        if !self.known.contains_key(&version) {
            let (programme, _) = programmes::load_document(tx, version).await?;
            let same_tiers = tier_thresholds(&programme) == tier_thresholds(&self.rules.programme);
            let known = PastProgrammeVersion {
                programme,
                same_tiers,
            };
            self.known.insert(version, known);
        }
        Ok(())
    }

    /// The tier of the sale where the candidate's tiers are reached in the same way; else the one that is reached by what
    /// counts of the purchases before it, with no grace. Each of these counts as it was judged and as far as it is left.
    async fn tier_at_sale(
        &mut self,
        tx: &mut ScanTx,
        sale: &SimulatedSaleRow,
    ) -> Result<String, Error> {
        let programme = &self.rules.programme;
        if self
            .known
            .get(&sale.programme_version)
            .is_some_and(|known| known.same_tiers)
        {
            return Ok(programme.tier(&sale.tier).id.clone());
        }
        self.tally.tiers_reached_anew = true;
        let rules = &programme.tier_rules;
        let at = sale.at;
        let since = at.plus_days(-i64::from(rules.window_days));
        let person = merged_accounts::person_of(tx, sale.member_id).await?;
        let CountedSaleSums { money, points } =
            simulation::counted_between(tx, person, since, at).await?;
        let measured = in_measure(programme, money, points);
        let tier = tier_for(programme, measured).unwrap_or(programme.tiers.first());
        Ok(tier.id.clone())
    }

    fn offer_uses(&self) -> HashMap<String, OfferUses> {
        let mut uses = self.shared.clone();
        if let Some(member) = &self.member {
            for (offer, count) in &member.uses {
                let entry = uses.entry(offer.clone()).or_default();
                entry.by_member = *count;
                entry.today = member.today.get(offer).copied().unwrap_or_default();
            }
        }
        uses
    }

    /// Offers that the member had switched on: the stored judgement tells it of those that it knew.
    fn activated(&self, before: &Evaluation) -> std::collections::HashSet<String> {
        let offers = self.rules.programme.offers.iter();
        offers
            .filter(|offer| offer.activation == OfferActivation::Tap)
            .filter(|offer| {
                let used = before.offers_used.iter().any(|used| used.offer == offer.id);
                let missed = before
                    .offers_missed
                    .iter()
                    .find(|missed| missed.offer == offer.id)
                    .map(|missed| missed.misses.contains(&UnmetCondition::NotActivated));
                used || missed.map_or(self.switched_on, |not_activated| !not_activated)
            })
            .map(|offer| offer.id.clone())
            .collect()
    }

    fn remember_uses(&mut self, after: &Evaluation) {
        for used in &after.offers_used {
            let shared = self.shared.entry(used.offer.clone()).or_default();
            shared.in_all += 1;
            shared.points += used.points;
            shared.money += used.discount;
            if let Some(member) = &mut self.member {
                *member.uses.entry(used.offer.clone()).or_default() += 1;
                *member.today.entry(used.offer.clone()).or_default() += 1;
            }
        }
    }
}

/// Returns what decides how tiers are reached: thresholds, measure and days of the window.
fn tier_thresholds(programme: &Programme) -> (Vec<(&str, i64)>, TierMeasure, u32) {
    let tiers = programme.tiers.iter();
    (
        tiers
            .map(|tier| (tier.id.as_str(), tier.threshold))
            .collect(),
        programme.tier_rules.measure,
        programme.tier_rules.window_days,
    )
}

/// The candidate's judgement: as many points pay as paid then, or as many of them as it allows.
pub(super) fn judge_again(
    candidate: &Programme,
    basket: &Basket,
    member: &MemberFacts,
    before: &Evaluation,
) -> Result<Evaluation, Error> {
    let wallet = MemberWallet {
        available: before.spent,
        may_earn: true,
        may_spend: before.spent.is_positive(),
    };
    let standing = OfferEligibility::of_member(candidate, member, basket.at, basket.zone);
    evaluate(
        candidate,
        basket,
        Some(&standing),
        wallet,
        PointsToSpend::All,
    )
    .map_err(|_| Error::Fault("as many points as may pay are never too many".to_owned()))
}
