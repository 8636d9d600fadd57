//! Parked receipts: those whose time has come.

use kopilka_core::Kopilka;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::checkout::receipts::settle_parked;

use super::runner::StopSignal;
use super::{HOUR, JobDescription, MINUTE, ScheduledJob};

/// Returns the job that settles parked receipts.
pub fn job(service: &Kopilka) -> ScheduledJob {
    let description = JobDescription {
        name: "parked",
        interval: MINUTE,
        time_limit: HOUR,
    };
    let service = service.clone();
    ScheduledJob::new(description, move |signal| {
        settle_due_receipts(service.clone(), signal)
    })
}

/// Settles what is due, until nothing is or the signal is set.
async fn settle_due_receipts(service: Kopilka, signal: StopSignal) -> Result<(), Error> {
    while !signal.is_set() && settle_parked(&service).await? > 0 {}
    Ok(())
}
