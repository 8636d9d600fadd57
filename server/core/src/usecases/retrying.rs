//! Trying a write again that others were in the way of. Each try is a transaction of its own, from the beginning: a
//! try that failed has stored nothing.

use std::time::Duration;

use super::Error;
use crate::entropy;

/// Tries before the caller is told to come again.
const TRIES: u32 = 8;

/// What `attempt` answers; anew for as long as it answers [`Error::Busy`], at most eight times in about a second.
///
/// # Errors
/// Whatever `attempt` answered last.
pub async fn retrying<T, F>(attempt: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    for tried in 1..TRIES {
        match attempt().await {
            Err(Error::Busy) => tokio::time::sleep(pause(tried)).await,
            answer => return answer,
        }
    }
    attempt().await
}

/// Longer after each try, and by chance, so that two in each other's way do not meet again.
fn pause(tried: u32) -> Duration {
    let most = 4_u64 << tried;
    Duration::from_millis(1 + entropy::number().unwrap_or(most) % most)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_was_busy_is_tried_again_and_what_was_refused_is_not() {
        let tries = AtomicU32::new(0);
        let answer = retrying(|| async {
            match tries.fetch_add(1, Ordering::Relaxed) {
                0 | 1 => Err(Error::Busy),
                _ => Ok(7),
            }
        });
        assert_eq!(answer.await.unwrap(), 7);
        let tries = AtomicU32::new(0);
        let answer: Result<(), Error> = retrying(|| async {
            tries.fetch_add(1, Ordering::Relaxed);
            Err(Error::Fault("once".to_owned()))
        })
        .await;
        assert!(answer.is_err());
        assert_eq!(tries.into_inner(), 1);
    }

    #[tokio::test]
    async fn what_stays_busy_is_said_so() {
        let tries = AtomicU32::new(0);
        let answer: Result<(), Error> = retrying(|| async {
            tries.fetch_add(1, Ordering::Relaxed);
            Err(Error::Busy)
        })
        .await;
        assert!(matches!(answer, Err(Error::Busy)));
        assert_eq!(tries.into_inner(), TRIES);
    }
}
