//! Storage: one SQL text for every engine, a module per aggregate. Functions take a transaction and never commit it:
//! the use case owns it.

pub mod cards;
pub mod chain;
pub mod challenges;
pub mod consents;
pub mod devices;
pub mod engine;
pub mod invitations;
pub mod ledger;
pub mod members;
pub mod offers;
pub mod outbox;
pub mod profiles;
pub mod programmes;
pub mod receipts;
pub mod tills;

pub use engine::{Db, Tx};

/// What storage can answer instead of data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used at all: tell the operator.
    #[error("the database {path} cannot be opened: {cause}")]
    Unopened {
        /// The file.
        path: String,
        /// What the engine said.
        cause: String,
    },
    /// A later version of the program wrote it: tell the operator.
    #[error(
        "the database {path} was written by a newer version of kopilka (it has migration {version}); \
         install that version or restore an older copy"
    )]
    Newer {
        /// The file.
        path: String,
        /// The unknown migration.
        version: i64,
    },
    /// The same thing is there already: the caller decides what that means.
    #[error("already stored")]
    Duplicate,
    /// A stored document cannot be read: a fault of ours, to be logged.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    /// The engine failed: a fault of ours, to be logged.
    #[error("database: {0}")]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Duplicate,
            _ => Self::Database(error),
        }
    }
}
