//! Seals of audit lines and of the ledger. A job gives each committed line the next number of its chain and a keyed hash over the
//! seal before it, the number and the contents. `kopilka check` finds what was changed, removed or inserted by hand.

mod pruning;
mod seal;
mod verification;

use std::time::Instant;

use uuid::{Builder, Uuid};

pub use pruning::prune_audit;
use seal::ChainKey;
pub use verification::{ChainSummary, Verification, verify};

use crate::ids::RowId;
use crate::service::Kopilka;
use crate::store::seals::{self, ChainEnds, NewSeal, SealChain};
use crate::store::{Exemption, StoreError, Tx, jobs};
use crate::usecases::operation::secret_key;
use crate::usecases::{Error, transact};

/// Name of the lease.
const JOB: &str = "sealing";
/// Time by which the lease outlives the last batch of its holder, in seconds.
const LEASE_SECONDS: i64 = 60;
/// Lines of one batch: some milliseconds of the only writer.
const BATCH: i64 = 250;
/// Age up to which a line without a number may turn up, in milliseconds. Its id is made before it is committed: PostgreSQL ends a
/// transaction that waits for a lock for 10 seconds or is idle for 60, and clocks of several processes differ.
const LATE_MS: u64 = 15 * 60 * 1_000;

/// Numbers of lines that a run has sealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SealedCounts {
    /// Lines of the audit log.
    pub audit: u64,
    /// Entries of the ledger.
    pub ledger: u64,
}

/// Seals every committed line that has no number yet and is not older than the last complete run allows, and returns how many;
/// `None` = another process is at it. Between two batches `stop` is asked whether to go on.
///
/// # Errors
/// [`Error::Fault`], also where the ends of a chain were changed: then nothing more of it is sealed. What was sealed before stays.
pub async fn seal_lines(
    service: &Kopilka,
    stop: impl Fn() -> bool + Send + Sync,
) -> Result<Option<SealedCounts>, Error> {
    let holder = RowId::new();
    let now = service.now();
    let until = now.plus_secs(LEASE_SECONDS);
    let free = transact!(service.db, |tx| {
        tx.exempt(Exemption::JobLease);
        Ok(jobs::acquire_lease(tx, JOB, holder, now, until).await?)
    })?;
    if !free {
        return Ok(None);
    }
    let sealed = seal_chains(service, holder, &stop).await;
    transact!(service.db, |tx| {
        tx.exempt(Exemption::JobLease);
        Ok(jobs::release_lease(tx, JOB, holder).await?)
    })?;
    sealed.map(Some)
}

async fn seal_chains(
    service: &Kopilka,
    holder: RowId,
    stop: &(impl Fn() -> bool + Sync),
) -> Result<SealedCounts, Error> {
    let audit = seal_chain(service, holder, SealChain::Audit, stop).await;
    let ledger = seal_chain(service, holder, SealChain::Ledger, stop).await;
    Ok(SealedCounts {
        audit: audit?,
        ledger: ledger?,
    })
}

/// Seals one chain; the number of lines.
async fn seal_chain(
    service: &Kopilka,
    holder: RowId,
    chain: SealChain,
    stop: &(impl Fn() -> bool + Sync),
) -> Result<u64, Error> {
    let key = ChainKey::new(service.secret_key()?, chain);
    // Made before the first line is read: whatever is older and committed is found by this run.
    let mark = RowId::new();
    let mut tx = service.db.scan().await?;
    let mut ends = find_ends(&mut tx, chain, &key).await?;
    drop(tx);
    let newest = newest_early(mark);
    let (mut after, mut sealed) = (oldest_late(ends.swept_until, mark), 0);
    while !stop() {
        let mut tx = service.db.scan().await?;
        let mut lines = seals::unsealed_lines(&mut tx, chain, after, BATCH).await?;
        drop(tx);
        // An id of a time to come was made up, or by a clock that was wrong: the line waits until its time has come.
        lines.retain(|line| line.id().is_none_or(|id| RowId(id) <= newest));
        let mut batch = Vec::with_capacity(lines.len());
        let mut last = (ends.number, ends.seal.clone());
        for line in &lines {
            let Some(id) = line.id() else { continue };
            let (number, version) = (last.0 + 1, chain.newest_version());
            let seal = key
                .seal_line(&last.1, number, version, line)
                .ok_or_else(|| Error::Fault("the newest version seals nothing".to_owned()))?;
            last = (number, seal.clone());
            after = RowId(id);
            batch.push(NewSeal {
                number,
                id,
                version,
                seal,
            });
        }
        let swept = batch.is_empty().then_some(mark);
        let begun = Instant::now();
        let Some(stored) = store_batch(service, holder, &key, &ends, &batch, swept).await? else {
            // Another process has taken over.
            return Ok(sealed);
        };
        let micros = begun.elapsed().as_micros();
        tracing::trace!(chain = chain.as_str(), lines = batch.len(), %micros, "a batch of seals was stored");
        ends = stored;
        sealed += u64::try_from(batch.len()).unwrap_or_default();
        if swept.is_some() {
            break;
        }
    }
    Ok(sealed)
}

