//! The night: what the end of a local day makes due. Points come alive, settle debts and expire, in the order of their
//! own times; then tiers are reviewed. Done in small transactions by one process at a time; what a crash interrupts goes
//! on where it stopped, and a finished day is never done again.

mod days;
mod night;
mod nightly_report;

use chrono::NaiveDate;

pub use days::{list_unfinished_days, load_first_day, load_last_ended_day};
pub use night::{NightBatchOutcome, NightStartOutcome, NightlyRun};
pub use nightly_report::NightlyReport;

use crate::domain::actor::Actor;
use crate::service::Kopilka;
use crate::usecases::{Error, retrying};

/// Name of the job and of its lease.
const JOB: &str = "nightly";
/// Members that one transaction moves: some milliseconds of work, so that a sale never waits longer for the night.
const BATCH: i64 = 50;

/// Result of a day's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NightlyRunOutcome {
    /// The day is finished; what was done for it in all, also before an interruption.
    Done(NightlyReport),
    /// It was finished before; nothing more was done.
    DoneBefore,
    /// Another process is at it; nothing more was done here.
    Busy,
    /// The day has not ended yet; nothing was done.
    NotEnded,
    /// It was told to stop; what is left waits for the next try.
    Stopped,
}

/// Does what the end of `day` makes due. Twice does nothing more. `actor` is whoever has it done. Between two batches `stop` is asked whether to go on.
///
/// # Errors
/// [`Error::Busy`], [`Error::Fault`]; then the day can be tried again.
pub async fn run_night(
    service: &Kopilka,
    actor: &Actor,
    day: NaiveDate,
    stop: impl Fn() -> bool + Send,
) -> Result<NightlyRunOutcome, Error> {
    let mut night = match retrying(|| NightlyRun::begin_or_resume(service, actor, day)).await? {
        NightStartOutcome::Night(night) => night,
        NightStartOutcome::DoneBefore => return Ok(NightlyRunOutcome::DoneBefore),
        NightStartOutcome::Busy => return Ok(NightlyRunOutcome::Busy),
        NightStartOutcome::NotEnded => return Ok(NightlyRunOutcome::NotEnded),
    };
    while !stop() {
        match night.run_batch(service, BATCH).await {
            Ok(NightBatchOutcome::MoreToDo) => {}
            Ok(NightBatchOutcome::Finished(report)) => return Ok(NightlyRunOutcome::Done(report)),
            Ok(NightBatchOutcome::Overtaken) => return Ok(NightlyRunOutcome::Busy),
            Err(error) => {
                // Whoever tries again at once must not be told that another process is at it.
                if let Err(kept) = night.release_lease(service).await {
                    tracing::error!(error = %kept, "the lease of a night that failed is kept until it is over");
                }
                return Err(error);
            }
        }
    }
    night.release_lease(service).await?;
    Ok(NightlyRunOutcome::Stopped)
}
