//! Parked receipts: those whose time has come.

use kopilka_core::Kopilka;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::receipts::settle_parked;
use tokio::sync::watch;

/// Settles what is due, until nothing is or the service stops.
///
/// # Errors
/// [`Error::Fault`] of the last one that failed; it can be tried again.
pub async fn look(kopilka: &Kopilka, stopped: &watch::Receiver<bool>) -> Result<(), Error> {
    while !*stopped.borrow() && settle_parked(kopilka).await? > 0 {}
    Ok(())
}
