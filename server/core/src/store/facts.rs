//! All that rules ask of a member, read at once: each way to the database costs more than what is found there. What is
//! read is as much as the rules can use, never the whole history.

mod rows;

use self::rows::{FactRow, TEXT, USES};
use super::consents::GrantedConsent;
use super::engine::{generated, no_row};
use super::once_only::EarlierUse;
use super::tiers::CountedSums;
use super::{StoreError, Tx};
use crate::domain::amounts::{Money, Points};
use crate::domain::time::Instant;
use crate::ids::MemberId;

/// Question about a member.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Member whom it is about.
    pub member: MemberId,
    /// Purchases before this time.
    pub before: Instant,
    /// Number of purchases that are read at most, the latest first.
    pub purchases: i64,
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

/// Uses of an offer, with points and money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uses {
    /// Its id.
    pub offer: String,
    /// Receipts: of the member, or of everyone.
    pub uses: i64,
    /// Receipts of the member on the day.
    pub today: i64,
    /// Points to everyone.
    pub points: Points,
    /// Money to everyone.
    pub money: Money,
}

/// Facts that were found about a member.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Version of the programme that is in force at the time of [`Asked::before`].
    pub version: Option<i64>,
    /// Version that is in force at [`Asked::now`].
    pub todays_version: Option<i64>,
    /// The newest version that is stored.
    pub newest_version: Option<i64>,
    /// Tier id.
    pub tier: String,
    /// Time since which the tier holds.
    pub tier_since: Instant,
    /// Time until which it holds.
    pub tier_until: Option<Instant>,
    /// The end of the period at which too little was counted.
    pub tier_warned_at: Option<Instant>,
    /// Points that could not be taken back yet.
    pub debt: Points,
    /// Birth year, month, day.
    pub birth: (Option<i64>, Option<i64>, Option<i64>),
    /// Answer of the member about a car.
    pub car: Option<String>,
    /// Time of the last change of the phone; `None` = it never was changed.
    pub phone_changed_at: Option<Instant>,
    /// True if the account is closed.
    pub closed: bool,
    /// True if the account was joined to another.
    pub joined: bool,
    /// True if others were merged into the account.
    pub merged: bool,
    /// Birth years of children.
    pub children: Vec<i64>,
    /// Species of pets.
    pub pets: Vec<String>,
    /// Consents in force.
    pub consents: Vec<GrantedConsent>,
    /// Offers switched on.
    pub activated: Vec<String>,
    /// Times of purchases, the latest first.
    pub purchases: Vec<Instant>,
    /// Once-only benefits used in earlier accounts of the same person.
    pub earlier: Vec<EarlierUse>,
    /// True if a purchase of [`Asked::before`] or a later time is stored already.
    pub bought_later: bool,
    /// Uses by the member, for the offers asked for.
    pub own: Vec<Uses>,
    /// Totals of what offers gave to everyone, for those that are counted.
    pub totals: Vec<Uses>,
    /// Sums of what is left of purchases for tiers.
    pub counted: CountedSums,
    /// Points in lots that are active by their dates; debts are not taken off.
    pub active: Points,
    /// Lots that wait to be activated or to expire, though their time has come.
    pub due: i64,
}

/// Finds it.
///
/// # Errors
/// [`StoreError`], also where there is no such member.
pub async fn find(tx: &mut Tx, asked: &Asked<'_>) -> Result<Found, StoreError> {
    let mut text = TEXT.clone();
    if !asked.offers.is_empty() {
        let places = (8..)
            .take(asked.offers.len())
            .map(|place| format!("${place}"));
        text.push_str(" UNION ALL ");
        text.push_str(&USES);
        text.push_str(&places.collect::<Vec<_>>().join(", "));
        text.push_str(") GROUP BY offer");
    }
    let statement = generated(text)
        .bind(asked.member)
        .bind(asked.before)
        .bind(asked.purchases)
        .bind(asked.today)
        .bind(asked.tomorrow)
        .bind(asked.counted_since)
        .bind(asked.now);
    let offers = asked.offers.iter();
    let statement = offers.fold(statement, |statement, offer| statement.bind(*offer));
    let rows: Vec<FactRow> = statement.all(tx).await?;
    let mut found = Found::default();
    let mut is_there = false;
    for row in rows {
        is_there |= row.kind == "account";
        found.take(row);
    }
    if is_there { Ok(found) } else { Err(no_row()) }
}

impl Found {
    /// Adds what was found of another account of the same person: purchases, uses, what counts for the level, what was
    /// switched on.
    pub fn add_account(&mut self, other: Self) {
        self.purchases.extend(other.purchases);
        self.bought_later |= other.bought_later;
        self.own.extend(other.own);
        self.earlier.extend(other.earlier);
        self.activated.extend(other.activated);
        self.counted.money.0 = self.counted.money.0.saturating_add(other.counted.money.0);
        self.counted.points.0 = self.counted.points.0.saturating_add(other.counted.points.0);
    }

    /// Takes the level of another account of the same person.
    pub fn take_level(&mut self, other: &Self) {
        self.tier.clone_from(&other.tier);
        self.tier_since = other.tier_since;
        (self.tier_until, self.tier_warned_at) = (other.tier_until, other.tier_warned_at);
    }

    fn take(&mut self, row: FactRow) {
        let name = row.name.unwrap_or_default();
        match row.kind.as_str() {
            "account" => {
                self.tier = name;
                self.tier_since = row.at.unwrap_or_default();
                (self.tier_until, self.tier_warned_at) = (row.until, row.warned_at);
                self.debt = row.points.unwrap_or_default();
                self.birth = (row.year, row.month, row.day);
                self.car = row.detail;
            }
            "version" => self.version = row.version,
            "todays-version" => self.todays_version = row.version,
            "newest-version" => self.newest_version = row.version,
            "closed" => self.closed = true,
            "phone" => self.phone_changed_at = row.at,
            "child" => self.children.extend(row.year),
            "joined" => self.joined = true,
            "merged" => self.merged = true,
            "pet" => self.pets.push(name),
            "consent" => self.consents.push(GrantedConsent {
                channel: name,
                purpose: row.detail.unwrap_or_default(),
            }),
            "activated" => self.activated.push(name),
            "purchase" => self.purchases.extend(row.at),
            "earlier" => self.earlier.push(EarlierUse {
                benefit: name,
                day: row.at.unwrap_or_default(),
                uses: row.uses.unwrap_or_default(),
            }),
            "later" => self.bought_later = true,
            "counted" => {
                self.counted = CountedSums {
                    money: row.money.unwrap_or_default(),
                    points: row.points.unwrap_or_default(),
                }
            }
            "lots" => {
                self.active = row.points.unwrap_or_default();
                self.due = row.due.unwrap_or_default();
            }
            kind => {
                let uses = Uses {
                    offer: name,
                    uses: row.uses.unwrap_or_default(),
                    today: row.today.unwrap_or_default(),
                    points: row.points.unwrap_or_default(),
                    money: row.money.unwrap_or_default(),
                };
                if kind == "total" {
                    self.totals.push(uses);
                } else {
                    self.own.push(uses);
                }
            }
        }
    }
}
