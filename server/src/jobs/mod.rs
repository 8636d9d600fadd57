//! Jobs of a serving process: looked after once a minute beside the service, never in its way. Any number of processes
//! may look; the database lets one at a time do the work. What fails is logged and tried again after a pause.

mod nightly;
mod parked;
mod pruning;

use std::sync::Arc;
use std::time::Duration;

use kopilka_core::Kopilka;
use kopilka_core::usecases::Error;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::metrics::Metrics;

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(60);
/// Longest pause after failures.
const LONGEST: Duration = Duration::from_secs(1_800);

/// The running jobs.
#[derive(Debug)]
pub struct Jobs {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Starts looking after the jobs.
pub fn start(kopilka: Kopilka, metrics: Arc<Metrics>) -> Jobs {
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(look_after(kopilka, metrics, stopped));
    Jobs { stop, task }
}

impl Jobs {
    /// Lets the batch at hand end and does no more.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the jobs ended badly");
        }
    }
}

async fn look_after(kopilka: Kopilka, metrics: Arc<Metrics>, mut stopped: watch::Receiver<bool>) {
    let mut pause = LOOK;
    while !*stopped.borrow() {
        pause = match look(&kopilka, &metrics, &stopped).await {
            Ok(()) => LOOK,
            Err(error) => {
                tracing::error!(%error, wait = pause.as_secs(), "a job failed and will be tried again");
                (pause * 2).min(LONGEST)
            }
        };
        tokio::select! {
            () = sleep(pause) => {}
            _ = stopped.changed() => {}
        }
    }
}

async fn look(
    kopilka: &Kopilka,
    metrics: &Metrics,
    stopped: &watch::Receiver<bool>,
) -> Result<(), Error> {
    let tried = |job, done: Result<(), Error>| {
        metrics.tried(job, done.is_ok(), kopilka.now());
        done
    };
    let night = tried("nightly", nightly::look(kopilka, stopped).await);
    // One job's failure keeps no other from its work.
    let settled = tried("parked", parked::look(kopilka, stopped).await);
    let pruned = tried("pruning", pruning::look(kopilka).await);
    night.and(settled).and(pruned)
}
