//! Pruning of audit lines: from the beginning of the chain, so that the rest still verifies. The number and the seal of the last
//! line that was pruned are kept.

use super::seal::ChainKey;
use super::{BATCH, load_ends};
use crate::domain::time::Instant;
use crate::service::Kopilka;
use crate::store::engine::SqlValue;
use crate::store::seals::{self, ChainEnds, LineContents, SealChain};
use crate::store::{Exemption, StoreError, Tx};
use crate::usecases::{Error, transact};

/// Days by which the time of a line may be ahead of now; a line from a clock that was further ahead must not keep all after it
/// from being pruned.
const AHEAD_DAYS: i64 = 1;

/// Deletes audit lines from before `before`, in the order of their numbers, up to the first one that is younger; returns how many.
/// A line without a number stays until it has one. Pruning stops where a seal does not fit, so that `kopilka check` still finds it.
/// Between two batches `stop` is asked whether to go on.
///
/// # Errors
/// [`Error::Fault`].
pub async fn prune_audit(
    service: &Kopilka,
    before: Instant,
    stop: &(impl Fn() -> bool + Sync),
) -> Result<u64, Error> {
    let key = ChainKey::new(service.secret_key()?, SealChain::Audit);
    let ahead = service.now().plus_days(AHEAD_DAYS);
    let mut deleted = 0;
    while !stop() {
        let batch = transact!(service.db, |tx| {
            tx.exempt(Exemption::Pruning);
            Ok(prune_batch(tx, &key, before, ahead).await?)
        })?;
        if batch == 0 {
            break;
        }
        deleted += batch;
    }
    Ok(deleted)
}

async fn prune_batch(
    tx: &mut Tx,
    key: &ChainKey,
    before: Instant,
    ahead: Instant,
) -> Result<u64, StoreError> {
    let mut ends = load_ends(tx, key, true).await?;
    let known = ends.base_number;
    let lines = seals::sealed_lines(tx, key.chain, ends.base_number, BATCH).await?;
    for line in lines {
        let line = match line {
            Ok(line) if line.number == ends.base_number + 1 => line,
            _ => return stop_at(tx, key, known, ends).await,
        };
        let Some(contents) = &line.contents else {
            return stop_at(tx, key, known, ends).await;
        };
        let seal = key.seal_line(&ends.base_seal, line.number, line.version, contents);
        if seal.as_deref() != Some(line.seal.as_slice()) {
            return stop_at(tx, key, known, ends).await;
        }
        if time_of(contents).is_none_or(|at| at >= before && at <= ahead) {
            break;
        }
        ends.base_number = line.number;
        ends.base_seal = line.seal;
    }
    delete(tx, key, known, ends).await
}

/// Deletes what comes before a line that does not fit.
async fn stop_at(
    tx: &mut Tx,
    key: &ChainKey,
    known: i64,
    ends: ChainEnds,
) -> Result<u64, StoreError> {
    tracing::error!(
        number = ends.base_number + 1,
        "an audit line is not as it was sealed; it and those after it are not pruned"
    );
    delete(tx, key, known, ends).await
}

/// Deletes lines up to the new beginning of the chain, which was at `known`.
async fn delete(
    tx: &mut Tx,
    key: &ChainKey,
    known: i64,
    mut ends: ChainEnds,
) -> Result<u64, StoreError> {
    if ends.base_number == known {
        return Ok(0);
    }
    let deleted = seals::delete_audit_through(tx, ends.base_number).await?;
    key.seal_ends(&mut ends);
    seals::save_ends(tx, key.chain, &ends).await?;
    Ok(deleted)
}

fn time_of(line: &LineContents) -> Option<Instant> {
    match line.columns.get(1) {
        Some(SqlValue::Int(at)) => at.map(Instant),
        _ => None,
    }
}
