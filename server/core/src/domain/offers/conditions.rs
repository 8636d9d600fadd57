//! Conditions of an offer: the variants, and how they are written in a document. Each type of condition implements
//! [`ConditionRule`]: its check, its validation, its description and the facts that it needs.

mod circumstances;
mod list;
mod member;
mod purchases;
mod receipt;
mod time_and_place;

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

pub use circumstances::PlaceAndTime;
pub(in crate::domain) use circumstances::{
    Circumstances, MemberCircumstances, ReceiptCircumstances,
};
pub use list::Conditions;
pub use member::{
    AgeRange, BirthdayWithin, CarOwner, ConsentCondition, FactsNeeded, MemberFacts, MemberIds,
    NamedMembers, PetSpecies, TierIds,
};
pub use purchases::{Absence, FirstPurchase, Purchases};
pub use receipt::{ItemCondition, ItemConditions, MinimumReceipt};
pub use time_and_place::{Hours, Period, StoreCodes, Weekdays};

use super::offer_text::OfferText;
use super::text;
use super::unmet::UnmetCondition;
use crate::domain::amounts::Money;
use crate::domain::profile::Species;
use crate::domain::programme::{DocumentPath, FaultCollector, Programme};

/// One condition of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Days from the first to the last.
    Period(Period),
    /// Days of the week.
    Weekdays(Weekdays),
    /// Time of the day.
    Hours(Hours),
    /// Stores.
    Stores(StoreCodes),
    /// Sum that the lines cost together, at least.
    MinimumReceipt(MinimumReceipt),
    /// Goods that are bought.
    Items(ItemConditions),
    /// Tiers of the member.
    Tiers(TierIds),
    /// Birthday that is near.
    Birthday(BirthdayWithin),
    /// Age of a child.
    ChildrenAge(AgeRange),
    /// Species of a pet.
    Pets(PetSpecies),
    /// Car.
    Car(CarOwner),
    /// Time without a purchase.
    Absence(Absence),
    /// Purchases before this one.
    Purchases(Purchases),
    /// No purchase before this one.
    FirstPurchase(FirstPurchase),
    /// Consent to messages.
    Consent(ConsentCondition),
    /// Place in the offer's list of members.
    NamedMembers(NamedMembers),
    /// Member's id in the document: only in versions that were stored before offers had lists.
    MemberIds(MemberIds),
}

/// All that the program asks of a type of condition.
pub(in crate::domain) trait ConditionRule {
    /// Returns why the condition does not hold; `None` = it holds, or these circumstances do not decide on it.
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition>;

    /// Adds what is wrong with the condition in a document.
    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector);

    /// Returns the condition in words.
    fn describe(&self) -> OfferText;

    /// Returns the facts that the check needs beyond those that are always known of a member.
    fn facts_needed(&self) -> FactsNeeded;
}

/// Surroundings of a condition in a document.
pub(in crate::domain) struct ConditionScope<'a> {
    /// Programme of the offer.
    pub programme: &'a Programme,
    /// Id of the offer.
    pub offer: &'a str,
    /// All conditions of the offer.
    pub conditions: &'a Conditions,
    /// Place of the conditions in the document.
    pub path: &'a DocumentPath,
}

impl Condition {
    /// Returns the rule of the condition.
    fn rule(&self) -> &dyn ConditionRule {
        match self {
            Self::Period(rule) => rule,
            Self::Weekdays(rule) => rule,
            Self::Hours(rule) => rule,
            Self::Stores(rule) => rule,
            Self::MinimumReceipt(rule) => rule,
            Self::Items(rule) => rule,
            Self::Tiers(rule) => rule,
            Self::Birthday(rule) => rule,
            Self::ChildrenAge(rule) => rule,
            Self::Pets(rule) => rule,
            Self::Car(rule) => rule,
            Self::Absence(rule) => rule,
            Self::Purchases(rule) => rule,
            Self::FirstPurchase(rule) => rule,
            Self::Consent(rule) => rule,
            Self::NamedMembers(rule) => rule,
            Self::MemberIds(rule) => rule,
        }
    }

    /// Returns the condition in words.
    pub fn describe(&self) -> OfferText {
        self.rule().describe()
    }

