//! The two chains of sealed lines, and which columns each version of their contents seals.

use crate::store::engine::Kind;

/// Chain of sealed lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SealChain {
    /// Lines of the audit log.
    Audit,
    /// Entries of the ledger, each with its allocations.
    Ledger,
}

/// A column that is sealed.
pub type SealedColumn = (&'static str, Kind);

/// Columns of an audit line, in the order in which they came. New ones are added at the end.
const AUDIT: &[SealedColumn] = &[
    ("id", Kind::Id),
    ("at", Kind::Int),
    ("till_id", Kind::Id),
    ("staff_id", Kind::Id),
    ("device_id", Kind::Id),
    ("member_id", Kind::Id),
    ("action", Kind::Text),
    ("subject", Kind::Text),
    ("outcome", Kind::Text),
    ("named_staff_id", Kind::Id),
    ("actor", Kind::Text),
];
/// Columns of an entry. New ones are added at the end.
const ENTRY: &[SealedColumn] = &[
    ("id", Kind::Id),
    ("member_id", Kind::Id),
    ("kind", Kind::Text),
    ("points", Kind::Int),
    ("lot_id", Kind::Id),
    ("receipt_id", Kind::Id),
    ("corrects", Kind::Id),
    ("programme_version", Kind::Int),
    ("reason", Kind::Text),
    ("author", Kind::Text),
    ("at", Kind::Int),
];
/// Columns of an allocation. New ones are added at the end.
pub(super) const ALLOCATION: &[SealedColumn] = &[
    ("entry_id", Kind::Id),
    ("lot_id", Kind::Id),
    ("member_id", Kind::Id),
    ("points", Kind::Int),
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

    /// Columns of a line that the newest version seals, and those of its allocations.
    pub const fn columns(self) -> (&'static [SealedColumn], &'static [SealedColumn]) {
        match self {
            Self::Audit => (AUDIT, &[]),
            Self::Ledger => (ENTRY, ALLOCATION),
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
