//! The program killed at any moment under load, on each engine: each answered commit is there, once, and nothing is half
//! stored. KOPILKA_CRASH_CYCLES says how often (10), KOPILKA_CRASH_SEED repeats a run's chance.

mod chance;
mod posted;
mod proof;
mod queue;
mod till;

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime};

use crate::support::browser::Browser;
use crate::support::{Demo, place, rules};
use chance::Chance;
use queue::QueueTill;
use sqlx::{Connection, PgConnection};
use till::Till;

const TILLS: usize = 6;
/// Longest time between two answers under load, and of a restart.
const LONG: Duration = Duration::from_secs(60);

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not {text}")),
    )
}

#[test]
fn each_answered_commit_survives_a_kill_at_any_moment_and_is_there_once() {
    let _alone = crate::alone();
    let cycles = setting("KOPILKA_CRASH_CYCLES").unwrap_or(10);
    let seed = setting("KOPILKA_CRASH_SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        u64::from(now.unwrap().subsec_nanos())
    });
    // Shown where the test fails.
    println!("KOPILKA_CRASH_SEED={seed}");
    let mut chance = Chance::new(seed);
    let mut demo = Demo::start();
    rules::put_in_force(&demo, &[rules::FIXED_SPENDS], "");
    // Few members, so that tills are in each other's way.
    let cards: Vec<String> = ["Анна", "Борис", "Вера"]
        .iter()
        .map(|name| {
            let mut shopper = Browser::new(&demo);
            shopper.join(name);
            shopper.key().fixed()
        })
        .collect();
    let mut tills: Vec<Till> = (0..TILLS)
        .map(|n| Till::new(format!("crash-{n}"), cards.clone(), chance.fork()))
        .collect();
    let file = demo.data.path().join("queue");
    let mut queue = QueueTill::new(file, cards[0].clone(), chance.fork());
    let (start, mut posted, mut unanswered) = (Instant::now(), 0, 0);
    for cycle in 1..=cycles {
        println!("cycle {cycle}");
        demo = crash(demo, &mut tills, &mut queue, &mut chance);
        for till in &tills {
            let fresh = &till.book[till.checked..];
            posted += fresh.len();
            unanswered += fresh.iter().filter(|posted| posted.told.is_none()).count();
        }
        proof::prove(&demo, &mut tills, &queue);
    }
    proof::prove_all(&demo, &mut tills);
    // Past the capture of a test's output, where a long run is watched.
    eprintln!(
        "{cycles} crashes, {posted} receipts and returns of which {unanswered} were not answered, {} queued, {} queues \
         dropped: {:.0?}",
        queue.pushed.len(),
        queue.dropped,
        start.elapsed()
    );
    assert!(posted > 0 && unanswered > 0, "there was no load");
}

/// Lets all tills work, crashes at a random moment, and brings the program back.
fn crash(demo: Demo, tills: &mut [Till], queue: &mut QueueTill, chance: &mut Chance) -> Demo {
    let over = AtomicBool::new(false);
    let url = demo.url.clone();
    let (answered, answers) = mpsc::channel();
    std::thread::scope(|scope| {
        for till in tills {
            let (url, over, answered) = (&url, &over, answered.clone());
            scope.spawn(move || till.work(url, over, &answered));
        }
        let (url, over) = (&url, &over);
        scope.spawn(move || queue.work(url, over));
        for _ in 0..chance.below(60) {
            answers.recv_timeout(LONG).expect("tills are answered");
        }
        // Not at an answer, but anywhere between two.
        std::thread::sleep(Duration::from_micros(chance.below(20_000)));
        let database = demo
            .data
            .url()
            .filter(|_| chance.one_in(3))
            .map(str::to_owned);
        let demo = match database {
            Some(url) => {
                kill_database(url);
                demo
            }
            None => Demo::start_in(demo.kill()),
        };
        over.store(true, Ordering::Relaxed);
        demo
    })
    .ready()
}

/// Kills a process of PostgreSQL, at which the whole server drops its connections and recovers from its log.
fn kill_database(url: String) {
    place::apart(async move {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(killed.unwrap().success());
    });
}

trait Ready {
    fn ready(self) -> Self;
}

impl Ready for Demo {
    /// Waits until the program has its database.
    fn ready(self) -> Self {
        let start = Instant::now();
        let url = format!("{}/health/ready", self.url);
        loop {
            let answer = crate::support::agent().get(&url).call().unwrap();
            if answer.status().is_success() {
                return self;
            }
            assert!(start.elapsed() < LONG, "the database does not come back");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
