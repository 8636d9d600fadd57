//! Circumstances under which conditions are asked: who comes, where and when, what is bought. Each question knows its own
//! part only, so that a return never judges by a profile that has changed since.

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::{ItemCondition, MemberFacts};
use crate::domain::offers::{MatchedLines, ReceiptGoods};
use crate::domain::time::{Instant, local_date, local_time, weekday};

/// Circumstances under which conditions are asked.
pub(in crate::domain) enum Circumstances<'a, 'g> {
    /// A member on a day, wherever they buy and whatever.
    Member(MemberCircumstances<'a>),
    /// A place and an hour, whoever buys and whatever.
    Place(PlaceAndTime<'a>),
    /// A receipt with its place and hour, whoever buys.
    Receipt(ReceiptCircumstances<'a, 'g>),
}

impl<'a, 'g> Circumstances<'a, 'g> {
    /// Returns the member and the day, where these are asked about.
    pub const fn member(&self) -> Option<&MemberCircumstances<'a>> {
        match self {
            Self::Member(member) => Some(member),
            Self::Place(_) | Self::Receipt(_) => None,
        }
    }

    /// Returns the place and the hour, where these are asked about.
    pub const fn place(&self) -> Option<&PlaceAndTime<'a>> {
        match self {
            Self::Member(_) => None,
            Self::Place(place) => Some(place),
            Self::Receipt(receipt) => Some(&receipt.place),
        }
    }

    /// Returns the receipt, where it is asked about.
    pub const fn receipt(&self) -> Option<&ReceiptCircumstances<'a, 'g>> {
        match self {
            Self::Member(_) | Self::Place(_) => None,
            Self::Receipt(receipt) => Some(receipt),
        }
    }
}

/// A member on a day.
pub(in crate::domain) struct MemberCircumstances<'a> {
    /// Id of the offer.
    pub offer: &'a str,
    /// Facts known of the member.
    pub facts: &'a MemberFacts,
    /// Time of the purchase, or the present.
    pub at: Instant,
    /// Time zone of days.
    pub zone: Tz,
}

impl MemberCircumstances<'_> {
    /// Returns the day.
    pub fn date(&self) -> NaiveDate {
        local_date(self.at, self.zone)
    }

    /// Returns the times of the purchases before this one. The purchase in question never counts for itself: a return
    /// judges it again when it is stored already.
    pub fn purchases_before(&self) -> impl Iterator<Item = Instant> {
        let purchases = self.facts.purchases.iter().copied();
        purchases.filter(|purchase| *purchase < self.at)
    }
}

/// A place and an hour.
#[derive(Debug, Clone, Copy)]
pub struct PlaceAndTime<'a> {
    /// Code of the store; `None` = any store.
    pub store: Option<&'a str>,
    /// The hour.
    pub at: Instant,
    /// Time zone of the store, or of the programme.
    pub zone: Tz,
}

impl PlaceAndTime<'_> {
    /// Returns the day of the week.
    pub fn weekday(&self) -> Weekday {
        weekday(self.at, self.zone)
    }

    /// Returns the time that a clock shows there.
    pub fn time(&self) -> NaiveTime {
        local_time(self.at, self.zone)
    }
}

/// A receipt, as far as an offer is for it.
pub(in crate::domain) struct ReceiptCircumstances<'a, 'g> {
    /// Its store and time.
    pub place: PlaceAndTime<'a>,
    /// Its lines.
    pub goods: &'a ReceiptGoods<'g>,
    /// Goods that the offer names.
    pub items: &'a [ItemCondition],
    /// Lines with these goods; `None` = not all that must be bought is there.
    pub reach: Option<&'a MatchedLines>,
}
