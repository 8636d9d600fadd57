//! `kopilka serve`: the service itself, until it is told to stop.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use kopilka_core::clock::SystemClock;
use kopilka_core::domain::code_limits::OneTimeCodeLimits;
use kopilka_core::entropy;
use kopilka_core::usecases::demo;
use kopilka_core::{Kopilka, ServiceConfig};
use tokio::net::TcpListener;

use super::key::find_or_make_key;
use super::public_url::PublicUrl;
use super::{CommandError, DataLocation, demo_address, open_db};
use crate::http::{self, HttpSettings, MetricsAccess, ShutdownSignals};
use crate::jobs;
use crate::metrics::ServerMetrics;

/// Serve shoppers, cashiers and tills.
#[derive(Debug, Args)]
pub struct ServeCommand {
    /// Address to listen at.
    #[arg(long, env = "KOPILKA_LISTEN", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Address that shoppers see, as https://club.example.com; http://LISTEN where none is given.
    #[arg(long, env = "KOPILKA_PUBLIC_URL")]
    public_url: Option<String>,
    /// Address of a proxy in front, whose X-Forwarded-For is believed; may be given more than once.
    #[arg(
        long = "trusted-proxy",
        env = "KOPILKA_TRUSTED_PROXIES",
        value_delimiter = ','
    )]
    trusted_proxies: Vec<IpAddr>,
    /// Calls of the POS API that one till may make a second for long.
    #[arg(long, env = "KOPILKA_TILL_RATE", default_value = "100")]
    till_rate: NonZeroU32,
    /// Calls of the POS API that one till may make at once.
    #[arg(long, env = "KOPILKA_TILL_BURST", default_value = "1000")]
    till_burst: NonZeroU32,
    /// Seconds that a connection may be open without the head of a request.
    #[arg(long, env = "KOPILKA_HEAD_SECONDS", default_value = "60")]
    head_seconds: NonZeroU32,
    /// Token with which /metrics is read, as `Authorization: Bearer TOKEN`; without one programs on this machine read it, and
    /// with --public-url nobody.
    #[arg(
        long,
        env = "KOPILKA_METRICS_TOKEN",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    metrics_token: Option<String>,
    /// One-time passwords that one address may ask for in an hour; an IPv6 address counts with its /64.
    #[arg(long, env = "KOPILKA_OTP_PER_ADDRESS", default_value = "20", value_parser = clap::value_parser!(i64).range(1..))]
    otp_per_address: i64,
    /// Messages with one-time passwords and links that may be sent in a day of the programme; at 80 % a warning is logged.
    #[arg(long, env = "KOPILKA_OTP_PER_DAY", default_value = "5000", value_parser = clap::value_parser!(i64).range(0..))]
    otp_per_day: i64,
    /// What such a message costs, in minor units of your currency.
    #[arg(long, env = "KOPILKA_OTP_PRICE_MINOR", value_parser = clap::value_parser!(i64).range(1..))]
    otp_price_minor: Option<i64>,
    /// What the messages of a day may cost, in minor units; needs --otp-price-minor.
    #[arg(long, env = "KOPILKA_OTP_COST_PER_DAY", requires = "otp_price_minor", value_parser = clap::value_parser!(i64).range(0..))]
    otp_cost_per_day: Option<i64>,
    /// Fill an empty database with a demo chain and show its messages at /outbox. For this machine alone: it listens at a
    /// loopback address, has no public address and opens no other chain's database.
    #[arg(long)]
    demo: bool,
}

