//! Storage: one SQL text for every engine, a module per aggregate. Functions take a transaction and never commit it:
//! the use case owns it.

pub mod adjustments;
pub mod answers;
pub mod audit;
pub mod backup;
pub mod bulk_load;
pub mod card_tries;
pub mod cards;
pub mod chain;
pub mod challenges;
pub mod check;
pub mod claims;
pub mod closed_debts;
pub mod code_limits;
pub mod code_uses;
pub mod confirmations;
pub mod consents;
pub mod devices;
pub mod engine;
pub mod figures;
pub mod foreign_ids;
pub mod form_states;
pub mod fraud_limits;
pub mod gifts;
pub mod held_sales;
pub mod identity;
pub mod invitations;
pub mod jobs;
pub mod json;
pub mod key_checks;
pub mod ledger;
pub mod member_snapshot;
pub mod members;
pub mod merged_accounts;
pub mod offer_members;
pub mod offers;
pub mod once_only;
pub mod outbox;
pub mod pairing;
pub mod parked_receipts;
pub mod products;
pub mod profiles;
pub mod programmes;
pub mod put_aside_sales;
pub mod receipt_list;
pub mod receipt_presence;
pub mod receipts;
pub mod sales;
pub mod seals;
pub mod sessions;
pub mod shifts;
pub mod simulation;
pub mod staff_accounts;
pub mod support_requests;
pub mod tiers;
pub mod till_enrolments;
pub mod tills;
pub mod unknown_logins;
pub mod wrong_codes;

pub use engine::{Database, Exemption, PointsChange, PointsNews, ScanTx, Tx};

/// Error that storage can answer instead of data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used at all: tell the operator.
    #[error("the database {path} cannot be opened: {cause}")]
    Unopened {
        /// The file, or the address without its password.
        path: String,
        /// Message of the engine.
        cause: String,
    },
    /// A later version of the program wrote it: tell the operator.
    #[error(
        "the database {path} was written by a newer version of kopilka (it has migration {version}); \
         install that version or restore an older copy"
    )]
    Newer {
        /// The file, or the address without its password.
        path: String,
        /// The unknown migration.
        version: i64,
    },
    /// An earlier version of the program wrote it, and it is left alone: tell the operator.
    #[error(
        "the database {path} was written by an earlier version of kopilka; make a backup with that version, then `kopilka migrate` \
         or `kopilka serve` brings its tables up to date"
    )]
    Older {
        /// The file, or the address without its password.
        path: String,
    },
    /// There is no database where one was expected, and none is made: tell the operator.
    #[error("there is no database in {path}; `kopilka migrate` or `kopilka serve` makes one")]
    Absent {
        /// The folder, or the address without its password.
        path: String,
    },
    /// Request of the operator that cannot be done: a sentence for them.
    #[error("{0}")]
    Said(String),
    /// The same thing is there already: the caller decides what that means. The transaction is lost.
    #[error("already stored")]
    Duplicate,
    /// Others were in the way of this transaction, and it is lost: try it again from its beginning.
    #[error("the database is busy")]
    Busy,
    /// Stored data that cannot be read: a fault of ours, to be logged.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    /// A transaction has changed rows without a line of the audit log: a fault of ours, to be logged. Nothing is stored.
    #[error("a transaction that writes has no line of the audit log")]
    Unaccounted,
    /// The engine failed: a fault of ours, to be logged.
    #[error("database: {0}")]
    Database(engine::DriverError),
}
