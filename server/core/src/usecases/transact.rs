//! Transactions that write. Each is tried again where others were in the way: a try is a transaction of its own, from the
//! beginning, and one that failed has stored nothing.

use std::time::Duration;

use crate::entropy;
use crate::usecases::Error;

/// Tries before the caller is told to come again.
const TRIES: u32 = 8;
/// Longest pause before the second try, in milliseconds; it doubles with each try.
const FIRST_PAUSE_MS: u64 = 8;
/// Seconds after which a caller may try again what stayed [`Error::Busy`].
pub const BUSY_SECONDS: i64 = 1;

/// Does all of the work in one transaction that writes, or nothing of it: `transact!(service.db, |tx| { …; Ok(result) })`. Its value is
/// the result of the work once that is stored, or the error that undid it; `return` and `?` end the work. A refusal that
/// is to be stored is returned within the result. Others that are in the way cost a new try of all of it; after the last one the
/// value is [`Error::Busy`].
///
/// It is no function: a closure that lends the transaction to a future cannot be said to be `Send`.
macro_rules! transact {
    ($db:expr, |$tx:ident| $work:expr) => {
        $crate::usecases::retrying(|| $crate::usecases::attempt!($db, |$tx| $work)).await
    };
}

/// Makes a future that does as `transact!`, but tries once: for one of several transactions that [`retrying`] tries again
/// together.
macro_rules! attempt {
    ($db:expr, |$tx:ident| $work:expr) => {
        $crate::usecases::transact::fallible(async {
            let mut open = $db.write().await?;
            let work = async {
                let $tx = &mut open;
                $work
            };
            let done = $crate::usecases::transact::fallible(work).await?;
            open.commit().await?;
            Ok(done)
        })
    };
}

pub(crate) use {attempt, transact};

/// Returns the same future: it says of which kind the error is.
pub(crate) const fn fallible<T, F>(work: F) -> F
where
    F: Future<Output = Result<T, Error>>,
{
    work
}

/// Returns what `attempt` answers, anew for as long as it answers [`Error::Busy`], at most [`TRIES`] times. For writes that
/// are not one transaction: a turn is taken before it begins, or a refusal is written down after it was undone.
///
/// # Errors
/// Whatever `attempt` answered last.
pub(crate) async fn retrying<T, F>(attempt: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    for tried in 1..TRIES {
        match attempt().await {
            Err(Error::Busy) => tokio::time::sleep(pause_after_tries(tried)).await,
            answer => return answer,
        }
    }
    attempt().await
}

