//! `kopilka nightly`: the work of nights by hand, and what it did. A day that was done is not done again.

use std::time::Instant;

use chrono::NaiveDate;
use clap::Args;
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::usecases::jobs::nightly::{self, NightlyReport, NightlyRunOutcome};

use super::CommandError;

/// Do what the end of a day makes due.
#[derive(Debug, Args)]
pub struct NightlyCommand {
    /// The day, as 2026-11-21, and the days before it that were missed; the last day that has ended where none is given.
    #[arg(long)]
    day: Option<NaiveDate>,
}

impl NightlyCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator: the day has not ended, it is before the chain began, another process is at it, or
    /// something failed.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        let (first, last) = nightly::load_first_day(service)
            .await?
            .zip(nightly::load_last_ended_day(service).await?)
            .ok_or_else(|| {
                CommandError::Said("no programme is in force: there are no nights yet".to_owned())
            })?;
        let upto = self.day.unwrap_or(last);
        if upto > last {
            return Err(not_ended(upto, last));
        }
        if upto < first {
            if self.day.is_none() {
                println!("the chain began on {first}: none of its days has ended yet");
                return Ok(());
            }
            return Err(CommandError::Said(format!(
                "{upto} is before the chain began: its first programme came in force on {first}"
            )));
        }
        let mut failed = 0;
        let mut days = nightly::list_unfinished_days(service, Some(upto)).await?;
        if days.is_empty() {
            days.push(upto);
        }
        for day in days {
            let began = Instant::now();
            match nightly::run_night(service, &Actor::OPERATOR, day, || false).await? {
                NightlyRunOutcome::Done(report) => {
                    print_report(day, &report, began.elapsed().as_millis());
                    failed += report.failed;
                }
                NightlyRunOutcome::DoneBefore => {
                    println!("{day} was done before: nothing more was done")
                }
                NightlyRunOutcome::NotEnded => return Err(not_ended(day, last)),
                NightlyRunOutcome::Busy | NightlyRunOutcome::Stopped => {
                    return Err(CommandError::Said(format!(
                        "another process is doing the night of {day}; see what it did with the same command later"
                    )));
                }
            }
        }
        if failed > 0 {
            return Err(CommandError::Said(format!(
                "{failed} member(s) could not be done and are left to the next night; the log says why"
            )));
        }
        Ok(())
    }
}

fn not_ended(day: NaiveDate, last: NaiveDate) -> CommandError {
    CommandError::Said(format!(
        "{day} has not ended yet in the programme's time zone; the last day that has is {last}"
    ))
}

fn print_report(day: NaiveDate, report: &NightlyReport, millis: u128) {
    let NightlyReport {
        activated_lots,
        activated,
        settled,
        expired_lots,
        expired,
        warned,
        lowered,
        renewed,
        failed,
    } = report;
    println!("{day}");
    println!(
        "  activated   {:>9} points in {activated_lots} lots",
        activated.0
    );
    println!("  settled     {:>9} points of debts", settled.0);
    println!(
        "  expired     {:>9} points in {expired_lots} lots",
        expired.0
    );
    println!("  warned      {warned:>9} members about their tier");
    println!("  downgraded  {lowered:>9} members");
    println!("  renewed     {renewed:>9} members");
    println!("  failed      {failed:>9} members");
    println!("  took        {:>5}.{:03} s", millis / 1000, millis % 1000);
}
