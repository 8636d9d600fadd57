//! One night, batch by batch: each batch is a transaction that keeps the lease, does the work and remembers the progress,
//! so that nothing is done twice and nothing is done by two. What is done is no longer due: that is how it goes on.

use chrono::NaiveDate;

use super::{JOB, NightlyReport};
use crate::domain::actor::Actor;
use crate::domain::programme::Programme;
use crate::domain::time::{Instant, add_days, start_of_day};
use crate::ids::{EntryId, MemberId, RowId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action, AuditLine};
use crate::store::jobs::{self, JobProgressRow};
use crate::store::{Exemption, ScanTx, Tx, json, tiers as stored_tiers};
use crate::usecases::loyalty::points_forwarding;
use crate::usecases::loyalty::posting::LedgerPosting;
use crate::usecases::loyalty::tiers::{self, TierReviewOutcome};
use crate::usecases::{Error, retrying, transact};

/// Time by which a lease outlives the last batch of its holder, in seconds.
const LEASE_SECONDS: i64 = 60;
/// Members that a night leaves to the next one before it takes their failures for a fault of its own.
const MOST_ASIDE: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NightlyStep {
    Points,
    Tiers,
}

impl NightlyStep {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Tiers => "tiers",
        }
    }
}

/// Result of one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NightBatchOutcome {
    /// There may be more to do.
    MoreToDo,
    /// The day is finished.
    Finished(NightlyReport),
    /// Another process has taken over.
    Overtaken,
}

/// Result of one try of a batch.
enum BatchAttempt {
    /// It is stored: its members, and the figures of the night with them.
    Stored(Vec<MemberId>, NightlyReport),
    /// It failed for these members, and nothing of it is stored.
    Undone(Vec<MemberId>, Error),
    /// Nobody is due: the step is finished.
    StepFinished,
    /// Another process has taken over.
    Overtaken,
}

/// Result of beginning a night.
#[derive(Debug)]
pub enum NightStartOutcome {
    /// It can: do [`NightlyRun::run_batch`] until it is through.
    Night(Box<NightlyRun>),
    /// It was finished before.
    DoneBefore,
    /// Another process is at it.
    Busy,
    /// The day has not ended yet.
    NotEnded,
}

/// The work of one night, batch by batch. Dropped half-way, somebody else goes on once the lease has lapsed.
#[derive(Debug)]
pub struct NightlyRun {
    /// Whoever has it done.
    actor: Actor,
    day: String,
    /// The end of the day: what is due by then is done.
    at: Instant,
    holder: RowId,
    /// None: no programme was in force that night, and nothing was due by one.
    rules: Option<ProgrammeRules>,
    step: NightlyStep,
    report: NightlyReport,
    /// Members of the last batch that was stored.
    last: Vec<MemberId>,
    /// Number of batches of one member that follow, because one of many failed.
    singly: usize,
    /// Members who failed alone.
    aside: Vec<MemberId>,
}

impl NightlyRun {
    /// Takes the lease and finds out where to go on.
    ///
    /// # Errors
    /// [`Error::Busy`] where others are in the way; [`Error::Fault`].
    pub async fn begin_or_resume(
        service: &Kopilka,
        actor: &Actor,
        day: NaiveDate,
    ) -> Result<NightStartOutcome, Error> {
        let now = service.now();
        let mut tx = service.db.write().await?;
        let zone = service.current_rules(&mut tx).await?.programme.time_zone;
        let at = start_of_day(add_days(day, 1), zone);
        if at > now {
            return Ok(NightStartOutcome::NotEnded);
        }
        let day = day.to_string();
        let finished = |row: &JobProgressRow| row.finished_at.is_some();
        if jobs::load_progress(&mut tx, JOB, &day)
            .await?
            .as_ref()
            .is_some_and(finished)
        {
            return Ok(NightStartOutcome::DoneBefore);
        }
        let holder = RowId::new();
        tx.exempt(Exemption::JobLease);
        if !jobs::acquire_lease(&mut tx, JOB, holder, now, now.plus_secs(LEASE_SECONDS)).await? {
            return Ok(NightStartOutcome::Busy);
        }
        // Read again: whoever had the lease until now may have finished the day.
        let known = jobs::load_progress(&mut tx, JOB, &day).await?;
        if known.as_ref().is_some_and(finished) {
            return Ok(NightStartOutcome::DoneBefore);
        }
        let rules = service.rules_at(&mut tx, at).await?;
        tx.commit().await?;
        let (step, report) = match known {
            Some(row) if row.step == NightlyStep::Tiers.as_str() => {
                (NightlyStep::Tiers, serde_json::from_str(&row.report)?)
            }
            Some(row) => (NightlyStep::Points, serde_json::from_str(&row.report)?),
            None => (NightlyStep::Points, NightlyReport::default()),
        };
        Ok(NightStartOutcome::Night(Box::new(Self {
            actor: *actor,
            day,
            at,
            holder,
            rules,
            step,
            report,
            last: Vec::new(),
            singly: 0,
            aside: Vec::new(),
        })))
    }

