//! News of members whose points have changed: within the process over SQLite, over LISTEN/NOTIFY between processes over
//! PostgreSQL. Whoever may have missed something is told so, and reads anew.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::{broadcast, mpsc};

use crate::ids::MemberId;

/// The channel of PostgreSQL; its payload is the member's id.
const CHANNEL: &str = "kopilka_points";
/// News that a slow reader may be behind.
const BEHIND: usize = 1024;
/// Members told about in one transaction.
const BATCH: usize = 512;

/// Change that listeners hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointsChange {
    /// This member's points have changed.
    Of(MemberId),
    /// News may have been missed: anybody's points may have changed.
    Missed,
}

impl PointsChange {
    /// Returns whether the member's points may have changed.
    pub fn concerns(self, member: MemberId) -> bool {
        self == Self::Of(member) || self == Self::Missed
    }
}

/// The news; cheap to clone.
#[derive(Debug, Clone)]
pub struct PointsNews {
    heard: broadcast::Sender<PointsChange>,
    across: Option<PostgresNewsChannel>,
}

/// The way through PostgreSQL; each direction starts when it is first used.
#[derive(Debug, Clone)]
struct PostgresNewsChannel {
    pool: PgPool,
    told: Arc<OnceLock<mpsc::UnboundedSender<MemberId>>>,
    listening: Arc<OnceLock<()>>,
}

impl PointsNews {
    pub(super) fn within_process() -> Self {
        Self {
            heard: broadcast::Sender::new(BEHIND),
            across: None,
        }
    }

    pub(super) fn across_processes(pool: PgPool) -> Self {
        Self {
            heard: broadcast::Sender::new(BEHIND),
            across: Some(PostgresNewsChannel {
                pool,
                told: Arc::default(),
                listening: Arc::default(),
            }),
        }
    }

    /// Tells everyone who listens that the member's points have changed. Nobody listening is no error.
    pub fn publish(&self, member: MemberId) {
        match &self.across {
            None => drop(self.heard.send(PointsChange::Of(member))),
            Some(across) => {
                let told = across.told.get_or_init(|| {
                    let (told, waiting) = mpsc::unbounded_channel();
                    tokio::spawn(send_notifications(across.pool.clone(), waiting));
                    told
                });
                // It fails once the pool is closed, and then nobody listens either.
                let _ = told.send(member);
            }
        }
    }

    /// Returns a receiver of the changes from now on.
    pub fn listen(&self) -> broadcast::Receiver<PointsChange> {
        let receiver = self.heard.subscribe();
        if let Some(across) = &self.across {
            across.listening.get_or_init(|| {
                tokio::spawn(receive_notifications(
                    across.pool.clone(),
                    self.heard.clone(),
                ));
            });
        }
        receiver
    }

    /// Returns the number of listeners in this process.
    pub fn listeners(&self) -> usize {
        self.heard.receiver_count()
    }
}

/// Sends what was told, many at once: PostgreSQL lets one transaction with news commit at a time, so news stay out of
/// those of receipts, and they need not wait for the disk.
async fn send_notifications(pool: PgPool, mut waiting: mpsc::UnboundedReceiver<MemberId>) {
    let mut members = Vec::new();
    while waiting.recv_many(&mut members, BATCH).await > 0 {
        members.sort_unstable();
        members.dedup();
        let ids: Vec<String> = members.drain(..).map(|member| member.to_string()).collect();
        if let Err(error) = notify(&pool, &ids).await {
            if pool.is_closed() {
                return;
            }
            tracing::warn!(%error, "news of members were not sent");
        }
    }
}

async fn notify(pool: &PgPool, ids: &[String]) -> Result<(), sqlx::Error> {
    let mut tx = pool.begin().await?;
    sqlx::query("SET LOCAL synchronous_commit = off")
        .execute(&mut *tx)
        .await?;
    sqlx::query("SELECT pg_notify($1, id) FROM unnest($2) AS id")
        .bind(CHANNEL)
        .bind(ids)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Hears for the whole process, for as long as the pool is open; a lost connection is made anew.
async fn receive_notifications(pool: PgPool, heard: broadcast::Sender<PointsChange>) {
    while !pool.is_closed() {
        if let Err(error) = receive_until_lost(&pool, &heard).await {
            if pool.is_closed() {
                return;
            }
            tracing::warn!(%error, "news of members are not heard; listening again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn receive_until_lost(
    pool: &PgPool,
    heard: &broadcast::Sender<PointsChange>,
) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    // Something may have changed while nothing was heard.
    drop(heard.send(PointsChange::Missed));
    while let Some(news) = listener.try_recv().await? {
        let change = news
            .payload()
            .parse()
            .map_or(PointsChange::Missed, PointsChange::Of);
        drop(heard.send(change));
    }
    Ok(())
}
