//! Verification of both chains for `kopilka check`, in pages: which lines were changed, removed or inserted since they were
//! sealed. Without the key the numbers are verified alone.

use uuid::Uuid;

use super::seal::ChainKey;
use super::{BATCH, newest_early, oldest_late};
use crate::ids::RowId;
use crate::secret_key::SecretKey;
use crate::store::check::CheckFindings;
use crate::store::seals::{self, ChainEnds, SealChain, SealedLine};
use crate::store::{StoreError, Tx};

/// Result of verifying the chains.
#[derive(Debug, Default)]
pub struct Verification {
    /// What is wrong, by chain and number.
    pub findings: CheckFindings,
    /// State of each chain.
    pub chains: Vec<ChainSummary>,
}

/// State of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainSummary {
    /// The chain.
    pub chain: SealChain,
    /// Number of the first line that is kept.
    pub first: i64,
    /// Number of the last line that was sealed; 0 = none was.
    pub last: i64,
    /// Seal of that line.
    pub seal: Vec<u8>,
}

impl ChainSummary {
    /// Returns whether there is a sealed line.
    pub const fn has_lines(&self) -> bool {
        self.first <= self.last
    }
}

/// Verifies both chains. Without a key only numbers are verified, and no contents.
///
/// # Errors
/// [`StoreError`].
pub async fn verify(tx: &mut Tx, key: Option<&SecretKey>) -> Result<Verification, StoreError> {
    let mut verification = Verification::default();
    for chain in SealChain::ALL {
        let key = key.map(|key| ChainKey::new(key, chain));
        let ends = seals::load_ends(tx, chain, false).await;
        let ends = match ends {
            Err(StoreError::Unreadable(_)) => {
                let table = chain.table();
                let said = format!("{table}: the record of the chain's ends cannot be read");
                verification.findings.add_finding(|| said);
                None
            }
            ends => ends?,
        };
        let mut walk = Walk::new(chain, key, ends, &mut verification.findings);
        walk.check_ends(tx).await?;
        walk.check_lines(tx).await?;
        walk.check_unsealed(tx).await?;
        verification.chains.push(walk.summary());
    }
    Ok(verification)
}

/// A walk along a chain.
struct Walk<'a> {
    chain: SealChain,
    key: Option<ChainKey>,
    ends: Option<ChainEnds>,
    findings: &'a mut CheckFindings,
    /// Number of the line before.
    number: i64,
    /// Seal of the line before; `None` = it is not known.
    seal: Option<Vec<u8>>,
}

impl<'a> Walk<'a> {
    fn new(
        chain: SealChain,
        key: Option<ChainKey>,
        ends: Option<ChainEnds>,
        findings: &'a mut CheckFindings,
    ) -> Self {
        let number = ends.as_ref().map_or(0, |ends| ends.base_number);
        let seal = ends.as_ref().map(|ends| ends.base_seal.clone());
        Self {
            chain,
            key,
            ends,
            findings,
            number,
            seal,
        }
    }

    fn tell(&mut self, said: &str) {
        let table = self.chain.table();
        self.findings.add_finding(|| format!("{table}: {said}"));
    }

    async fn check_ends(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        match (&self.ends, &self.key) {
            (None, _) if seals::has_seals(tx, self.chain).await? => {
                self.tell("the record of the chain's ends was removed from seal_chains");
            }
            (Some(ends), Some(key)) if !key.fits_ends(ends) => {
                self.tell("the record of the chain's ends was changed in seal_chains");
            }
            _ => {}
        }
        Ok(())
    }

    async fn check_lines(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let page = seals::sealed_lines(tx, self.chain, after, BATCH).await?;
            let is_readable = page.iter().any(Result::is_ok);
            for line in page {
                match line {
                    Ok(line) => {
                        self.check_line(&line);
                        after = line.number;
                    }
                    Err(_) => {
                        self.tell_unreadable();
                        after = after.max(self.number);
                    }
                }
            }
            // Where nothing of a page can be read, the place of the next one is not known.
            if !is_readable {
                break;
            }
        }
        self.check_tail();
        Ok(())
    }

    fn tell_unreadable(&mut self) {
        self.number += 1;
        self.seal = None;
        let number = self.number;
        self.tell(&format!(
            "number {number}: the line or its seal was changed to what cannot be read"
        ));
    }

    fn check_line(&mut self, line: &SealedLine) {
        let (number, id) = (line.number, line.id);
        let last = self.ends.as_ref().map(|ends| ends.number);
        if number <= self.number || last.is_some_and(|last| number > last) {
            self.tell(&format!(
                "number {number} ({id}): the seal was inserted: the chain has no such number"
            ));
            return;
        }
        if number > self.number + 1 {
            self.tell_missing(number - 1);
        }
        match &line.contents {
            None => self.tell(&format!("number {number} ({id}): the line was removed")),
            Some(contents) => {
                let fits = match (&self.key, &self.seal) {
                    (Some(key), Some(before)) => {
                        key.seal_line(before, number, line.version, contents)
                            .as_deref()
                            == Some(line.seal.as_slice())
                    }
                    // Without a key, or where the line before is missing and told already.
                    _ => true,
                };
                if !fits {
                    self.tell_changed(number, id);
                }
            }
        }
        self.number = number;
        self.seal = Some(line.seal.clone());
    }

    fn tell_changed(&mut self, number: i64, id: Uuid) {
        let what = match self.chain {
            SealChain::Audit => "the line was changed",
            SealChain::Ledger => "the entry or one of its allocations was changed",
        };
        self.tell(&format!("number {number} ({id}): {what}"));
    }

    /// Tells that seals up to a number are missing.
    fn tell_missing(&mut self, through: i64) {
        let first = self.number + 1;
        let said = if first == through {
            format!("number {first}: the line was removed, with its seal")
        } else {
            format!("numbers {first} to {through}: the lines were removed, with their seals")
        };
        self.tell(&said);
        self.seal = None;
    }

    fn check_tail(&mut self) {
        let Some(ends) = self.ends.clone() else {
            return;
        };
        if ends.number > self.number {
            self.tell_missing(ends.number);
        } else if ends.number == self.number
            && self.seal.as_ref().is_some_and(|seal| *seal != ends.seal)
        {
            self.tell(&format!(
                "number {}: its seal is not the last one of the chain",
                ends.number
            ));
        }
    }

    /// Finds lines without a number that a run should have sealed, or that no program can have written yet.
    async fn check_unsealed(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(ends) = &self.ends else {
            return Ok(());
        };
        let now = RowId::new();
        let (oldest, newest) = (oldest_late(ends.swept_until, now), newest_early(now));
        for id in seals::unsealed_outside(tx, self.chain, oldest, newest, BATCH).await? {
            let said = match id {
                Ok(id) if RowId(id) > newest => {
                    format!("line {id}: it was inserted: its id is of a time that is still to come")
                }
                Ok(id) => format!("line {id}: it was inserted after lines of its time were sealed"),
                Err(_) => "a line whose id cannot be read was inserted".to_owned(),
            };
            self.tell(&said);
        }
        Ok(())
    }

    fn summary(&self) -> ChainSummary {
        let ends = self.ends.as_ref();
        ChainSummary {
            chain: self.chain,
            first: ends.map_or(0, |ends| ends.base_number) + 1,
            last: ends.map_or(0, |ends| ends.number),
            seal: ends.map(|ends| ends.seal.clone()).unwrap_or_default(),
        }
    }
}
