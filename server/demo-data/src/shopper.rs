//! One member's past, lived in memory by the rules that tills and nights go by, and written as rows. What each deed does
//! stands in the same order as where it is done for real: `receipts::sale_effects`, `receipts::returning`, `nightly`.

use std::collections::HashMap;
use std::ops::AddAssign;

use super::DemoChain;
use super::memory_ledger::{MemoryLedger, MovementCause, RowSink};
use super::numbers::{MemberIdSequence, chance};
use super::people::{DemoPerson, ShoppingHabit};
use super::plan::{PlannedAct, PlannedTill, ShoppingPlan};
use crate::rows::{DemoOfferUseRow, Rows};
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::consents::{ConsentDocument, ConsentSubject};
use kopilka_core::domain::evaluate::{Evaluation, MemberFacts};
use kopilka_core::domain::offers::{OfferUses, UnmetCondition, conditions_unmet_by};
use kopilka_core::domain::profile::CarAnswer;
use kopilka_core::domain::programme::TierMeasure;
use kopilka_core::domain::receipt::ReceiptLine;
use kopilka_core::domain::returns::SaleJudgement;
use kopilka_core::domain::tiers as tier_rules;
use kopilka_core::domain::time::{Instant, local_date, local_time};
use kopilka_core::ids::{GrantId, MemberId, ReceiptId, RowId};
use kopilka_core::store::consents::ConsentChangeRow;

use kopilka_core::store::members::MemberRow;
use kopilka_core::store::receipts::StoredReceiptRow;
use kopilka_core::store::tiers::TierChangeRow;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::loyalty::tiers::{TierChange, TierReviewDecision, decide_review};

mod demo_profile;
mod demo_purchases;
mod demo_returns;

/// A purchase that may go back.
#[derive(Debug)]
struct ReturnablePurchase {
    row: StoredReceiptRow,
    place: PlannedTill,
    lines: Vec<ReceiptLine>,
    evaluation: Evaluation,
    judgement: SaleJudgement,
}

/// A gift that a purchase promised.
#[derive(Debug)]
struct PromisedDemoGift {
    id: GrantId,
    offer: String,
    gift: String,
    receipt: ReceiptId,
    at: Instant,
}

/// A member while their past is being made.
pub struct DemoShopper<'a> {
    chain: &'a DemoChain,
    rows: &'a mut Rows,
    ids: MemberIdSequence,
    number: u64,
    row: MemberRow,
    person: DemoPerson,
    facts: MemberFacts,
    memory_ledger: MemoryLedger,
    standing: tier_rules::TierStatus,
    changes: Vec<TierChangeRow>,
    bought: Vec<ReturnablePurchase>,
    returned: Vec<StoredReceiptRow>,
    uses: Vec<DemoOfferUseRow>,
    grants: Vec<PromisedDemoGift>,
    switched_on: HashMap<String, Instant>,
}

/// Totals of a member's past.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DemoTotals {
    /// Members.
    pub members: u64,
    /// Sales.
    pub sales: u64,
    /// Returns.
    pub returns: u64,
    /// Points that all have at the end.
    pub points: i64,
}

impl AddAssign for DemoTotals {
    fn add_assign(&mut self, other: Self) {
        self.members += other.members;
        self.sales += other.sales;
        self.returns += other.returns;
        self.points += other.points;
    }
}

/// Makes the member of this number, with so many receipts.
pub fn make_member(
    chain: &DemoChain,
    number: u64,
    receipts: usize,
    rows: &mut Rows,
) -> Result<DemoTotals, Error> {
    let (person, plan, chance) = plan_member(chain, number, receipts);
    let ids = MemberIdSequence::new(number, chain.size.members, chain.from, chain.until, chance);
    let mut shopper = DemoShopper::join_programme(chain, number, person, &plan, ids, rows)?;
    for (at, act) in plan.acts {
        shopper.run_nights(at)?;
        match act {
            PlannedAct::Tell => shopper.tell_profile(at)?,
            PlannedAct::Tap { offer } => shopper.activate_offer(at, offer),
            PlannedAct::Buy {
                place,
                lines,
                spend,
            } => shopper.buy_goods(at, place, lines, spend)?,
            PlannedAct::Return { purchase, lines } => shopper.return_goods(at, purchase, &lines)?,
        }
    }
    shopper.run_nights(chain.until)?;
    Ok(shopper.write_final_state())
}

