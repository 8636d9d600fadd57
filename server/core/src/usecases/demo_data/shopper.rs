//! One member's past, lived in memory by the rules that tills and nights go by, and written as rows. What each deed does
//! stands in the same order as where it is done for real: `receipts::effects`, `receipts::returning`, `nightly`.

use std::collections::HashMap;
use std::ops::AddAssign;

use super::DemoChain;
use super::memory_ledger::{MemoryLedger, MovementCause, RowSink};
use super::numbers::{Ids, chance};
use super::people::{DemoPerson, ShoppingHabit};
use super::plan::{Plan, PlannedAct, PlannedTill};
use crate::domain::card::CardNumber;
use crate::domain::consents::Document;
use crate::domain::evaluate::{Evaluation, MemberFacts};
use crate::domain::offers::{OfferUses, UnmetCondition, open_for};
use crate::domain::programme::TierMeasure;
use crate::domain::receipt::Line;
use crate::domain::returns::Judgement;
use crate::domain::tiers::{self as tier_rules};
use crate::domain::time::{Instant, local_date, local_time};
use crate::ids::{GrantId, MemberId, ReceiptId, RowId};
use crate::store::consents::ConsentRow;
use crate::store::demo_data::{Rows, UseRow};
use crate::store::members::MemberRow;
use crate::store::receipts::ReceiptRow;
use crate::store::tiers::ChangeRow;
use crate::usecases::Error;
use crate::usecases::consents::DOCUMENT;
use crate::usecases::tiers::{Change, Decided, decide};

mod buying;
mod returning;
mod telling;

/// A purchase that may go back.
#[derive(Debug)]
struct Bought {
    row: ReceiptRow,
    place: PlannedTill,
    lines: Vec<Line>,
    evaluation: Evaluation,
    judgement: Judgement,
}

/// A gift that a purchase promised.
#[derive(Debug)]
struct Grant {
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
    ids: Ids,
    number: u64,
    row: MemberRow,
    person: DemoPerson,
    facts: MemberFacts,
    memory_ledger: MemoryLedger,
    standing: tier_rules::Standing,
    changes: Vec<ChangeRow>,
    bought: Vec<Bought>,
    returned: Vec<ReceiptRow>,
    uses: Vec<UseRow>,
    grants: Vec<Grant>,
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
pub fn make(
    chain: &DemoChain,
    number: u64,
    receipts: usize,
    rows: &mut Rows,
) -> Result<DemoTotals, Error> {
    let (person, plan, chance) = of(chain, number, receipts);
    let ids = Ids::new(number, chain.size.members, chain.from, chain.until, chance);
    let mut shopper = DemoShopper::joins(chain, number, person, &plan, ids, rows)?;
    for (at, deed) in plan.deeds {
        shopper.nights(at)?;
        match deed {
            PlannedAct::Tell => shopper.tells(at)?,
            PlannedAct::Tap { offer } => shopper.taps(at, offer),
            PlannedAct::Buy {
                place,
                lines,
                spend,
            } => shopper.buys(at, place, lines, spend)?,
            PlannedAct::Return { purchase, lines } => shopper.returns(at, purchase, &lines)?,
        }
    }
    shopper.nights(chain.until)?;
    Ok(shopper.end())
}

/// Makes the member of this number and their plan; the source of chance goes on from there.
pub fn of(chain: &DemoChain, number: u64, receipts: usize) -> (DemoPerson, Plan, fastrand::Rng) {
    let seed = chain.size.seed;
    let mut chance = chance(seed, number);
    let habit = ShoppingHabit::of(&mut chance);
    let person = DemoPerson::of(number, seed, chain.this_year, habit, &mut chance);
    let stores = u64::try_from(chain.stores.len()).unwrap_or(1);
    // Members of one store follow one another, as do its receipts in the index of their numbers.
    let store = u128::from(number) * u128::from(stores) / u128::from(chain.size.members.max(1));
    let store = usize::try_from(store).unwrap_or_default();
    let plan = chain.shelves().plan(&person, store, receipts, &mut chance);
    (person, plan, chance)
}

impl<'a> DemoShopper<'a> {
    fn joins(
        chain: &'a DemoChain,
        number: u64,
        person: DemoPerson,
        plan: &Plan,
        mut ids: Ids,
        rows: &'a mut Rows,
    ) -> Result<Self, Error> {
        let member = MemberId(ids.next());
        let programme = &chain.rules.programme;
        let store = chain.store(plan.store)?;
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
            car: None,
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
            standing: tier_rules::Standing {
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
            (Document::PersonalData, &documents.personal_data),
            (Document::Rules, &documents.rules),
        ] {
            shopper.agrees(plan.joined, "join", DOCUMENT, document.as_str(), version);
        }
        for (channel, purpose) in shopper.person.messages.clone() {
            let (channel, purpose) = (channel.as_str(), purpose.as_str());
            shopper.agrees(plan.joined, "join", channel, purpose, &documents.messages);
        }
        Ok(shopper)
    }

