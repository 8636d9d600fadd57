use std::sync::atomic::{AtomicU32, Ordering};

use kopilka_core::Kopilka;
use kopilka_core::ServiceConfig;
use kopilka_core::clock::SystemClock;
use kopilka_core::store::Database;

use super::*;

/// Longest time that a test waits for something that must come.
const PATIENCE: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(5);

/// Metrics of a service over an empty database, with the folder that it lives in.
async fn metrics() -> (tempfile::TempDir, Arc<ServerMetrics>, Arc<dyn Clock>) {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(&folder.path().join("kopilka.db"))
        .await
        .unwrap();
    let config = ServiceConfig {
        host: String::new(),
        demo: false,
    };
    let kopilka = Kopilka::new(db, Arc::new(SystemClock), config);
    let clock = Arc::clone(&kopilka.clock);
    (folder, Arc::new(ServerMetrics::new(kopilka)), clock)
}

const fn description(name: &'static str, time_limit: Duration) -> JobDescription {
    JobDescription {
        name,
        interval: SHORT,
        time_limit,
    }
}

/// A job that counts its tries.
fn counting(name: &'static str, tries: &Arc<AtomicU32>) -> ScheduledJob {
    let tries = Arc::clone(tries);
    ScheduledJob::new(description(name, PATIENCE), move |_| {
        tries.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    })
}

async fn wait_for(condition: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < until, "it never came");
        sleep(SHORT).await;
    }
}

fn failures(metrics: &ServerMetrics, job: &str) -> u32 {
    let line = format!("kopilka_job_failures_total{{job=\"{job}\"}} ");
    let text = metrics.render_openmetrics().unwrap();
    let value = text.lines().find_map(|each| each.strip_prefix(&line));
    value.map_or(0, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_takes_long_keeps_no_other_from_its_work() {
    let (_folder, metrics, clock) = metrics().await;
    let tries = Arc::new(AtomicU32::new(0));
    let long = ScheduledJob::new(description("long", PATIENCE), |signal| async move {
        while !signal.is_set() {
            sleep(SHORT).await;
        }
        Ok(())
    });
    let jobs = vec![long, counting("short", &tries)];
    let runner = JobRunner::start(jobs, &clock, &metrics);
    wait_for(|| tries.load(Ordering::SeqCst) >= 5).await;
    let text = metrics.render_openmetrics().unwrap();
    assert!(text.contains("kopilka_job_duration_seconds{job=\"short\"}"));
    assert!(!text.contains("job=\"long\""), "{text}");
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_panics_is_counted_and_goes_on_at_its_next_time() {
    let (_folder, metrics, clock) = metrics().await;
    let tries = Arc::new(AtomicU32::new(0));
    let (others, counted) = (Arc::new(AtomicU32::new(0)), Arc::clone(&tries));
    let panicking = ScheduledJob::new(description("panicking", PATIENCE), move |_| {
        let number = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            assert!(number != 1, "the second try of the test's job");
            Ok(())
        }
    });
    let jobs = vec![panicking, counting("other", &others)];
    let runner = JobRunner::start(jobs, &clock, &metrics);
    wait_for(|| tries.load(Ordering::SeqCst) >= 4).await;
    wait_for(|| others.load(Ordering::SeqCst) >= 4).await;
    runner.stop().await;
    assert_eq!(failures(&metrics, "panicking"), 1);
    assert_eq!(failures(&metrics, "other"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_told_to_stop_at_its_time_limit_and_counted_as_failed() {
    let (_folder, metrics, clock) = metrics().await;
    let batches = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&batches);
    let endless = ScheduledJob::new(
        description("endless", Duration::from_millis(20)),
        move |signal| {
            let counted = Arc::clone(&counted);
            async move {
                while !signal.is_set() {
                    counted.fetch_add(1, Ordering::SeqCst);
                    sleep(SHORT).await;
                }
                Ok(())
            }
        },
    );
    let runner = JobRunner::start(vec![endless], &clock, &metrics);
    wait_for(|| failures(&metrics, "endless") >= 2).await;
    runner.stop().await;
    assert!(batches.load(Ordering::SeqCst) >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_the_batch_at_hand_end() {
    let (_folder, metrics, clock) = metrics().await;
    let (begun, ended) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let counted = (Arc::clone(&begun), Arc::clone(&ended));
    let job = ScheduledJob::new(description("batch", PATIENCE), move |signal| {
        let (begun, ended) = (Arc::clone(&counted.0), Arc::clone(&counted.1));
        async move {
            while !signal.is_set() {
                begun.fetch_add(1, Ordering::SeqCst);
                sleep(Duration::from_millis(300)).await;
                ended.fetch_add(1, Ordering::SeqCst);
            }
            Ok(())
        }
    });
    let runner = JobRunner::start(vec![job], &clock, &metrics);
    wait_for(|| begun.load(Ordering::SeqCst) == 1).await;
    runner.stop().await;
    assert_eq!(begun.load(Ordering::SeqCst), 1);
    assert_eq!(ended.load(Ordering::SeqCst), 1);
    assert_eq!(failures(&metrics, "batch"), 0);
}

/// A job whose batches never end, and the numbers of batches that have begun and that were dropped.
fn hanging(time_limit: Duration) -> (ScheduledJob, Arc<AtomicU32>, Arc<AtomicU32>) {
    struct Dropped(Arc<AtomicU32>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (begins, drops) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let counted = (Arc::clone(&begins), Arc::clone(&drops));
    let mut job = ScheduledJob::new(description("hanging", time_limit), move |_| {
        let batch = Dropped(Arc::clone(&counted.1));
        counted.0.fetch_add(1, Ordering::SeqCst);
        async move {
            std::future::pending::<()>().await;
            drop(batch);
            Ok(())
        }
    });
    job.batch_grace = Duration::from_millis(20);
    (job, begins, drops)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_hangs_is_dropped_after_the_time_limit() {
    let (_folder, metrics, clock) = metrics().await;
    let (job, _, drops) = hanging(Duration::from_millis(20));
    let runner = JobRunner::start(vec![job], &clock, &metrics);
    wait_for(|| failures(&metrics, "hanging") >= 2).await;
    assert!(drops.load(Ordering::SeqCst) >= 2);
    runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_hangs_keeps_no_service_from_stopping() {
    let (_folder, metrics, clock) = metrics().await;
    let (job, begins, drops) = hanging(PATIENCE);
    let runner = JobRunner::start(vec![job], &clock, &metrics);
    wait_for(|| begins.load(Ordering::SeqCst) == 1).await;
    runner.stop().await;
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    assert_eq!(failures(&metrics, "hanging"), 0);
}

#[test]
fn pauses_double_with_failures_up_to_half_an_hour() {
    let job = |interval| {
        let description = JobDescription {
            name: "any",
            interval: Duration::from_secs(interval),
            time_limit: PATIENCE,
        };
        ScheduledJob::new(description, |_| async { Ok(()) })
    };
    let pauses = |interval| {
        let job = job(interval);
        [0, 1, 2, 3, 6, u32::MAX].map(|failures| job.pause_after(failures).as_secs())
    };
    assert_eq!(pauses(60), [60, 60, 120, 240, 1_800, 1_800]);
    assert_eq!(pauses(3_600), [3_600; 6]);
}
