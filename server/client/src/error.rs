//! Errors with which a call may end instead of its answer.

use std::time::Duration;

use crate::wire::{AcceptedResponse, ProblemResponse};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server refuses, and would refuse again: correct the request.
    #[error("refused: {}: {}", .0.stable_key(), .0.detail)]
    Refused(Box<ProblemResponse>),
    /// The server has the receipt and has not stored it yet (status 202): it is parked, or held until somebody has looked at
    /// it. Nothing is lost; the same request under the same key is answered so until it is stored.
    #[error("the server has it and has not stored it yet: it waits for {}", .0.waits_for)]
    Waits(Box<AcceptedResponse>),
    /// The server cannot answer now. Whether it stored anything is not known: repeat with the same key.
    #[error("no answer for now (status {status})")]
    Busy {
        /// HTTP status.
        status: u16,
        /// Time that the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// There is no link. Whether the server stored anything is not known: repeat with the same key.
    #[error("no link: {0}")]
    NoLink(#[from] reqwest::Error),
    /// The answer is not of this API: another server, or a proxy before it.
    #[error("the answer cannot be read (status {status}): {cause}")]
    Unreadable {
        /// HTTP status.
        status: u16,
        /// Message of the parser.
        cause: String,
    },
    /// The address or the key can be no header or address.
    #[error("{0}")]
    Setup(String),
}

impl ClientError {
    /// Returns whether the same request under the same key may still be answered.
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::NoLink(_))
    }
}
