//! The two chains of sealed lines, and which columns each version of their contents seals.

use crate::store::engine::ColumnKind;

/// Chain of sealed lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SealChain {
    /// Lines of the audit log.
    Audit,
    /// Entries of the ledger, each with its allocations.
    Ledger,
}

/// A column that is sealed.
pub type SealedColumn = (&'static str, ColumnKind);

/// Columns of an audit line, in the order in which they came. New ones are added at the end.
const AUDIT: &[SealedColumn] = &[
    ("id", ColumnKind::Id),
    ("at", ColumnKind::Int),
    ("till_id", ColumnKind::Id),
    ("staff_id", ColumnKind::Id),
    ("device_id", ColumnKind::Id),
    ("member_id", ColumnKind::Id),
    ("action", ColumnKind::Text),
    ("subject", ColumnKind::Text),
    ("outcome", ColumnKind::Text),
    ("named_staff_id", ColumnKind::Id),
    ("actor", ColumnKind::Text),
];
/// Columns of an entry. New ones are added at the end.
const ENTRY: &[SealedColumn] = &[
    ("id", ColumnKind::Id),
    ("member_id", ColumnKind::Id),
    ("kind", ColumnKind::Text),
    ("points", ColumnKind::Int),
    ("lot_id", ColumnKind::Id),
    ("receipt_id", ColumnKind::Id),
    ("corrects", ColumnKind::Id),
    ("programme_version", ColumnKind::Int),
    ("reason", ColumnKind::Text),
    ("author", ColumnKind::Text),
    ("at", ColumnKind::Int),
];
/// Columns of an allocation. New ones are added at the end.
pub(super) const ALLOCATION: &[SealedColumn] = &[
    ("entry_id", ColumnKind::Id),
    ("lot_id", ColumnKind::Id),
    ("member_id", ColumnKind::Id),
    ("points", ColumnKind::Int),
];

/// Numbers of columns that a version of the contents seals: of the line, and of each of its allocations. The first is version
/// 1. A new column is sealed from the next version on; lines that were sealed before stay valid under theirs.
pub type SealedWidths = (usize, usize);

const AUDIT_VERSIONS: &[SealedWidths] = &[(10, 0), (11, 0)];
const LEDGER_VERSIONS: &[SealedWidths] = &[(11, 4)];

impl SealChain {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Audit, Self::Ledger];

    /// Stable name: it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Ledger => "ledger",
        }
    }

    /// Table of the lines.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Ledger => "entries",
        }
    }

    /// Table of the seals.
    pub(super) const fn seals(self) -> &'static str {
        match self {
            Self::Audit => "audit_seals",
            Self::Ledger => "ledger_seals",
        }
    }

    /// Columns of a line that the newest version seals.
    pub const fn columns(self) -> &'static [SealedColumn] {
        match self {
            Self::Audit => AUDIT,
            Self::Ledger => ENTRY,
        }
    }

    /// Columns of the allocations of a line that the newest version seals.
    pub const fn allocation_columns(self) -> &'static [SealedColumn] {
        match self {
            Self::Audit => &[],
            Self::Ledger => ALLOCATION,
        }
    }

    const fn versions(self) -> &'static [SealedWidths] {
        match self {
            Self::Audit => AUDIT_VERSIONS,
            Self::Ledger => LEDGER_VERSIONS,
        }
    }

    /// Returns the newest version of the contents.
    pub fn newest_version(self) -> i64 {
        i64::try_from(self.versions().len()).unwrap_or(i64::MAX)
    }

    /// Returns how many columns a version seals; `None` = there is no such version.
    pub fn widths(self, version: i64) -> Option<SealedWidths> {
        let position = usize::try_from(version.checked_sub(1)?).ok()?;
        self.versions().get(position).copied()
    }
}
