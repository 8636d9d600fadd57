//! SQLite's one writer, shared: transactions that wait for one another become durable together. Each has a savepoint of
//! its own inside one transaction of the engine, and is answered only after that one is on the disk: a hundred commits
//! cost one write to the disk, and none is lost that was answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::task::spawn_blocking;

use super::busy::BusyWait;
use super::checkpoint::Checkpointer;
use super::connection::{is_busy, run};
use crate::store::StoreError;
use crate::store::engine::DriverError;

/// Transactions that become durable together, at most.
const MOST: usize = 128;
/// Bounds of the longest time that the first of them waits for others. It is twice as long as the disk took last time, within
/// these bounds. So a slow disk is written to for a third of the time, and for the rest of it others get in.
const PATIENCE: (Duration, Duration) = (Duration::from_millis(8), Duration::from_millis(24));

/// A writer takes the write lock at its start, so it never fails half-way for want of it.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// The one writer of a file.
#[derive(Debug, Clone)]
pub(super) struct GroupWriter(Arc<CommitQueue>);

#[derive(Debug)]
struct CommitQueue {
    // A fair lock: who waits longest is next.
    state: Arc<Mutex<WriterState>>,
    waiting: AtomicUsize,
    checkpointer: Checkpointer,
}

#[derive(Debug)]
struct WriterState {
    connection: Option<Connection>,
    /// Time since which the engine's transaction is open.
    open: Option<Instant>,
    /// Time that the last group took to become durable.
    took: Duration,
    /// Senders to those who wait for the disk.
    committed: Vec<oneshot::Sender<CommitAnswer>>,
}

/// Answer for those who wait for the disk: why nothing is stored, if it is not.
type CommitAnswer = Result<(), String>;

/// A transaction that writes. Dropped without [`WriteTransaction::commit`] it never happened.
#[derive(Debug)]
pub(in crate::store::engine) struct WriteTransaction {
    /// The turn at the writer; gone once it was handed on.
    turn: Option<OwnedMutexGuard<WriterState>>,
    queue: GroupWriter,
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
    pub fn new(connection: Connection, checkpointer: Checkpointer) -> Self {
        let state = WriterState {
            connection: Some(connection),
            open: None,
            took: Duration::ZERO,
            committed: Vec::new(),
        };
        Self(Arc::new(CommitQueue {
            state: Arc::new(Mutex::new(state)),
            waiting: AtomicUsize::new(0),
            checkpointer,
        }))
    }

    /// Begins a transaction when its turn comes.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process writes for too long; those of the engine.
    pub async fn begin(&self) -> Result<WriteTransaction, StoreError> {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        let mut slot = QueueSlot {
            queue: self,
            taken: false,
        };
        let mut state = Arc::clone(&self.0.state).lock_owned().await;
        let mut wait = BusyWait::new();
        while !state.begin_turn()? {
            wait.pause().await?;
        }
        slot.taken = true;
        Ok(WriteTransaction {
            turn: Some(state),
            queue: self.clone(),
        })
    }

    fn is_waited_for(&self) -> bool {
        self.0.waiting.load(Ordering::SeqCst) > 0
    }

    /// Sees to it that what others have committed becomes durable, where nobody else will.
    fn flush_in_background(&self) {
        let queue = self.clone();
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                let state = Arc::clone(&queue.0.state).lock_owned().await;
                queue.flush(state);
            });
        }
    }

    /// Makes durable what others have committed, where nobody waits for a turn. Whoever waits will see to it.
    fn flush(&self, mut state: OwnedMutexGuard<WriterState>) {
        if state.open.is_none() || self.is_waited_for() {
            return;
        }
        if state.committed.is_empty() {
            state.roll_back_group("nothing was committed");
            return;
        }
        let checkpointer = self.0.checkpointer.clone();
        let mut make = move || drop(state.make_durable(&checkpointer));
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(make)),
            Err(_) => make(),
        }
    }

    /// Makes everything durable and lets the file go.
    pub async fn close(&self) {
        let mut state = Arc::clone(&self.0.state).lock_owned().await;
        let checkpointer = self.0.checkpointer.clone();
        let closed = spawn_blocking(move || {
            if state.open.is_some() {
                drop(state.make_durable(&checkpointer));
            }
            checkpointer.close();
            drop(state.connection.take());
        });
        drop(closed.await);
    }
}

impl WriterState {
    fn connection(&self) -> Result<&Connection, DriverError> {
        self.connection.as_ref().ok_or(DriverError::Closed)
    }

    /// Begins a turn; false where another process writes.
    fn begin_turn(&mut self) -> Result<bool, StoreError> {
        let connection = self.connection()?;
        if self.open.is_none() {
            match run(connection, BEGIN) {
                Err(error) if is_busy(&error) => return Ok(false),
                begun => begun?,
            }
        }
        let begun = run(connection, "SAVEPOINT turn");
        self.open.get_or_insert_with(Instant::now);
        begun?;
        Ok(true)
    }

    /// Undoes what the turn has done.
    fn roll_back_turn(&mut self) {
        let Ok(connection) = self.connection() else {
            return;
        };
        let undone =
            run(connection, "ROLLBACK TO turn").and_then(|()| run(connection, "RELEASE turn"));
        if let Err(error) = undone {
            // The engine has given the whole transaction up, as on a full disk.
            self.roll_back_group(&error.to_string());
        }
    }

    /// Undoes the whole group.
    fn roll_back_group(&mut self, cause: &str) {
        if let Ok(connection) = self.connection() {
            drop(run(connection, "ROLLBACK"));
        }
        self.answer(&Err(cause.to_owned()));
    }

    /// Makes durable what was committed, and says so.
    fn make_durable(&mut self, checkpointer: &Checkpointer) -> Result<(), StoreError> {
        let start = Instant::now();
        let done = run(self.connection()?, "COMMIT");
        self.took = start.elapsed();
        match done {
            Ok(()) => {
                self.answer(&Ok(()));
                checkpointer.after_commit(self.connection()?);
            }
            Err(error) => {
                tracing::error!(%error, "a group of transactions was not made durable");
                self.roll_back_group(&error.to_string());
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn answer(&mut self, done: &CommitAnswer) {
        self.open = None;
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
    /// [`DriverError::Closed`] once the database was closed.
    pub fn connection(&self) -> Result<&Connection, DriverError> {
        self.turn.as_ref().ok_or(DriverError::Closed)?.connection()
    }

    /// Makes everything done in the transaction durable: with others that wait for their turn, or at once.
    ///
    /// # Errors
    /// Those of the engine; then nothing of it is stored.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        run(self.connection()?, "RELEASE turn")?;
        let mut state = self.turn.take().ok_or(DriverError::Closed)?;
        let patience = (state.took * 2).clamp(PATIENCE.0, PATIENCE.1);
        let is_full = state.committed.len() + 1 >= MOST
            || state.open.is_none_or(|since| since.elapsed() >= patience);
        if is_full || !self.queue.is_waited_for() {
            // Done to its end even if nobody waits for it any more.
            let checkpointer = self.queue.0.checkpointer.clone();
            let made = spawn_blocking(move || state.make_durable(&checkpointer)).await;
            return made.map_err(DriverError::Thread)?;
        }
        let (sender, answer) = oneshot::channel();
        state.committed.push(sender);
        // Whoever waits for a turn makes both durable.
        drop(state);
        match answer.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(DriverError::Group(cause).into()),
            Err(_) => Err(DriverError::LostTransaction.into()),
        }
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if let Some(mut state) = self.turn.take() {
            state.roll_back_turn();
            self.queue.flush(state);
        }
    }
}

#[cfg(test)]
mod tests;
