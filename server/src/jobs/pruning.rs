//! Forgetting what lives short, about once an hour.

use kopilka_core::Kopilka;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::pruning::prune;

/// Prunes where nobody has within the hour.
///
/// # Errors
/// [`Error::Fault`]; it can be tried again.
pub async fn look(kopilka: &Kopilka) -> Result<(), Error> {
    if let Some(deleted) = prune(kopilka).await?
        && deleted > 0
    {
        tracing::info!(deleted, "what had lived its time is pruned");
    }
    Ok(())
}
