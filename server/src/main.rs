//! Kopilka as one program. Each command says what it did, or a sentence on stderr with an exit code other than 0.

mod commands;
mod http;
mod jobs;
mod metrics;

use std::process::ExitCode;

use clap::Parser;
use commands::CommandLine;

/// Makes all files that the process creates readable by their owner alone: databases, what SQLite keeps beside them, keys and
/// backups.
#[cfg(unix)]
fn keep_files_private() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

#[cfg(not(unix))]
const fn keep_files_private() {}

#[tokio::main]
async fn main() -> ExitCode {
    keep_files_private();
    let levels = std::env::var("KOPILKA_LOG").unwrap_or_default();
    tracing_subscriber::fmt()
        .with_env_filter(
            // At its level `trace` the library of phone numbers writes what it reads.
            tracing_subscriber::EnvFilter::try_new(format!("{levels},rlibphonenumber=off"))
                .ok()
                .filter(|_| !levels.is_empty())
                .unwrap_or_else(|| tracing_subscriber::EnvFilter::new("warn,kopilka=info")),
        )
        .with_writer(std::io::stderr)
        .init();
    match commands::run(CommandLine::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kopilka: {error}");
            ExitCode::FAILURE
        }
    }
}
