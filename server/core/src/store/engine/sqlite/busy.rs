//! Waiting for another process that holds a lock of the file: by the task, so that its thread does other work meanwhile.

use std::time::{Duration, Instant};

use super::connection::PATIENCE;
use crate::store::StoreError;

/// Bounds of a pause.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(25));

/// A wait for a lock: pauses that grow, until patience is over.
#[derive(Debug)]
pub(super) struct BusyWait {
    since: Instant,
    pause: Duration,
}

impl BusyWait {
    pub fn new() -> Self {
        Self {
            since: Instant::now(),
            pause: PAUSES.0,
        }
    }

    /// Waits before the next try.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where it has been waited for long enough.
    pub async fn pause(&mut self) -> Result<(), StoreError> {
        if self.since.elapsed() >= PATIENCE {
            return Err(StoreError::Busy);
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(PAUSES.1);
        Ok(())
    }
}
