//! `kopilka check`: whether everything that is stored adds up and is as it was sealed. Prints the findings; any finding fails the
//! command.

use kopilka_core::Kopilka;
use kopilka_core::entropy::encode_hex;
use kopilka_core::store::check::{self, CheckFindings};
use kopilka_core::usecases::jobs::sealing::{ChainSummary, verify};

use super::key::{Unverifiable, find_key_to_verify};
use super::{CommandError, DataLocation};

/// Digits of the last seal that are printed.
const SEAL_DIGITS: usize = 16;

/// Verifies the ledger and the seals.
///
/// # Errors
/// When anything does not add up or is not as it was sealed, and when the key is not the one by which it was sealed.
pub async fn run(service: &Kopilka, place: &DataLocation) -> Result<(), CommandError> {
    let key = find_key_to_verify(place, &service.db).await;
    let mut tx = service.db.scan().await?;
    let sums = check::findings(&mut tx).await?;
    let seals = verify(&mut tx, key.as_ref().ok()).await?;
    if sums.count == 0 {
        println!(
            "every balance equals its entries, every lot its allocations, every receipt its lines, and nothing is orphaned"
        );
    }
    print(&sums);
    print(&seals.findings);
    let mut faults = Vec::new();
    if sums.count > 0 {
        let count = sums.count;
        faults.push(format!("the ledger does not add up in {count} place(s)"));
    }
    if seals.findings.count > 0 {
        let count = seals.findings.count;
        faults.push(format!("the seals do not fit in {count} place(s)"));
    }
    // What is empty needs no key to be seen so.
    let (sealed, empty): (Vec<_>, Vec<_>) = seals.chains.iter().partition(|each| each.has_lines());
    if seals.findings.count == 0 {
        for summary in empty {
            println!("{}: no line is sealed", summary.chain.table());
        }
    }
    match key {
        Ok(_) if seals.findings.count == 0 => sealed.into_iter().for_each(print_summary),
        Ok(_) => {}
        Err(Unverifiable::Missing) if sealed.is_empty() => {}
        Err(Unverifiable::Missing) => println!(
            "the seals were not verified, only their numbers: the secret key of this database is not here"
        ),
        Err(Unverifiable::Unusable(cause)) => faults.push(format!(
            "the seals were not verified, only their numbers: {cause}"
        )),
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(CommandError::Said(faults.join("; ")))
    }
}

fn print(findings: &CheckFindings) {
    for finding in &findings.told {
        println!("{finding}");
    }
    let told = u64::try_from(findings.told.len()).unwrap_or(findings.count);
    let more = findings.count - told;
    if more > 0 {
        println!("and {more} more");
    }
}

/// Prints the end of a chain that has lines. An operator who keeps it elsewhere notices that the whole database was put back to an
/// older state.
fn print_summary(summary: &ChainSummary) {
    let table = summary.chain.table();
    let (first, last) = (summary.first, summary.last);
    let seal: String = encode_hex(&summary.seal)
        .chars()
        .take(SEAL_DIGITS)
        .collect();
    println!(
        "{table}: the lines {first} to {last} are as they were sealed; the last seal is {seal}"
    );
}
