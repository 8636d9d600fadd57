//! Names of what entries do and of where lots stand, as stored. A name never changes its meaning.

use strum::{EnumString, IntoStaticStr};

/// Kind of an entry: what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum EntryKind {
    /// Points come in.
    Earn,
    /// Points become usable.
    Activate,
    /// Points pay.
    Spend,
    /// The life of points is over.
    Expire,
    /// Earned points are taken back.
    Return,
    /// Spent points are given back.
    Restore,
    /// Support corrects.
    Adjust,
    /// Points could not be taken back.
    Debt,
    /// New points pay a debt.
    Settle,
    /// Points change the account.
    Transfer,
}

impl EntryKind {
    /// Name as stored.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// State of a lot as stored; may lag behind its dates until the next catching up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum LotState {
    /// Waits for its activation.
    Pending,
    /// Can be spent.
    Active,
    /// Holds nothing any more.
    Closed,
}

impl LotState {
    /// Name as stored.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
