//! `kopilka programme`: the rules as a document. Only `apply` stores anything; a document with errors is never stored.

mod simulate;

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::programme::{
    self as rules, DocumentDifference, DocumentReading, FaultSeverity,
};
use kopilka_core::domain::time::{Instant, written};
use kopilka_core::usecases::programme::programmes::{
    self, DocumentDifferences, ProgrammeApplyOutcome, ProgrammeCommandError, ProgrammeVersionState,
    RetiredTierMembers,
};

use super::arguments::read_utf8_file;
use super::{CommandError, DataLocation, open_service};

/// The programme as a document.
#[derive(Debug, Subcommand)]
pub enum ProgrammeCommand {
    /// Name every line of a document that is wrong; fails where there is an error.
    Check {
        /// The document (TOML).
        file: PathBuf,
        /// Leave the database alone: store codes are not looked up.
        #[arg(long)]
        offline: bool,
    },
    /// Show what a document would change.
    Diff {
        /// The document (TOML).
        file: PathBuf,
        /// The version to compare with; the newest where none is given.
        #[arg(long, value_name = "VERSION")]
        against: Option<i64>,
    },
    /// Put a document in force, now or from a later time on.
    Apply {
        /// The document (TOML).
        file: PathBuf,
        /// From when on: a day of the programme's time zone (2026-12-01) or a moment (2026-12-01T09:00:00+03:00).
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Also where points that members hold get another meaning (currency, value of a point, time zone).
        #[arg(long)]
        force: bool,
    },
    /// Print a version's document, to be checked and applied again.
    Show {
        /// The version; the one in force now where none is given.
        version: Option<i64>,
    },
    /// List all versions and when each is in force.
    List,
    /// Judge stored sales of a period by a document, and show who would gain and lose; stores nothing.
    Simulate {
        /// The document (TOML).
        file: PathBuf,
        /// First day, in the document's time zone.
        #[arg(long, value_name = "DAY")]
        from: NaiveDate,
        /// Last day.
        #[arg(long, value_name = "DAY")]
        until: NaiveDate,
        /// Everybody had switched on the document's new offers that need a tap: the most that they can cost.
        #[arg(long)]
        switched_on: bool,
    },
}

impl From<ProgrammeCommandError> for CommandError {
    fn from(error: ProgrammeCommandError) -> Self {
        Self::Said(error.to_string())
    }
}

impl ProgrammeCommand {
    /// Runs the command over the database.
    ///
    /// # Errors
    /// A sentence for the operator; each fault of a document is printed before.
    pub async fn run(self, place: &DataLocation) -> Result<(), CommandError> {
        match self {
            Self::Check { file, offline } => {
                let text = read_utf8_file(&file)?;
                let reading = if offline {
                    rules::read_document(&text, None)
                } else {
                    programmes::check_document(&open_service(place).await?, &text).await?
                };
                check_document(&file, reading)?;
                print_text(&format!("{} can be put in force\n", file.display()))
            }
            Self::Diff { file, against } => {
                let service = open_service(place).await?;
                let programme = read_document(&service, &file).await?;
                let DocumentDifferences {
                    version,
                    changes,
                    falling,
                } = programmes::compare_with_version(&service, &programme, against).await?;
                if changes.is_empty() {
                    return print_text(&format!(
                        "{} says the same as version {version}\n",
                        file.display()
                    ));
                }
                let (changes, warnings) = (describe_changes(&changes), describe_warnings(&falling));
                print_text(&format!("against version {version}:\n{changes}{warnings}"))
            }
            Self::Apply { file, from, force } => {
                let service = open_service(place).await?;
                let programme = read_document(&service, &file).await?;
                let applied = programmes::apply_document(
                    &service,
                    &Actor::OPERATOR,
                    &programme,
                    from.as_deref(),
                    force,
                )
                .await?;
                print_text(&describe_applied(&applied, |at| {
                    written(at, programme.time_zone)
                }))
            }
            Self::Show { version } => {
                print_text(&programmes::show_version(&open_service(place).await?, version).await?)
            }
            Self::List => list_versions(&open_service(place).await?).await,
            Self::Simulate {
                file,
                from,
                until,
                switched_on,
            } => {
                if until < from {
                    return Err(CommandError::Said(format!("{until} is before {from}")));
                }
                let service = open_service(place).await?;
                let programme = read_document(&service, &file).await?;
                let period = programmes::simulate::SimulationPeriod {
                    from,
                    until,
                    switched_on,
                };
                print_text(&simulate::simulate_and_report(&service, programme, period).await?)
            }
        }
    }
}

