//! Durable commits of sales through the use case that the POS API calls, each beside one constant row that is committed in the
//! same way, and beside one write to the disk.

use std::io::{Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::offers::{
    ConditionsDocument, Offer, OfferActivation, OfferBenefit, OfferLimits,
};
use kopilka_core::domain::programme::LocalisedText;
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{commit_sale, quote_sale};
use kopilka_core::usecases::demo;
use kopilka_testing::bench::figure::{Figure, Unit, Wanted};
use kopilka_testing::bench::size;
use kopilka_testing::bench::statistics::{SortedTimes, millis};
use kopilka_testing::chain::{Chain, Member};
use kopilka_testing::place::engine;
use tokio::task::JoinSet;

use crate::limits::CommitLimits;
use crate::receipt::{draft, sent};

/// Clients that sell at once.
const CLIENTS: usize = 64;
/// Members who buy: so many that nobody has bought hundreds of times within seconds.
const MEMBERS: u64 = 10_000;
/// Receipts of the one member who buys at all tills: more than anybody has in years, since each asks for those before it.
const OF_ONE_MEMBER: u64 = 2_000;

/// What is wanted of an engine.
struct WantedRates {
    per_second: f64,
    p99: f64,
}

pub(super) fn tell_all() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let load = CommitLoad::prepare().await;
        load.tell_one_client().await;
        load.tell_many_clients().await;
        load.chain.check().await;
    });
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Receipts {
    /// One constant row instead of a receipt.
    Constant,
    AllMembers,
    OneMember,
    OneBudget,
}

/// A chain with its members, and the numbers that receipts take.
#[derive(Clone)]
struct CommitLoad {
    chain: Arc<Chain>,
    members: Arc<Vec<Member>>,
    /// A till for each client: one till sends its receipts one after the other.
    tills: Arc<Vec<TillContext>>,
    numbers: Arc<AtomicU64>,
    engine: String,
}

/// Rate and times of commits.
struct CommitRate {
    per_second: f64,
    p99: f64,
}

