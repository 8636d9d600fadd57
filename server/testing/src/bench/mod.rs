//! What the figures of speed share: how they are written down, percentiles, curves, load, and the cores that things run on.

pub mod curve;
pub mod figure;
pub mod load;
pub mod pinning;
pub mod statistics;
pub mod table;

use std::path::PathBuf;

/// Root of the checkout.
pub fn root() -> PathBuf {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    package
        .parent()
        .and_then(|server| server.parent())
        .unwrap()
        .to_owned()
}

/// The number that an environment variable names, or the usual one.
pub fn size(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| {
        let digits = text.replace('_', "");
        digits
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is a number, not {text}"))
    })
}

/// Folder that the table and the curves are written into: `KOPILKA_BENCH_DOCS`, or the documentation.
pub fn docs() -> PathBuf {
    std::env::var_os("KOPILKA_BENCH_DOCS").map_or_else(|| root().join("docs"), PathBuf::from)
}
