//! Card of a receipt that waits, as it is stored.

use serde::{Deserialize, Serialize};

use crate::domain::card_scheme::CardScheme;
use crate::ids::{DeviceId, MemberId, StaffId};
use crate::mirror::mirror_enums;

/// A card that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredShownCard {
    /// Member whose card it is.
    pub member: MemberId,
    /// Form in which it was shown.
    pub scheme: StoredScheme,
    /// Device of the code and its 30-second step, for the rotating form.
    pub code: Option<(DeviceId, i64)>,
    /// The senior who has let the visit pass the fraud limits.
    #[serde(default, rename = "lifted_by")]
    pub overridden_by: Option<StaffId>,
}

/// Form in which a card was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredScheme {
    /// The rotating code.
    Rotating,
    /// The static number.
    Fixed,
    /// The EAN-13.
    Ean,
    /// No card: the phone was proven.
    Phone,
}

mirror_enums!(StoredScheme as CardScheme { Rotating Fixed Ean Phone });
