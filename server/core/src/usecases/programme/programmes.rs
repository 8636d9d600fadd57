//! The programme as a document: checking it, comparing it, putting it in force, reading it back. A version is never
//! changed and never begins in the past, so that changed rules never change what was judged.

pub mod simulate;
mod versions;

pub use versions::{ProgrammeVersion, ProgrammeVersionState, list_versions, show_version};

use std::fmt;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use crate::domain::actor::Actor;
use crate::domain::programme::{
    DocumentDifference, DocumentReading, Programme, find_differences, read_document,
};
use crate::domain::roles::Permission;
use crate::domain::time::{Instant, start_of_day, written};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::programmes::ProgrammeVersionRow;
use crate::store::{StoreError, Tx, chain, programmes, tiers};
use crate::usecases::require;
use crate::usecases::{Error, transact};

/// Reason for which nothing was done, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ProgrammeCommandError {
    /// There is no such version.
    #[error("there is no version {0} of the programme")]
    NoVersion(i64),
    /// There is no version at all.
    #[error("no programme is stored yet: apply one first")]
    NoProgramme,
    /// The time is neither a moment nor a day.
    #[error("{0} is neither a day as 2026-12-01 nor a moment as 2026-12-01T09:00:00+03:00")]
    NoTime(String),
    /// The time is over.
    #[error(
        "{asked} is in the past (it is {now}): changed rules never change what was judged; name a later time, or none \
         for now"
    )]
    Past {
        /// The time asked for.
        asked: String,
        /// The present.
        now: String,
    },
    /// It would give points that members hold another meaning.
    #[error(
        "points have moved already, and this would change what they mean: {0}; --force applies it all the same (see \
         docs/programme.md)"
    )]
    ChangesMeaning(String),
    /// Storage or a use case failed.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl From<StoreError> for ProgrammeCommandError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Reads a document and compares it with the chain's stores.
///
/// # Errors
/// [`Error::Fault`].
pub async fn check_document(service: &Kopilka, text: &str) -> Result<DocumentReading, Error> {
    let mut tx = service.db.read().await?;
    let stores = chain::list_stores(&mut tx).await?;
    let codes: Vec<String> = stores.into_iter().map(|store| store.code).collect();
    Ok(read_document(text, Some(&codes)))
}

/// Members whose level a document leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredTierMembers {
    /// Id of the level.
    pub tier: String,
    /// Number of members who have it.
    pub members: i64,
    /// Id of the level that they have under the document.
    pub to: String,
}

impl fmt::Display for RetiredTierMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tier, members, to } = self;
        let who = match members {
            1 => "1 member holds".to_owned(),
            members => format!("{members} members hold"),
        };
        write!(
            f,
            "{who} the level {tier}, which is left out: from the version's first moment on, without a notice, they have {to}"
        )
    }
}

/// Members who have another level by `new`, in force from `from` on, than by `old`, because `new` has theirs no more.
async fn find_retired_tier_members(
    tx: &mut Tx,
    old: &Programme,
    new: &Programme,
    from: Instant,
) -> Result<Vec<RetiredTierMembers>, ProgrammeCommandError> {
    let mut new = new.clone();
    programmes::merge_tier_orders(tx, &mut new, from, i64::MAX).await?;
    let held = tiers::count_holders(tx).await?.into_iter();
    let gone = held.filter(|held| new.tiers.iter().all(|tier| tier.id != held.tier));
    Ok(gone
        .map(|held| RetiredTierMembers {
            to: new.held_tier(&held.tier).id.clone(),
            tier: held.tier,
            members: held.members,
        })
        .filter(|falling| old.held_tier(&falling.tier).id != falling.to)
        .collect())
}

/// Differences between a document and a version.
#[derive(Debug, Clone)]
pub struct DocumentDifferences {
    /// The version's number.
    pub version: i64,
    /// Changes from the version to the document.
    pub changes: Vec<DocumentDifference>,
    /// Members whose level it leaves out.
    pub falling: Vec<RetiredTierMembers>,
}

/// Compares a document with a version; with the newest one where none is named.
///
/// # Errors
/// [`ProgrammeCommandError::NoVersion`], [`ProgrammeCommandError::NoProgramme`].
pub async fn compare_with_version(
    service: &Kopilka,
    programme: &Programme,
    against: Option<i64>,
) -> Result<DocumentDifferences, ProgrammeCommandError> {
    let mut tx = service.db.read().await?;
    let version = match against {
        Some(version) => version,
        None => {
            find_newest_version(&mut tx)
                .await?
                .ok_or(ProgrammeCommandError::NoProgramme)?
                .version
        }
    };
    let (_, old) = load_version(&mut tx, version).await?;
    Ok(DocumentDifferences {
        version,
        changes: list_changes(&old, programme)?,
        falling: find_retired_tier_members(&mut tx, &old, programme, service.now()).await?,
    })
}

/// Result of putting a document in force.
#[derive(Debug, Clone)]
pub enum ProgrammeApplyOutcome {
    /// It became a version.
    Version {
        /// Its number.
        version: i64,
        /// Time from which it judges.
        from: Instant,
        /// Changes from the version before it in time; everything is new where there was none.
        changes: Vec<DocumentDifference>,
        /// Members whose level it leaves out.
        falling: Vec<RetiredTierMembers>,
        /// A version that would have begun at the same moment and now never will.
        replaces: Option<i64>,
        /// The version that takes over later.
        until: Option<(i64, Instant)>,
    },
    /// A version says the same already: nothing is stored.
    Already {
        /// Its number.
        version: i64,
        /// Time from which it judges.
        from: Instant,
    },
}

