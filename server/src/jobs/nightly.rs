//! The night: each local day that has ended and is not done, in order.

use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::nightly::{Outcome, days_to_do, run};
use tokio::sync::watch;

/// Does the nights that are missing until all are done, another process is at it, or the service stops.
///
/// # Errors
/// [`Error::Fault`]; the night can be tried again.
pub async fn look(kopilka: &Kopilka, stopped: &watch::Receiver<bool>) -> Result<(), Error> {
    for day in days_to_do(kopilka, None).await? {
        match run(kopilka, &Actor::Job, day, || *stopped.borrow()).await? {
            Outcome::Done(report) => tracing::info!(%day, ?report, "a night is done"),
            Outcome::DoneBefore => {}
            Outcome::Busy | Outcome::NotEnded | Outcome::Stopped => break,
        }
    }
    Ok(())
}
