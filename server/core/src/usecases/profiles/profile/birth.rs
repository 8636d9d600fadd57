//! The birth date of a member: it may be changed a few times, and removed at any time.

use chrono::NaiveDate;

use super::{ProfileSaveOutcome, log_change, reward_if_complete};
use crate::domain::profile::BirthDate;
use crate::domain::time::local_date;
use crate::service::Kopilka;
use crate::store::{Tx, members, profiles};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::loyalty::member_snapshot::birth_date;
use crate::usecases::{Error, FieldProblem, Refusal, transact};

/// Sets the birth date; all three fields empty removes it.
///
/// # Errors
/// [`Error::Invalid`] naming the wrong part; [`Refusal::BirthDateLocked`] after the last allowed change.
pub async fn save_birth_date(
    service: &Kopilka,
    shopper: &Shopper,
    day: &str,
    month: &str,
    year: &str,
) -> Result<ProfileSaveOutcome, Error> {
    let saved = transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        store_birth_date(service, tx, shopper, day, month, year).await
    })?;
    let Some(saved) = saved else {
        return Ok(ProfileSaveOutcome { rewarded: false });
    };
    service.announce(shopper.member);
    Ok(saved)
}

/// Stores the birth date; `None` = it was stored before.
async fn store_birth_date(
    service: &Kopilka,
    tx: &mut Tx,
    shopper: &Shopper,
    day: &str,
    month: &str,
    year: &str,
) -> Result<Option<ProfileSaveOutcome>, Error> {
    let rules = service.current_rules(tx).await?;
    let today = local_date(service.now(), rules.programme.time_zone);
    let date = parse_birth_date(day, month, year, today, rules.programme.minimum_age)?;
    let row = members::load_member(tx, shopper.member).await?;
    if birth_date(&row) == date {
        return Ok(None);
    }
    if date.is_some() && row.birth_changes >= rules.programme.profile.birth_changes {
        return Err(Refusal::BirthDateLocked.into());
    }
    let parts = date.map(|date| {
        (
            i64::from(date.year),
            i64::from(date.month),
            i64::from(date.day),
        )
    });
    profiles::set_birth_date(tx, shopper.member, parts).await?;
    log_change(service, tx, shopper, "birth-date").await?;
    let rewarded = reward_if_complete(service, tx, shopper.member, &rules).await?;
    Ok(Some(ProfileSaveOutcome { rewarded }))
}

fn parse_birth_date(
    day: &str,
    month: &str,
    year: &str,
    today: NaiveDate,
    minimum_age: Option<u8>,
) -> Result<Option<BirthDate>, Error> {
    if [day, month, year].iter().all(|part| part.trim().is_empty()) {
        return Ok(None);
    }
    BirthDate::parse(day, month, year, today, minimum_age)
        .map(Some)
        .map_err(|fault| {
            let problem = FieldProblem::new(fault.field_name(), fault.problem_key());
            match minimum_age {
                Some(age) => problem.with_arg("minimum", age),
                None => problem,
            }
            .into()
        })
}
