//! Refusals of receipts that waited: the reason is kept, and returns that waited for a refused sale are refused with it.

use crate::domain::actor::Actor;
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::service::Kopilka;
use crate::store::Tx;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::parked_receipts::{self, ParkedReceiptRow};
use crate::usecases::{Error, attempt};

/// A refused receipt is put back with its reason, for its till to ask after.
pub(super) async fn keep_refusal(
    service: &Kopilka,
    tx: &mut Tx,
    actor: &Actor,
    row: &ParkedReceiptRow,
    done: Result<(), Error>,
) -> Result<(), Error> {
    match done {
        Ok(()) => Ok(()),
        Err(no) => store_refusal(tx, actor, row, &refusal_reason(no)?, service.now()).await,
    }
}

/// Returns why a receipt is refused, in stable names.
///
/// # Errors
/// What is no refusal.
pub(super) fn refusal_reason(no: Error) -> Result<String, Error> {
    match no {
        Error::Refused(refusal) => Ok(refusal.key().to_owned()),
        Error::Invalid(problems) => {
            let keys: Vec<&str> = problems.iter().map(|problem| problem.key).collect();
            Ok(keys.join(", "))
        }
        fault @ (Error::Busy | Error::Fault(_)) => Err(fault),
    }
}

/// Keeps the refusal of a receipt, and of the returns that wait for it.
pub(super) async fn store_refusal(
    tx: &mut Tx,
    actor: &Actor,
    row: &ParkedReceiptRow,
    why: &str,
    now: Instant,
) -> Result<(), Error> {
    if row.kind == ReceiptKind::Sale {
        for refused in refuse_returns(tx, row, why).await? {
            log_refused(tx, actor, &refused, now).await?;
        }
    }
    log_refused(tx, actor, row, now).await?;
    let row = ParkedReceiptRow {
        refused: why.to_owned(),
        due_at: None,
        ..row.clone()
    };
    parked_receipts::insert(tx, &row, Instant(0)).await?;
    Ok(())
}

/// Logs that a receipt which waited was refused, as whoever made its turn come: a job, the till or the officer who stored its
/// sale.
pub(super) async fn log_refused(
    tx: &mut Tx,
    actor: &Actor,
    row: &ParkedReceiptRow,
    now: Instant,
) -> Result<(), Error> {
    let line = AuditLine::new(Action::ParkedRefused, actor).till(row.till_id);
    Ok(audit::log(tx, line.member(row.member_id).subject(row.id), now).await?)
}

/// Refuses the returns that wait for a refused sale, for the reason of the sale. Returns them.
pub(super) async fn refuse_returns(
    tx: &mut Tx,
    sale: &ParkedReceiptRow,
    why: &str,
) -> Result<Vec<ParkedReceiptRow>, Error> {
    let returns =
        parked_receipts::lock_returns_of(tx, sale.till_id, sale.resolved_identity().as_identity())
            .await?;
    for row in &returns {
        parked_receipts::refuse(tx, row.id, why).await?;
    }
    Ok(returns)
}

/// Keeps the refusal of a receipt that still waits, in a transaction of its own.
pub(super) async fn refuse_alone(
    service: &Kopilka,
    actor: &Actor,
    row: &ParkedReceiptRow,
    no: Error,
) -> Result<(), Error> {
    let why = refusal_reason(no)?;
    attempt!(service.db, |tx| {
        if parked_receipts::lock_by_id(tx, row.id).await?.is_none() {
            return Ok(());
        }
        parked_receipts::delete(tx, row.id).await?;
        store_refusal(tx, actor, row, &why, service.now()).await
    })
    .await
}