/// Prints; a reader that has gone away (`| head`) is no fault of the command.
fn print_text(text: &str) -> Result<(), CommandError> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CommandError::Said(format!(
            "nothing can be printed: {error}"
        ))),
        _ => Ok(()),
    }
}

/// The document of a file, where it has no errors.
async fn read_document(service: &Kopilka, file: &Path) -> Result<rules::Programme, CommandError> {
    check_document(
        file,
        programmes::check_document(service, &read_utf8_file(file)?).await?,
    )
}

/// Prints what is wrong, a line each, as `programme.toml:57:12: tiers[2].threshold: must be …`.
fn check_document(file: &Path, reading: DocumentReading) -> Result<rules::Programme, CommandError> {
    let mut errors = 0_u32;
    for remark in &reading.remarks {
        let kind = match remark.fault.severity {
            FaultSeverity::Error => {
                errors += 1;
                ""
            }
            FaultSeverity::Warning => "warning: ",
        };
        let (line, column) = (remark.line, remark.column);
        print_text(&format!(
            "{}:{line}:{column}: {kind}{}\n",
            file.display(),
            remark.fault
        ))?;
    }
    reading.programme.ok_or_else(|| {
        let errors = if errors == 1 {
            "an error".to_owned()
        } else {
            format!("{errors} errors")
        };
        CommandError::Said(format!("{} has {errors}", file.display()))
    })
}

fn describe_changes(changes: &[DocumentDifference]) -> String {
    changes
        .iter()
        .map(|change| format!("  {change}\n"))
        .collect()
}

fn describe_warnings(falling: &[RetiredTierMembers]) -> String {
    falling
        .iter()
        .map(|members| format!("warning: {members}\n"))
        .collect()
}

fn describe_applied(applied: &ProgrammeApplyOutcome, time: impl Fn(Instant) -> String) -> String {
    match applied {
        ProgrammeApplyOutcome::Already { version, from } => format!(
            "version {version}, in force from {}, says the same: nothing is stored\n",
            time(*from)
        ),
        ProgrammeApplyOutcome::Version {
            version,
            from,
            changes,
            falling,
            replaces,
            until,
        } => {
            let mut said = format!(
                "stored as version {version}, in force from {}\n{}{}",
                time(*from),
                describe_changes(changes),
                describe_warnings(falling)
            );
            if let Some(replaced) = replaces {
                said += &format!("version {replaced} began at the same moment and is replaced\n");
            }
            if let Some((next, start)) = until {
                said += &format!(
                    "version {next} still takes over on {}; to replace it, apply a document from that moment on\n",
                    time(*start)
                );
            }
            said
        }
    }
}

async fn list_versions(service: &Kopilka) -> Result<(), CommandError> {
    let (versions, zone) = programmes::list_versions(service).await?;
    if versions.is_empty() {
        return print_text("no programme is stored yet\n");
    }
    for version in versions {
        let from = written(version.from, zone);
        let until = version
            .until
            .map(|at| format!(" until {}", written(at, zone)));
        let state = match version.state {
            ProgrammeVersionState::Waiting => "waiting",
            ProgrammeVersionState::InForce => "in force",
            ProgrammeVersionState::Past => "past",
            ProgrammeVersionState::Replaced => "replaced before it began",
        };
        let until = until.unwrap_or_default();
        print_text(&format!(
            "{:>5}  from {from}{until}  {state}\n",
            version.version
        ))?;
    }
    Ok(())
}
