//! Why an offer is not given: every condition and limit that does not hold, as data. No misses mean that it is open; the
//! wallet and the till ask the same functions.

use chrono::Datelike;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Activation, Benefit, Conditions, Goods, Offer, OfferUses, Reach};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::MemberFacts;
use crate::domain::receipt::Basket;
use crate::domain::time::{Instant, days_between, local_date, local_time, weekday};

/// One reason why an offer is not given.
#[derive(utoipa::ToSchema, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Miss {
    /// It has not begun or is over.
    OutsideDates,
    /// Another day of the week.
    Weekday,
    /// Another time of the day.
    Hours,
    /// Another store.
    Store,
    /// The receipt is too small.
    MinimumReceipt {
        /// By how much.
        #[schema(value_type = crate::pos_v1::ApiMoney)]
        missing: Money,
    },
    /// The goods are not there, or not enough of them.
    Items,
    /// Another tier.
    Tier,
    /// No birthday near, or none known.
    Birthday,
    /// No child of that age known.
    Children,
    /// No such pet known.
    Pets,
    /// No car known.
    Car,
    /// The last purchase was too lately.
    Absent {
        /// Days that must lie between.
        days: u32,
    },
    /// Too few purchases.
    Purchases {
        /// By how many.
        missing: i64,
    },
    /// It is not the first purchase.
    FirstPurchase,
    /// The consent is not given.
    Consent,
    /// It is for other members.
    NotListed,
    /// The shopper has not switched it on.
    NotActivated,
    /// It was used as often as it may be.
    UsedUp,
    /// It was used today as often as it may be in a day.
    NotToday,
    /// What it may give to everyone is given, or what is left is less than it would give.
    Budget,
    /// Another offer of its group gives more.
    BetterInGroup {
        /// Id of that offer.
        offer: String,
    },
    /// It would give nothing on this receipt.
    NothingToGain,
}

/// Returns the reasons that keep an offer from a member at `at`, without any receipt: the wallet's answer to "is it mine
/// now". Days are those of `zone`.
pub fn open_for(offer: &Offer, member: &MemberFacts, at: Instant, zone: Tz) -> Vec<Miss> {
    let mut misses = Vec::new();
    time_misses(&offer.conditions, at, zone, &mut misses);
    profile_misses(&offer.conditions, member, at, zone, &mut misses);
    visit_misses(&offer.conditions, member, at, zone, &mut misses);
    limit_misses(offer, member, &mut misses);
    misses
}

/// Budget that an offer may still give to everyone; `None` = no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetLeft {
    /// Points that it may still give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// Money that it may still take off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
}

impl BudgetLeft {
    /// Returns what an offer may still give after `uses`.
    pub(in crate::domain) fn of(offer: &Offer, uses: &OfferUses) -> Self {
        let limits = &offer.limits;
        Self {
            points: limits.points_budget.map(|budget| budget - uses.points),
            money: limits.money_budget.map(|budget| budget - uses.money),
        }
    }

    /// Returns whether a benefit is no more than what is left.
    pub(in crate::domain) fn covers(self, points: Points, money: Money) -> bool {
        self.points.is_none_or(|left| points <= left) && self.money.is_none_or(|left| money <= left)
    }
}

impl Offer {
    /// Returns whether it may still give so much to everyone together, after `uses`.
    pub fn may_give(&self, uses: &OfferUses, points: Points, money: Money) -> bool {
        let in_all = self.limits.in_all;
        in_all.is_none_or(|most| uses.in_all < most)
            && BudgetLeft::of(self, uses).covers(points, money)
    }
}

fn time_misses(conditions: &Conditions, at: Instant, zone: Tz, misses: &mut Vec<Miss>) {
    if conditions.from.is_none() && conditions.until.is_none() {
        return;
    }
    let today = local_date(at, zone);
    let too_early = conditions.from.is_some_and(|from| today < from);
    let too_late = conditions.until.is_some_and(|until| today > until);
    if too_early || too_late {
        misses.push(Miss::OutsideDates);
    }
}

