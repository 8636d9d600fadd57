//! Conditions of an offer, as written. All are optional and all that are written must hold together; a list holds when
//! one of its values does.

use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use super::text;
use crate::domain::amounts::{Money, Quantity};
use crate::domain::consents::{Channel, Purpose};
use crate::domain::profile::Species;
#[cfg(test)]
use crate::domain::receipt::Line;

/// Conditions of an offer: when, where, for what and to whom it is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// First day.
    #[serde(with = "text::maybe", skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(with = "text::maybe", skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Days of the week, as `mon`.
    #[serde(with = "text::many", skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// Time of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Codes of stores.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<String>,
    /// Sum that the lines must cost together before discounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_receipt: Option<Money>,
    /// Goods that must be bought; the benefit is for these lines only. Unlike other lists, all of them must be there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemCondition>,
    /// Ids of tiers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<String>,
    /// Days that the birthday may be away, before or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday_within: Option<u32>,
    /// Age of a child.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children_age: Option<AgeRange>,
    /// Species of a pet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pets: Vec<Species>,
    /// True: only who has a car.
    #[serde(skip_serializing_if = "is_false")]
    pub car: bool,
    /// Days since the last purchase, at least. Who never bought anything was never absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent_days: Option<u32>,
    /// Purchases before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchases: Option<Purchases>,
    /// True: only the first purchase.
    #[serde(skip_serializing_if = "is_false")]
    pub first_purchase: bool,
    /// A consent that the member has given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentCondition>,
    /// Ids of members.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}

const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A time of the day, over midnight where it ends before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Time from which they hold.
    #[serde(with = "text::one")]
    pub from: NaiveTime,
    /// Time at which they end, itself not included.
    #[serde(with = "text::one")]
    pub until: NaiveTime,
}

impl Hours {
    /// Returns whether a clock that shows `time` is within.
    pub fn contain(&self, time: NaiveTime) -> bool {
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

/// Something that must be bought: lines of any of these categories or with any of these codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ItemCondition {
    /// Categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Item codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
    /// Quantity of it in all, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
}

impl ItemCondition {
    /// Returns whether a line is one of these.
    #[cfg(test)]
    pub fn names(&self, line: &Line) -> bool {
        self.categories.contains(&line.category) || self.skus.contains(&line.sku)
    }
}

/// Ages in years, both ends included. Only birth years are known: an age is the one reached in the calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeRange {
    /// Youngest.
    pub from: i32,
    /// Oldest.
    pub until: i32,
}

/// A number of purchases in the days before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchases {
    /// Number of purchases, at least.
    pub count: i64,
    /// Number of days in which they are counted.
    pub within_days: u32,
}

/// A consent that the member has given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentCondition {
    /// Channel of the messages.
    pub channel: Channel,
    /// Purpose of the messages.
    pub purpose: Purpose,
}
