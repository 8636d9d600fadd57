//! Pruning: deletes rows that have lived their time, about once an hour.

use kopilka_core::Kopilka;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::jobs::pruning::prune_until;

use super::runner::StopSignal;
use super::{HOUR, JobDescription, MINUTE, ScheduledJob};

/// Returns the job that prunes where no process has within the hour.
pub fn job(service: &Kopilka) -> ScheduledJob {
    let description = JobDescription {
        name: "pruning",
        interval: MINUTE,
        // As long as its lease.
        time_limit: HOUR,
    };
    let service = service.clone();
    ScheduledJob::new(description, move |signal| {
        delete_old_rows(service.clone(), signal)
    })
}

/// Prunes until nothing is left to prune or the signal is set.
async fn delete_old_rows(service: Kopilka, signal: StopSignal) -> Result<(), Error> {
    if let Some(deleted) = prune_until(&service, || signal.is_set()).await?
        && deleted > 0
    {
        tracing::info!(deleted, "rows that had lived their time were deleted");
    }
    Ok(())
}
