//! What the driver of the engines says, as an error of storage.

pub use sqlx::Error as DriverError;

use crate::store::StoreError;

/// Deadlock, serialization failure, lock not available (PostgreSQL); the same file locked for too long (SQLite).
const BUSY: [&str; 7] = ["40P01", "40001", "55P03", "5", "261", "517", "773"];

impl From<DriverError> for StoreError {
    fn from(error: DriverError) -> Self {
        match &error {
            DriverError::Database(inner) if inner.is_unique_violation() => Self::Duplicate,
            DriverError::Database(inner)
                if inner
                    .code()
                    .is_some_and(|code| BUSY.contains(&code.as_ref())) =>
            {
                Self::Busy
            }
            DriverError::ColumnDecode { source, .. } => Self::Unreadable(source.to_string()),
            _ => Self::Database(error),
        }
    }
}

/// The error of a row that must be there and is not.
pub(in crate::store) fn no_row() -> StoreError {
    StoreError::Database(DriverError::RowNotFound)
}