fn profile_misses(
    conditions: &Conditions,
    member: &MemberFacts,
    at: Instant,
    zone: Tz,
    misses: &mut Vec<Miss>,
) {
    // Most offers ask nothing that depends on the day.
    let today = || local_date(at, zone);
    if !allows(&conditions.tiers, &member.tier) {
        misses.push(Miss::Tier);
    }
    if let Some(days) = conditions.birthday_within
        && !member
            .birth
            .is_some_and(|birth| birth.is_birthday_within(days, today()))
    {
        misses.push(Miss::Birthday);
    }
    if let Some(ages) = conditions.children_age {
        let this_year = today().year();
        let mut reached = member
            .child_birth_years
            .iter()
            .map(|year| this_year.saturating_sub(*year));
        if !reached.any(|age| (ages.from..=ages.until).contains(&age)) {
            misses.push(Miss::Children);
        }
    }
    if !conditions.pets.is_empty() && !member.pets.iter().any(|pet| conditions.pets.contains(pet)) {
        misses.push(Miss::Pets);
    }
    if conditions.car && !member.car {
        misses.push(Miss::Car);
    }
    if let Some(consent) = conditions.consent
        && !member
            .consents
            .contains(&(consent.channel, consent.purpose))
    {
        misses.push(Miss::Consent);
    }
    if !allows(&conditions.members, &member.id) {
        misses.push(Miss::NotListed);
    }
}

fn visit_misses(
    conditions: &Conditions,
    member: &MemberFacts,
    at: Instant,
    zone: Tz,
    misses: &mut Vec<Miss>,
) {
    // The purchase in question never counts for itself: a return judges it again when it is long stored.
    let before = || member.purchases.iter().filter(|purchase| **purchase < at);
    if let Some(days) = conditions.absent_days {
        let today = local_date(at, zone);
        let away = before()
            .max()
            .map(|last| days_between(local_date(*last, zone), today));
        if away.is_none_or(|away| away < i64::from(days)) {
            misses.push(Miss::Absent { days });
        }
    }
    if let Some(wanted) = conditions.purchases {
        let since = at.plus_days(-i64::from(wanted.within_days));
        let made = before().filter(|purchase| **purchase >= since).count();
        let missing = wanted
            .count
            .saturating_sub(i64::try_from(made).unwrap_or(i64::MAX));
        if missing > 0 {
            misses.push(Miss::Purchases { missing });
        }
    }
    if conditions.first_purchase && (member.bought_later || before().next().is_some()) {
        misses.push(Miss::FirstPurchase);
    }
}

fn limit_misses(offer: &Offer, member: &MemberFacts, misses: &mut Vec<Miss>) {
    if offer.activation == Activation::Tap && !member.activated.contains(&offer.id) {
        misses.push(Miss::NotActivated);
    }
    let uses = member.uses_of(&offer.id);
    let reached = |limit: Option<i64>, used: i64| limit.is_some_and(|limit| used >= limit);
    if reached(offer.limits.per_member, uses.by_member) || reached(offer.limits.in_all, uses.in_all)
    {
        misses.push(Miss::UsedUp);
    }
    if reached(offer.limits.per_day, uses.today) {
        misses.push(Miss::NotToday);
    }
    // The least that it could give: where even that is too much, nobody can use it any more.
    let (points, money) = match offer.benefit {
        Benefit::FixedPoints { points } => (points, Money(1)),
        _ => (Points(1), Money(1)),
    };
    if !BudgetLeft::of(offer, &uses).covers(points, money) {
        misses.push(Miss::Budget);
    }
}

/// Finds the lines that an offer is for on a receipt, whoever buys. It does not ask whether the offer would give anything.
/// An offer without items is for the whole receipt, its discount only for what is not excluded.
///
/// # Errors
/// The misses; never none.
pub(in crate::domain) fn reach_of(
    offer: &Offer,
    basket: &Basket,
    goods: &Goods<'_>,
) -> Result<Reach, Vec<Miss>> {
    let conditions = &offer.conditions;
    let (at, zone) = (basket.at, basket.zone);
    let mut misses = Vec::new();
    if !conditions.weekdays.is_empty() && !conditions.weekdays.contains(&weekday(at, zone)) {
        misses.push(Miss::Weekday);
    }
    if let Some(hours) = conditions.hours
        && !hours.contain(local_time(at, zone))
    {
        misses.push(Miss::Hours);
    }
    if !allows(&conditions.stores, &basket.store) {
        misses.push(Miss::Store);
    }
    if let Some(minimum) = conditions.minimum_receipt {
        let missing = minimum - goods.minimum_total(conditions);
        if missing.is_positive() {
            misses.push(Miss::MinimumReceipt { missing });
        }
    }
    if conditions.first_purchase && !goods.is_purchase(conditions) {
        misses.push(Miss::FirstPurchase);
    }
    match goods.reach(conditions) {
        Some(Reach::All) if misses.is_empty() && offer.benefit.takes_off() => {
            Ok(goods.discounted())
        }
        Some(reach) if misses.is_empty() => Ok(reach),
        Some(_) => Err(misses),
        None => {
            misses.push(Miss::Items);
            Err(misses)
        }
    }
}

/// An empty list allows everything.
fn allows(list: &[String], value: &str) -> bool {
    list.is_empty() || list.iter().any(|each| each == value)
}
