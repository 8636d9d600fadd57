//! Jobs of a serving process, each in a task of its own beside the service. Any number of processes may try them; leases and
//! locks in the database let one at a time do the work.

mod nightly;
mod parked;
mod pruning;
mod runner;
mod sealing;

use std::sync::Arc;
use std::time::Duration;

use kopilka_core::Kopilka;
pub use runner::JobRunner;
use runner::{JobDescription, ScheduledJob};

use crate::metrics::ServerMetrics;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// Starts the jobs of the service.
pub fn start_jobs(service: &Kopilka, metrics: &Arc<ServerMetrics>) -> JobRunner {
    let jobs = vec![
        nightly::job(service),
        parked::job(service),
        pruning::job(service),
        sealing::job(service),
    ];
    JobRunner::start(jobs, &service.clock, metrics)
}

#[cfg(test)]
mod tests;