    /// Does the next batch of about `members` members in a transaction of its own, and tells their open cards. Where it
    /// fails, its members are done one by one, and who fails alone is left to the next night. Where others are in the way, it is
    /// tried again first.
    ///
    /// # Errors
    /// [`Error::Busy`] where others stay in the way; [`Error::Fault`] when not even the other members can be done. Nothing of the
    /// batch is stored then.
    pub async fn run_batch(
        &mut self,
        service: &Kopilka,
        members: i64,
    ) -> Result<NightBatchOutcome, Error> {
        let limit = if self.singly > 0 { 1 } else { members };
        match self.repeat_batch(service, limit).await? {
            BatchAttempt::Overtaken => return Ok(NightBatchOutcome::Overtaken),
            BatchAttempt::Undone(due, error) => self.set_aside(&due, error)?,
            BatchAttempt::Stored(due, report) => {
                for member in &due {
                    service.announce(*member);
                }
                self.singly = self.singly.saturating_sub(1);
                self.report = report;
                self.last = due;
            }
            BatchAttempt::StepFinished => {
                let is_last = self.step == NightlyStep::Tiers;
                self.step = NightlyStep::Tiers;
                self.singly = 0;
                self.last.clear();
                self.aside.clear();
                if is_last {
                    return Ok(NightBatchOutcome::Finished(self.report));
                }
            }
        }
        Ok(NightBatchOutcome::MoreToDo)
    }

    /// Tries a batch again for as long as others are in the way. The last answer of a batch that stays busy is
    /// [`BatchAttempt::Undone`]: a row that is there already is told as busy too, and no member may keep all others waiting.
    async fn repeat_batch(&self, service: &Kopilka, limit: i64) -> Result<BatchAttempt, Error> {
        let repeated = retrying(|| async {
            match self.try_batch(service, limit).await? {
                BatchAttempt::Undone(_, Error::Busy) => Err(Error::Busy),
                ended => Ok(ended),
            }
        });
        match repeated.await {
            Err(Error::Busy) => self.try_batch(service, limit).await,
            ended => ended,
        }
    }

    /// Does a batch of at most `limit` members in one transaction.
    async fn try_batch(&self, service: &Kopilka, limit: i64) -> Result<BatchAttempt, Error> {
        let now = service.now();
        let mut tx = service.db.write_many().await?;
        let until = now.plus_secs(LEASE_SECONDS);
        if !jobs::acquire_lease(&mut tx, JOB, self.holder, now, until).await? {
            return Ok(BatchAttempt::Overtaken);
        }
        let due = self.find_due_members(&mut tx, limit).await?;
        if due.is_empty() {
            self.finish_step(&mut tx, now).await?;
            tx.commit().await?;
            return Ok(BatchAttempt::StepFinished);
        }
        let mut report = self.report;
        let work = if due == self.last {
            // What is done is no longer due; if it were, the night would never end.
            Err(Error::Fault("the work changes nothing".to_owned()))
        } else {
            self.process_members(&mut tx, &due, now, &mut report).await
        };
        if let Err(error) = work {
            return Ok(BatchAttempt::Undone(due, error));
        }
        self.save_progress(&mut tx, self.step, &report, None, now)
            .await?;
        tx.commit().await?;
        Ok(BatchAttempt::Stored(due, report))
    }

    async fn process_members(
        &self,
        tx: &mut Tx,
        members: &[MemberId],
        now: Instant,
        report: &mut NightlyReport,
    ) -> Result<(), Error> {
        let Some(rules) = &self.rules else {
            return Ok(());
        };
        for member in members {
            match self.step {
                NightlyStep::Points => catch_up_points(tx, rules, *member, self.at, report).await?,
                NightlyStep::Tiers => {
                    match tiers::review_member(tx, rules, *member, self.at, now).await? {
                        TierReviewOutcome::Nothing => {}
                        TierReviewOutcome::Renewed => report.renewed += 1,
                        TierReviewOutcome::Warned => report.warned += 1,
                        TierReviewOutcome::Lowered => report.lowered += 1,
                    }
                }
            }
        }
        Ok(())
    }

