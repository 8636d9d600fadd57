//! `kopilka till`: tills and their keys. A key is printed once, on standard output alone; only its hash is stored.

use std::time::Duration;

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use kopilka_core::Kopilka;
use kopilka_core::domain::chain::TillKind;
use kopilka_core::domain::name::is_plain;
use kopilka_core::domain::time::Instant;
use kopilka_core::entropy;
use kopilka_core::ids::TillId;
use kopilka_core::store::pairing::{self as paired, DeviceRow};
use kopilka_core::store::tills::TillKeys;
use kopilka_core::store::{StoreError, Tx, chain, tills};
use kopilka_core::usecases::{Error, Refusal, pairing};

use super::{CommandError, minute};

/// Longest time for which a replaced key may go on.
const LONGEST_OVERLAP: Duration = Duration::from_secs(30 * 24 * 3600);

/// Tills and their keys.
#[derive(Debug, Subcommand)]
pub enum Till {
    /// Add a till to a store and print its key.
    Add {
        /// Name on the shop floor.
        name: String,
        /// Code of the store.
        #[arg(long)]
        store: String,
        /// pos, browser or web.
        #[arg(long, default_value = "pos", value_parser = PossibleValuesParser::new(TillKind::ALL.iter().map(|kind| kind.as_str())))]
        kind: String,
    },
    /// Print a new key for a till; the old one ends now, or after the overlap.
    Rotate {
        /// Name of the till.
        name: String,
        /// How long the old key goes on, as 30m, 24h or 7d; a key that was older than it ends now in any case.
        #[arg(long, default_value = "0s", value_parser = overlap)]
        overlap: Duration,
    },
    /// Print a code that makes a browser this till: eight digits, ten minutes, once.
    Pair {
        /// Name of the till.
        name: String,
    },
    /// End the pairing of every browser that is this till, and whoever is signed in there.
    Unpair {
        /// Name of the till.
        name: String,
    },
    /// End a till's keys, its pairings and whoever is signed in there, at once and for good.
    Revoke {
        /// Name of the till.
        name: String,
    },
    /// List the tills, the state of their keys and the browsers that are paired with them.
    List,
}

fn overlap(text: &str) -> Result<Duration, String> {
    let overlap = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if overlap > LONGEST_OVERLAP {
        return Err("an old key may go on for 30 days at most".to_owned());
    }
    Ok(overlap)
}

impl Till {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, kopilka: &Kopilka) -> Result<(), CommandError> {
        let now = kopilka.now();
        let mut tx = kopilka.db.write().await?;
        let said = match self {
            Self::Pair { name } => {
                let till = named(&mut tx, &name).await?;
                drop(tx);
                let code = pairing::new_code(kopilka, till, None).await.map_err(
                    |error| match error {
                        Error::Refused(Refusal::NotFound) => CommandError::Said(format!(
                            "{name} is revoked or no browser till: nothing can be paired with it"
                        )),
                        other => other.into(),
                    },
                )?;
                println!("{code}");
                return Ok(());
            }
            Self::Unpair { name } => {
                let till = named(&mut tx, &name).await?;
                drop(tx);
                let ended = pairing::unpair(kopilka, till).await?;
                println!("pairings of {name} that have ended: {ended}");
                return Ok(());
            }
            Self::Add { name, store, kind } => {
                let kind = TillKind::parse(&kind).unwrap_or(TillKind::Pos);
                let name = name.trim();
                if !is_plain(name) {
                    return Err(CommandError::Said(
                        "a till's name is 1 to 64 characters, none of them a control character"
                            .to_owned(),
                    ));
                }
                let store = chain::store_by_code(&mut tx, &store)
                    .await?
                    .ok_or_else(|| CommandError::Said(format!("there is no store {store}")))?;
                let (key, hash) = new_key()?;
                let till = TillId::new();
                tills::insert(&mut tx, till, store.id, name, kind, Some(hash), now)
                    .await
                    .map_err(|error| match error {
                        StoreError::Duplicate => {
                            CommandError::Said(format!("there is a till {name} already"))
                        }
                        other => other.into(),
                    })?;
                key
            }
            Self::Rotate { name, overlap } => {
                let till = named(&mut tx, &name).await?;
                let (key, hash) = new_key()?;
                let seconds = i64::try_from(overlap.as_secs()).unwrap_or_default();
                let ends = now.plus_secs(seconds);
                if !tills::rotate(&mut tx, till, hash, ends, now).await? {
                    return Err(CommandError::Said(format!(
                        "{name} was revoked for good: add a till instead"
                    )));
                }
                key
            }
            Self::Revoke { name } => {
                let till = named(&mut tx, &name).await?;
                tills::revoke(&mut tx, till, now).await?;
                format!("the keys of {name} have ended")
            }
            Self::List => {
                let mut lines = Vec::new();
                for till in tills::all(&mut tx).await? {
                    lines.push(described(&till, now));
                    let browsers = paired::of_till(&mut tx, till.id).await?;
                    lines.extend(browsers.iter().map(browser));
                }
                lines.join("\n")
            }
        };
        tx.commit().await?;
        println!("{said}");
        Ok(())
    }
}

fn new_key() -> Result<(String, Vec<u8>), CommandError> {
    let key = entropy::token().map_err(Error::from)?;
    let hash = entropy::hash(&key);
    Ok((key, hash))
}

async fn named(tx: &mut Tx, name: &str) -> Result<TillId, CommandError> {
    tills::id_by_name(tx, name)
        .await?
        .ok_or_else(|| CommandError::Said(format!("there is no till {name}")))
}

/// A till in one line, in columns apart by tabs: store, name, kind, state of the keys.
fn described(till: &TillKeys, now: Instant) -> String {
    let old = till
        .old_key_ends_at
        .filter(|ends| *ends > now)
        .map(|ends| format!(", the old one until {}", minute(ends)))
        .unwrap_or_default();
    let state = match (till.revoked_at, till.key_made_at) {
        (Some(at), _) => format!("revoked {}", minute(at)),
        (None, Some(at)) => format!("key of {}{old}", minute(at)),
        (None, None) => "no key".to_owned(),
    };
    format!(
        "{}\t{}\t{}\t{state}",
        till.store_code,
        till.name,
        till.kind.as_str()
    )
}

/// A paired browser in one line under its till, in the same columns.
fn browser(device: &DeviceRow) -> String {
    let label = if device.label.is_empty() {
        "a browser"
    } else {
        &device.label
    };
    format!(
        "\t\tpaired\t{label}, by {} {}, last used {}",
        device.paired_by,
        minute(device.paired_at),
        minute(device.seen_at)
    )
}
