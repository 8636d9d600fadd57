//! Versions of the programme: which there are, when each judges, and what each says.

use crate::domain::time::{Instant, written};
use crate::service::Kopilka;
use crate::store::programmes;
use crate::store::programmes::ProgrammeVersionRow;
use crate::usecases::Error;
use chrono_tz::Tz;

use super::{ProgrammeCommandError, load_version};

/// A version with the time in which it judges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeVersion {
    /// Its number.
    pub version: i64,
    /// Time from which it judges.
    pub from: Instant,
    /// Time until which it judges; `None` = no other version takes over.
    pub until: Option<Instant>,
    /// State at present.
    pub state: ProgrammeVersionState,
}

/// State of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgrammeVersionState {
    /// Its time will come.
    Waiting,
    /// It judges what is sold now.
    InForce,
    /// It judges what was sold in its time.
    Past,
    /// A later version begins at the same moment: it never judges anything.
    Replaced,
}

/// All versions, newest first, and the time zone of the one in force.
///
/// # Errors
/// [`ProgrammeCommandError::Failed`].
pub async fn list_versions(
    service: &Kopilka,
) -> Result<(Vec<ProgrammeVersion>, Tz), ProgrammeCommandError> {
    let mut tx = service.db.read().await?;
    let now = service.now();
    let all = programmes::list_versions(&mut tx).await?;
    let current = programmes::version_at(&mut tx, now).await?;
    let zone = match current.or_else(|| all.first().map(|first| first.version)) {
        Some(version) => load_version(&mut tx, version).await?.1.time_zone,
        None => Tz::UTC,
    };
    let view = |&ProgrammeVersionRow {
                    version,
                    valid_from,
                }: &ProgrammeVersionRow| {
        let later =
            |other: &ProgrammeVersionRow| other.valid_from == valid_from && other.version > version;
        ProgrammeVersion {
            version,
            from: valid_from,
            until: all
                .iter()
                .map(|other| other.valid_from)
                .filter(|start| *start > valid_from)
                .min(),
            state: if all.iter().any(later) {
                ProgrammeVersionState::Replaced
            } else if Some(version) == current {
                ProgrammeVersionState::InForce
            } else if valid_from > now {
                ProgrammeVersionState::Waiting
            } else {
                ProgrammeVersionState::Past
            },
        }
    };
    Ok((all.iter().map(view).collect(), zone))
}

/// A version's document as TOML that can be checked and applied again; the one in force now where none is named.
///
/// # Errors
/// [`ProgrammeCommandError::NoVersion`], [`ProgrammeCommandError::NoProgramme`].
pub async fn show_version(
    service: &Kopilka,
    version: Option<i64>,
) -> Result<String, ProgrammeCommandError> {
    let mut tx = service.db.read().await?;
    let version = match version {
        Some(version) => version,
        None => programmes::version_at(&mut tx, service.now())
            .await?
            .ok_or(ProgrammeCommandError::NoProgramme)?,
    };
    let (from, programme) = load_version(&mut tx, version).await?;
    let document = toml::to_string(&programme).map_err(|error| Error::Fault(error.to_string()))?;
    let start = written(from, programme.time_zone);
    Ok(format!(
        "# Version {version} of the programme, in force from {start}.\n\n{document}"
    ))
}
