//! Figures of this process for those who watch over it, in the words of Prometheus. Labels name kinds of things, never
//! anybody or anything of theirs, and there are as many of them as there are routes.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kopilka_core::Kopilka;
use kopilka_core::domain::time::Instant;
use kopilka_core::store::engine::round_trips;
use kopilka_core::usecases::messages::code_limits::CodeMessagesToday;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text::encode};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the classes of an answer's time, in seconds: a till waits for a fraction, people for a second.
const LATENCY_BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// Labels by which requests are counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestMetricLabels {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteMetricLabels {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobMetricLabels {
    job: &'static str,
}

/// The figures; those who do something count it here.
#[derive(Debug)]
pub struct ServerMetrics {
    registry: Registry,
    requests: Family<RequestMetricLabels, Counter>,
    seconds: Family<RouteMetricLabels, Histogram, fn() -> Histogram>,
    job_failures: Family<JobMetricLabels, Counter>,
    job_done: Family<JobMetricLabels, Gauge>,
    job_durations: Family<JobMetricLabels, Gauge<f64, AtomicU64>>,
    messages: Arc<Mutex<Option<CodeMessagesToday>>>,
}

impl ServerMetrics {
    /// Figures of a process that serves `kopilka`.
    pub fn new(kopilka: Kopilka) -> Self {
        let mut registry = Registry::with_prefix("kopilka");
        let requests = Family::default();
        registry.register(
            "http_requests",
            "Answered requests",
            Family::clone(&requests),
        );
        let seconds: Family<RouteMetricLabels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(LATENCY_BUCKETS));
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's head to its answer's head",
            Unit::Seconds,
            seconds.clone(),
        );
        let job_failures = Family::default();
        registry.register(
            "job_failures",
            "Tries of a job that failed and will be made again",
            Family::clone(&job_failures),
        );
        let job_done = Family::default();
        registry.register_with_unit(
            "job_done_timestamp",
            "When a job last found nothing more to do, or another process at it",
            Unit::Seconds,
            Family::clone(&job_done),
        );
        let job_durations = Family::default();
        registry.register_with_unit(
            "job_duration",
            "Time that the last try of a job took",
            Unit::Seconds,
            Family::clone(&job_durations),
        );
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "What runs", version);
        let messages = Arc::default();
        registry.register_collector(Box::new(ServiceCollector(kopilka, Arc::clone(&messages))));
        Self {
            messages,
            registry,
            requests,
            seconds,
            job_failures,
            job_done,
            job_durations,
        }
    }

    /// Counts an answered request.
    pub fn count_response(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let request = RequestMetricLabels {
            route: route.to_owned(),
            method,
            status,
        };
        self.requests.get_or_create(&request).inc();
        let route = RouteMetricLabels {
            route: route.to_owned(),
        };
        self.seconds
            .get_or_create(&route)
            .observe(took.as_secs_f64());
    }

    /// Notes how a job's try ended, how long it took, and when it ended.
    pub fn note_job(&self, job: &'static str, well: bool, took: Duration, now: Instant) {
        let job = JobMetricLabels { job };
        self.job_durations
            .get_or_create(&job)
            .set(took.as_secs_f64());
        let failures = self.job_failures.get_or_create(&job);
        if well {
            self.job_done
                .get_or_create(&job)
                .set(now.0.div_euclid(1_000_000));
        } else {
            failures.inc();
        }
    }

    /// Notes how many messages with codes were sent today, as all processes count them in the database.
    pub fn note_messages(&self, messages: CodeMessagesToday) {
        *self.messages.lock().unwrap_or_else(PoisonError::into_inner) = Some(messages);
    }

    /// All figures as OpenMetrics text.
    ///
    /// # Errors
    /// None that can be brought about: text is written to memory.
    pub fn render_openmetrics(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Collector of what the service itself counts.
#[derive(Debug)]
struct ServiceCollector(Kopilka, Arc<Mutex<Option<CodeMessagesToday>>>);

impl Collector for ServiceCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut receipts = encoder.encode_descriptor(
            "receipts",
            "Answers to tills about sales and returns",
            None,
            MetricType::Counter,
        )?;
        for ((request, answer), count) in self.0.till_answers.counts() {
            let labels: [(&str, &str); 2] = [("kind", request.into()), ("answer", answer.into())];
            ConstCounter::new(count).encode(receipts.encode_family(&labels)?)?;
        }
        let round_trips = ConstCounter::new(round_trips());
        let trips_encoder = encoder.encode_descriptor(
            "database_trips",
            "Statements that the database was asked to run",
            None,
            round_trips.metric_type(),
        )?;
        round_trips.encode(trips_encoder)?;
        let (open, idle) = self.0.db.connections();
        encode_gauge(
            &mut encoder,
            "database_connections",
            "Open connections of the pool",
            i64::try_from(open).unwrap_or(i64::MAX),
        )?;
        encode_gauge(
            &mut encoder,
            "database_connections_idle",
            "Those of them that nobody uses",
            i64::try_from(idle).unwrap_or(i64::MAX),
        )?;
        let messages = *self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(messages) = messages {
            for (name, help, value) in [
                (
                    "code_messages_today",
                    "Messages with codes and links sent today",
                    messages.sent,
                ),
                (
                    "code_messages_limit",
                    "Messages that may be sent in a day",
                    messages.limit,
                ),
                (
                    "code_messages_cost_today",
                    "Their cost today in minor units",
                    messages.cost_minor,
                ),
            ] {
                encode_gauge(&mut encoder, name, help, value)?;
            }
        }
        encode_gauge(
            &mut encoder,
            "live_streams",
            "Open cards that wait for news",
            i64::try_from(self.0.listener_count()).unwrap_or(i64::MAX),
        )
    }
}

fn encode_gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: i64,
) -> fmt::Result {
    let gauge = ConstGauge::new(value);
    gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)
}
