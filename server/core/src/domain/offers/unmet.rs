//! Reasons why an offer is not given, as data, and what each of them means for the places that show offers. Their
//! stored form is in `store/json`, that of the POS API in `pos_v1`.

use super::offer_text::{OfferText, OfferTextValue};
use crate::domain::amounts::Money;

/// One reason why an offer is not given.
#[derive(strum::EnumIter, Debug, Clone, PartialEq, Eq)]
pub enum UnmetCondition {
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

/// Effect of an unmet condition on how an offer is shown to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalletEffect {
    /// The offer is not shown: it is not, or no longer, meant for this member.
    Hidden,
    /// The offer is shown as used.
    UsedUp,
    /// The offer is shown with what is missing.
    Missing,
    /// The offer waits for the member's tap.
    AwaitsTap,
}

/// Meaning of an unmet condition for the places that show offers.
#[derive(Debug, Clone, Copy)]
struct Classification<'a> {
    wallet_effect: WalletEffect,
    is_one_step_away: bool,
    is_worth_saying: bool,
    is_for_others: bool,
    named_offer: Option<&'a str>,
}

impl Classification<'_> {
    const fn with_effect(wallet_effect: WalletEffect) -> Self {
        Self {
            wallet_effect,
            is_one_step_away: false,
            is_worth_saying: false,
            is_for_others: false,
            named_offer: None,
        }
    }
}

impl UnmetCondition {
    /// Returns one of each kind, with values of no meaning: for tests that no kind is forgotten anywhere.
    pub fn of_each_kind() -> impl Iterator<Item = Self> {
        <Self as strum::IntoEnumIterator>::iter()
    }

    /// Returns what it means, everywhere: a new variant decides all of it here.
    fn classify(&self) -> Classification<'_> {
        let hidden = Classification::with_effect(WalletEffect::Hidden);
        let missing = Classification::with_effect(WalletEffect::Missing);
        match self {
            Self::OutsideDates | Self::Children | Self::Pets | Self::Car | Self::FirstPurchase => {
                hidden
            }
            Self::NotListed => Classification {
                is_for_others: true,
                ..hidden
            },
            Self::UsedUp => Classification::with_effect(WalletEffect::UsedUp),
            Self::NotActivated => Classification {
                is_one_step_away: true,
                is_worth_saying: true,
                ..Classification::with_effect(WalletEffect::AwaitsTap)
            },
            Self::Purchases { missing: count } => Classification {
                is_one_step_away: *count == 1,
                is_worth_saying: true,
                ..missing
            },
            Self::MinimumReceipt { .. } => Classification {
                is_worth_saying: true,
                ..missing
            },
            Self::BetterInGroup { offer } => Classification {
                named_offer: Some(offer),
                ..missing
            },
            Self::Weekday
            | Self::Hours
            | Self::Store
            | Self::Items
            | Self::Tier
            | Self::Birthday
            | Self::Absent { .. }
            | Self::Consent
            | Self::NotToday
            | Self::Budget
            | Self::NothingToGain => missing,
        }
    }

    /// Returns what it does to the offer in the list of a member's offers.
    pub fn wallet_effect(&self) -> WalletEffect {
        self.classify().wallet_effect
    }

    /// Returns whether the member can meet it by one step: the tap, or one more purchase.
    pub fn is_one_step_away(&self) -> bool {
        self.classify().is_one_step_away
    }

    /// Returns whether a cashier can help with it by a word, while the receipt is open.
    pub fn is_worth_saying(&self) -> bool {
        self.classify().is_worth_saying
    }

    /// Returns whether the offer is for members whom the chain has named, and this one is not among them: nothing about it
    /// is shown to them, not even that they missed it.
    pub fn is_for_others(&self) -> bool {
        self.classify().is_for_others
    }

    /// Returns the id of the other offer that it names.
    pub fn named_offer(&self) -> Option<&str> {
        self.classify().named_offer
    }

    /// Returns the words for it: what is missing, or why the offer was not used.
    pub fn describe(&self) -> OfferText {
        match self {
            Self::MinimumReceipt { missing } => OfferText::new("miss-minimum-receipt")
                .with("missing", OfferTextValue::Money(*missing)),
            Self::Absent { days } => OfferText::counted("miss-absent", i64::from(*days)),
            Self::Purchases { missing } => OfferText::counted("miss-purchases", *missing),
            Self::BetterInGroup { offer } => OfferText::new("miss-better-in-group")
                .with("title", OfferTextValue::OfferTitle(offer.clone())),
            Self::OutsideDates => OfferText::new("miss-outside-dates"),
            Self::Weekday => OfferText::new("miss-weekday"),
            Self::Hours => OfferText::new("miss-hours"),
            Self::Store => OfferText::new("miss-store"),
            Self::Items => OfferText::new("miss-items"),
            Self::Tier => OfferText::new("miss-tier"),
            Self::Birthday => OfferText::new("miss-birthday"),
            Self::Children => OfferText::new("miss-children"),
            Self::Pets => OfferText::new("miss-pets"),
            Self::Car => OfferText::new("miss-car"),
            Self::FirstPurchase => OfferText::new("miss-first-purchase"),
            Self::Consent => OfferText::new("miss-consent"),
            Self::NotListed => OfferText::new("miss-not-listed"),
            Self::NotActivated => OfferText::new("miss-not-activated"),
            Self::UsedUp => OfferText::new("miss-used-up"),
            Self::NotToday => OfferText::new("miss-not-today"),
            Self::Budget => OfferText::new("miss-budget"),
            Self::NothingToGain => OfferText::new("miss-nothing-to-gain"),
        }
    }
}
