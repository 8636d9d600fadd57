//! SQLite's one writer, shared: transactions that wait for one another become durable together. Each has a savepoint of
//! its own inside one transaction of the engine, and is answered only after that one is on the disk: a hundred commits
//! cost one write to the disk, and none is lost that was answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::statement::{Statement, sql};
use super::{later, trip, whole};
use crate::store::StoreError;

/// Transactions that become durable together, at most.
const MOST: usize = 128;
/// How long the first of them waits for others, at most: twice as long as the disk took last time, within these bounds.
/// So a slow disk is written to for a third of the time, and for the rest of it others get in.
const PATIENCE: (Duration, Duration) = (Duration::from_millis(8), Duration::from_millis(24));

/// The one writer of a file.
#[derive(Debug, Clone)]
pub(super) struct Writer(Arc<Line>);

#[derive(Debug)]
struct Line {
    // A fair lock: who waits longest is next.
    shared: Arc<Mutex<Shared>>,
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct Shared {
    connection: Option<SqliteConnection>,
    /// Since when the engine's transaction is open.
    open: Option<Instant>,
    /// How long the last group took to become durable.
    took: Duration,
    /// Whether the savepoint of the next turn is there already.
    begun: bool,
    /// What the last turn has left behind.
    left: Left,
    /// Who waits for the disk.
    committed: Vec<oneshot::Sender<Result<(), String>>>,
}

/// How those who wait for the disk are told.
type Answer = oneshot::Receiver<Result<(), String>>;

/// What a turn that ended without a word has left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    Nothing,
    /// A savepoint to go back to.
    Undone,
}

/// A transaction that writes. Dropped without [`Turn::commit`] it never happened.
#[derive(Debug)]
pub(super) struct Turn {
    shared: OwnedMutexGuard<Shared>,
    line: Writer,
    committed: bool,
}

/// A place in the line; given up, others may be waiting for whoever had it.
struct Place<'a> {
    line: &'a Writer,
    taken: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.line.0.waiting.fetch_sub(1, Ordering::SeqCst);
        if !self.taken {
            self.line.finish();
        }
    }
}

impl Writer {
    /// The writer of the file that the options name.
    ///
    /// # Errors
    /// Those of the connection.
    pub async fn connect(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let shared = Shared {
            connection: Some(options.connect().await?),
            open: None,
            took: Duration::ZERO,
            begun: false,
            left: Left::Nothing,
            committed: Vec::new(),
        };
        Ok(Self(Arc::new(Line {
            shared: Arc::new(Mutex::new(shared)),
            waiting: AtomicUsize::new(0),
        })))
    }

    /// Begins a transaction when its turn comes.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn begin(&self) -> Result<Turn, sqlx::Error> {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        let mut place = Place {
            line: self,
            taken: false,
        };
        let mut shared = Arc::clone(&self.0.shared).lock_owned().await;
        place.taken = true;
        drop(place);
        let line = self.clone();
        whole(async move {
            shared.tidy().await?;
            let begun = shared.begin_turn().await;
            let turn = Turn {
                shared,
                line,
                committed: false,
            };
            begun.map(|()| turn)
        })
        .await
    }

    fn is_waited_for(&self) -> bool {
        self.0.waiting.load(Ordering::SeqCst) > 0
    }

    /// Sees to it that what others have committed becomes durable, where nobody else will.
    fn finish(&self) {
        let line = self.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let mut shared = Arc::clone(&line.0.shared).lock_owned().await;
                let tidied = shared.tidy().await;
                if !line.is_waited_for() {
                    let made = shared.make_durable().await;
                    if let Err(error) = tidied.and(made) {
                        tracing::error!(%error, "a group of transactions was not made durable");
                    }
                }
            });
        }
    }

    /// Makes everything durable and lets the file go.
    pub async fn close(&self) {
        let mut shared = self.0.shared.lock().await;
        let tidied = shared.tidy().await;
        let made = shared.make_durable().await;
        if let Err(error) = tidied.and(made) {
            tracing::error!(%error, "a group of transactions was not made durable");
        }
        if let Some(connection) = shared.connection.take() {
            drop(connection.close().await);
        }
    }
}

