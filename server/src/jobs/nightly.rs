//! The night: each local day that has ended and is not done, in order.

use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::jobs::nightly::{NightlyRunOutcome, list_unfinished_days, run_night};

use super::runner::StopSignal;
use super::{HOUR, JobDescription, MINUTE, ScheduledJob};

/// Returns the job that does the nights that are missing.
pub fn job(service: &Kopilka) -> ScheduledJob {
    let description = JobDescription {
        name: "nightly",
        interval: MINUTE,
        // Millions of lots may be due in one night.
        time_limit: 6 * HOUR,
    };
    let service = service.clone();
    ScheduledJob::new(description, move |signal| {
        do_missing_nights(service.clone(), signal)
    })
}

/// Does nights until all are done, another process is at it, or the signal is set.
async fn do_missing_nights(service: Kopilka, signal: StopSignal) -> Result<(), Error> {
    for day in list_unfinished_days(&service, None).await? {
        match run_night(&service, &Actor::Job, day, || signal.is_set()).await? {
            NightlyRunOutcome::Done(report) => tracing::info!(%day, ?report, "a night is done"),
            NightlyRunOutcome::DoneBefore => {}
            NightlyRunOutcome::Busy | NightlyRunOutcome::NotEnded | NightlyRunOutcome::Stopped => {
                break;
            }
        }
    }
    Ok(())
}
