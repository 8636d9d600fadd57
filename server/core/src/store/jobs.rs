//! What jobs remember: who holds a lease, how far a day's work has come, and what the night looks for. A lease is taken
//! again in the transaction of each batch, so that a holder that was overtaken stores nothing more.

use strum::VariantArray;

use super::engine::{StoredRow, generated, sql};
use super::{ScanTx, StoreError, Tx};
use crate::domain::codes::step_of;
use crate::domain::time::Instant;
use crate::ids::{EntryId, MemberId, RowId};

/// Takes or keeps a lease until `until`; false while somebody else holds it. One that ends further away than twice its
/// length comes from a clock that was wrong, and is taken over.
///
/// # Errors
/// [`StoreError`].
pub async fn acquire_lease(
    tx: &mut Tx,
    name: &str,
    holder: RowId,
    now: Instant,
    until: Instant,
) -> Result<bool, StoreError> {
    let length = until.0.saturating_sub(now.0);
    let held = sql(
        "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
         WHERE leases.holder = excluded.holder OR leases.until <= $4 OR leases.until > $5",
    )
    .bind(name)
    .bind(holder)
    .bind(until)
    .bind(now)
    .bind(Instant(until.0.saturating_add(length)))
    .execute(tx)
    .await?;
    Ok(held == 1)
}

/// Gives a lease back.
///
/// # Errors
/// [`StoreError`].
pub async fn release_lease(tx: &mut Tx, name: &str, holder: RowId) -> Result<(), StoreError> {
    sql("DELETE FROM leases WHERE name = $1 AND holder = $2")
        .bind(name)
        .bind(holder)
        .execute(tx)
        .await?;
    Ok(())
}

/// Progress of a job with a day.
#[derive(Debug, Clone, StoredRow)]
pub struct JobProgressRow {
    /// The step that it is at.
    pub step: String,
    /// JSON of what it did so far.
    pub report: String,
    /// Time at which it was finished; `None` = not yet.
    pub finished_at: Option<Instant>,
}

/// Returns how far `job` has come with `day` (`2026-11-21`); `None` = it was never begun.
///
/// # Errors
/// [`StoreError`].
pub async fn load_progress(
    tx: &mut Tx,
    job: &str,
    day: &str,
) -> Result<Option<JobProgressRow>, StoreError> {
    sql("SELECT step, report, finished_at FROM job_progress WHERE job = $1 AND day = $2")
        .bind(job)
        .bind(day)
        .fetch_optional(tx)
        .await
}