impl Shared {
    fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    async fn say(&mut self, text: &'static str) -> Result<(), sqlx::Error> {
        trip();
        // As a query it is prepared once.
        sqlx::query(text).execute(self.connection()?).await?;
        Ok(())
    }

    async fn begin_turn(&mut self) -> Result<(), sqlx::Error> {
        if self.open.is_none() {
            self.say(super::sqlite::WRITE).await?;
            self.open = Some(Instant::now());
        }
        self.left = Left::Undone;
        if std::mem::take(&mut self.begun) {
            return Ok(());
        }
        self.say("SAVEPOINT turn").await
    }

    /// Puts right what the last turn has left behind.
    async fn tidy(&mut self) -> Result<(), sqlx::Error> {
        let left = std::mem::replace(&mut self.left, Left::Nothing);
        if self.open.is_none() {
            return Ok(());
        }
        match left {
            Left::Nothing => Ok(()),
            Left::Undone => match self.say("ROLLBACK TO turn; RELEASE turn").await {
                Ok(()) => Ok(()),
                Err(error) => {
                    // The engine has given the whole transaction up, as on a full disk.
                    self.answer(&Err(error.to_string()));
                    drop(self.say("ROLLBACK").await);
                    Ok(())
                }
            },
        }
    }

    /// Makes durable what was committed, and says so.
    async fn make_durable(&mut self) -> Result<(), sqlx::Error> {
        if self.open.is_none() {
            return Ok(());
        }
        let start = Instant::now();
        let done = self.say("COMMIT").await;
        self.took = start.elapsed();
        if done.is_err() {
            drop(self.say("ROLLBACK").await);
        }
        self.answer(&done.as_ref().copied().map_err(ToString::to_string));
        done
    }

    fn answer(&mut self, done: &Result<(), String>) {
        self.open = None;
        self.begun = false;
        for waiting in self.committed.drain(..) {
            // Who does not wait any more needs no answer.
            drop(waiting.send(done.clone()));
        }
    }
}

impl Turn {
    /// The connection, inside the transaction.
    ///
    /// # Errors
    /// [`sqlx::Error::PoolClosed`] once the database was closed.
    pub fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.shared.connection()
    }

    /// Does what was put off, and makes everything done in the transaction durable: with others that wait for their turn,
    /// or at once.
    ///
    /// # Errors
    /// Those of the engine; then nothing of it is stored.
    pub async fn commit(self, last: Option<Statement>) -> Result<(), StoreError> {
        let Some(answer) = whole(self.release(last)).await? else {
            return Ok(());
        };
        Ok(match answer.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(sqlx::Error::Protocol(cause)),
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        }?)
    }

    /// Commits; where others will make it durable, the answer that they will give.
    async fn release(mut self, last: Option<Statement>) -> Result<Option<Answer>, sqlx::Error> {
        let patience = (self.shared.took * 2).clamp(PATIENCE.0, PATIENCE.1);
        let open = self.shared.open;
        let full = self.shared.committed.len() + 1 >= MOST
            || open.is_none_or(|since| since.elapsed() >= patience);
        let hands_on = !full && self.line.is_waited_for();
        // All in one go: each way to the engine's thread and back costs as much as what is done there.
        let end = if hands_on {
            "RELEASE turn; SAVEPOINT turn"
        } else {
            "RELEASE turn"
        };
        let all = later::in_turn(last.into_iter().chain([sql(end)]).collect());
        trip();
        let (text, arguments) = all.for_sqlite()?;
        sqlx::query_with(text, arguments)
            .execute(self.shared.connection()?)
            .await?;
        self.shared.left = Left::Nothing;
        self.shared.begun = hands_on;
        self.committed = true;
        if !hands_on {
            self.shared.make_durable().await?;
            return Ok(None);
        }
        let (sender, answer) = oneshot::channel();
        self.shared.committed.push(sender);
        Ok(Some(answer))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // A turn that made nothing durable leaves that to the next one; where there is none, to nobody in particular.
        if !(self.committed && self.shared.open.is_none()) {
            self.line.finish();
        }
    }
}

#[cfg(test)]
mod tests;