/// Returns the pause after so many tries: longer after each, and by chance, so that two in each other's way do not meet again.
fn pause_after_tries(tried: u32) -> Duration {
    let most = FIRST_PAUSE_MS << (tried - 1);
    Duration::from_millis(1 + entropy::random_number().unwrap_or(most) % most)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::domain::actor::Actor;
    use crate::domain::time::Instant;
    use crate::ids::RowId;
    use crate::store::audit::{self, Action, AuditLine};
    use crate::store::engine::{WriteEffect, sql};
    use crate::store::{Exemption, StoreError};
    use crate::usecases::checkout::receipts::tests::rig::open;
    use kopilka_testing::place::Place;

    /// Files with transactions that are begun by hand, how many, and why.
    const BY_HAND: [(&str, usize, &str); 13] = [
        (
            "store/backup.rs",
            2,
            "all rows are copied in one transaction, of a backup too",
        ),
        (
            "store/bulk_load.rs",
            1,
            "a demo chain is stored in one transaction",
        ),
        ("store/engine/mod.rs", 1, "rows of tests and benches"),
        (
            "usecases/checkout/claim_codes.rs",
            1,
            "a refusal that is logged undoes the claim first",
        ),
        (
            "usecases/demo/mod.rs",
            1,
            "looks whether there is anything, and writes nothing",
        ),
        (
            "usecases/jobs/nightly/night.rs",
            2,
            "a batch that fails is done member by member; where others are in the way, it is tried again",
        ),
        (
            "usecases/checkout/fraud_limits/overrides.rs",
            1,
            "the till's turn is taken first, and a wrong code is counted after the undoing",
        ),
        (
            "usecases/checkout/receipts/parking.rs",
            1,
            "a refusal that is kept undoes the sale first",
        ),
        (
            "usecases/checkout/receipts/returning.rs",
            1,
            "a parked return is settled after its commit",
        ),
        (
            "usecases/checkout/receipts/selling.rs",
            1,
            "the till's turn is taken first, and a wrong code is counted after the undoing",
        ),
        (
            "usecases/checkout/till.rs",
            1,
            "the till's turn is taken first, and a wrong code is counted after the undoing",
        ),
        (
            "usecases/checkout/till/till_enrolment.rs",
            1,
            "the till's turn is taken first, and a wrong code is counted after the undoing",
        ),
        ("usecases/transact.rs", 1, "the macro itself"),
    ];

    fn count_by_hand(folder: &Path, root: &Path, found: &mut BTreeMap<String, usize>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                count_by_hand(&path, root, found);
            } else if !path.components().any(|part| part.as_os_str() == "tests") {
                let text = std::fs::read_to_string(&path).unwrap();
                let count = [
                    concat!(".write()", ".await?"),
                    concat!(".write_many()", ".await?"),
                ]
                .iter()
                .map(|begins| text.matches(begins).count())
                .sum();
                if count > 0 {
                    let name = path.strip_prefix(root).unwrap();
                    found.insert(name.to_str().unwrap().replace('\\', "/"), count);
                }
            }
        }
    }

    // A new one belongs here only where it is one of several that `retrying` tries again together.
    #[test]
    fn use_cases_and_storage_write_by_the_macro() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = BTreeMap::new();
        for folder in ["usecases", "store"] {
            count_by_hand(&root.join(folder), &root, &mut found);
        }
        let known = BY_HAND.map(|(file, count, _)| (file.to_owned(), count));
        assert_eq!(found, BTreeMap::from(known));
    }

    /// Adds the Rust files below a folder that hold a text.
    fn find_files_with(text: &str, folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                find_files_with(text, &path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && std::fs::read_to_string(&path).unwrap().contains(text)
            {
                found.push(path.display().to_string().replace('\\', "/"));
            }
        }
    }

    // `Database::write` is private to this crate; these are the only other ways to a transaction that writes. The second is used
    // by the command that fills a demo chain: a name that is found nowhere would be an outdated one.
    #[test]
    fn pages_commands_and_jobs_write_by_use_cases() {
        let core = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = Vec::new();
        for folder in ["../src", "../../src"] {
            let folder = core.join(folder);
            find_files_with("write_test_data", &folder, &mut found);
            find_files_with("BulkLoader::", &folder, &mut found);
        }
        let names: Vec<&str> = found
            .iter()
            .filter_map(|file| file.split_once("core/../").map(|(_, name)| name))
            .collect();
        assert_eq!(names, ["src/commands/demo.rs"]);
    }

    #[tokio::test]
    async fn a_write_without_a_line_or_an_exemption_is_not_stored() {
        let place = Place::new();
        let db = open(&place).await;
        let insert = || {
            sql("INSERT INTO leases (name, holder, until) VALUES ('test', $1, 0)")
                .bind(RowId::new())
        };
        let count = async || {
            let mut tx = db.read().await.unwrap();
            let count: i64 = sql("SELECT COUNT(*) FROM leases")
                .fetch_value(&mut tx)
                .await
                .unwrap();
            count
        };
        let now: Result<(), Error> = transact!(db, |tx| {
            insert().execute(tx).await?;
            Ok(())
        });
        let later: Result<(), Error> = transact!(db, |tx| {
            insert().defer(tx, WriteEffect::Adds("leases"));
            Ok(())
        });
        for refused in [now, later] {
            let Err(Error::Fault(why)) = refused else {
                panic!("{refused:?}");
            };
            assert_eq!(why, StoreError::Unaccounted.to_string());
            assert_eq!(count().await, 0);
        }
        let nothing: Result<u64, Error> = transact!(db, |tx| {
            Ok(sql("DELETE FROM leases").execute(tx).await?)
        });
        assert_eq!(nothing.unwrap(), 0);
        let exempt: Result<(), Error> = transact!(db, |tx| {
            tx.exempt(Exemption::JobLease);
            insert().execute(tx).await?;
            Ok(())
        });
        exempt.unwrap();
        assert_eq!(count().await, 1);
        let logged: Result<(), Error> = transact!(db, |tx| {
            sql("DELETE FROM leases").execute(tx).await?;
            let line = AuditLine::new(Action::NightBatch, &Actor::Job);
            Ok(audit::log(tx, line, Instant(7)).await?)
        });
        logged.unwrap();
        assert_eq!(count().await, 0);
        let returning: Result<Option<String>, Error> = transact!(db, |tx| {
            Ok(sql("UPDATE audit SET subject = 'x' RETURNING subject")
                .fetch_optional_value(tx)
                .await?)
        });
        assert!(returning.is_err());
    }

    #[tokio::test]
    async fn what_was_busy_is_tried_again_and_what_was_refused_is_not() {
        let tries = AtomicU32::new(0);
        let answer = retrying(|| async {
            match tries.fetch_add(1, Ordering::Relaxed) {
                0 | 1 => Err(Error::Busy),
                _ => Ok(7),
            }
        });
        assert_eq!(answer.await.unwrap(), 7);
        let tries = AtomicU32::new(0);
        let answer: Result<(), Error> = retrying(|| async {
            tries.fetch_add(1, Ordering::Relaxed);
            Err(Error::Fault("once".to_owned()))
        })
        .await;
        assert!(answer.is_err());
        assert_eq!(tries.into_inner(), 1);
    }

    #[tokio::test]
    async fn what_stays_busy_is_said_so() {
        let tries = AtomicU32::new(0);
        let answer: Result<(), Error> = retrying(|| async {
            tries.fetch_add(1, Ordering::Relaxed);
            Err(Error::Busy)
        })
        .await;
        assert!(matches!(answer, Err(Error::Busy)));
        assert_eq!(tries.into_inner(), TRIES);
    }
}
