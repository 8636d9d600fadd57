//! Argon2id, a few computations at once. Each takes 19 MiB and a core for some hundredths of a second by design, so without a
//! bound a flood of sign-ins takes all memory and all cores (docs/decisions/008-one-time-passwords.md).

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::usecases::{Error, Refusal};

/// Computations at once for passwords, and as many for PINs of paired browsers.
const PLACES: usize = 2;
/// Askers that may wait for a place of one kind; each waits at most once.
const MOST_WAITING: usize = 100;
/// Niceness of a thread that hashes a password; 19 is the highest.
#[cfg(target_os = "linux")]
const LOW_NICENESS: i32 = 19;

/// Places for computing hashes.
#[derive(Debug)]
pub struct PasswordHashing {
    passwords: HashingQueue,
    pins: HashingQueue,
}

impl Default for PasswordHashing {
    fn default() -> Self {
        Self {
            passwords: HashingQueue::new(HashingPriority::Low),
            pins: HashingQueue::new(HashingPriority::Usual),
        }
    }
}

/// Priority of the thread that computes a hash.
#[derive(Debug, Clone, Copy)]
enum HashingPriority {
    /// Usual priority: a cashier who unlocks a till waits for nothing else.
    Usual,
    /// Below every other thread, so that a flood of passwords takes only time that nobody else wants.
    Low,
}

/// A place for one computation, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct HashingPermit {
    priority: HashingPriority,
    _permit: OwnedSemaphorePermit,
}

impl PasswordHashing {
    /// A place for a password that `asker` sent: an address, or empty within the process.
    ///
    /// # Errors
    /// [`Refusal::SignInBusy`].
    pub(crate) async fn place_for_password(&self, asker: &str) -> Result<HashingPermit, Error> {
        self.passwords.acquire_permit(asker).await
    }

    /// A place for a PIN typed in this paired browser: floods of passwords leave these alone.
    ///
    /// # Errors
    /// [`Refusal::SignInBusy`].
    pub(crate) async fn place_for_pin(&self, device: &str) -> Result<HashingPermit, Error> {
        self.pins.acquire_permit(device).await
    }
}

#[derive(Debug)]
struct HashingQueue {
    priority: HashingPriority,
    free: Arc<Semaphore>,
    waiting: Mutex<HashSet<String>>,
}

impl HashingQueue {
    fn new(priority: HashingPriority) -> Self {
        Self {
            priority,
            free: Arc::new(Semaphore::new(PLACES)),
            waiting: Mutex::default(),
        }
    }

    async fn acquire_permit(&self, asker: &str) -> Result<HashingPermit, Error> {
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            return Ok(self.place_with(permit));
        }
        let _waiting = QueuedAsker::start_waiting(&self.waiting, asker)?;
        let permit = Arc::clone(&self.free).acquire_owned().await;
        permit
            .map(|permit| self.place_with(permit))
            .map_err(|error| Error::Fault(error.to_string()))
    }

    const fn place_with(&self, permit: OwnedSemaphorePermit) -> HashingPermit {
        HashingPermit {
            priority: self.priority,
            _permit: permit,
        }
    }
}

/// Somebody who waits for a place, until this is dropped: also when the request is broken off.
struct QueuedAsker<'a> {
    all: &'a Mutex<HashSet<String>>,
    asker: &'a str,
}

impl<'a> QueuedAsker<'a> {
    fn start_waiting(all: &'a Mutex<HashSet<String>>, asker: &'a str) -> Result<Self, Error> {
        let mut waiting = all.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MOST_WAITING || !waiting.insert(asker.to_owned()) {
            return Err(Refusal::SignInBusy.into());
        }
        Ok(Self { all, asker })
    }
}

impl Drop for QueuedAsker<'_> {
    fn drop(&mut self) {
        let mut waiting = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.remove(self.asker);
    }
}

/// Returns the hash of a secret under a new salt, computed away from the threads that serve others.
pub(crate) async fn hash_in(place: HashingPermit, secret: String) -> Result<String, Error> {
    compute(place, move || hash_secret(&secret)).await?
}

/// Returns whether the secret has this hash. Without one the same work is done and the answer is no.
pub(crate) async fn verify_in(
    place: HashingPermit,
    secret: String,
    hashed: Option<String>,
) -> Result<bool, Error> {
    compute(place, move || match hashed {
        Some(hashed) => verify(&secret, &hashed),
        None => {
            // The answer is no, even should somebody find a secret of this hash.
            std::hint::black_box(verify(&secret, DECOY));
            false
        }
    })
    .await
}

/// Hash of a secret that nobody knows, for logins that nobody has.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdC1vZi1ub2JvZHk$b0Cy5EvtfXJ4MZaXgUQzcrWbBgzwWf4Uoo0Y0L3ONEY";

