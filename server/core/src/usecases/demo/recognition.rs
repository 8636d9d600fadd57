//! Databases that a demo may open: its own, and an empty one. Another chain's is recognised before anything is changed.

use super::{CASHIER_LOGIN, CASHIER_NAME};
use crate::store::engine::inspect::{DatabaseContents, DatabaseInspector};
use crate::store::{StoreError, Tx, chain};

/// Returns whether a demo may be served over a database, whichever version of the program wrote it: it is a demo's, or nothing
/// is in it.
///
/// # Errors
/// [`StoreError`].
pub async fn may_serve(inspector: &mut DatabaseInspector) -> Result<bool, StoreError> {
    match inspector.contents().await? {
        DatabaseContents::Nothing => Ok(true),
        DatabaseContents::Chain => inspector.has_staff(CASHIER_LOGIN, CASHIER_NAME).await,
        DatabaseContents::NotOurs => Ok(false),
    }
}

/// Returns whether the database is a demo's, small or large: its cashier, whose name says so, works there. No command
/// renames or removes a person.
pub(super) async fn is_demo(tx: &mut Tx) -> Result<bool, StoreError> {
    let cashier = chain::staff_by_login(tx, CASHIER_LOGIN).await?;
    Ok(cashier.is_some_and(|cashier| cashier.name == CASHIER_NAME))
}
