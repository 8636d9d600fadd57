//! The loyalty programme itself: rules ([`domain`]), what each person can do ([`usecases`]), storage ([`store`]) and the types
//! that tills send and read ([`usecases::checkout::pos_v1`]).
//! Knows no HTTP and no pages; `domain` imports neither of the other two.

pub mod clock;
pub mod domain;
pub mod entropy;
pub mod ids;
mod mirror;
pub mod password_hashing;
pub mod secret_key;
pub mod service;
pub mod store;
pub mod till_answers;
pub mod till_turns;
pub mod usecases;

pub use service::{Kopilka, ServiceConfig};

// The derive macro of rows, and support that tests inside and outside of this crate share, name it alike.
extern crate self as kopilka_core;
