//! The service over HTTP: the router, and what every answer goes through.

mod assets;
mod demo_host;
mod downloads;
mod error_pages;
mod health;
mod live;
mod manifest;
mod metrics_endpoint;
mod origin;
mod pages;
mod pos;
mod post_limits;
mod posted_forms;
mod refused_forms;
mod security;
mod sign_up_status;
mod till_device;
mod visitor_layer;

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use hyper_util::rt::TokioTimer;
use kopilka_core::Kopilka;
use kopilka_core::usecases::programme::rules;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use assets::StaticAssets;
use pos::TillRateLimits;

use crate::commands::CommandError;
use crate::metrics::ServerMetrics;

/// Most bytes of a form.
const FORM_BYTES: usize = 64 * 1024;
/// Most bytes of a receipt.
const RECEIPT_BYTES: usize = 4 * 1024 * 1024;

/// Time that running requests may take to end when the service stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// Settings of the HTTP server: its address, proxies, limits of calls, and who may read the figures.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Host and port that shoppers see.
    pub host: String,
    /// True if shoppers come over https.
    pub secure: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Calls of the POS API that one till may make a second for long.
    pub till_rate: NonZeroU32,
    /// Calls of the POS API that one till may make at once.
    pub till_burst: NonZeroU32,
    /// Clients that may read the figures.
    pub metrics_access: MetricsAccess,
}

/// Clients that may read the figures of the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricsAccess {
    /// Clients that have the token of this hash.
    Token(Vec<u8>),
    /// Programs on this machine.
    ThisMachine,
    /// Nobody: people come through a proxy, which is on this machine perhaps, and no token is set.
    Nobody,
}

/// State that handlers share. Each layer of a request clones it, so that it is one pointer.
#[derive(Debug, Clone)]
pub struct ServerState(Arc<SharedState>);

impl Deref for ServerState {
    type Target = SharedState;

    fn deref(&self) -> &SharedState {
        &self.0
    }
}

/// Parts of the [`ServerState`].
#[derive(Debug)]
pub struct SharedState {
    /// The service.
    pub kopilka: Kopilka,
    /// Settings of the HTTP server.
    pub settings: HttpSettings,
    /// Styles, scripts, icons.
    pub assets: Arc<StaticAssets>,
    /// Limits of posts by address.
    pub limits: post_limits::PostRateLimits,
    /// Limits of calls by till.
    pub till_limits: TillRateLimits,
    /// Figures for those who watch over the service.
    pub metrics: Arc<ServerMetrics>,
}

/// The whole service.
///
/// # Errors
/// When the programme cannot be read.
pub async fn build_app(
    kopilka: Kopilka,
    settings: HttpSettings,
    metrics: Arc<ServerMetrics>,
) -> Result<Router, CommandError> {
    // Pages render on the runtime that serves them; a second call finds it set and changes nothing.
    drop(any_spawner::Executor::init_tokio());
    let programme = rules::load_rules_in_force(&kopilka).await?.programme;
    let assets = Arc::new(StaticAssets::load_embedded(&programme.brand));
    assets.compress_in_background();
    let app = ServerState(Arc::new(SharedState {
        assets,
        kopilka,
        till_limits: TillRateLimits::new(settings.till_rate, settings.till_burst),
        settings,
        limits: post_limits::PostRateLimits::default(),
        metrics,
    }));
    let pages = Router::new()
        .route(
            "/api/{*endpoint}",
            post(posted_forms::answer_form).get(posted_forms::wrong_method),
        )
        .route("/till/joined", get(sign_up_status::sign_up_status))
        .route(
            "/api/till/queue",
            post(till_device::commit_queued_sales).layer(DefaultBodyLimit::max(RECEIPT_BYTES)),
        )
        .route(
            "/api/till/put-aside",
            post(till_device::put_sale_aside).layer(DefaultBodyLimit::max(RECEIPT_BYTES)),
        )
        .route("/api/till/outcome", get(till_device::receipt_outcome))
        .route("/card/live", get(live::stream_balance))
        .route("/consents/proofs.csv", get(downloads::proofs_csv))
        .route("/consents/proofs.json", get(downloads::proofs_json))
        .route("/settings/export.json", get(downloads::export_json))
        .route("/settings/points.csv", get(downloads::points_csv))
        .route("/manifest.webmanifest", get(manifest::manifest))
        .fallback(pages::render_requested_page)
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(from_fn_with_state(
            app.clone(),
            visitor_layer::attach_visitor,
        ))
        .layer(from_fn_with_state(app.clone(), post_limits::limit_posts))
        .layer(from_fn_with_state(app.clone(), origin::same_origin));
    // Brotli 5 takes a page in about a millisecond; its own default, 11, takes a hundred.
    let compression = CompressionLayer::new().quality(CompressionLevel::Precise(5));
    Ok(Router::new()
        .nest("/pos/v1", pos::router(&app.assets.paths.css))
        .route("/pos/v1/", get(pos::to_docs))
        .merge(assets::router())
        .route("/health/live", get(health::check_process))
        .route("/health/ready", get(health::check_database))
        .route("/metrics", get(metrics_endpoint::metrics))
        .merge(pages)
        .layer(compression)
        .layer(from_fn_with_state(app.clone(), demo_host::check_demo_host))
        .layer(from_fn_with_state(app.clone(), security::headers))
        .layer(CatchPanicLayer::custom(error_pages::panic_response))
        .layer(from_fn_with_state(
            app.clone(),
            metrics_endpoint::measure_request,
        ))
        .layer(from_fn(security::request_log))
        .with_state(app))
}

/// Serves until a signal comes, then lets running requests end, for a while: an open card's stream has no end of its own.
/// A connection on which no request's head has come for `patience` is closed.
///
/// # Errors
/// When the socket fails.
pub async fn serve_until_stopped(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    signals: ShutdownSignals,
) -> std::io::Result<()> {
    let handle = Handle::new();
    let running = handle.clone();
    tokio::spawn(async move {
        signals.wait().await;
        running.graceful_shutdown(Some(SHUTDOWN_TIMEOUT));
    });
    let mut server = axum_server::from_tcp(listener.into_std()?)?
        // Otherwise a kept connection waits 40 ms for each answer (Nagle against delayed ACK).
        .acceptor(NoDelayAcceptor::new())
        .handle(handle)
        // Which of two versions it is would be waited for without end.
        .http1_only();
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience);
    server
        .serve(router.into_make_service_with_connect_info::<SocketAddr>())
        .await
}

/// Signals that end the service. They are caught from the moment on at which this is made, before anybody is told to come.
#[derive(Debug)]
pub struct ShutdownSignals {
    interrupted: Signal,
    terminated: Signal,
}

impl ShutdownSignals {
    /// Begins to catch SIGINT and SIGTERM.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn catch() -> std::io::Result<Self> {
        Ok(Self {
            interrupted: signal(SignalKind::interrupt())?,
            terminated: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the first signal since they are caught.
    async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}