    fn agrees(&mut self, at: Instant, source: &str, channel: &str, purpose: &str, version: &str) {
        let row = ConsentRow {
            channel: channel.to_owned(),
            purpose: purpose.to_owned(),
            granted: true,
            text_version: version.to_owned(),
            at,
            ip: "127.0.0.1".to_owned(),
            source: source.to_owned(),
        };
        let id = RowId(self.ids.next());
        self.rows.consent(id, self.row.id, &row);
    }

    /// The nights up to `to` that find something to do.
    fn nights(&mut self, to: Instant) -> Result<(), Error> {
        let rules = &self.chain.rules;
        loop {
            let ends = self.standing.ends(&rules.programme);
            let due = [self.memory_ledger.next_due(), ends];
            let Some(night) = due.into_iter().flatten().min().filter(|next| *next <= to) else {
                return Ok(());
            };
            let mut out = RowSink {
                rows: self.rows,
                ids: &mut self.ids,
            };
            self.memory_ledger
                .catch_up(&mut out, MovementCause::time(night))?;
            if ends.is_some_and(|ends| ends <= night) {
                let since = self.standing.counted_since(&rules.programme, night);
                let measured = self.counted(since);
                match decide(rules, &self.standing, measured, night, night).0 {
                    // The messages of the past were read long ago.
                    Decided::Stands(to) | Decided::Warned { to, .. } => self.standing = to,
                    Decided::Changed(change) => self.changes_tier(&change),
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

    fn changes_tier(&mut self, change: &Change) {
        let id = RowId(self.ids.next());
        self.changes.push(change.row(id, &self.chain.rules));
        self.standing = change.to.clone();
    }

    /// Updates the facts that the rules know of the member, as of `at`.
    fn know(&mut self, at: Instant) {
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

    fn taps(&mut self, at: Instant, offer: String) {
        self.know(at);
        let programme = &self.chain.rules.programme;
        let open = programme.offer(&offer).is_some_and(|offer| {
            open_for(offer, &self.facts, at, programme.time_zone) == [UnmetCondition::NotActivated]
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
    fn end(self) -> DemoTotals {
        let (rows, member) = (self.rows, self.row.id);
        let sums = DemoTotals {
            members: 1,
            sales: u64::try_from(self.bought.len()).unwrap_or_default(),
            returns: u64::try_from(self.returned.len()).unwrap_or_default(),
            points: self.memory_ledger.balance(self.chain.until).active.0,
        };
        let card = CardNumber::from_random(self.person.card);
        rows.member(&self.row, card.as_str(), self.person.short);
        let receipts = self.bought.into_iter().map(|bought| bought.row);
        for row in receipts.chain(self.returned) {
            rows.receipt(row);
        }
        self.memory_ledger.close(rows, &self.standing);
        for change in self.changes {
            rows.tier_change(member, change);
        }
        for (offer, at) in self.switched_on {
            rows.activation(member, &offer, at);
        }
        for row in self.uses {
            rows.offer_use(member, row);
        }
        for grant in self.grants {
            let (offer, gift) = (grant.offer.as_str(), grant.gift.as_str());
            rows.grant(grant.id, member, offer, gift, grant.receipt, grant.at);
        }
        sums
    }
}
