//! Kopilka as one program. Each command says what it did, or a sentence on stderr with an exit code other than 0.

mod commands;
mod http;
mod jobs;
mod logging;
mod metrics;

use std::num::NonZero;
use std::process::ExitCode;

use clap::Parser;
use commands::{CommandError, CommandLine};

/// Makes all files that the process creates readable by their owner alone: databases, what SQLite keeps beside them, keys and
/// backups.
#[cfg(unix)]
fn keep_files_private() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

#[cfg(not(unix))]
const fn keep_files_private() {}

/// Returns the number of threads that answer requests. SQLite is called in place: one of them may be at its writer, as many as
/// the machine has cores (but two at least) at readers, and two are free at any time.
fn worker_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    cores.max(2) + 3
}

/// With the system's allocator a fifth of the time of a page went to memory that is taken and given back. This one is faster and
/// keeps less (docs/decisions/054-allocator.md).
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    keep_files_private();
    let command_line = CommandLine::parse();
    logging::init(command_line.log_format());
    let ended = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(worker_threads())
        .enable_all()
        .build()
        .map_err(|error| CommandError::Said(format!("the threads cannot be started: {error}")))
        .and_then(|runtime| runtime.block_on(commands::run(command_line)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kopilka: {error}");
            ExitCode::FAILURE
        }
    }
}
