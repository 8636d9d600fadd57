//! A SQLite transaction and the thread on which its statements run: where it is (reads by key and writes), or one that may wait
//! for the disk as long as it takes (whatever scans).

use futures_util::stream::{self, BoxStream, StreamExt};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};

use super::group_commit::WriteTransaction;
use super::reader_pool::ReadTransaction;
use crate::store::StoreError;
use crate::store::engine::row::Columns;
use crate::store::engine::{DriverError, Statement};

/// Rows that a scan hands over at a time.
const BLOCK: usize = 256;
/// Blocks that a scan may be ahead of whoever reads them.
const AHEAD: usize = 4;

/// A transaction of any kind.
#[derive(Debug)]
pub(in crate::store::engine) enum SqliteTransaction {
    Reading(ReadTransaction),
    Writing(WriteTransaction),
    /// Of a file that nobody else has, and that is filled.
    Filling(Connection),
}

/// Threads on which the statements of a transaction run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::engine) enum StatementThread {
    /// The one that asks.
    InPlace,
    /// One of those that may be blocked.
    Blocking,
}

/// A transaction and where it is.
#[derive(Debug)]
pub(in crate::store::engine) struct SqliteTransactionSlot {
    place: TransactionPlace,
    thread: StatementThread,
}

#[derive(Debug)]
enum TransactionPlace {
    Here(Box<SqliteTransaction>),
    /// On a thread that gives it back.
    Away(JoinHandle<Box<SqliteTransaction>>),
    /// On a thread that has panicked.
    Lost,
}

impl SqliteTransaction {
    fn connection(&self) -> Result<&Connection, DriverError> {
        match self {
            Self::Reading(open) => open.connection(),
            Self::Writing(open) => open.connection(),
            Self::Filling(connection) => Ok(connection),
        }
    }

    /// Makes everything done in it durable.
    async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Reading(_) => Ok(()),
            Self::Writing(open) => open.commit().await,
            Self::Filling(connection) => {
                let done = spawn_blocking(move || {
                    super::connection::run(&connection, "COMMIT")?;
                    connection.close().map_err(|(_, error)| error)
                });
                Ok(done.await.map_err(DriverError::Thread)??)
            }
        }
    }
}

impl SqliteTransactionSlot {
    pub fn new(open: SqliteTransaction, thread: StatementThread) -> Self {
        Self {
            place: TransactionPlace::Here(Box::new(open)),
            thread,
        }
    }

    /// Waits for the transaction to be back.
    async fn wait_until_here(&mut self) -> Result<(), StoreError> {
        if let TransactionPlace::Away(thread) = &mut self.place {
            let back = thread.await;
            self.place = TransactionPlace::Lost;
            self.place = TransactionPlace::Here(back.map_err(DriverError::Thread)?);
        }
        Ok(())
    }

    /// Takes the transaction out.
    async fn take(&mut self) -> Result<Box<SqliteTransaction>, StoreError> {
        self.wait_until_here().await?;
        match std::mem::replace(&mut self.place, TransactionPlace::Lost) {
            TransactionPlace::Here(open) => Ok(open),
            TransactionPlace::Away(_) | TransactionPlace::Lost => {
                Err(DriverError::LostTransaction.into())
            }
        }
    }

    /// Does this on a thread that may be blocked. Whoever asks for it may go away meanwhile.
    async fn run_apart(
        &mut self,
        work: impl FnOnce(&SqliteTransaction) + Send + 'static,
    ) -> Result<(), StoreError> {
        let open = self.take().await?;
        self.place = TransactionPlace::Away(spawn_blocking(move || {
            work(&open);
            open
        }));
        Ok(())
    }

    /// Does this with the connection, on the thread of the transaction.
    pub async fn run<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.thread == StatementThread::InPlace {
            return match &self.place {
                TransactionPlace::Here(open) => work(open.connection()?),
                TransactionPlace::Away(_) | TransactionPlace::Lost => {
                    Err(DriverError::LostTransaction.into())
                }
            };
        }
        let (sender, answer) = oneshot::channel();
        self.run_apart(move |open| {
            let done = open.connection().map_err(StoreError::from).and_then(work);
            // Nobody may be waiting any more.
            let _ = sender.send(done);
        })
        .await?;
        let done = answer.await.map_err(|_| DriverError::LostTransaction)?;
        self.wait_until_here().await?;
        done
    }

    /// Reads the rows of a statement one by one, however many there are, on a thread that may be blocked. The transaction is
    /// away until all are read, or until the stream is dropped.
    pub async fn stream<T: Send + 'static>(
        &mut self,
        statement: Statement,
        read: impl Fn(&Columns<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<BoxStream<'static, Result<T, StoreError>>, StoreError> {
        let (sender, blocks) = mpsc::channel(AHEAD);
        self.run_apart(move |open| send_rows(open, &statement, read, &sender))
            .await?;
        let blocks = stream::unfold(blocks, |mut blocks| async {
            let block: Vec<_> = blocks.recv().await?;
            Some((stream::iter(block), blocks))
        });
        Ok(blocks.flatten().boxed())
    }

    /// Makes everything done in the transaction durable.
    pub async fn commit(&mut self) -> Result<(), StoreError> {
        self.take().await?.commit().await
    }
}

/// Sends all rows of a statement in blocks, until there are no more or nobody takes them. A row that cannot be read is an error
/// in its place, and the last thing sent may be why there are no more.
fn send_rows<T>(
    open: &SqliteTransaction,
    statement: &Statement,
    read: impl Fn(&Columns<'_>) -> Result<T, StoreError>,
    sender: &mpsc::Sender<Vec<Result<T, StoreError>>>,
) {
    let mut block = Vec::with_capacity(BLOCK);
    let done = open.connection().map_err(StoreError::from);
    let done = done.and_then(|connection| {
        statement.bound().for_each_row(connection, |columns| {
            block.push(read(columns));
            Ok(block.len() < BLOCK || sender.blocking_send(std::mem::take(&mut block)).is_ok())
        })
    });
    if let Err(error) = done {
        block.push(Err(error));
    }
    if !block.is_empty() {
        // Nobody may be reading any more.
        drop(sender.blocking_send(block));
    }
}
