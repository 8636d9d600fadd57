//! Shifts of browser tills. One begins when somebody signs in and none is open, or one of another day; it ends by hand, or
//! by the day when the next person signs in. Receipts of the till carry its number.

mod shift_report;

pub use shift_report::{
    SalesFigures, ShiftReport, ShiftSummary, StoreDayReport, TillDayFigures, load_shift_report,
    load_store_day,
};

use crate::domain::actor::Actor;
use crate::domain::time::{Instant, local_date};
use crate::ids::{RowId, StaffId, TillId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::{Tx, chain, sessions, shifts};
use crate::usecases::access::staff::Cashier;
use crate::usecases::{Error, Refusal, transact};

/// Shifts of one till are begun and ended one after another.
async fn lock_shifts(tx: &mut Tx, till: TillId) -> Result<(), Error> {
    Ok(tx.advisory_lock(&format!("shifts of {till}")).await?)
}

async fn begin_shift(
    tx: &mut Tx,
    till: TillId,
    by: Option<StaffId>,
    now: Instant,
) -> Result<i64, Error> {
    let number = shifts::begin_shift(tx, till, by, now).await?;
    let by = Actor::Till { till, staff: by };
    let line = AuditLine::new(Action::ShiftOpened, &by).subject(number);
    audit::log(tx, line, now).await?;
    Ok(number)
}

/// Somebody begins to work at a till: its shift goes on, unless it is of another day.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn continue_or_begin_shift(
    service: &Kopilka,
    tx: &mut Tx,
    till: TillId,
    by: Option<StaffId>,
    now: Instant,
) -> Result<(), Error> {
    lock_shifts(tx, till).await?;
    let programme = service.current_rules(tx).await?.programme;
    let zone = chain::zone_of_till(tx, till)
        .await?
        .or_programme_zone(programme.time_zone);
    if let Some(shift) = shifts::lock_open_shift(tx, till).await? {
        if local_date(shift.opened_at, zone) == local_date(now, zone) {
            return Ok(());
        }
        shifts::close_shift(tx, shift.id, None, now).await?;
        let by_the_day = Actor::Till { till, staff: None };
        let line = AuditLine::new(Action::ShiftClosed, &by_the_day)
            .subject(shift.number)
            .outcome("by the day");
        audit::log(tx, line, now).await?;
    }
    begin_shift(tx, till, by, now).await?;
    Ok(())
}

/// Number of the till's open shift, begun now where none is: a receipt always has one.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn load_or_begin_shift(
    tx: &mut Tx,
    till: TillId,
    by: Option<StaffId>,
    now: Instant,
) -> Result<i64, Error> {
    lock_shifts(tx, till).await?;
    match shifts::lock_open_shift(tx, till).await? {
        Some(shift) => Ok(shift.number),
        None => begin_shift(tx, till, by, now).await,
    }
}

/// Ends the till's shift and locks the till; which shift that was.
///
/// # Errors
/// [`Refusal::NoShift`] where none is open.
pub async fn close_shift(service: &Kopilka, cashier: &Cashier) -> Result<RowId, Error> {
    let now = service.now();
    let till = cashier.till.id;
    transact!(service.db, |tx| {
        lock_shifts(tx, till).await?;
        let shift = shifts::lock_open_shift(tx, till)
            .await?
            .ok_or(Refusal::NoShift)?;
        shifts::close_shift(tx, shift.id, Some(cashier.staff), now).await?;
        sessions::lock_all(tx, till, now).await?;
        let line = cashier
            .audit_line(Action::ShiftClosed)
            .subject(shift.number);
        audit::log(tx, line, now).await?;
        Ok(shift.id)
    })
}
