//! Names of stored things: a type each, so that one cannot be passed for another. UUIDv7, so that they sort by time.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new one, later in order than all before it.
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A member, for ever; meaningless outside.
    MemberId,
    /// A signed-in device of a member.
    DeviceId,
    /// A stored receipt.
    ReceiptId,
    /// One movement of points.
    EntryId,
    /// Points earned together.
    LotId,
    /// A store of the chain.
    StoreId,
    /// A till of a store.
    TillId,
    /// A person who works for the chain.
    StaffId,
    /// A gift promised to a member.
    GrantId,
    /// Any other row: a consent, a message, a child, a log line.
    RowId,
}