/// Makes the member of this number and their plan; the source of chance goes on from there.
pub fn plan_member(
    chain: &DemoChain,
    number: u64,
    receipts: usize,
) -> (DemoPerson, ShoppingPlan, fastrand::Rng) {
    let seed = chain.size.seed;
    let mut chance = chance(seed, number);
    let habit = ShoppingHabit::of(&mut chance);
    let person = DemoPerson::of(number, seed, chain.this_year, habit, &mut chance);
    let stores = u64::try_from(chain.stores.len()).unwrap_or(1);
    // Members of one store follow one another, as do its receipts in the index of their numbers.
    let store = u128::from(number) * u128::from(stores) / u128::from(chain.size.members.max(1));
    let store = usize::try_from(store).unwrap_or_default();
    let plan = chain
        .planning_context()
        .plan_purchases(&person, store, receipts, &mut chance);
    (person, plan, chance)
}

impl<'a> DemoShopper<'a> {
    fn join_programme(
        chain: &'a DemoChain,
        number: u64,
        person: DemoPerson,
        plan: &ShoppingPlan,
        mut ids: MemberIdSequence,
        rows: &'a mut Rows,
    ) -> Result<Self, Error> {
        let member = MemberId(ids.next_id());
        let programme = &chain.rules.programme;
        let store = chain.store_at(plan.store)?;
        let row = MemberRow {
            id: member,
            phone: Some(person.phone.clone()),
            first_name: person.first_name.to_owned(),
            last_name: person.last_name.to_owned(),
            email: String::new(),
            language: person.language.to_owned(),
            joined_at: plan.joined,
            joined_from: "demo".to_owned(),
            joined_store: store.code.clone(),
            birth_year: None,
            birth_month: None,
            birth_day: None,
            birth_changes: 0,
            car: CarAnswer::Untold,
            rewarded_at: None,
            closed_at: None,
        };
        let tier = programme.tiers.first().id.clone();
        let mut shopper = Self {
            chain,
            rows,
            ids,
            number,
            row,
            facts: MemberFacts {
                id: member.to_string(),
                consents: person.messages.iter().copied().collect(),
                ..MemberFacts::default()
            },
            person,
            memory_ledger: MemoryLedger::new(member, chain.rules.version),
            standing: tier_rules::TierStatus {
                tier,
                since: plan.joined,
                until: None,
                warned: None,
            },
            changes: Vec::new(),
            bought: Vec::new(),
            returned: Vec::new(),
            uses: Vec::new(),
            grants: Vec::new(),
            switched_on: HashMap::new(),
        };
        let documents = &programme.documents;
        for (document, version) in [
            (ConsentDocument::PersonalData, &documents.personal_data),
            (ConsentDocument::Rules, &documents.rules),
        ] {
            let document = ConsentSubject::Document(document);
            shopper.record_consent(plan.joined, "join", document, version);
        }
        for (channel, purpose) in shopper.person.messages.clone() {
            let message = ConsentSubject::Message(channel, purpose);
            shopper.record_consent(plan.joined, "join", message, &documents.messages);
        }
        Ok(shopper)
    }

    fn record_consent(
        &mut self,
        at: Instant,
        source: &str,
        subject: ConsentSubject,
        version: &str,
    ) {
        let row = ConsentChangeRow {
            subject,
            granted: true,
            text_version: version.to_owned(),
            at,
            ip: "127.0.0.1".to_owned(),
            source: source.to_owned(),
        };
        let id = RowId(self.ids.next_id());
        self.rows.add_consent(id, self.row.id, &row);
    }

