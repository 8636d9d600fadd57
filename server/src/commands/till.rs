//! `kopilka till`: tills and their keys. A key is printed once, on standard output alone; only its hash is stored.

use std::time::Duration;

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::chain::TillKind;
use kopilka_core::domain::time::Instant;
use kopilka_core::store::pairing::PairedBrowserRow;
use kopilka_core::store::tills::TillKeyState;
use kopilka_core::usecases::programme::tills;
use kopilka_core::usecases::{Error, Refusal};

use super::arguments::name_parser;
use super::{CommandError, explain_error, format_minute};

/// Longest time for which a replaced key may go on.
const LONGEST_OVERLAP: Duration = Duration::from_secs(30 * 24 * 3600);

/// Tills and their keys.
#[derive(Debug, Subcommand)]
pub enum TillCommand {
    /// Add a till to a store and print its key.
    Add {
        /// Name on the shop floor.
        name: String,
        /// Code of the store.
        #[arg(long)]
        store: String,
        /// pos, browser or web.
        #[arg(long, default_value = "pos", value_parser = name_parser::<TillKind>(TillKind::ALL.iter().map(|kind| kind.as_str())))]
        kind: TillKind,
    },
    /// Print a new key for a till; the old one ends now, or after the overlap.
    Rotate {
        /// Name of the till.
        name: String,
        /// How long the old key goes on, as 30m, 24h or 7d; a key that was older than it ends now in any case.
        #[arg(long, default_value = "0s", value_parser = parse_overlap)]
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

fn parse_overlap(text: &str) -> Result<Duration, String> {
    let overlap = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if overlap > LONGEST_OVERLAP {
        return Err("an old key may go on for 30 days at most".to_owned());
    }
    Ok(overlap)
}

impl TillCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        let operator = &Actor::OPERATOR;
        match self {
            Self::Pair { name } => {
                let code = tills::make_pairing_code(service, operator, &name).await;
                println!("{}", code.map_err(|error| explain(error, &name, ""))?);
            }
            Self::Unpair { name } => {
                let ended = tills::end_pairings(service, operator, &name).await;
                let ended = ended.map_err(|error| explain(error, &name, ""))?;
                println!("pairings of {name} that have ended: {ended}");
            }
            Self::Add { name, store, kind } => {
                let key = tills::add_till(service, operator, &name, &store, kind).await;
                println!("{}", key.map_err(|error| explain(error, &name, &store))?);
            }
            Self::Rotate { name, overlap } => {
                let seconds = i64::try_from(overlap.as_secs()).unwrap_or_default();
                let key = tills::rotate_key(service, operator, &name, seconds).await;
                println!("{}", key.map_err(|error| explain(error, &name, ""))?);
            }
            Self::Revoke { name } => {
                let revoked = tills::revoke_till(service, operator, &name).await;
                revoked.map_err(|error| explain(error, &name, ""))?;
                println!("the keys of {name} have ended");
            }
            Self::List => list(service).await?,
        }
        Ok(())
    }
}

async fn list(service: &Kopilka) -> Result<(), CommandError> {
    let now = service.now();
    let mut lines = Vec::new();
    for till in tills::list_tills(service).await? {
        lines.push(describe_till(&till.keys, now));
        lines.extend(till.browsers.iter().map(describe_browser));
    }
    println!("{}", lines.join("\n"));
    Ok(())
}

/// Returns the error in words that name the till or the store.
fn explain(error: Error, name: &str, store: &str) -> CommandError {
    let key = match &error {
        Error::Invalid(problems) => problems.first().map(|problem| problem.key),
        Error::Refused(Refusal::NotFound) => Some("till-unpaired"),
        _ => None,
    };
    CommandError::Said(match key {
        Some("till-unknown") => format!("there is no till {name}"),
        Some("till-taken") => format!("there is a till {name} already"),
        Some("till-revoked") => format!("{name} was revoked for good: add a till instead"),
        Some("till-unpaired") => {
            format!("{name} is revoked or no browser till: nothing can be paired with it")
        }
        Some("store-unknown") => format!("there is no store {store}"),
        _ => return explain_error(error),
    })
}

/// A till in one line, in columns apart by tabs: store, name, kind, state of the keys.
fn describe_till(till: &TillKeyState, now: Instant) -> String {
    let old = till
        .old_key_ends_at
        .filter(|ends| *ends > now)
        .map(|ends| format!(", the old one until {}", format_minute(ends)))
        .unwrap_or_default();
    let state = match (till.revoked_at, till.key_made_at) {
        (Some(at), _) => format!("revoked {}", format_minute(at)),
        (None, Some(at)) => format!("key of {}{old}", format_minute(at)),
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
fn describe_browser(device: &PairedBrowserRow) -> String {
    let label = if device.label.is_empty() {
        "a browser"
    } else {
        &device.label
    };
    format!(
        "\t\tpaired\t{label}, by {} {}, last used {}",
        device.paired_by.as_str(),
        format_minute(device.paired_at),
        format_minute(device.seen_at)
    )
}