    /// Returns the names that it has in common with other documents: stores, categories, named members.
    const fn mentioned_names(&self) -> NamesInCondition<'_> {
        match self {
            Self::Stores(StoreCodes(codes)) => NamesInCondition::Stores(codes.as_slice()),
            Self::Items(ItemConditions(items)) => NamesInCondition::Goods(items.as_slice()),
            Self::NamedMembers(_) | Self::MemberIds(_) => NamesInCondition::Members,
            Self::Period(_)
            | Self::Weekdays(_)
            | Self::Hours(_)
            | Self::MinimumReceipt(_)
            | Self::Tiers(_)
            | Self::Birthday(_)
            | Self::ChildrenAge(_)
            | Self::Pets(_)
            | Self::Car(_)
            | Self::Absence(_)
            | Self::Purchases(_)
            | Self::FirstPurchase(_)
            | Self::Consent(_) => NamesInCondition::Nothing,
        }
    }
}

/// Things outside the programme that a condition names.
enum NamesInCondition<'a> {
    Nothing,
    Stores(&'a [String]),
    Goods(&'a [ItemCondition]),
    Members,
}

/// Conditions of an offer as written: when, where, for what and to whom it is given. All are optional; a list holds when one
/// of its values does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConditionsDocument {
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
    /// True: only members in the offer's list.
    #[serde(skip_serializing_if = "is_false")]
    pub named_members: bool,
    /// Ids of members: only in documents that were stored before offers had lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}

const fn is_false(flag: &bool) -> bool {
    !*flag
}

fn filled<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

// In the order in which reasons are told. The document is taken apart whole, so that no field of it is forgotten.
impl From<ConditionsDocument> for Conditions {
    fn from(document: ConditionsDocument) -> Self {
        let ConditionsDocument {
            from,
            until,
            weekdays,
            hours,
            stores,
            minimum_receipt,
            items,
            tiers,
            birthday_within,
            children_age,
            pets,
            car,
            absent_days,
            purchases,
            first_purchase,
            consent,
            named_members,
            members,
        } = document;
        let period = (from.is_some() || until.is_some()).then_some(Period { from, until });
        let conditions = [
            period.map(Condition::Period),
            filled(tiers).map(|ids| Condition::Tiers(TierIds(ids))),
            birthday_within.map(|days| Condition::Birthday(BirthdayWithin { days })),
            children_age.map(Condition::ChildrenAge),
            filled(pets).map(|pets| Condition::Pets(PetSpecies(pets))),
            car.then_some(Condition::Car(CarOwner)),
            consent.map(Condition::Consent),
            named_members.then_some(Condition::NamedMembers(NamedMembers)),
            filled(members).map(|ids| Condition::MemberIds(MemberIds(ids))),
            absent_days.map(|days| Condition::Absence(Absence { days })),
            purchases.map(Condition::Purchases),
            filled(weekdays).map(|days| Condition::Weekdays(Weekdays(days))),
            hours.map(Condition::Hours),
            filled(stores).map(|codes| Condition::Stores(StoreCodes(codes))),
            minimum_receipt.map(|sum| Condition::MinimumReceipt(MinimumReceipt(sum))),
            first_purchase.then_some(Condition::FirstPurchase(FirstPurchase)),
            filled(items).map(|items| Condition::Items(ItemConditions(items))),
        ];
        conditions.into_iter().flatten().collect::<Vec<_>>().into()
    }
}

impl From<Conditions> for ConditionsDocument {
    fn from(conditions: Conditions) -> Self {
        let mut document = Self::default();
        for condition in conditions {
            match condition {
                Condition::Period(Period { from, until }) => {
                    (document.from, document.until) = (from, until);
                }
                Condition::Weekdays(Weekdays(days)) => document.weekdays = days,
                Condition::Hours(hours) => document.hours = Some(hours),
                Condition::Stores(StoreCodes(codes)) => document.stores = codes,
                Condition::MinimumReceipt(MinimumReceipt(sum)) => {
                    document.minimum_receipt = Some(sum);
                }
                Condition::Items(ItemConditions(items)) => document.items = items,
                Condition::Tiers(TierIds(ids)) => document.tiers = ids,
                Condition::Birthday(BirthdayWithin { days }) => {
                    document.birthday_within = Some(days);
                }
                Condition::ChildrenAge(ages) => document.children_age = Some(ages),
                Condition::Pets(PetSpecies(pets)) => document.pets = pets,
                Condition::Car(CarOwner) => document.car = true,
                Condition::Absence(Absence { days }) => document.absent_days = Some(days),
                Condition::Purchases(purchases) => document.purchases = Some(purchases),
                Condition::FirstPurchase(FirstPurchase) => document.first_purchase = true,
                Condition::Consent(consent) => document.consent = Some(consent),
                Condition::NamedMembers(NamedMembers) => document.named_members = true,
                Condition::MemberIds(MemberIds(ids)) => document.members = ids,
            }
        }
        document
    }
}
