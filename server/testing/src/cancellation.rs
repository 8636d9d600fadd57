//! Work that is dropped before its end, as a request is whose client hangs up.

use std::pin::pin;
use std::task::Poll;

/// Polls the work at most so many times, and drops it then where it is.
pub async fn drop_after_polls(work: impl Future, mut polls: usize) {
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        polls -= 1;
        match work.as_mut().poll(context) {
            Poll::Pending if polls > 0 => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}
