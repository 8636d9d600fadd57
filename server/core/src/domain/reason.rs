//! Why points moved, as data: kept with each entry, put into words only when somebody reads it. It repeats the names
//! and figures of its time, so that a later version of the programme never changes an old explanation.

use super::amounts::{BasisPoints, Money, Points};
use super::ledger::EntryKind;
use super::programme::LocalisedText;

/// Why points moved. Points are counted without a sign: the entry's kind says which way they went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryReason {
    /// A purchase at the tier's rate: «5 % of 1 240 ₽ for Silver = 62».
    Purchase {
        /// What was paid in money, without excluded categories.
        base: Money,
        /// The tier's rate.
        rate: BasisPoints,
        /// The tier's name.
        tier: LocalisedText,
        /// What came of it.
        points: Points,
    },
    /// An offer gave extra points: «3 % of 1 240 ₽ by the offer "Double points" = 37».
    Offer {
        /// The offer's id.
        offer: String,
        /// Its title.
        title: LocalisedText,
        /// What it gave.
        points: Points,
        /// Of what, where it is no fixed number; entries from before this was stored say nothing.
        of: Option<RewardedShare>,
    },
    /// Points paid a part of a receipt.
    Spend {
        /// How many.
        points: Points,
        /// What they were worth.
        money: Money,
        /// What the receipt cost after discounts.
        total: Money,
    },
    /// The profile was filled in.
    ProfileCompleted {
        /// What it gave.
        points: Points,
    },
    /// The life of the points was over.
    Expired {
        /// How many.
        points: Points,
    },
    /// The hold of the points was over.
    Activated {
        /// How many became usable.
        points: Points,
    },
    /// Support corrected the balance.
    Adjusted {
        /// By how many.
        points: Points,
        /// Why, in the words of the person who did it.
        note: String,
    },
    /// Goods went back, and what is left of the purchase earns otherwise: «the purchase earns 30 instead of 62».
    Returned {
        /// How many.
        points: Points,
        /// What the purchase earns; entries from before this was stored say nothing.
        of: Option<RecalculatedEarnings>,
    },
    /// Goods went back: points that had paid for them were given back.
    Restored {
        /// How many.
        points: Points,
    },
    /// What should have been taken was not there any more.
    Debt {
        /// How many.
        points: Points,
        /// What took them.
        cause: DebtCause,
    },
    /// New points paid a debt.
    Settled {
        /// How many.
        points: Points,
    },
    /// Points came from another account, or went to one.
    Transfer {
        /// How many.
        points: Points,
        /// Why, in the words of the person who did it.
        note: String,
    },
}

/// Of how much money an offer gives points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RewardedShare {
    /// What was paid in money for the goods that it is for, without excluded categories.
    pub base: Money,
    /// The offer's own rate, or the tier's where it multiplies that.
    pub rate: BasisPoints,
    /// Where it multiplies, how much it adds to once the tier's points: 10 000 doubles them.
    pub more: Option<BasisPoints>,
}

impl RewardedShare {
    /// The one rate that does the same, where it is a whole number of basis points.
    pub fn rate_of_base(self) -> Option<BasisPoints> {
        let Some(more) = self.more else {
            return Some(self.rate);
        };
        let product = u64::from(self.rate.0) * u64::from(more.0);
        let whole = u64::from(BasisPoints::WHOLE.0);
        let exact = product.is_multiple_of(whole);
        exact
            .then(|| u32::try_from(product / whole).map(BasisPoints).ok())
            .flatten()
    }
}

/// What a purchase earns, with and without what went back. The difference is what was taken, where all of it was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecalculatedEarnings {
    /// Before the return.
    pub before: Points,
    /// After it.
    pub after: Points,
}

/// What took more points than there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DebtCause {
    /// Goods went back after the points for them were spent. Entries from before causes were stored say nothing and mean this.
    #[default]
    Return,
    /// Support took points.
    Correction,
    /// The debt came with an account that was joined to this one.
    Transfer,
    /// The debt was left in an account that the same person had closed.
    ClosedAccount,
}

impl EntryReason {
    /// A debt of so many points that is left when points are taken under `kind`.
    pub const fn new_debt(points: Points, kind: EntryKind) -> Self {
        let cause = match kind {
            EntryKind::Adjust => DebtCause::Correction,
            EntryKind::Transfer => DebtCause::Transfer,
            _ => DebtCause::Return,
        };
        Self::Debt { points, cause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multiplied_rate_is_told_as_one_rate_where_that_is_exact() {
        let share = |rate, more| RewardedShare {
            base: Money(124_000),
            rate: BasisPoints(rate),
            more,
        };
        let told = |rate, more| share(rate, more).rate_of_base();
        assert_eq!(told(500, None), Some(BasisPoints(500)));
        assert_eq!(told(300, Some(BasisPoints(10_000))), Some(BasisPoints(300)));
        assert_eq!(told(300, Some(BasisPoints(5_000))), Some(BasisPoints(150)));
        assert_eq!(told(333, Some(BasisPoints(5_000))), None);
    }
}
