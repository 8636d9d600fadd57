//! Stores and tills of the chain.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::stored_names::stored_names;

/// Part that a store takes in the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum StoreStatus {
    /// It takes part.
    Active,
    /// It is one of the first that take part.
    Pilot,
    /// It sells nothing under the programme yet.
    Waiting,
}

/// Kind of a till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum TillKind {
    /// Till software with a key of the POS API.
    Pos,
    /// A browser that is paired with it.
    Browser,
    /// A web shop.
    Web,
}

/// Way in which a browser was paired with a till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum PairingMethod {
    /// By the key of the till.
    Key,
    /// By a code that was shown for it.
    Code,
}

stored_names!(PairingMethod, StoreStatus, TillKind);
