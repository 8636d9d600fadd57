//! A transaction that has written becomes durable only with a line of the audit log, or for a named reason without one. So
//! no act is forgotten, wherever it is written.

use super::Tx;
use crate::store::StoreError;

/// Reason for which a transaction that writes needs no line of the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exemption {
    /// The last use of a session, a device or a pairing, or the end of a session that is over by itself.
    SessionTouch,
    /// A wrong secret or a wrong code is counted, or such a count is forgotten.
    FailureCount,
    /// A one-time password or a link is on its way, or has proven a phone that nobody has yet. What it leads to has its line.
    OneTimePassword,
    /// A lease of a job is taken, kept or given back.
    JobLease,
    /// The state of a posted form is kept for ten minutes.
    FormState,
    /// Rows whose time is over are deleted.
    Pruning,
    /// Seals of lines, which change no line.
    Seals,
    /// A parked receipt goes on waiting.
    ParkedReceipt,
    /// A hash by which the deployment's secret key is recognised.
    SecretKeyCheck,
    /// Rows of a demo chain, which are made up.
    DemoData,
    /// A whole database is copied to a backup, which has its lines already.
    DatabaseCopy,
    /// Rows that a test or a bench stores past the use cases.
    TestData,
}

/// State of a transaction between its first write and its commit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WriteAccountability {
    /// True once rows were changed.
    wrote: bool,
    /// True once a line was added, or an exemption was named.
    is_accounted_for: bool,
}

impl WriteAccountability {
    /// Checks that what was written may become durable.
    ///
    /// # Errors
    /// [`StoreError::Unaccounted`].
    pub(super) const fn check(self) -> Result<(), StoreError> {
        if self.wrote && !self.is_accounted_for {
            return Err(StoreError::Unaccounted);
        }
        Ok(())
    }
}

impl Tx {
    /// Lets the transaction become durable without a line of the audit log.
    pub(crate) const fn exempt(&mut self, _reason: Exemption) {
        self.accountability.is_accounted_for = true;
    }

    /// Lets the transaction become durable: a line of the audit log is part of it.
    pub(in crate::store) const fn mark_logged(&mut self) {
        self.accountability.is_accounted_for = true;
    }

    /// Remembers that rows were changed.
    pub(super) const fn mark_written(&mut self) {
        self.accountability.wrote = true;
    }
}

/// Returns whether a statement changes rows.
pub(super) fn is_write(text: &str) -> bool {
    const WRITES: [&str; 4] = ["INSERT ", "UPDATE ", "DELETE ", "TRUNCATE "];
    let text = text.trim_start();
    if text.starts_with("WITH ") {
        return WRITES.iter().any(|verb| text.contains(verb));
    }
    WRITES.iter().any(|verb| text.starts_with(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_change_rows_are_told_from_those_that_read() {
        for (text, expected) in [
            ("INSERT INTO a (x) VALUES ($1)", true),
            (" UPDATE a SET x = 1 RETURNING x", true),
            ("DELETE FROM a", true),
            ("TRUNCATE \"a\", \"b\"", true),
            ("WITH w AS (SELECT 1) INSERT INTO a SELECT * FROM w", true),
            ("WITH w AS (SELECT 1) SELECT * FROM w", false),
            ("SELECT x FROM a WHERE y = $1", false),
            ("LOCK TABLE a IN SHARE ROW EXCLUSIVE MODE", false),
        ] {
            assert_eq!(is_write(text), expected, "{text}");
        }
    }
}
