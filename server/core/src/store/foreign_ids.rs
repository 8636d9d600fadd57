//! Whether an id is one of somebody else.

use uuid::Uuid;

use super::engine::sql;
use super::{StoreError, Tx};

/// Kind of thing that has one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnedKind {
    /// A device of a member.
    Device,
    /// A movement of a member's points.
    Entry,
    /// A receipt of a member.
    MembersReceipt,
    /// A question to a member.
    Question,
    /// A child in the profile of a member.
    Child,
    /// A gift that was promised to a member, at the tills that have served them.
    Grant,
    /// An account, by the one that it was merged into.
    Account,
    /// A receipt of a store.
    StoresReceipt,
    /// A till of a store.
    Till,
    /// A shift of a till.
    Shift,
}

/// Statement that counts rows of a table with the id `$1` that are neither of the member `$2` nor of an account that was merged
/// into theirs.
macro_rules! of_another_person {
    ($table:literal) => {
        concat!(
            "SELECT COUNT(*) FROM ",
            $table,
            " o WHERE o.id = $1 AND o.member_id <> $2 AND NOT EXISTS \
             (SELECT 1 FROM merged_accounts a WHERE a.merged_id = o.member_id AND a.member_id = $2)"
        )
    };
}

impl OwnedKind {
    /// Word for it in the audit log. Words are stable: they are stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Entry => "entry",
            Self::MembersReceipt | Self::StoresReceipt => "receipt",
            Self::Question => "question",
            Self::Child => "child",
            Self::Grant => "gift",
            Self::Account => "account",
            Self::Till => "till",
            Self::Shift => "shift",
        }
    }

    /// Statement that counts rows with the id `$1` whose owner is not `$2`.
    const fn text(self) -> &'static str {
        match self {
            Self::Device => of_another_person!("devices"),
            Self::Entry => of_another_person!("entries"),
            Self::MembersReceipt => {
                of_another_person!("receipts")
            }
            Self::Question => {
                of_another_person!("confirmations")
            }
            Self::Child => of_another_person!("member_children"),
            // Whoever was served at the till or bought in its store is no stranger to it, also once their visit is over.
            Self::Grant => {
                "SELECT COUNT(*) FROM gift_grants g WHERE g.id = $1 \
                 AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.member_id = g.member_id AND v.till_id = $2) \
                 AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.member_id = g.member_id \
                 AND r.store_id = (SELECT t.store_id FROM tills t WHERE t.id = $2))"
            }
            Self::Account => {
                "SELECT COUNT(*) FROM members m WHERE m.id = $1 AND m.id <> $2 AND NOT EXISTS \
                 (SELECT 1 FROM merged_accounts a WHERE a.merged_id = m.id AND a.member_id = $2)"
            }
            Self::StoresReceipt => "SELECT COUNT(*) FROM receipts WHERE id = $1 AND store_id <> $2",
            Self::Till => "SELECT COUNT(*) FROM tills WHERE id = $1 AND store_id <> $2",
            Self::Shift => "SELECT COUNT(*) FROM shifts WHERE id = $1 AND till_id <> $2",
        }
    }
}

/// Returns whether there is a row with this id, and its owner is another one.
///
/// # Errors
/// [`StoreError`].
pub async fn is_of_another(
    tx: &mut Tx,
    kind: OwnedKind,
    id: Uuid,
    owner: Uuid,
) -> Result<bool, StoreError> {
    let count: i64 = sql(kind.text())
        .bind(id)
        .bind(owner)
        .fetch_value(tx)
        .await?;
    Ok(count > 0)
}
