//! Turns of one till: scans of a till are judged one after the other, so that each wrong code is counted before the next
//! one is judged. A burst of guesses is then answered like the same guesses in a row.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::ids::TillId;

/// Turns of the tills that this process serves. Of several processes each lets one scan of a till at a time pass.
#[derive(Debug, Default)]
pub struct TillTurns(Mutex<HashMap<TillId, Arc<tokio::sync::Mutex<()>>>>);

impl TillTurns {
    /// Waits for the turn of the till; it ends when the result is dropped. Take it before a transaction begins: whoever has
    /// the turn may wait for the database.
    pub async fn wait_for_turn(&self, till: TillId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(till).or_default())
        };
        turn.lock_owned().await
    }
}