impl ServeCommand {
    /// Serves until SIGINT or SIGTERM.
    ///
    /// # Errors
    /// A sentence for the operator when the database or the address cannot be had.
    pub async fn run(self, place: &DataLocation) -> Result<(), CommandError> {
        if !self.demo {
            return Err(CommandError::Said(
                "this version sends messages to the demo's outbox only: start it with --demo"
                    .to_owned(),
            ));
        }
        if let Some(url) = &self.public_url {
            PublicUrl::parse_url(url)?;
        }
        demo_address::check_demo_address(self.listen, self.public_url.as_deref())?;
        let listener = TcpListener::bind(self.listen).await.map_err(|error| {
            CommandError::Said(format!("{} cannot be listened at: {error}", self.listen))
        })?;
        let metrics_access = match (&self.metrics_token, &self.public_url) {
            (Some(token), _) => MetricsAccess::Token(entropy::hash_token(token)),
            (None, None) => MetricsAccess::ThisMachine,
            // A proxy on this machine need not say that it is one.
            (None, Some(_)) => MetricsAccess::Nobody,
        };
        let public_url = match self.public_url {
            Some(url) => url,
            // Port 0 lets the system choose; what it chose is what people need.
            None => {
                let address = listener.local_addr();
                format!("http://{}", address.unwrap_or(self.listen))
            }
        };
        let PublicUrl { site, host } = PublicUrl::parse_url(&public_url)?;
        let config = ServiceConfig {
            host: host.clone(),
            demo: self.demo,
        };
        if !may_serve_demo(place).await? {
            return Err(not_of_demo());
        }
        let db = open_db(place).await?;
        // Another chain may have been begun there meanwhile.
        if !demo::fill_empty_database(&db, config.clone()).await? {
            return Err(not_of_demo());
        }
        let key = find_or_make_key(place, &db).await?;
        let code_limits = OneTimeCodeLimits {
            per_address: self.otp_per_address,
            per_day: self.otp_per_day,
            price_minor: self.otp_price_minor.unwrap_or_default(),
            cost_per_day: self.otp_cost_per_day,
        };
        let service = Kopilka::new(db.clone(), Arc::new(SystemClock), config)
            .at_site(&site)
            .with_secret_key(key)
            .with_code_limits(code_limits);
        let settings = HttpSettings {
            host,
            secure: site.starts_with("https:"),
            trusted_proxies: self.trusted_proxies,
            till_rate: self.till_rate,
            till_burst: self.till_burst,
            metrics_access,
        };
        let metrics = Arc::new(ServerMetrics::new(service.clone()));
        let app = http::build_app(service.clone(), settings, Arc::clone(&metrics)).await?;
        // Whoever reads the address may stop the service at once, and it ends as it should.
        let signals = ShutdownSignals::catch()
            .map_err(|error| CommandError::Said(format!("signals cannot be caught: {error}")))?;
        let jobs = jobs::start_jobs(&service, &metrics);
        print_address(&site);
        let patience = Duration::from_secs(self.head_seconds.get().into());
        let served = http::serve_until_stopped(listener, app, patience, signals).await;
        jobs.stop().await;
        db.close().await;
        served.map_err(|error| CommandError::Said(format!("serving ended: {error}")))
    }
}

/// Returns whether the database, which is not changed, is the demo's or empty.
async fn may_serve_demo(place: &DataLocation) -> Result<bool, CommandError> {
    let Some(mut inspector) = super::inspect_database(place).await? else {
        return Ok(true);
    };
    let answer = demo::may_serve(&mut inspector).await?;
    inspector.close().await?;
    Ok(answer)
}

fn not_of_demo() -> CommandError {
    CommandError::Said(
        "this database is not the demo's: --demo opens its own or fills an empty one, because it shows one-time passwords \
         to whoever asks; choose another folder by --data"
            .to_owned(),
    )
}

/// Says where to go. A closed standard output is no reason to stop serving.
fn print_address(site: &str) {
    let (login, password, key) = (demo::CASHIER_LOGIN, demo::CASHIER_PASSWORD, demo::TILL_KEY);
    let (pin, admin, admin_password, admin_pin) = (
        demo::CASHIER_PIN,
        demo::ADMIN_LOGIN,
        demo::ADMIN_PASSWORD,
        demo::ADMIN_PIN,
    );
    let lines = format!(
        "shoppers:  {site}/  (join with any phone number)\n\
         cashiers:  {site}/till  (login {login}, password {password}; PIN {pin} once the browser is paired)\n\
         admin:     {site}/till/pair  (login {admin}, password {admin_password}, PIN {admin_pin}: pairs browsers, lifts blocks)\n\
         messages:  {site}/outbox  (one-time passwords of the demo)\n\
         till API:  {site}/pos/v1/  (key {key})\n"
    );
    drop(std::io::stdout().write_all(lines.as_bytes()));
}
