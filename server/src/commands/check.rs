//! `kopilka check`: whether the ledger adds up. Prints each finding; any finding fails the command.

use kopilka_core::Kopilka;
use kopilka_core::store::ledger;

use super::CommandError;

/// Verifies the ledger.
///
/// # Errors
/// When anything does not add up.
pub async fn run(kopilka: &Kopilka) -> Result<(), CommandError> {
    let mut tx = kopilka.db.read().await?;
    let findings = ledger::findings(&mut tx).await?;
    if findings.is_empty() {
        println!("every balance equals its entries, every lot its allocations");
        return Ok(());
    }
    for finding in &findings {
        println!("{finding}");
    }
    Err(CommandError::Said(format!(
        "the ledger does not add up in {} place(s)",
        findings.len()
    )))
}