/// Remembers how far `job` has come with `day`.
///
/// # Errors
/// [`StoreError`].
pub async fn save_progress(
    tx: &mut Tx,
    job: &str,
    day: &str,
    row: &JobProgressRow,
    now: Instant,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO job_progress (job, day, step, report, started_at, finished_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (job, day) DO UPDATE \
         SET step = excluded.step, report = excluded.report, finished_at = excluded.finished_at",
    )
    .bind(job)
    .bind(day)
    .bind(row.step.as_str())
    .bind(row.report.as_str())
    .bind(now)
    .bind(row.finished_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The latest day that `job` has finished.
///
/// # Errors
/// [`StoreError`].
pub async fn last_finished(tx: &mut Tx, job: &str) -> Result<Option<String>, StoreError> {
    sql("SELECT MAX(day) FROM job_progress WHERE job = $1 AND finished_at IS NOT NULL")
        .bind(job)
        .fetch_value(tx)
        .await
}

/// Members with lots that time has made due by `at`, from at most `limit` lots to activate and as many to expire.
///
/// # Errors
/// [`StoreError`].
pub async fn members_with_due_lots(
    tx: &mut ScanTx,
    at: Instant,
    limit: i64,
) -> Result<Vec<MemberId>, StoreError> {
    sql("SELECT member_id FROM (SELECT member_id FROM lots \
         WHERE state = 'pending' AND activates <= $1 LIMIT $2) AS to_activate \
         UNION SELECT member_id FROM (SELECT member_id FROM lots \
         WHERE state <> 'closed' AND expires <= $1 AND remaining > 0 LIMIT $2) AS to_expire")
    .bind(at)
    .bind(limit)
    .fetch_values(tx)
    .await
}

/// Reasons (JSON) of the member's entries after `after`.
///
/// # Errors
/// [`StoreError`].
pub async fn reasons_after(
    tx: &mut Tx,
    member: MemberId,
    after: EntryId,
) -> Result<Vec<String>, StoreError> {
    sql("SELECT reason FROM entries WHERE member_id = $1 AND id > $2 ORDER BY id")
        .bind(member)
        .bind(after)
        .fetch_values(tx)
        .await
}

/// Kind of short-lived rows, which are deleted once they are over, in this order. Audit lines are pruned by
/// `usecases::jobs::sealing`, because they are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum ShortLived {
    /// Visits at tills, by their end.
    Visits,
    /// Earlier codes of challenges, by the beginning of those: they go before them.
    EarlierCodes,
    /// Further tokens of challenges, by the beginning of those: they go before them.
    ChallengeTokens,
    /// One-time passwords, by their beginning.
    Challenges,
    /// Proven phones, by their beginning.
    Enrolments,
    /// Cashiers' sessions, by their last use.
    StaffSessions,
    /// Codes for pairing, by their beginning.
    PairingCodes,
    /// Questions for the owner's word that no receipt has used, by their end.
    Confirmations,
    /// Claim codes that nobody has used, by their end.
    Claims,
    /// Wrong claim codes, by their time.
    ClaimTries,
    /// Enrolments that a till has begun, by their beginning.
    TillEnrolments,
    /// Wrong codes that tills have sent, by their time.
    WrongCodes,
    /// Once-only uses of closed accounts, by their end.
    OnceOnlyUses,
    /// Once-only uses of closed accounts, by their beginning.
    OnceOnlyUsesCutShort,
    /// Debts of closed accounts, by their end.
    ClosedDebts,
    /// Debts of closed accounts, by their beginning.
    ClosedDebtsCutShort,
    /// Members who owe later debts of closed accounts, by their end.
    Successors,
    /// Hashes of phones that members had before, by the time of the change.
    FormerPhones,
    /// Acts of support that nobody has decided on, by their beginning.
    WaitingSupportRequests,
    /// Messages with codes, by their time.
    CodeSends,
    /// Wrong codes, by their time.
    WrongOneTimeCodes,
    /// Phones with wrong codes in a row, by the last one.
    GuessedPhones,
    /// Wrong passwords of logins that nobody has, by the last one.
    UnknownLogins,
    /// Rotating codes that receipts have used, by their step.
    UsedCodes,
    /// Printed cards that were tried in the wallet, by their time.
    CardTries,
    /// Messages, sent or not, by their time.
    Messages,
    /// Links to joining, by their time.
    Invitations,
    /// Overrides of fraud limits by seniors that nobody has used, by their time.
    RadarLifts,
}

impl ShortLived {
    /// Returns the table, its key, and the condition by which a row is from before `$1`.
    const fn table_key_condition(self) -> (&'static str, &'static str, &'static str) {
        const OF_CHALLENGES: &str =
            "challenge_id IN (SELECT id FROM challenges WHERE created_at < $1)";
        match self {
            Self::Visits => ("visits", "token_hash", "expires_at < $1"),
            Self::Challenges => ("challenges", "id", "created_at < $1"),
            Self::Enrolments => ("enrolments", "id", "created_at < $1"),
            Self::StaffSessions => ("staff_sessions", "id", "seen_at < $1"),
            Self::PairingCodes => ("pairing_codes", "id", "created_at < $1"),
            Self::Confirmations => (
                "confirmations",
                "id",
                "expires_at < $1 AND receipt_id IS NULL",
            ),
            Self::Claims => (
                "claims",
                "code_hash",
                "claimed_by IS NULL AND expires_at < $1",
            ),
            Self::ClaimTries => ("claim_tries", "id", "at < $1"),
            Self::TillEnrolments => ("till_enrolments", "id", "created_at < $1"),
            Self::WrongCodes => ("wrong_codes", "id", "at < $1"),
            Self::OnceOnlyUses => ("once_only_uses", "phone_hash, benefit, day", "ends_at < $1"),
            Self::OnceOnlyUsesCutShort => (
                "once_only_uses",
                "phone_hash, benefit, day",
                "kept_from < $1",
            ),
            Self::ClosedDebts => (
                "closed_account_debts",
                "phone_hash, account_mark",
                "ends_at < $1",
            ),
            Self::ClosedDebtsCutShort => (
                "closed_account_debts",
                "phone_hash, account_mark",
                "kept_from < $1",
            ),
            Self::Successors => ("closed_account_successors", "account_mark", "ends_at < $1"),
            Self::FormerPhones => ("former_phones", "member_id, phone_hash", "changed_at < $1"),
            Self::WaitingSupportRequests => (
                "support_requests",
                "id",
                "state = 'waiting' AND created_at < $1",
            ),
            Self::EarlierCodes => ("earlier_codes", "id", OF_CHALLENGES),
            Self::ChallengeTokens => ("challenge_tokens", "token_hash", OF_CHALLENGES),
            Self::CodeSends => ("code_sends", "id", "sent_at < $1"),
            Self::WrongOneTimeCodes => ("wrong_one_time_codes", "id", "at < $1"),
            Self::GuessedPhones => ("guessed_phones", "phone", "changed_at < $1"),
            Self::UnknownLogins => ("unknown_logins", "login_hash", "changed_at < $1"),
            Self::UsedCodes => ("spent_codes", "device_id, step", "step < $1"),
            Self::CardTries => ("card_tries", "id", "at < $1"),
            Self::Messages => ("outbox", "id", "created_at < $1"),
            Self::Invitations => ("invitations", "id", "created_at < $1"),
            Self::RadarLifts => ("radar_lifts", "till_id, member_id", "at < $1"),
        }
    }
}

/// Deletes at most `limit` rows from before `before`; how many there were.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_before(
    tx: &mut Tx,
    what: ShortLived,
    before: Instant,
    limit: i64,
) -> Result<u64, StoreError> {
    let (table, key, over) = what.table_key_condition();
    let text = format!(
        "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {over} LIMIT $2)"
    );
    let before = match what {
        ShortLived::UsedCodes => step_of(before),
        _ => before.0,
    };
    generated(text).bind(before).bind(limit).execute(tx).await
}
