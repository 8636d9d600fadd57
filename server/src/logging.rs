//! The log on standard error: lines for people, with colours on a terminal alone, or a JSON object on each line for programs that
//! gather logs. `KOPILKA_LOG` chooses levels.

use std::io::IsTerminal;

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Levels where `KOPILKA_LOG` gives none.
const USUAL_LEVELS: &str = "warn,kopilka=info";

/// Form of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A sentence with its fields.
    Text,
    /// A JSON object with `timestamp`, `level`, `target` and `fields`.
    Json,
}

/// Begins to log.
pub fn init(format: LogFormat) {
    let levels = std::env::var("KOPILKA_LOG").unwrap_or_default();
    // At its level `trace` the library of phone numbers writes what it reads.
    let chosen = EnvFilter::try_new(format!("{levels},rlibphonenumber=off"));
    let filter = chosen
        .ok()
        .filter(|_| !levels.is_empty())
        .unwrap_or_else(|| EnvFilter::new(USUAL_LEVELS));
    let log = tracing_subscriber::registry().with(filter);
    let lines = fmt::layer().with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log
            .with(lines.with_ansi(std::io::stderr().is_terminal()))
            .init(),
        LogFormat::Json => log.with(lines.json()).init(),
    }
}
