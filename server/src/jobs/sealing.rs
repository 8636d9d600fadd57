//! Sealing: gives each committed audit line and each entry of the ledger its number and seal.

use kopilka_core::Kopilka;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::jobs::sealing::seal_lines;

use super::runner::StopSignal;
use super::{HOUR, JobDescription, MINUTE, ScheduledJob};

/// Returns the job that seals what was committed since its last run.
pub fn job(service: &Kopilka) -> ScheduledJob {
    let description = JobDescription {
        name: "sealing",
        interval: MINUTE,
        // The first run over a large chain seals everything that is there.
        time_limit: 6 * HOUR,
    };
    let service = service.clone();
    ScheduledJob::new(description, move |signal| {
        seal_committed_lines(service.clone(), signal)
    })
}

/// Seals until nothing is left to seal or the signal is set.
async fn seal_committed_lines(service: Kopilka, signal: StopSignal) -> Result<(), Error> {
    if let Some(sealed) = seal_lines(&service, || signal.is_set()).await? {
        tracing::debug!(?sealed, "committed lines were sealed");
    }
    Ok(())
}
