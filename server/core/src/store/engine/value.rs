//! Values as they are bound to statements, and which types are stored as which of them.

use uuid::Uuid;

use super::row::ColumnValue;
use crate::domain::amounts::{Money, Points, Quantity};
use crate::domain::card_scheme::CardScheme;
use crate::domain::chain::{PairingMethod, StoreStatus, TillKind};
use crate::domain::consents::Channel;
use crate::domain::corrections::{CorrectionState, SupportRequestKind};
use crate::domain::ledger::{EntryKind, LotState};
use crate::domain::profile::Species;
use crate::domain::receipt::{ReceiptKind, Unit};
use crate::domain::roles::Role;
use crate::domain::spend_answer::SpendAnswer;
use crate::domain::tiers::TierChangeCause;
use crate::domain::time::Instant;
use crate::ids::{
    DeviceId, EntryId, GrantId, LotId, MemberId, ReceiptId, RowId, StaffId, StoreId, TillId,
};
use crate::store::StoreError;
use crate::store::audit::Action;

/// A value bound to a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum SqlValue {
    /// A whole number: an amount, points, an instant.
    Int(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// An id.
    Id(Option<Uuid>),
    /// A hash or a secret.
    Bytes(Option<Vec<u8>>),
    /// Yes or no.
    Bool(Option<bool>),
}

/// Kind of value that a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A whole number.
    Int,
    /// Text.
    Text,
    /// An id that the engine knows as such; SQLite keeps ids as bytes.
    Id,
    /// Bytes.
    Bytes,
    /// Yes or no.
    Bool,
}

/// Text as every engine can keep it: PostgreSQL has no NUL, so none is stored or searched for anywhere.
fn without_nul(text: impl Into<String>) -> String {
    let text = text.into();
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

macro_rules! values {
    ($($from:ty => $variant:ident($map:expr)),+ $(,)?) => {$(
        impl From<$from> for SqlValue {
            fn from(value: $from) -> Self {
                Self::$variant(Some($map(value)))
            }
        }
        impl From<Option<$from>> for SqlValue {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map($map))
            }
        }
    )+};
}

values! {
    i64 => Int(|value| value),
    &str => Text(without_nul),
    String => Text(without_nul),
    Uuid => Id(|value| value),
    Vec<u8> => Bytes(|value| value),
    bool => Bool(|value| value),
}

/// Types around a stored form: bound and read as it.
macro_rules! wrappers {
    ($form:ty as $variant:ident: $($name:ident),+ $(,)?) => {$(
        values! { $name => $variant(|value: $name| value.0) }

        impl ColumnValue for $name {
            type Stored = $form;
            fn from_stored(stored: $form) -> Result<Self, StoreError> {
                Ok(Self(stored))
            }
        }
    )+};
}

wrappers!(i64 as Int: Instant, Money, Points, Quantity);
wrappers!(
    Uuid as Id: DeviceId, EntryId, GrantId, LotId, MemberId, ReceiptId, RowId, StaffId, StoreId, TillId,
);

/// Names that are stored as text. A text that is no such name cannot be read.
macro_rules! names {
    ($($name:ident),+ $(,)?) => {$(
        values! { $name => Text(|value: $name| value.as_str().to_owned()) }

        impl ColumnValue for $name {
            type Stored = String;
            fn from_stored(stored: String) -> Result<Self, StoreError> {
                stored.parse().map_err(|_| {
                    StoreError::Unreadable(format!("{stored} is no {}", stringify!($name)))
                })
            }
        }
    )+};
}

names!(
    Action,
    TierChangeCause,
    Channel,
    CorrectionState,
    EntryKind,
    LotState,
    PairingMethod,
    ReceiptKind,
    Role,
    CardScheme,
    Species,
    SpendAnswer,
    StoreStatus,
    SupportRequestKind,
    TillKind,
    Unit,
);