/// Puts a document without errors in force from a time on: a day of its time zone, a moment (RFC 3339), or now.
///
/// # Errors
/// [`ProgrammeCommandError::NoTime`], [`ProgrammeCommandError::Past`]; [`ProgrammeCommandError::ChangesMeaning`] unless
/// `force`.
pub async fn apply_document(
    service: &Kopilka,
    actor: &Actor,
    programme: &Programme,
    from: Option<&str>,
    force: bool,
) -> Result<ProgrammeApplyOutcome, ProgrammeCommandError> {
    require(actor, Permission::ApplyProgramme).map_err(Error::from)?;
    let zone = programme.time_zone;
    let asked = from.map(|text| parse_start(text, zone)).transpose()?;
    transact!(service.db, |tx| match apply_in_transaction(
        service, actor, tx, programme, asked, force
    )
    .await
    {
        Err(ProgrammeCommandError::Failed(error)) => Err(error),
        done => Ok(done),
    })?
}

/// Stores the document as [`apply_document`] says. Nothing is written before the last thing that can keep it from being
/// applied.
async fn apply_in_transaction(
    service: &Kopilka,
    actor: &Actor,
    tx: &mut Tx,
    programme: &Programme,
    asked: Option<Instant>,
    force: bool,
) -> Result<ProgrammeApplyOutcome, ProgrammeCommandError> {
    let zone = programme.time_zone;
    tx.advisory_lock("programme versions").await?;
    let now = service.now();
    let from = asked.unwrap_or(now);
    if from < now {
        return Err(ProgrammeCommandError::Past {
            asked: written(from, zone),
            now: written(now, zone),
        });
    }
    // Without a time asked for, the newest document that waits for its own is taken at its word.
    if asked.is_none()
        && let Some(newest) = find_newest_version(tx).await?
        && newest.valid_from > now
        && list_changes(&load_version(tx, newest.version).await?.1, programme)?.is_empty()
    {
        return Ok(ProgrammeApplyOutcome::Already {
            version: newest.version,
            from: newest.valid_from,
        });
    }
    let (mut changed, mut fall) = (Vec::new(), Vec::new());
    if let Some(before) = programmes::version_at(tx, from).await? {
        let (since, old) = load_version(tx, before).await?;
        changed = list_changes(&old, programme)?;
        if changed.is_empty() {
            return Ok(ProgrammeApplyOutcome::Already {
                version: before,
                from: since,
            });
        }
        if !force && programmes::points_have_moved(tx).await? {
            refuse_new_meaning(&changed)?;
        }
        fall = find_retired_tier_members(tx, &old, programme, from).await?;
    }
    let others = programmes::list_versions(tx).await?;
    let version = programmes::insert(tx, programme, from, now).await?;
    let line = AuditLine::new(Action::ProgrammeApplied, actor).subject(version);
    audit::log(tx, line, now).await?;
    Ok(ProgrammeApplyOutcome::Version {
        version,
        from,
        changes: changed,
        falling: fall,
        replaces: others
            .iter()
            .find(|other| other.valid_from == from)
            .map(|other| other.version),
        until: others
            .into_iter()
            .filter(|other| other.valid_from > from)
            .min_by_key(|other| (other.valid_from, -other.version))
            .map(|other| (other.version, other.valid_from)),
    })
}

/// Names that give points already held another worth, or days another beginning.
fn refuse_new_meaning(changes: &[DocumentDifference]) -> Result<(), ProgrammeCommandError> {
    let grave: Vec<String> = changes
        .iter()
        .filter(|change| {
            matches!(
                change.path.as_str(),
                "currency" | "points.value" | "time_zone"
            )
        })
        .map(ToString::to_string)
        .collect();
    if grave.is_empty() {
        Ok(())
    } else {
        Err(ProgrammeCommandError::ChangesMeaning(grave.join("; ")))
    }
}

async fn find_newest_version(
    tx: &mut Tx,
) -> Result<Option<ProgrammeVersionRow>, ProgrammeCommandError> {
    Ok(programmes::list_versions(tx).await?.into_iter().next())
}

async fn load_version(
    tx: &mut Tx,
    version: i64,
) -> Result<(Instant, Programme), ProgrammeCommandError> {
    let from = programmes::valid_from(tx, version)
        .await?
        .ok_or(ProgrammeCommandError::NoVersion(version))?;
    Ok((from, programmes::load_document(tx, version).await?.0))
}

fn list_changes(
    old: &Programme,
    new: &Programme,
) -> Result<Vec<DocumentDifference>, ProgrammeCommandError> {
    Ok(find_differences(old, new).map_err(Error::from)?)
}

/// A moment (RFC 3339), or the start of a day in `zone`.
fn parse_start(text: &str, zone: Tz) -> Result<Instant, ProgrammeCommandError> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(start_of_day(day, zone));
    }
    DateTime::parse_from_rfc3339(text)
        .map(|moment| Instant(moment.timestamp_micros()))
        .map_err(|_| ProgrammeCommandError::NoTime(text.to_owned()))
}

#[cfg(test)]
mod tests;
