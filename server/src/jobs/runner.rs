//! Runner of jobs: a task for each job, with its own schedule, time limit, back-off and metrics, so that no job waits for
//! another. A try that fails, panics or exceeds its limit is logged and counted, and the job goes on at its next time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use kopilka_core::clock::Clock;
use kopilka_core::usecases::Error;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

use crate::metrics::ServerMetrics;

/// Longest pause after failures, unless the interval of the job is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(1_800);
/// Time that a batch gets to end, once the job has to stop. Then the try is dropped: a transaction that is dropped is undone.
const BATCH_GRACE: Duration = Duration::from_secs(10);

/// Name and times of a job.
#[derive(Debug, Clone, Copy)]
pub struct JobDescription {
    /// Name in the log and in metrics.
    pub name: &'static str,
    /// Pause between the end of a try and the next one.
    pub interval: Duration,
    /// Longest time of a try. A job that exceeds it is stopped between two batches.
    pub time_limit: Duration,
}

/// Signal that tells a job to stop between two batches: the service stops, or the time limit is over.
#[derive(Debug, Clone)]
pub struct StopSignal {
    service_stops: watch::Receiver<bool>,
    deadline: Instant,
    batch_grace: Duration,
}

impl StopSignal {
    /// Returns whether no further batch may begin.
    pub fn is_set(&self) -> bool {
        *self.service_stops.borrow() || Instant::now() >= self.deadline
    }

    /// Waits until a batch that is still running has to be dropped.
    async fn wait_until_overdue(mut self) {
        let service_stops = async {
            // A sender that is gone stops the jobs too.
            let _ = self.service_stops.wait_for(|stops| *stops).await;
            sleep(self.batch_grace).await;
        };
        tokio::select! {
            () = service_stops => {}
            () = sleep_until(self.deadline + self.batch_grace) => {}
        }
    }
}

/// Function that begins a try of a job.
type JobWork = dyn Fn(StopSignal) -> BoxFuture<'static, Result<(), Error>> + Send + Sync;

/// A job with its work.
pub struct ScheduledJob {
    description: JobDescription,
    work: Box<JobWork>,
    batch_grace: Duration,
}

impl fmt::Debug for ScheduledJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.description.fmt(f)
    }
}

impl ScheduledJob {
    /// Makes a job of a function that does what is due, in batches, until nothing is or the signal is set.
    pub fn new<F>(
        description: JobDescription,
        work: impl Fn(StopSignal) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let work = Box::new(move |signal| -> BoxFuture<'static, Result<(), Error>> {
            Box::pin(work(signal))
        });
        Self {
            description,
            work,
            batch_grace: BATCH_GRACE,
        }
    }

    /// Makes one try, in a task of its own: a panic ends the try alone.
    async fn try_once(&self, service_stops: watch::Receiver<bool>) -> Result<(), JobFailure> {
        let signal = StopSignal {
            service_stops,
            deadline: Instant::now() + self.description.time_limit,
            batch_grace: self.batch_grace,
        };
        let mut task = tokio::spawn((self.work)(signal.clone()));
        let ended = tokio::select! {
            ended = &mut task => ended,
            () = signal.clone().wait_until_overdue() => {
                task.abort();
                task.await
            }
        };
        match ended {
            Ok(Err(error)) => Err(JobFailure::Error(error)),
            Err(error) if error.is_panic() => Err(JobFailure::Panic),
            // A try that the stopping service has dropped is no failure of the job.
            _ if *signal.service_stops.borrow() => Ok(()),
            Ok(Ok(())) if Instant::now() < signal.deadline => Ok(()),
            _ => Err(JobFailure::TimeLimit),
        }
    }

    /// Returns the pause after so many failures in a row: the interval, which doubles with each failure after the first.
    fn pause_after(&self, failures: u32) -> Duration {
        let interval = self.description.interval;
        let factor = 2_u32.saturating_pow(failures.saturating_sub(1));
        interval
            .saturating_mul(factor)
            .min(interval.max(LONGEST_PAUSE))
    }
}

/// Reason for which a try failed.
#[derive(Debug, thiserror::Error)]
enum JobFailure {
    #[error("{0}")]
    Error(Error),
    #[error("it panicked")]
    Panic,
    #[error("it took longer than its time limit and was stopped")]
    TimeLimit,
}

/// The running jobs of a process.
#[derive(Debug)]
pub struct JobRunner {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl JobRunner {
    /// Starts a task for each job. Each makes its first try at once.
    pub fn start(
        jobs: Vec<ScheduledJob>,
        clock: &Arc<dyn Clock>,
        metrics: &Arc<ServerMetrics>,
    ) -> Self {
        let (stop, service_stops) = watch::channel(false);
        let tasks = jobs.into_iter().map(|job| {
            let (clock, metrics) = (Arc::clone(clock), Arc::clone(metrics));
            tokio::spawn(repeat_job(job, clock, metrics, service_stops.clone()))
        });
        let tasks = tasks.collect();
        Self { stop, tasks }
    }

    /// Lets the batches at hand end, for ten seconds at most, and begins no more.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "the task of a job ended badly");
            }
        }
    }
}

/// Tries a job again and again until the service stops.
async fn repeat_job(
    job: ScheduledJob,
    clock: Arc<dyn Clock>,
    metrics: Arc<ServerMetrics>,
    mut service_stops: watch::Receiver<bool>,
) {
    let name = job.description.name;
    let mut failures = 0;
    while !*service_stops.borrow() {
        let begun = Instant::now();
        let ended = job.try_once(service_stops.clone()).await;
        metrics.note_job(name, ended.is_ok(), begun.elapsed(), clock.now());
        failures = if ended.is_ok() { 0 } else { failures + 1 };
        let pause = job.pause_after(failures);
        if let Err(error) = ended {
            tracing::error!(job = name, %error, wait = pause.as_secs(), "a job failed and will be tried again");
        }
        tokio::select! {
            () = sleep(pause) => {}
            _ = service_stops.wait_for(|stops| *stops) => {}
        }
    }
}

#[cfg(test)]
mod tests;