/// Stores a batch and the new ends of the chain; `None` = another process has the lease.
async fn store_batch(
    service: &Kopilka,
    holder: RowId,
    key: &ChainKey,
    known: &ChainEnds,
    batch: &[NewSeal],
    swept: Option<RowId>,
) -> Result<Option<ChainEnds>, Error> {
    transact!(service.db, |tx| {
        tx.exempt(Exemption::Seals);
        let now = service.now();
        if !jobs::acquire_lease(tx, JOB, holder, now, now.plus_secs(LEASE_SECONDS)).await? {
            return Ok(None);
        }
        if !secret_key::is_registered(tx, service.secret_key()?).await? {
            return Err(key
                .broken("this process has a secret key that is forgotten; start it again")
                .into());
        }
        // Pruning moves the beginning of the chain meanwhile.
        let mut ends = load_ends(tx, key, true).await?;
        if (ends.number, &ends.seal) != (known.number, &known.seal) {
            return Err(key.broken("its end was moved by somebody else").into());
        }
        seals::insert(tx, key.chain, batch).await?;
        if let Some(last) = batch.last() {
            ends.number = last.number;
            ends.seal.clone_from(&last.seal);
        }
        if let Some(mark) = swept {
            ends.swept_until = mark;
        }
        key.seal_ends(&mut ends);
        seals::save_ends(tx, key.chain, &ends).await?;
        Ok(Some(ends))
    })
}

/// Returns the ends of a chain as [`load_ends`] does. A chain that begins has no seals.
async fn find_ends(tx: &mut Tx, chain: SealChain, key: &ChainKey) -> Result<ChainEnds, StoreError> {
    let ends = load_ends(tx, key, false).await?;
    if ends.number == 0 && seals::has_seals(tx, chain).await? {
        return Err(key.broken("it has seals, but its ends are not stored"));
    }
    Ok(ends)
}

/// Loads the ends of a chain, or those of an empty one.
///
/// # Errors
/// [`StoreError::Said`] where they were changed.
async fn load_ends(tx: &mut Tx, key: &ChainKey, held: bool) -> Result<ChainEnds, StoreError> {
    let Some(ends) = seals::load_ends(tx, key.chain, held).await? else {
        return Ok(key.empty_ends());
    };
    if key.fits_ends(&ends) {
        Ok(ends)
    } else {
        Err(key.broken("its ends were changed, or the secret key is another one"))
    }
}

/// Returns an id below those of all lines that may still turn up without a number, after a run that began at `swept_until`.
fn oldest_late(swept_until: RowId, now: RowId) -> RowId {
    // A clock that was ahead once must not hide what was written since.
    let millis = millis_of(swept_until.min(now));
    millis.map_or(RowId(Uuid::nil()), |millis| {
        id_of_time(millis.saturating_sub(LATE_MS), 0)
    })
}

/// Returns an id above those of all lines that this program can have written by `now`, also in a process whose clock is ahead.
fn newest_early(now: RowId) -> RowId {
    let millis = millis_of(now).unwrap_or_default();
    id_of_time(millis.saturating_add(LATE_MS), u8::MAX)
}

/// Returns the milliseconds of 1970 in an id; `None` = it holds no time.
fn millis_of(id: RowId) -> Option<u64> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    let millis = u64::from(nanos / 1_000_000);
    Some(seconds.saturating_mul(1_000).saturating_add(millis))
}

fn id_of_time(millis: u64, random: u8) -> RowId {
    RowId(Builder::from_unix_timestamp_millis(millis, &[random; 10]).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_turn_up_a_quarter_of_an_hour_late() {
        let id = |millis| RowId(Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid());
        let now = 1_790_000_000_000;
        assert_eq!(oldest_late(id(now), id(now + 60_000)), id(now - LATE_MS));
        assert_eq!(oldest_late(id(now + 9_000_000), id(now)), id(now - LATE_MS));
        let nil = RowId(Uuid::nil());
        assert_eq!(oldest_late(nil, id(now)), nil);
        assert!(newest_early(id(now)) >= id(now + LATE_MS));
        assert!(newest_early(id(now)) < id(now + LATE_MS + 1));
    }
}
