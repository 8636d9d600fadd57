//! The loyalty programme itself: rules ([`domain`]), what each person can do ([`usecases`]) and storage ([`store`]).
//! Knows no HTTP and no pages; `domain` imports neither of the other two.

pub mod clock;
pub mod domain;
pub mod entropy;
pub mod ids;
pub mod secret_key;
pub mod service;
pub mod store;
pub mod tally;
pub mod turns;
pub mod usecases;

pub use service::{Config, Kopilka};

// Support that tests inside and outside of this crate share names it alike.
#[cfg(test)]
extern crate self as kopilka_core;
