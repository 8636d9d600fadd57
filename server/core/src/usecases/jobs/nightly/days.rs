//! Days for which the night is still to be done, oldest first. Days are those of the programme's time zone.

use chrono::NaiveDate;

use super::JOB;
use crate::domain::time::{add_days, local_date};
use crate::service::Kopilka;
use crate::store::{StoreError, Tx, jobs, programmes};
use crate::usecases::Error;

/// The last local day that has ended; none before a programme is in force.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_last_ended_day(service: &Kopilka) -> Result<Option<NaiveDate>, Error> {
    let mut tx = service.db.read().await?;
    find_last_ended_day(service, &mut tx).await
}

/// The local day on which the chain began: its first programme version came in force. None before one is in force.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_first_day(service: &Kopilka) -> Result<Option<NaiveDate>, Error> {
    let mut tx = service.db.read().await?;
    find_first_day(service, &mut tx).await
}

async fn find_first_day(service: &Kopilka, tx: &mut Tx) -> Result<Option<NaiveDate>, Error> {
    let now = service.now();
    let Some(from) = programmes::find_first_start(tx)
        .await?
        .filter(|from| *from <= now)
    else {
        return Ok(None);
    };
    let zone = service.current_rules(tx).await?.programme.time_zone;
    Ok(Some(local_date(from, zone)))
}

async fn find_last_ended_day(service: &Kopilka, tx: &mut Tx) -> Result<Option<NaiveDate>, Error> {
    let now = service.now();
    if programmes::version_at(tx, now).await?.is_none() {
        return Ok(None);
    }
    let zone = service.current_rules(tx).await?.programme.time_zone;
    Ok(local_date(now, zone).pred_opt())
}

/// The days from the one after the last that was finished up to `upto`, or up to the last that has ended; only the last
/// of them where no day was ever finished: what was due before is done with it. None is from before the chain began.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_unfinished_days(
    service: &Kopilka,
    upto: Option<NaiveDate>,
) -> Result<Vec<NaiveDate>, Error> {
    let mut tx = service.db.read().await?;
    let upto = match upto {
        Some(day) => Some(day),
        None => find_last_ended_day(service, &mut tx).await?,
    };
    let (Some(first), Some(upto)) = (find_first_day(service, &mut tx).await?, upto) else {
        return Ok(Vec::new());
    };
    let next = match jobs::last_finished(&mut tx, JOB).await? {
        Some(finished) => {
            let finished: NaiveDate = finished
                .parse()
                .map_err(|_| StoreError::Unreadable(format!("finished day {finished}")))?;
            add_days(finished, 1).max(first)
        }
        None => upto.max(first),
    };
    Ok(next.iter_days().take_while(|day| *day <= upto).collect())
}
