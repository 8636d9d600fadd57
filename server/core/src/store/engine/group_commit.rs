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
use super::{count_round_trip, deferred_writes, run_to_completion};
use crate::store::StoreError;

/// Transactions that become durable together, at most.
const MOST: usize = 128;
/// Bounds of the longest time that the first of them waits for others. It is twice as long as the disk took last time, within
/// these bounds. So a slow disk is written to for a third of the time, and for the rest of it others get in.
const PATIENCE: (Duration, Duration) = (Duration::from_millis(8), Duration::from_millis(24));

/// The one writer of a file.
#[derive(Debug, Clone)]
pub(super) struct GroupWriter(Arc<CommitQueue>);

#[derive(Debug)]
struct CommitQueue {
    // A fair lock: who waits longest is next.
    shared: Arc<Mutex<WriterState>>,
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct WriterState {
    connection: Option<SqliteConnection>,
    /// Time since which the engine's transaction is open.
    open: Option<Instant>,
    /// Time that the last group took to become durable.
    took: Duration,
    /// True if the savepoint of the next turn is there already.
    begun: bool,
    /// State that the last turn has left behind.
    left: Leftover,
    /// Senders to those who wait for the disk.
    committed: Vec<oneshot::Sender<Result<(), String>>>,
}

/// Receiver of the answer for those who wait for the disk.
type DurableAnswer = oneshot::Receiver<Result<(), String>>;

/// State that a turn has left behind when it ended without a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leftover {
    Nothing,
    /// A savepoint to go back to.
    Undone,
}

/// A transaction that writes. Dropped without [`WriteTransaction::commit`] it never happened.
#[derive(Debug)]
pub(super) struct WriteTransaction {
    shared: OwnedMutexGuard<WriterState>,
    queue: GroupWriter,
    committed: bool,
}

/// A place in the line; given up, others may be waiting for whoever had it.
struct QueueSlot<'a> {
    queue: &'a GroupWriter,
    taken: bool,
}

impl Drop for QueueSlot<'_> {
    fn drop(&mut self) {
        self.queue.0.waiting.fetch_sub(1, Ordering::SeqCst);
        if !self.taken {
            self.queue.flush_in_background();
        }
    }
}

impl GroupWriter {
    /// The writer of the file that the options name.
    ///
    /// # Errors
    /// Those of the connection.
    pub async fn connect(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let shared = WriterState {
            connection: Some(options.connect().await?),
            open: None,
            took: Duration::ZERO,
            begun: false,
            left: Leftover::Nothing,
            committed: Vec::new(),
        };
        Ok(Self(Arc::new(CommitQueue {
            shared: Arc::new(Mutex::new(shared)),
            waiting: AtomicUsize::new(0),
        })))
    }

    /// Begins a transaction when its turn comes.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn begin(&self) -> Result<WriteTransaction, sqlx::Error> {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        let mut slot = QueueSlot {
            queue: self,
            taken: false,
        };
        let mut shared = Arc::clone(&self.0.shared).lock_owned().await;
        slot.taken = true;
        drop(slot);
        let queue = self.clone();
        run_to_completion(async move {
            shared.roll_back_leftover().await?;
            let begun = shared.begin_savepoint().await;
            let turn = WriteTransaction {
                shared,
                queue,
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
    fn flush_in_background(&self) {
        let queue = self.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let mut shared = Arc::clone(&queue.0.shared).lock_owned().await;
                let rolled_back = shared.roll_back_leftover().await;
                if !queue.is_waited_for() {
                    let made = shared.make_durable().await;
                    if let Err(error) = rolled_back.and(made) {
                        tracing::error!(%error, "a group of transactions was not made durable");
                    }
                }
            });
        }
    }

    /// Makes everything durable and lets the file go.
    pub async fn close(&self) {
        let mut shared = self.0.shared.lock().await;
        let rolled_back = shared.roll_back_leftover().await;
        let made = shared.make_durable().await;
        if let Err(error) = rolled_back.and(made) {
            tracing::error!(%error, "a group of transactions was not made durable");
        }
        if let Some(connection) = shared.connection.take() {
            drop(connection.close().await);
        }
    }
}

impl WriterState {
    fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    async fn execute_text(&mut self, text: &'static str) -> Result<(), sqlx::Error> {
        count_round_trip();
        // As a query it is prepared once.
        sqlx::query(text).execute(self.connection()?).await?;
        Ok(())
    }

    async fn begin_savepoint(&mut self) -> Result<(), sqlx::Error> {
        if self.open.is_none() {
            self.execute_text(super::sqlite::WRITE).await?;
            self.open = Some(Instant::now());
        }
        self.left = Leftover::Undone;
        if std::mem::take(&mut self.begun) {
            return Ok(());
        }
        self.execute_text("SAVEPOINT turn").await
    }

    /// Puts right what the last turn has left behind.
    async fn roll_back_leftover(&mut self) -> Result<(), sqlx::Error> {
        let left = std::mem::replace(&mut self.left, Leftover::Nothing);
        if self.open.is_none() {
            return Ok(());
        }
        match left {
            Leftover::Nothing => Ok(()),
            Leftover::Undone => match self.execute_text("ROLLBACK TO turn; RELEASE turn").await {
                Ok(()) => Ok(()),
                Err(error) => {
                    // The engine has given the whole transaction up, as on a full disk.
                    self.answer(&Err(error.to_string()));
                    drop(self.execute_text("ROLLBACK").await);
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
        let done = self.execute_text("COMMIT").await;
        self.took = start.elapsed();
        if done.is_err() {
            drop(self.execute_text("ROLLBACK").await);
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

impl WriteTransaction {
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
        let Some(answer) = run_to_completion(self.release(last)).await? else {
            return Ok(());
        };
        Ok(match answer.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(sqlx::Error::Protocol(cause)),
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        }?)
    }

    /// Commits; where others will make it durable, the answer that they will give.
    async fn release(
        mut self,
        last: Option<Statement>,
    ) -> Result<Option<DurableAnswer>, sqlx::Error> {
        let patience = (self.shared.took * 2).clamp(PATIENCE.0, PATIENCE.1);
        let open = self.shared.open;
        let full = self.shared.committed.len() + 1 >= MOST
            || open.is_none_or(|since| since.elapsed() >= patience);
        let hands_on = !full && self.queue.is_waited_for();
        // All in one go: each way to the engine's thread and back costs as much as what is done there.
        let end = if hands_on {
            "RELEASE turn; SAVEPOINT turn"
        } else {
            "RELEASE turn"
        };
        let all = deferred_writes::in_sequence(last.into_iter().chain([sql(end)]).collect());
        count_round_trip();
        let (text, arguments) = all.for_sqlite()?;
        sqlx::query_with(text, arguments)
            .execute(self.shared.connection()?)
            .await?;
        self.shared.left = Leftover::Nothing;
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

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        // A turn that made nothing durable leaves that to the next one; where there is none, to nobody in particular.
        if !(self.committed && self.shared.open.is_none()) {
            self.queue.flush_in_background();
        }
    }
}

#[cfg(test)]
mod tests;
