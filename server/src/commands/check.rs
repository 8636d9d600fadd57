//! `kopilka check`: whether everything that is stored adds up. Prints the findings; any finding fails the command.

use kopilka_core::Kopilka;
use kopilka_core::store::check;

use super::CommandError;

/// Verifies the ledger.
///
/// # Errors
/// When anything does not add up.
pub async fn run(kopilka: &Kopilka) -> Result<(), CommandError> {
    let mut tx = kopilka.db.read().await?;
    let findings = check::findings(&mut tx).await?;
    if findings.count == 0 {
        println!(
            "every balance equals its entries, every lot its allocations, every receipt its lines, and nothing is orphaned"
        );
        return Ok(());
    }
    for finding in &findings.told {
        println!("{finding}");
    }
    let more = findings.count - u64::try_from(findings.told.len()).unwrap_or(findings.count);
    if more > 0 {
        println!("and {more} more");
    }
    Err(CommandError::Said(format!(
        "the ledger does not add up in {} place(s)",
        findings.count
    )))
}
