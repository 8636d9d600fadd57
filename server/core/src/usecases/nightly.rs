//! The night: what the end of a local day makes due. Points come alive, settle debts and expire, in the order of their
//! own times; then tiers are reviewed. Done in small transactions by one process at a time; what a crash interrupts goes
//! on where it stopped, and a finished day is never done again.

mod days;
mod report;

use chrono::NaiveDate;

pub use days::{days_to_do, last_ended};
pub use report::Report;

use super::Error;
use super::posting::Posting;
use super::tiers::{self, Reviewed};
use crate::domain::programme::Programme;
use crate::domain::time::{Instant, add_days, start_of_day};
use crate::ids::{EntryId, MemberId, RowId};
use crate::service::{Kopilka, Rules};
use crate::store::jobs::{self, ProgressRow};
use crate::store::{Tx, programmes, tiers as stored_tiers};

/// Name of the job and of its lease.
const JOB: &str = "nightly";
/// Members that one transaction moves: some tens of milliseconds, so that a sale never waits longer for the night.
pub const BATCH: i64 = 100;
/// How long a lease outlives the last batch of its holder, in seconds.
const LEASE_SECONDS: i64 = 60;

/// How a day's work went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The day is finished; what was done for it in all, also before an interruption.
    Done(Report),
    /// It was finished before; nothing more was done.
    DoneBefore,
    /// Another process is at it; nothing more was done here.
    Busy,
    /// The day has not ended yet; nothing was done.
    NotEnded,
    /// It was told to stop; what is left waits for the next try.
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Points,
    Tiers,
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Tiers => "tiers",
        }
    }
}

/// What came of one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// There may be more to do.
    On,
    /// The day is finished.
    Through(Report),
    /// Another process has taken over.
    Overtaken,
}

/// Whether a night can be begun.
#[derive(Debug)]
pub enum Begun {
    /// It can: do [`Night::batch`] until it is through.
    Night(Night),
    /// It was finished before.
    DoneBefore,
    /// Another process is at it.
    Busy,
    /// The day has not ended yet.
    NotEnded,
}

/// The work of one night, batch by batch. Dropped half-way, somebody else goes on once the lease has lapsed.
#[derive(Debug)]
pub struct Night {
    day: String,
    /// The end of the day: what is due by then is done.
    at: Instant,
    holder: RowId,
    /// None: no programme was in force that night, and nothing was due by one.
    rules: Option<Rules>,
    step: Step,
    report: Report,
    last: Vec<MemberId>,
}

/// Does what the end of `day` makes due. Twice does nothing more. Between two batches `stop` is asked whether to go on.
///
/// # Errors
/// [`Error::Fault`]; then the day can be tried again.
pub async fn run(
    k: &Kopilka,
    day: NaiveDate,
    stop: impl Fn() -> bool + Send,
) -> Result<Outcome, Error> {
    let mut night = match Night::begin(k, day).await? {
        Begun::Night(night) => night,
        Begun::DoneBefore => return Ok(Outcome::DoneBefore),
        Begun::Busy => return Ok(Outcome::Busy),
        Begun::NotEnded => return Ok(Outcome::NotEnded),
    };
    while !stop() {
        match night.batch(k, BATCH).await? {
            Went::On => {}
            Went::Through(report) => return Ok(Outcome::Done(report)),
            Went::Overtaken => return Ok(Outcome::Busy),
        }
    }
    night.leave(k).await?;
    Ok(Outcome::Stopped)
}

