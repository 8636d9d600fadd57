//! Forgets what lives short: visits at tills, one-time passwords, proven phones, cashiers' sessions; and who did what,
//! after as many days as the programme says. In small batches, and by one process of many: who has pruned keeps the
//! lease until it is time again.

use strum::VariantArray;

use crate::domain::codes::FORMER_SECRET_SECONDS;
use crate::domain::programme::Programme;
use crate::domain::time::{Instant, local_date};
use crate::ids::RowId;
use crate::service::Kopilka;
use crate::store::Exemption;
use crate::store::code_limits;
use crate::store::devices;
use crate::store::form_states;
use crate::store::jobs::{self, ShortLived};
use crate::store::tills::VISITS_KEPT_SECONDS;
use crate::usecases::checkout::receipts::OLDEST_DAYS;
use crate::usecases::jobs::sealing::prune_audit;
use crate::usecases::{Error, transact};

/// Name of the lease.
const JOB: &str = "pruning";
/// Time between two prunings, in seconds.
const EVERY_SECONDS: i64 = 3_600;
/// Rows that one transaction deletes.
const BATCH: i64 = 500;

/// Returns the seconds for which rows are kept. One-time passwords and proven phones are counted for an hour; a day is plenty.
fn retention_seconds(what: ShortLived, programme: &Programme) -> i64 {
    match what {
        ShortLived::Visits => VISITS_KEPT_SECONDS,
        ShortLived::ClaimTries | ShortLived::WrongCodes | ShortLived::CardTries => 3_600,
        // An hour is counted; the challenge is kept for a day itself.
        ShortLived::CodeSends | ShortLived::WrongOneTimeCodes => 7_200,
        ShortLived::GuessedPhones => 30 * 86_400,
        ShortLived::EarlierCodes | ShortLived::ChallengeTokens => 86_400,
        // Long enough that nobody waits for an unknown login to be forgotten, to tell it from a known one.
        ShortLived::UnknownLogins => 30 * 86_400,
        ShortLived::Challenges
        | ShortLived::Enrolments
        | ShortLived::TillEnrolments
        | ShortLived::PairingCodes
        | ShortLived::Confirmations
        | ShortLived::RadarLifts => 86_400,
        // They are counted for a day.
        ShortLived::Invitations => 86_400,
        // Whatever they say is over by then, and codes and links stand in them.
        ShortLived::Messages => 7 * 86_400,
        // Of a code that has ended the wallet says so for a while longer.
        ShortLived::StaffSessions | ShortLived::Claims | ShortLived::WaitingSupportRequests => {
            30 * 86_400
        }
        // No receipt is older, and a code may be shown a step before its time.
        ShortLived::UsedCodes => OLDEST_DAYS * 86_400 + 60,
        // Each says itself when it ends.
        ShortLived::OnceOnlyUses | ShortLived::ClosedDebts | ShortLived::Successors => 0,
        // The programme in force may say fewer days than when it was kept. A day more: they are kept by days.
        ShortLived::FormerPhones
        | ShortLived::OnceOnlyUsesCutShort
        | ShortLived::ClosedDebtsCutShort => {
            i64::from(programme.rejoin_days).saturating_add(1) * 86_400
        }
    }
}

/// Deletes what is over, as [`prune_until`] does, without being stopped.
///
/// # Errors
/// [`Error::Fault`].
pub async fn prune_expired_rows(service: &Kopilka) -> Result<Option<u64>, Error> {
    prune_until(service, || false).await
}

/// Deletes what is over, and returns the number of rows; `None` = another process has done it within the hour, or is at it.
/// Between two batches `stop` is asked whether to go on; once stopped, any process may go on.
///
/// # Errors
/// [`Error::Fault`].
pub async fn prune_until(
    service: &Kopilka,
    stop: impl Fn() -> bool + Send + Sync,
) -> Result<Option<u64>, Error> {
    let now = service.now();
    let until = now.plus_secs(EVERY_SECONDS);
    let holder = RowId::new();
    let free = transact!(service.db, |tx| {
        tx.exempt(Exemption::JobLease);
        Ok(jobs::acquire_lease(tx, JOB, holder, now, until).await?)
    })?;
    if !free {
        return Ok(None);
    }
    let pruned = prune_with_lease(service, now, &stop).await;
    // Whoever has deleted all that is over keeps the lease until it is time again.
    if pruned.is_err() || stop() {
        let released = transact!(service.db, |tx| {
            tx.exempt(Exemption::JobLease);
            Ok(jobs::release_lease(tx, JOB, holder).await?)
        });
        // Why the pruning failed is worth more than why its lease stays.
        return pruned.and_then(|deleted| released.map(|()| Some(deleted)));
    }
    pruned.map(Some)
}

/// Deletes what is over at `now`, and returns the number of rows. Audit lines come last: an error in their chain keeps nothing else.
async fn prune_with_lease(
    service: &Kopilka,
    now: Instant,
    stop: &(impl Fn() -> bool + Sync),
) -> Result<u64, Error> {
    let mut tx = service.db.read().await?;
    let rules = service.current_rules(&mut tx).await?;
    drop(tx);
    let mut deleted = 0_u64;
    for what in ShortLived::VARIANTS {
        let before = now.plus_secs(-retention_seconds(*what, &rules.programme));
        deleted += delete_expired(service, *what, before, stop).await?;
    }
    if stop() {
        return Ok(deleted);
    }
    erase_former_secrets(service, now.plus_secs(-FORMER_SECRET_SECONDS)).await?;
    deleted += prune_form_states(service, now).await?;
    let month_ago = local_date(now.plus_days(-30), rules.programme.time_zone).to_string();
    deleted += transact!(service.db, |tx| {
        tx.exempt(Exemption::Pruning);
        Ok(code_limits::delete_days_before(tx, &month_ago).await?)
    })?;
    let before = now.plus_days(-i64::from(rules.programme.till.audit_days));
    deleted += prune_audit(service, before, stop).await?;
    Ok(deleted)
}

/// Deletes states of posted forms that are over.
async fn prune_form_states(service: &Kopilka, now: Instant) -> Result<u64, Error> {
    let states = &service.form_states;
    if let Some(deleted) = states.prune_memory(now) {
        return Ok(deleted);
    }
    transact!(service.db, |tx| {
        tx.exempt(Exemption::Pruning);
        Ok(form_states::delete_expired(tx, now).await?)
    })
}

/// Erases secrets of devices that were replaced before `before`.
async fn erase_former_secrets(service: &Kopilka, before: Instant) -> Result<(), Error> {
    loop {
        let batch = transact!(service.db, |tx| {
            tx.exempt(Exemption::Pruning);
            Ok(devices::erase_former_secrets(tx, before, BATCH).await?)
        })?;
        if batch == 0 {
            return Ok(());
        }
    }
}

async fn delete_expired(
    service: &Kopilka,
    what: ShortLived,
    before: Instant,
    stop: &(impl Fn() -> bool + Sync),
) -> Result<u64, Error> {
    let mut deleted = 0_u64;
    while !stop() {
        let batch = transact!(service.db, |tx| {
            tx.exempt(Exemption::Pruning);
            Ok(jobs::delete_before(tx, what, before, BATCH).await?)
        })?;
        if batch == 0 {
            return Ok(deleted);
        }
        deleted += batch;
    }
    Ok(deleted)
}