    /// Leaves a member who fails alone to the next night; has the members of a failed batch done one by one.
    fn set_aside(&mut self, due: &[MemberId], error: Error) -> Result<(), Error> {
        let [member] = due else {
            self.singly = due.len();
            self.last.clear();
            return Ok(());
        };
        if self.aside.len() >= MOST_ASIDE {
            return Err(error);
        }
        tracing::error!(%member, day = self.day, %error, "the night leaves a member to the next one");
        self.aside.push(*member);
        self.singly = self.singly.saturating_sub(1);
        self.report.failed += 1;
        Ok(())
    }

    /// Stores that the step is finished; with the last one the day is.
    async fn finish_step(&self, tx: &mut Tx, now: Instant) -> Result<(), Error> {
        let is_last = self.step == NightlyStep::Tiers;
        let finished = is_last.then_some(now);
        self.save_progress(tx, NightlyStep::Tiers, &self.report, finished, now)
            .await?;
        if is_last {
            jobs::release_lease(tx, JOB, self.holder).await?;
        }
        Ok(())
    }

    async fn save_progress(
        &self,
        tx: &mut Tx,
        step: NightlyStep,
        report: &NightlyReport,
        finished: Option<Instant>,
        now: Instant,
    ) -> Result<(), Error> {
        let row = JobProgressRow {
            step: step.as_str().to_owned(),
            report: serde_json::to_string(report)?,
            finished_at: finished,
        };
        jobs::save_progress(tx, JOB, &self.day, &row, now).await?;
        let line = AuditLine::new(Action::NightBatch, &self.actor).subject(&self.day);
        let outcome = finished.map_or(step.as_str(), |_| "finished");
        audit::log(tx, line.outcome(outcome), now).await?;
        Ok(())
    }

    async fn find_due_members(&self, tx: &mut ScanTx, limit: i64) -> Result<Vec<MemberId>, Error> {
        let Some(rules) = &self.rules else {
            return Ok(Vec::new());
        };
        let aside = i64::try_from(self.aside.len()).unwrap_or(i64::MAX);
        let enough = limit.saturating_add(aside);
        let mut members = match self.step {
            NightlyStep::Points => jobs::members_with_due_lots(tx, self.at, enough).await?,
            NightlyStep::Tiers => {
                find_members_to_review(tx, &rules.programme, self.at, enough, &self.aside).await?
            }
        };
        members.retain(|member| !self.aside.contains(member));
        members.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        // One order for all who lock several accounts.
        members.sort_unstable();
        Ok(members)
    }

    /// Gives the lease back, so that another process can go on at once.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn release_lease(self, service: &Kopilka) -> Result<(), Error> {
        transact!(service.db, |tx| {
            tx.exempt(Exemption::JobLease);
            Ok(jobs::release_lease(tx, JOB, self.holder).await?)
        })
    }
}

/// Members of one of the tiers above the first whose time is over.
async fn find_members_to_review(
    tx: &mut Tx,
    programme: &Programme,
    at: Instant,
    limit: i64,
    aside: &[MemberId],
) -> Result<Vec<MemberId>, Error> {
    let first = &programme.tiers.first().id;
    let gone = programme.retired_tiers.iter();
    let gone = gone.filter(|(_, instead)| instead != first);
    let known = programme.tiers.iter().skip(1).map(|tier| tier.id.as_str());
    for tier in known.chain(gone.map(|(id, _)| id)) {
        let members = stored_tiers::list_members_due(tx, tier, at, limit).await?;
        if members.iter().any(|member| !aside.contains(member)) {
            return Ok(members);
        }
    }
    Ok(Vec::new())
}

/// Activates, settles and expires what is due of a member by `at`.
async fn catch_up_points(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    at: Instant,
    report: &mut NightlyReport,
) -> Result<(), Error> {
    let joined_to = points_forwarding::hold_with_target(tx, member).await?;
    let before = EntryId::new();
    let posting = LedgerPosting::new(member, rules, at);
    posting.catch_up(tx).await?;
    if joined_to.is_some() {
        points_forwarding::forward_points(tx, &posting).await?;
    }
    for reason in jobs::reasons_after(tx, member, before).await? {
        report.count_entry(&json::from_column(&reason)?);
    }
    Ok(())
}