impl Night {
    /// Takes the lease and finds out where to go on.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn begin(k: &Kopilka, day: NaiveDate) -> Result<Begun, Error> {
        let now = k.now();
        let mut tx = k.db.write().await?;
        let zone = k.rules(&mut tx).await?.programme.time_zone;
        let at = start_of_day(add_days(day, 1), zone);
        if at > now {
            return Ok(Begun::NotEnded);
        }
        let day = day.to_string();
        let known = jobs::progress(&mut tx, JOB, &day).await?;
        if known.as_ref().is_some_and(|row| row.finished_at.is_some()) {
            return Ok(Begun::DoneBefore);
        }
        let holder = RowId::new();
        if !jobs::lease(&mut tx, JOB, holder, now, now.plus_secs(LEASE_SECONDS)).await? {
            return Ok(Begun::Busy);
        }
        let rules = match programmes::version_at(&mut tx, at).await? {
            Some(_) => Some(k.rules_at(&mut tx, at).await?),
            None => None,
        };
        tx.commit().await?;
        let (step, report) = match known {
            Some(row) if row.step == Step::Tiers.as_str() => {
                (Step::Tiers, serde_json::from_str(&row.report)?)
            }
            Some(row) => (Step::Points, serde_json::from_str(&row.report)?),
            None => (Step::Points, Report::default()),
        };
        Ok(Begun::Night(Self {
            day,
            at,
            holder,
            rules,
            step,
            report,
            last: Vec::new(),
        }))
    }

    /// Does the next batch of about `members` members in a transaction of its own, and tells their open cards.
    ///
    /// # Errors
    /// [`Error::Fault`]; nothing of the batch is stored then.
    pub async fn batch(&mut self, k: &Kopilka, members: i64) -> Result<Went, Error> {
        let now = k.now();
        let mut tx = k.db.write().await?;
        let until = now.plus_secs(LEASE_SECONDS);
        if !jobs::lease(&mut tx, JOB, self.holder, now, until).await? {
            return Ok(Went::Overtaken);
        }
        let due = self.due(&mut tx, members).await?;
        if !due.is_empty() && due == self.last {
            // What is done is no longer due; if it were, the night would never end.
            return Err(Error::Fault(format!(
                "the night of {} makes no progress with member {:?}",
                self.day,
                due.first()
            )));
        }
        let mut report = self.report;
        if let Some(rules) = &self.rules {
            for member in &due {
                match self.step {
                    Step::Points => points(&mut tx, rules, *member, self.at, &mut report).await?,
                    Step::Tiers => {
                        match tiers::review(&mut tx, rules, *member, self.at, now).await? {
                            Reviewed::Nothing => {}
                            Reviewed::Renewed => report.renewed += 1,
                            Reviewed::Warned => report.warned += 1,
                            Reviewed::Lowered => report.lowered += 1,
                        }
                    }
                }
            }
        }
        let step = if due.is_empty() {
            Step::Tiers
        } else {
            self.step
        };
        let through = due.is_empty() && self.step == Step::Tiers;
        let row = ProgressRow {
            step: step.as_str().to_owned(),
            report: serde_json::to_string(&report)?,
            finished_at: through.then_some(now.0),
        };
        jobs::save_progress(&mut tx, JOB, &self.day, &row, now).await?;
        if through {
            jobs::release(&mut tx, JOB, self.holder).await?;
        }
        tx.commit().await?;
        for member in &due {
            k.announce(*member);
        }
        (self.step, self.report, self.last) = (step, report, due);
        Ok(if through {
            Went::Through(report)
        } else {
            Went::On
        })
    }

    async fn due(&self, tx: &mut Tx, limit: i64) -> Result<Vec<MemberId>, Error> {
        let Some(rules) = &self.rules else {
            return Ok(Vec::new());
        };
        let mut members = match self.step {
            Step::Points => jobs::members_with_due_lots(tx, self.at, limit).await?,
            Step::Tiers => reviewable(tx, &rules.programme, self.at, limit).await?,
        };
        // One order for all who lock several accounts.
        members.sort_unstable();
        Ok(members)
    }

    /// Gives the lease back, so that another process can go on at once.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn leave(self, k: &Kopilka) -> Result<(), Error> {
        let mut tx = k.db.write().await?;
        jobs::release(&mut tx, JOB, self.holder).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Members of one of the tiers above the first whose time is over.
async fn reviewable(
    tx: &mut Tx,
    programme: &Programme,
    at: Instant,
    limit: i64,
) -> Result<Vec<MemberId>, Error> {
    for tier in programme.tiers.iter().skip(1) {
        let members = stored_tiers::due(tx, &tier.id, at, limit).await?;
        if !members.is_empty() {
            return Ok(members);
        }
    }
    Ok(Vec::new())
}

/// Activates, settles and expires what is due of a member by `at`.
async fn points(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    at: Instant,
    report: &mut Report,
) -> Result<(), Error> {
    stored_tiers::lock(tx, member).await?;
    let before = EntryId::new();
    let posting = Posting {
        member,
        rules,
        at,
        receipt: None,
    };
    posting.catch_up(tx).await?;
    for reason in jobs::reasons_after(tx, member, before).await? {
        report.count(&serde_json::from_str(&reason)?);
    }
    Ok(())
}
