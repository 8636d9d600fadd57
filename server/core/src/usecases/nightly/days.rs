//! Which days the night is still to be done for, oldest first. Days are those of the programme's time zone.

use chrono::NaiveDate;

use super::JOB;
use crate::domain::time::local_date;
use crate::service::Kopilka;
use crate::store::{StoreError, Tx, jobs, programmes};
use crate::usecases::Error;

/// The last local day that has ended; none before a programme is in force.
///
/// # Errors
/// [`Error::Fault`].
pub async fn last_ended(k: &Kopilka) -> Result<Option<NaiveDate>, Error> {
    let mut tx = k.db.read().await?;
    last(k, &mut tx).await
}

async fn last(k: &Kopilka, tx: &mut Tx) -> Result<Option<NaiveDate>, Error> {
    let now = k.now();
    if programmes::version_at(tx, now).await?.is_none() {
        return Ok(None);
    }
    let zone = k.rules(tx).await?.programme.time_zone;
    Ok(local_date(now, zone).pred_opt())
}

/// The days from the one after the last that was finished up to `upto`, or up to the last that has ended; only the last
/// of them where no day was ever finished: what was due before is done with it.
///
/// # Errors
/// [`Error::Fault`].
pub async fn days_to_do(k: &Kopilka, upto: Option<NaiveDate>) -> Result<Vec<NaiveDate>, Error> {
    let mut tx = k.db.read().await?;
    let Some(upto) = (match upto {
        Some(day) => Some(day),
        None => last(k, &mut tx).await?,
    }) else {
        return Ok(Vec::new());
    };
    let Some(finished) = jobs::last_finished(&mut tx, JOB).await? else {
        return Ok(vec![upto]);
    };
    let finished: NaiveDate = finished
        .parse()
        .map_err(|_| StoreError::Unreadable(format!("finished day {finished}")))?;
    Ok(finished
        .iter_days()
        .skip(1)
        .take_while(|day| *day <= upto)
        .collect())
}
