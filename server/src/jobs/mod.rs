//! Jobs of a serving process: looked after once a minute beside the service, never in its way. Any number of processes
//! may look; the database lets one at a time do the work. What fails is logged and tried again after a pause.

mod nightly;
mod parked;
mod pruning;

use std::time::Duration;

use kopilka_core::Kopilka;
use kopilka_core::usecases::Error;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

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
pub fn start(kopilka: Kopilka) -> Jobs {
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(look_after(kopilka, stopped));
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

async fn look_after(kopilka: Kopilka, mut stopped: watch::Receiver<bool>) {
    let mut pause = LOOK;
    while !*stopped.borrow() {
        pause = match look(&kopilka, &stopped).await {
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

async fn look(kopilka: &Kopilka, stopped: &watch::Receiver<bool>) -> Result<(), Error> {
    let night = nightly::look(kopilka, stopped).await;
    // One job's failure keeps no other from its work.
    let settled = parked::look(kopilka, stopped).await;
    let pruned = pruning::look(kopilka).await;
    night.and(settled).and(pruned)
}
