//! All that rules ask of a member, read at once: each way to the database costs more than what is found there. What is
//! read is as much as the rules can use, never the whole history.

mod rows;

use self::rows::{MemberSnapshotRow, statement_of};
use super::engine::{generated, no_row};
use super::once_only::EarlierBenefitUse;
use super::tiers::CountedSaleSums;
use super::{StoreError, Tx};
use crate::domain::amounts::Points;
use crate::domain::ledger::settle;
use crate::domain::offers::{FactsNeeded, MemberFacts};
use crate::domain::tiers::TierStatus;
use crate::domain::time::Instant;
use crate::ids::MemberId;

/// Question about a member.
#[derive(Debug, Clone)]
pub struct SnapshotQuery<'a> {
    /// Member whom it is about.
    pub member: MemberId,
    /// Purchases before this time.
    pub before: Instant,
    /// Facts that conditions of the offers need.
    pub needed: FactsNeeded,
    /// Uses of these offers, in all and from `today` to `tomorrow`.
    pub offers: Vec<&'a str>,
    /// The beginning of the day.
    pub today: Instant,
    /// Its end.
    pub tomorrow: Instant,
    /// Time from which purchases count for tiers.
    pub counted_since: Instant,
    /// Points as of this time.
    pub now: Instant,
}

/// A member as a receipt is judged by: what conditions of offers can ask for, the points, the tier.
#[derive(Debug, Clone)]
pub struct MemberSnapshot {
    /// Facts for the conditions of offers; the tier in them is the one that the programme in question gives the member.
    pub facts: MemberFacts,
    /// Offers of which it is counted what they give to everyone.
    pub counted_offers: Vec<String>,
    /// Version of the programme that is in force at the time of [`SnapshotQuery::before`].
    pub version: Option<i64>,
    /// Version that is in force at [`SnapshotQuery::now`].
    pub todays_version: Option<i64>,
    /// The newest version that is stored, in force or not.
    pub newest_version: Option<i64>,
    /// Time of the last change of the phone; `None` = it never was changed.
    pub phone_changed: Option<Instant>,
    /// True if the account is closed.
    pub closed: bool,
    /// True if the account was merged into another, to which everything that comes is forwarded.
    pub joined: bool,
    /// True if others were merged into the account.
    pub merged: bool,
    /// The account that stands for the person: the one that this was joined to, or this.
    pub person: MemberId,
    /// Status of the member's tier.
    pub standing: TierStatus,
    /// Once-only benefits used in earlier accounts of the same person.
    pub earlier: Vec<EarlierBenefitUse>,
    /// Sums of what is left of purchases for tiers, without the receipt in question.
    pub counted: CountedSaleSums,
    /// Points in lots that are active by their dates.
    pub in_lots: Points,
    /// Points that could not be taken back yet.
    pub debt: Points,
    /// True if time has made anything due that is still to be written.
    pub due: bool,
}

/// Reads what is known of a member.
///
/// # Errors
/// [`StoreError`], also where there is no such member.
pub async fn load_snapshot_facts(
    tx: &mut Tx,
    query: &SnapshotQuery<'_>,
) -> Result<MemberSnapshot, StoreError> {
    let statement = generated(statement_of(query))
        .bind(query.member)
        .bind(query.before)
        .bind(query.needed.purchases)
        .bind(query.today)
        .bind(query.tomorrow)
        .bind(query.counted_since)
        .bind(query.now);
    let offers = query.offers.iter();
    let statement = offers.fold(statement, |statement, offer| statement.bind(*offer));
    let rows: Vec<MemberSnapshotRow> = statement.fetch_all(tx).await?;
    let mut snapshot = MemberSnapshot::empty(query.member);
    let mut is_there = false;
    for row in rows {
        is_there |= snapshot.take(row)?;
    }
    if is_there {
        Ok(snapshot)
    } else {
        Err(no_row())
    }
}

impl MemberSnapshot {
    fn empty(member: MemberId) -> Self {
        Self {
            facts: MemberFacts {
                id: member.to_string(),
                ..MemberFacts::default()
            },
            counted_offers: Vec::new(),
            version: None,
            todays_version: None,
            newest_version: None,
            phone_changed: None,
            closed: false,
            joined: false,
            merged: false,
            person: member,
            standing: TierStatus {
                tier: String::new(),
                since: Instant::default(),
                until: None,
                warned: None,
            },
            earlier: Vec::new(),
            counted: CountedSaleSums::default(),
            in_lots: Points::ZERO,
            debt: Points::ZERO,
            due: false,
        }
    }

    /// Returns the active points: those in lots pay a debt first, also where the entry that says so is still to be written.
    pub fn active(&self) -> Points {
        settle(self.debt, self.in_lots).1
    }

    /// Adds uses of an offer by the member.
    pub fn add_own_uses(&mut self, offer: &str, uses: i64, today: i64) {
        let entry = self.facts.uses.entry(offer.to_owned()).or_default();
        entry.by_member = entry.by_member.saturating_add(uses);
        entry.today = entry.today.saturating_add(today);
    }

    /// Adds what was found of another account of the same person: purchases, uses, what counts for the level, what was
    /// switched on, places in lists of offers. Both are taken apart whole, so that a new fact is decided on here.
    pub fn add_account(&mut self, other: Self) {
        let Self {
            facts:
                MemberFacts {
                    id: _,
                    tier: _,
                    birth: _,
                    child_birth_years: _,
                    pets: _,
                    car: _,
                    purchases,
                    bought_later,
                    consents: _,
                    activated,
                    listed,
                    uses,
                },
            counted_offers: _,
            version: _,
            todays_version: _,
            newest_version: _,
            phone_changed: _,
            closed: _,
            joined: _,
            merged: _,
            person: _,
            standing: _,
            earlier,
            counted,
            in_lots: _,
            debt: _,
            due: _,
        } = other;
        for (offer, uses) in &uses {
            self.add_own_uses(offer, uses.by_member, uses.today);
        }
        let facts = &mut self.facts;
        facts.purchases.extend(purchases);
        facts.bought_later |= bought_later;
        facts.activated.extend(activated);
        facts.listed.extend(listed);
        self.earlier.extend(earlier);
        self.counted.money.0 = self.counted.money.0.saturating_add(counted.money.0);
        self.counted.points.0 = self.counted.points.0.saturating_add(counted.points.0);
    }

    /// Takes the level of another account of the same person.
    pub fn take_level(&mut self, other: &Self) {
        self.standing.clone_from(&other.standing);
    }
}