/// Runs a computation on a thread of its own, of which the places bound the number: a thread whose priority was lowered cannot
/// raise it again. The place is given back when the computation has ended, also where the request was broken off before.
async fn compute<T: Send + 'static>(
    place: HashingPermit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let (sender, receiver) = oneshot::channel();
    thread::Builder::new()
        .name("hashing".to_owned())
        .spawn(move || {
            set_priority(place.priority);
            let done = work();
            drop(place);
            // Nobody receives it where the request was broken off.
            drop(sender.send(done));
        })
        .map_err(|error| Error::Fault(error.to_string()))?;
    receiver
        .await
        .map_err(|error| Error::Fault(error.to_string()))
}

/// Gives the thread that calls this its priority. On Linux each thread has a niceness of its own; elsewhere it is the whole
/// process's and stays as it is.
#[cfg(target_os = "linux")]
fn set_priority(priority: HashingPriority) {
    if matches!(priority, HashingPriority::Low)
        && let Err(error) = rustix::process::setpriority_process(None, LOW_NICENESS)
    {
        tracing::debug!(%error, "passwords are hashed at the usual priority");
    }
}

#[cfg(not(target_os = "linux"))]
const fn set_priority(_: HashingPriority) {}

/// Returns the hash of a secret under a new salt.
pub(crate) fn hash_secret(secret: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(secret.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Fault(error.to_string()))
}

fn verify(secret: &str, hashed: &str) -> bool {
    recompute(secret, hashed).unwrap_or(false)
}

/// Computes the hash again as `hashed` says. `None` = it does not read as a hash of Argon2.
fn recompute(secret: &str, hashed: &str) -> Option<bool> {
    let hashed = PasswordHash::new(hashed).ok()?;
    let (salt, expected) = (hashed.salt?, hashed.hash?);
    let algorithm = Algorithm::try_from(hashed.algorithm.as_str()).ok()?;
    let version = hashed
        .version
        .map_or(Ok(Version::default()), Version::try_from)
        .ok()?;
    let params = Params::try_from(&hashed.params).ok()?;
    // Some 19 MiB, which the program's allocator gives back at once (docs/decisions/054-allocator.md).
    let mut blocks = vec![Block::new(); params.block_count()];
    let mut output = vec![0_u8; expected.len()];
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(secret.as_bytes(), &salt, &mut output, &mut blocks)
        .ok()?;
    let output = argon2::password_hash::phc::Output::new(&output).ok()?;
    // Compared in constant time by the type.
    Some(output == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_busy(place: Result<HashingPermit, Error>) -> bool {
        matches!(place, Err(Error::Refused(Refusal::SignInBusy)))
    }

    #[test]
    fn a_secret_has_its_own_hash_alone() {
        let hashed = hash_secret("kassir-of-the-demo").unwrap();
        assert!(verify("kassir-of-the-demo", &hashed));
        assert!(!verify("demo-kassie", &hashed));
        assert!(!verify("kassir-of-the-demo", "no hash"));
        assert_eq!(recompute("kassir-of-the-demo", DECOY), Some(false));
    }

    #[tokio::test]
    async fn two_are_computed_one_of_an_asker_waits_and_others_are_refused() {
        let hashing = PasswordHashing::default();
        let first = hashing.place_for_password("a").await.unwrap();
        let second = hashing.place_for_password("b").await.unwrap();
        let mut third = Box::pin(hashing.place_for_password("a"));
        let mut fourth = Box::pin(hashing.place_for_password("b"));
        assert!(futures_pending(&mut third).await && futures_pending(&mut fourth).await);
        assert!(is_busy(hashing.place_for_password("a").await));
        // PINs have places of their own.
        drop(hashing.place_for_pin("till").await.unwrap());
        drop(first);
        let third = third.await.unwrap();
        // Who breaks off waits no longer.
        drop(fourth);
        let mut fifth = Box::pin(hashing.place_for_password("b"));
        assert!(futures_pending(&mut fifth).await);
        drop((second, third));
        drop(fifth.await.unwrap());
    }

    #[tokio::test]
    async fn not_everybody_may_wait() {
        let hashing = PasswordHashing::default();
        let places = (
            hashing.place_for_password("a").await.unwrap(),
            hashing.place_for_password("b").await.unwrap(),
        );
        let askers: Vec<String> = (0..MOST_WAITING).map(|n| n.to_string()).collect();
        let mut waiting = Vec::new();
        for asker in &askers {
            let mut place = Box::pin(hashing.place_for_password(asker));
            assert!(futures_pending(&mut place).await);
            waiting.push(place);
        }
        assert!(is_busy(hashing.place_for_password("one more").await));
        drop(places);
    }

    /// Polls once; whether there is no answer yet.
    async fn futures_pending<F: Future + Unpin>(future: &mut F) -> bool {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
        })
        .await
    }
}
