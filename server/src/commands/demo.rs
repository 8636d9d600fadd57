//! `kopilka demo`: a new database with a believable chain in it. Says how far it is: by a bar where somebody looks on, by
//! a line for each tenth otherwise.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use kopilka_core::clock::{Clock, SystemClock};
use kopilka_core::domain::time::{Instant, start_of_day};
use kopilka_core::store::Database;
use kopilka_core::store::bulk_load::BulkLoader;
use kopilka_core::store::engine::inspect::{DatabaseContents, DatabaseInspector};
use kopilka_demo_data::{DemoProgress, DemoSize, fill_database};

use super::{CommandError, DATABASE_FILE, DataLocation, data_folder};

/// Fill a new database with a chain that looks two years old: stores, members, receipts, points.
#[derive(Debug, Args)]
pub struct DemoCommand {
    /// How many members.
    #[arg(long, default_value = "1000")]
    members: u64,
    /// How many receipts in all, returns among them.
    #[arg(long, default_value = "10000")]
    receipts: u64,
    /// The same seed makes the same members, receipts and points again, on the same day.
    #[arg(long, default_value = "1")]
    seed: u64,
    /// The day that follows the last receipt, as 2026-11-22; today where none is given.
    #[arg(long)]
    day: Option<chrono::NaiveDate>,
}

impl DemoCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator; then there is no such database, or it is as empty as it was.
    pub async fn run(self, place: &DataLocation) -> Result<(), CommandError> {
        let size = DemoSize {
            members: self.members,
            receipts: self.receipts,
            seed: self.seed,
        };
        size.check_size()?;
        let now = self.demo_instant()?;
        refuse_existing_chain(place).await?;
        let loader = match &place.database_url {
            Some(url) => BulkLoader::of_server(&Database::connect(url).await?).await?,
            None => BulkLoader::of_file(&data_folder(&place.data)?.join(DATABASE_FILE)).await?,
        };
        let mut progress = ProgressPrinter::new(size.receipts);
        let filled = fill_database(loader, size, now, |told| progress.show_progress(told));
        let sums = tokio::select! {
            sums = filled => sums?,
            // What was written goes with the future that is dropped here.
            _ = tokio::signal::ctrl_c() => {
                return Err(CommandError::Said("stopped; nothing was filled".to_owned()));
            }
        };
        progress.finish_line();
        let line = format!(
            "{} members with {} sales, {} returns and {} points\n",
            sums.members, sums.sales, sums.returns, sums.points
        );
        drop(std::io::stdout().write_all(line.as_bytes()));
        Ok(())
    }

    /// Noon of the day that was asked for, or now.
    fn demo_instant(&self) -> Result<Instant, CommandError> {
        let now = SystemClock.now();
        let Some(day) = self.day else { return Ok(now) };
        let zone = kopilka_core::usecases::demo::programme()?.time_zone;
        let start = start_of_day(day, zone);
        if start > now {
            return Err(CommandError::Said(format!("{day} has not come yet")));
        }
        Ok(start)
    }
}

/// Refuses a PostgreSQL database that holds anything, before its tables are brought up to date. A SQLite file that is there
/// is refused in any case.
async fn refuse_existing_chain(place: &DataLocation) -> Result<(), CommandError> {
    let Some(url) = &place.database_url else {
        return Ok(());
    };
    let mut inspector = DatabaseInspector::at_server(url).await?;
    let contents = inspector.contents().await?;
    inspector.close().await?;
    match contents {
        DatabaseContents::Nothing => Ok(()),
        DatabaseContents::Chain | DatabaseContents::NotOurs => Err(CommandError::Said(
            "the database is not empty; a demo chain fills an empty one only".to_owned(),
        )),
    }
}

/// Says how far the filling is, on standard error.
struct ProgressPrinter {
    receipts: u64,
    bar: Option<ProgressBar>,
    /// Tenths that were said.
    said: u64,
}

impl ProgressPrinter {
    fn new(receipts: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(receipts);
            let style = "{bar:40} {human_pos} of {human_len} receipts, {eta} left{msg}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        Self {
            receipts,
            bar,
            said: 0,
        }
    }

    fn show_progress(&mut self, told: DemoProgress) {
        match (&self.bar, told) {
            (Some(bar), DemoProgress::Receipts { done }) => bar.set_position(done),
            (Some(bar), DemoProgress::Indexes { done, of }) => {
                bar.set_message(format!("; index {done} of {of}"));
            }
            (None, DemoProgress::Receipts { done }) => {
                let tenths = done.saturating_mul(10) / self.receipts.max(1);
                if tenths > self.said {
                    self.said = tenths;
                    eprintln!("{done} of {} receipts", self.receipts);
                }
            }
            (None, DemoProgress::Indexes { done: 0, of }) => eprintln!("building {of} indexes"),
            (None, DemoProgress::Indexes { .. }) => {}
        }
    }

    fn finish_line(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