    /// The nights up to `to` that find something to do.
    fn run_nights(&mut self, to: Instant) -> Result<(), Error> {
        let rules = &self.chain.rules;
        loop {
            let ends = self.standing.ends_at(&rules.programme);
            let due = [self.memory_ledger.next_due(), ends];
            let Some(night) = due.into_iter().flatten().min().filter(|next| *next <= to) else {
                return Ok(());
            };
            let mut out = RowSink {
                rows: self.rows,
                ids: &mut self.ids,
            };
            self.memory_ledger
                .catch_up(&mut out, MovementCause::at_time(night))?;
            if ends.is_some_and(|ends| ends <= night) {
                let since = self.standing.counted_since(&rules.programme, night);
                let measured = self.counted(since);
                match decide_review(rules, &self.standing, measured, night, night).0 {
                    // The messages of the past were read long ago.
                    TierReviewDecision::Stands(to) | TierReviewDecision::Warned { to, .. } => {
                        self.standing = to
                    }
                    TierReviewDecision::Changed(change) => self.record_tier_change(&change),
                }
            }
        }
    }

    /// Returns what counts for tiers since `since`, in the unit of the programme's measure.
    fn counted(&self, since: Instant) -> i64 {
        let kept = self
            .bought
            .iter()
            .rev()
            .map(|bought| &bought.row)
            .take_while(|row| row.at >= since);
        match self.chain.rules.programme.tier_rules.measure {
            TierMeasure::Spent => kept.map(|row| row.counted_total.0).sum(),
            TierMeasure::Earned => kept.map(|row| row.counted_points.0).sum(),
        }
    }

    fn record_tier_change(&mut self, change: &TierChange) {
        let id = RowId(self.ids.next_id());
        self.changes.push(change.history_row(id, &self.chain.rules));
        self.standing = change.to.clone();
    }

    /// Updates the facts that the rules know of the member, as of `at`.
    fn update_facts(&mut self, at: Instant) {
        let zone = self.chain.rules.programme.time_zone;
        let today = local_date(at, zone);
        self.facts.tier.clone_from(&self.standing.tier);
        self.facts.uses.clear();
        for used in &self.uses {
            let uses: &mut OfferUses = self.facts.uses.entry(used.offer.clone()).or_default();
            uses.by_member += 1;
            if local_date(used.at, zone) == today {
                uses.today += 1;
            }
        }
    }

    fn activate_offer(&mut self, at: Instant, offer: String) {
        self.update_facts(at);
        let programme = &self.chain.rules.programme;
        let open = programme.offer(&offer).is_some_and(|offer| {
            conditions_unmet_by(offer, &self.facts, at, programme.time_zone)
                == [UnmetCondition::NotActivated]
        });
        if open {
            self.facts.activated.insert(offer.clone());
            self.switched_on.insert(offer, at);
        }
    }

    /// A receipt's own identity: the day, and a number that grows with the time and that nobody else's receipt has.
    fn identity(&self, at: Instant) -> (String, String) {
        let zone = self.chain.rules.programme.time_zone;
        let time = local_time(at, zone).format("%H%M%S");
        let count = self.bought.len() + self.returned.len();
        (
            local_date(at, zone).to_string(),
            format!("{time}-{}-{count}", self.number),
        )
    }

    /// Writes what stands at the end.
    fn write_final_state(self) -> DemoTotals {
        let (rows, member) = (self.rows, self.row.id);
        let sums = DemoTotals {
            members: 1,
            sales: u64::try_from(self.bought.len()).unwrap_or_default(),
            returns: u64::try_from(self.returned.len()).unwrap_or_default(),
            points: self.memory_ledger.balance(self.chain.until).active.0,
        };
        let card = CardNumber::from_random(self.person.card);
        rows.add_member(&self.row, card.as_str(), self.person.short);
        let receipts = self.bought.into_iter().map(|bought| bought.row);
        for row in receipts.chain(self.returned) {
            rows.add_receipt(row);
        }
        self.memory_ledger.write_final_state(rows, &self.standing);
        for change in self.changes {
            rows.add_tier_change(member, change);
        }
        for (offer, at) in self.switched_on {
            rows.add_activation(member, &offer, at);
        }
        for row in self.uses {
            rows.add_offer_use(member, row);
        }
        for grant in self.grants {
            let (offer, gift) = (grant.offer.as_str(), grant.gift.as_str());
            rows.add_gift_grant(grant.id, member, offer, gift, grant.receipt, grant.at);
        }
        sums
    }
}
