//! Names of what entries do and of where lots stand, as stored. A name never changes its meaning.

use serde::{Deserialize, Serialize};

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// What could not be taken back.
    Debt,
    /// New points pay a debt.
    Settle,
    /// Points change the account.
    Transfer,
}

impl EntryKind {
    /// Name as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Earn => "earn",
            Self::Activate => "activate",
            Self::Spend => "spend",
            Self::Expire => "expire",
            Self::Return => "return",
            Self::Restore => "restore",
            Self::Adjust => "adjust",
            Self::Debt => "debt",
            Self::Settle => "settle",
            Self::Transfer => "transfer",
        }
    }

    /// The kind of this name, where there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "earn" => Self::Earn,
            "activate" => Self::Activate,
            "spend" => Self::Spend,
            "expire" => Self::Expire,
            "return" => Self::Return,
            "restore" => Self::Restore,
            "adjust" => Self::Adjust,
            "debt" => Self::Debt,
            "settle" => Self::Settle,
            "transfer" => Self::Transfer,
            _ => return None,
        })
    }
}

/// State of a lot as stored; may lag behind its dates until the next catching up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Closed => "closed",
        }
    }

    /// The state of this name, where there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "pending" => Self::Pending,
            "active" => Self::Active,
            "closed" => Self::Closed,
            _ => return None,
        })
    }
}
