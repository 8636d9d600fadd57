//! Forms in which receipts and returns that wait, and effects of returns, are stored.

use super::{ReturnDraft, ReturnEffect, ReturnedLine, ReturnedSaleName, SaleDraft};
use crate::mirror::{mirror_by_from, mirror_structs};
use crate::store::json::{
    StoredAsJson, StoredReturnDraft, StoredReturnEffect, StoredReturnedLine, StoredSaleDraft,
    StoredSaleName,
};

mirror_structs! {
    StoredSaleDraft as SaleDraft { visit, code, series, shift, number, at, lines, spend }
    StoredReturnDraft as ReturnDraft { sale, series, shift, number, at, lines }
    StoredReturnedLine as ReturnedLine { position, quantity, amount, refund }
    StoredReturnEffect as ReturnEffect {
        lines, refund, restored, spent, taken_back, expired, debt, earned, offers_lost, gifts_withdrawn, gifts_to_collect,
    }
}

impl From<ReturnedSaleName> for StoredSaleName {
    fn from(name: ReturnedSaleName) -> Self {
        match name {
            ReturnedSaleName::Id(id) => Self::Id(id),
            ReturnedSaleName::Number {
                series,
                shift,
                number,
            } => Self::Number {
                series,
                shift,
                number,
            },
        }
    }
}

impl From<StoredSaleName> for ReturnedSaleName {
    fn from(name: StoredSaleName) -> Self {
        match name {
            StoredSaleName::Id(id) => Self::Id(id),
            StoredSaleName::Number {
                series,
                shift,
                number,
            } => Self::Number {
                series,
                shift,
                number,
            },
        }
    }
}

mirror_by_from!(ReturnedSaleName => StoredSaleName);
mirror_by_from!(StoredSaleName => ReturnedSaleName);

impl StoredAsJson for SaleDraft {
    type Form = StoredSaleDraft;
}

impl StoredAsJson for ReturnDraft {
    type Form = StoredReturnDraft;
}

impl StoredAsJson for ReturnEffect {
    type Form = StoredReturnEffect;
}