impl CommitLoad {
    async fn prepare() -> Self {
        let chain = Chain::open("2026-06-01", |programme| {
            programme.offers = demo::programme().unwrap().offers;
            programme.offers.push(hot_budget());
        });
        let chain = chain.await;
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            members.push(chain.member(number).await);
        }
        let mut tills = Vec::new();
        for number in 0..CLIENTS {
            tills.push(chain.another_till(&format!("till-{number}")).await);
        }
        Self {
            chain: Arc::new(chain),
            members: Arc::new(members),
            tills: Arc::new(tills),
            numbers: Arc::default(),
            engine: engine(),
        }
    }

    fn name(&self, figure: &str) -> String {
        let engine = if self.engine == "sqlite" {
            "SQLite"
        } else {
            "PostgreSQL"
        };
        format!("{engine}: {figure}")
    }

    async fn tell_one_client(&self) {
        let (mut disk, mut writes) = (DiskWrites::prepare(self.chain.folder()), Vec::new());
        let (mut quotes, mut commits) = (Vec::new(), Vec::new());
        let (mut reads, mut constants) = (Vec::new(), Vec::new());
        for member in self.members.iter().take(300) {
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            let draft = draft(&member.code, number);
            let (service, till) = (&self.chain.k, &self.chain.till);
            quotes.push(
                timed(async { drop(quote_sale(service, till, &draft).await.unwrap()) }).await,
            );
            reads.push(timed(self.read_row(member)).await);
            let sent = sent(number);
            commits.push(
                timed(async { drop(commit_sale(service, till, &draft, &sent).await.unwrap()) })
                    .await,
            );
            constants.push(timed(self.commit_row()).await);
            writes.push(disk.time_write());
        }
        let median = |times| millis(SortedTimes::of(times).median());
        let disk = median(writes);
        let limits = CommitLimits::of(&self.engine);
        Figure::new(
            self.name("quote, one client (floor: one row read)"),
            median(quotes),
            Unit::Millis,
        )
        .floor(median(reads))
        .wanted(Wanted::AtMost(1.0))
        .limited_by(limits.quote)
        .tell();
        Figure::new(
            self.name("commit, one client (floor: one write to the disk)"),
            median(commits),
            Unit::Millis,
        )
        .floor(disk)
        .wanted(Wanted::AtMost(disk + 0.3))
        .limited_by(limits.commit)
        .tell();
        Figure::new(
            self.name("one constant row, one client"),
            median(constants),
            Unit::Millis,
        )
        .floor(disk)
        .tell();
    }

    async fn tell_many_clients(&self) {
        let limits = CommitLimits::of(&self.engine);
        let wanted = if self.engine == "sqlite" {
            WantedRates {
                per_second: 10_000.0,
                p99: 20.0,
            }
        } else {
            WantedRates {
                per_second: 3_000.0,
                p99: 40.0,
            }
        };
        let floor = self.measure(Receipts::Constant).await;
        let all = self.measure(Receipts::AllMembers).await;
        let member = self.measure(Receipts::OneMember).await;
        let budget = self.measure(Receipts::OneBudget).await;
        let name = format!("durable commits, {CLIENTS} clients (floor: one row each)");
        Figure::new(self.name(&name), all.per_second, Unit::PerSecond)
            .floor(floor.per_second)
            .wanted(Wanted::AtLeast(wanted.per_second))
            .limited_by(limits.rate)
            .tell();
        Figure::new("  p99 of them", all.p99, Unit::Millis)
            .floor(floor.p99)
            .wanted(Wanted::AtMost(wanted.p99))
            .limited_by(limits.slowest)
            .tell();
        let half = Wanted::AtLeast(all.per_second / 2.0);
        for (name, rate, limit) in [
            ("  all of one member", member, limits.member),
            ("  all on one budget", budget, limits.budget),
        ] {
            Figure::new(name, rate.per_second, Unit::PerSecond)
                .floor(floor.per_second)
                .wanted(half)
                .limited_by(limit)
                .tell();
        }
    }

    /// Commits of all clients together.
    async fn measure(&self, receipts: Receipts) -> CommitRate {
        let start = Instant::now();
        let until = start + Duration::from_secs(size("KOPILKA_BENCH_SECONDS", 4));
        let first = self.numbers.load(Ordering::Relaxed);
        let last = match receipts {
            Receipts::OneMember => first + OF_ONE_MEMBER,
            _ => u64::MAX,
        };
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let load = self.clone();
            clients.spawn(async move {
                let mut times = Vec::new();
                while Instant::now() < until && load.numbers.load(Ordering::Relaxed) < last {
                    times.push(timed(load.commit(client, receipts)).await);
                }
                times
            });
        }
        let times: Vec<Duration> = clients.join_all().await.into_iter().flatten().collect();
        CommitRate {
            per_second: times.len() as f64 / start.elapsed().as_secs_f64(),
            p99: millis(SortedTimes::of(times).percentile(99)),
        }
    }

    async fn commit(&self, client: usize, receipts: Receipts) {
        if receipts == Receipts::Constant {
            return self.commit_row().await;
        }
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let place = match receipts {
            Receipts::OneMember => 0,
            _ => (client * 131 + number as usize * 7) % self.members.len(),
        };
        let mut draft = draft(&self.members[place].code, number);
        if receipts == Receipts::OneBudget {
            draft.lines[0].amount = Money(20_000);
        }
        let (service, till) = (&self.chain.k, &self.tills[client]);
        commit_sale(service, till, &draft, &sent(number))
            .await
            .unwrap();
    }

    /// The least that a transaction can read.
    async fn read_row(&self, member: &Member) {
        let mut tx = self.chain.k.db.read().await.unwrap();
        let _: i64 = sql("SELECT balance FROM accounts WHERE member_id = $1")
            .bind(member.id)
            .fetch_value(&mut tx)
            .await
            .unwrap();
    }

    /// The least that a durable transaction can do.
    async fn commit_row(&self) {
        let mut tx = self.chain.k.db.write_test_data().await.unwrap();
        let id = kopilka_core::ids::RowId::new();
        sql("INSERT INTO audit (id, till_id, action, subject, outcome, at) VALUES ($1, $2, $3, $3, $3, $4)")
            .bind(id)
            .bind(self.chain.till.till.id)
            .bind("bench")
            .bind(0_i64)
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

/// One budget that receipts of more than 610 roubles draw on, and never to its end.
fn hot_budget() -> Offer {
    let words = LocalisedText {
        ru: "Бюджет".to_owned(),
        en: "Budget".to_owned(),
    };
    Offer {
        id: "hot-budget".to_owned(),
        title: words.clone(),
        text: words,
        benefit: OfferBenefit::FixedPoints { points: Points(1) },
        conditions: ConditionsDocument {
            stores: vec!["test".to_owned()],
            minimum_receipt: Some(Money(61_000)),
            ..ConditionsDocument::default()
        }
        .into(),
        limits: OfferLimits {
            points_budget: Some(Points(1_000_000_000)),
            ..OfferLimits::default()
        },
        priority: 0,
        group: None,
        activation: OfferActivation::Automatic,
        alcohol: false,
    }
}

async fn timed(work: impl Future<Output = ()>) -> Duration {
    let start = Instant::now();
    work.await;
    start.elapsed()
}

/// Small writes to the disk, in the folder of the database. Their file has its length already, as the log of a database that has
/// been in use.
struct DiskWrites(std::fs::File);

impl DiskWrites {
    const BLOCK: [u8; 4_096] = [7; 4_096];

    fn prepare(folder: &Path) -> Self {
        let mut file = std::fs::File::create(folder.join("fsync")).unwrap();
        for _ in 0..MEMBERS {
            file.write_all(&Self::BLOCK).unwrap();
        }
        file.sync_all().unwrap();
        file.rewind().unwrap();
        Self(file)
    }

    /// How long it takes until one more is on the disk.
    fn time_write(&mut self) -> Duration {
        let start = Instant::now();
        self.0.write_all(&Self::BLOCK).unwrap();
        self.0.sync_data().unwrap();
        start.elapsed()
    }
}
