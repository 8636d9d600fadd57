//! Service handle that every use case is given: the database, the clock, the programme in force, and the live news of members.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, RwLock};

use tokio::sync::broadcast;

use crate::clock::Clock;
use crate::domain::code_limits::OneTimeCodeLimits;
use crate::domain::network::limited_address;
use crate::domain::offers::Offer;
use crate::domain::programme::Programme;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::MemberId;
use crate::password_hashing::PasswordHashing;
use crate::secret_key::{KeyPurpose, SecretKey};
use crate::store::form_states::FormStates;
use crate::store::{Database, PointsChange, PointsNews, StoreError, Tx, programmes};
use crate::till_answers::TillAnswerCounter;
use crate::till_turns::TillTurns;

/// Settings of this deployment.
#[derive(Debug, Clone)]
pub struct ServiceConfig {
    /// Host and port that shoppers see; empty in a command that serves nobody.
    pub host: String,
    /// True where the demo programme and its outbox page are served.
    pub demo: bool,
}

/// A version of the programme with its number.
#[derive(Debug, Clone)]
pub struct ProgrammeRules {
    /// Counts up from 1.
    pub version: i64,
    /// The document.
    pub programme: Arc<Programme>,
    offers: Arc<[Arc<Offer>]>,
}

impl ProgrammeRules {
    /// A version with this number and document.
    pub fn new(version: i64, programme: Programme) -> Self {
        let offers = programme.offers.iter().cloned().map(Arc::new).collect();
        Self {
            version,
            programme: Arc::new(programme),
            offers,
        }
    }

    /// Returns the offers of the document, each shared by all who show it.
    pub fn offers(&self) -> &[Arc<Offer>] {
        &self.offers
    }
}

/// The running service; cheap to clone.
#[derive(Debug, Clone)]
pub struct Kopilka {
    /// The database.
    pub db: Database,
    /// Source of the present time.
    pub clock: Arc<dyn Clock>,
    /// Settings of this deployment.
    pub config: Arc<ServiceConfig>,
    /// Counts of the answers that this process gave to tills.
    pub till_answers: Arc<TillAnswerCounter>,
    /// States of posted forms, for ten minutes.
    pub(crate) form_states: FormStates,
    /// Limits of one-time passwords that the operator sets.
    pub code_limits: OneTimeCodeLimits,
    /// Hasher of passwords and PINs; it works on a few at once.
    pub(crate) hashing: Arc<PasswordHashing>,
    /// Turns of the tills: scans of one till are judged one after the other.
    pub(crate) turns: Arc<TillTurns>,
    // The address that the request at hand came from; none within the process.
    address: Option<IpAddr>,
    // True if the request at hand came from another machine.
    is_asked_from_afar: bool,
    live: PointsNews,
    // The public address; none in a command that serves nobody.
    site: Option<Arc<str>>,
    // None where nothing is done that needs it.
    secret_key: Option<Arc<SecretKey>>,
    parsed: Arc<RwLock<ProgrammeCache>>,
}

/// Rules by version. A version never changes, but each knows the levels of all others: a newer one puts them away.
#[derive(Debug, Default)]
struct ProgrammeCache {
    newest: i64,
    rules: BTreeMap<i64, ProgrammeRules>,
}

impl Kopilka {
    /// A service over an open database.
    pub fn new(db: Database, clock: Arc<dyn Clock>, config: ServiceConfig) -> Self {
        let live = db.news();
        let form_states = db.form_states();
        let site = (!config.host.is_empty()).then(|| format!("https://{}", config.host));
        Self {
            site: site.map(Into::into),
            secret_key: None,
            turns: Arc::default(),
            db,
            form_states,
            clock,
            config: Arc::new(config),
            till_answers: Arc::default(),
            code_limits: OneTimeCodeLimits::default(),
            hashing: Arc::default(),
            address: None,
            is_asked_from_afar: false,
            live,
            parsed: Arc::default(),
        }
    }

    /// The same service, reached at another public address than https on its host.
    pub fn at_site(mut self, site: &str) -> Self {
        self.site = Some(site.into());
        self
    }

    /// The same service with the secret key of its deployment.
    pub fn with_secret_key(mut self, key: SecretKey) -> Self {
        self.secret_key = Some(Arc::new(key));
        self
    }

    /// Secret key of the deployment.
    ///
    /// # Errors
    /// [`StoreError::Said`] where this process was started without one.
    pub fn secret_key(&self) -> Result<&SecretKey, StoreError> {
        let missing = || StoreError::Said("this process has no secret key".to_owned());
        self.secret_key.as_deref().ok_or_else(missing)
    }

    /// The same service with other limits of one-time passwords.
    pub const fn with_code_limits(mut self, limits: OneTimeCodeLimits) -> Self {
        self.code_limits = limits;
        self
    }

    /// The same service for a request from this address: what it does counts for the address.
    pub fn for_address(&self, address: IpAddr) -> Self {
        Self {
            address: Some(limited_address(address)),
            is_asked_from_afar: !address.to_canonical().is_loopback(),
            ..self.clone()
        }
    }

    /// Returns whether a person may sign in at a till in a browser that is not paired: in a demo, on this machine.
    pub fn admits_unpaired_browser(&self) -> bool {
        self.config.demo && !self.is_asked_from_afar
    }

    /// Returns what tells the network of the request from others: the beginning of a keyed hash, from which nobody without the
    /// secret key finds the address by trying all. Empty within the process.
    ///
    /// # Errors
    /// As [`Kopilka::secret_key`], for a request from an address.
    pub(crate) fn asker_key(&self) -> Result<String, StoreError> {
        let Some(address) = self.address else {
            return Ok(String::new());
        };
        let key = self.secret_key()?;
        let hash =
            entropy::encode_hex(&key.keyed_hash(KeyPurpose::AskerNetwork, &address.to_string()));
        Ok(hash.chars().take(16).collect())
    }

    /// Returns the public address of a page, as `https://club.example.com/join`, for links that are printed and sent;
    /// `None` = this process knows no public address.
    pub fn public_link(&self, path: &str) -> Option<String> {
        let site = self.site.as_deref()?;
        Some(format!("{site}{path}"))
    }

    /// Returns the public address of a page, in a process that serves.
    ///
    /// # Errors
    /// [`StoreError::Said`] where this process knows no public address.
    pub(crate) fn served_link(&self, path: &str) -> Result<String, StoreError> {
        let missing = || StoreError::Said("this process has no public address".to_owned());
        self.public_link(path).ok_or_else(missing)
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Tells open pages of `member`, whichever process they are open at, that their points have changed. Nobody
    /// listening is no error.
    pub fn announce(&self, member: MemberId) {
        self.live.publish(member);
    }

    /// News of members whose points have changed, from now on.
    pub fn listen(&self) -> broadcast::Receiver<PointsChange> {
        self.live.listen()
    }

    /// Returns the number of listeners to the news of members in this process.
    pub fn listener_count(&self) -> usize {
        self.live.listeners()
    }

    /// The programme in force at `at`, none before the first: a receipt is judged by the version of its own time.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when the document does not parse.
    pub async fn rules_at(
        &self,
        tx: &mut Tx,
        at: Instant,
    ) -> Result<Option<ProgrammeRules>, StoreError> {
        let Some(found) = programmes::find_in_force(tx, at).await? else {
            return Ok(None);
        };
        self.invalidate_older_than(found.newest);
        self.rules_of_version(tx, found.version).await.map(Some)
    }

    /// Puts the documents away where a version is stored that they don't know of.
    fn invalidate_older_than(&self, newest: i64) {
        if let Ok(mut parsed) = self.parsed.write()
            && parsed.newest < newest
        {
            *parsed = ProgrammeCache {
                newest,
                ..ProgrammeCache::default()
            };
        }
    }

    /// A version of the programme, as when a receipt that it judged goes back.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when the document does not parse.
    pub async fn rules_of_version(
        &self,
        tx: &mut Tx,
        version: i64,
    ) -> Result<ProgrammeRules, StoreError> {
        let known = self
            .parsed
            .read()
            .ok()
            .and_then(|parsed| parsed.rules.get(&version).cloned());
        if let Some(rules) = known {
            return Ok(rules);
        }
        let (programme, newest) = programmes::load_document(tx, version).await?;
        let rules = ProgrammeRules::new(version, programme);
        self.invalidate_older_than(newest);
        // What an older transaction reads knows nothing of the newest.
        if let Ok(mut parsed) = self.parsed.write()
            && parsed.newest == newest
        {
            parsed.rules.insert(version, rules.clone());
        }
        Ok(rules)
    }

    /// The newest version of those that were asked for: most likely the one in force, which the database is then asked
    /// together with something else. And the newest that was stored when they were: if there is another, these rules don't
    /// know of its levels.
    pub fn cached_current_rules(&self) -> Option<(ProgrammeRules, i64)> {
        let parsed = self.parsed.read().ok()?;
        let rules = parsed.rules.last_key_value()?.1.clone();
        Some((rules, parsed.newest))
    }

    /// The programme in force now.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when none is or its document does not parse.
    pub async fn current_rules(&self, tx: &mut Tx) -> Result<ProgrammeRules, StoreError> {
        let rules = self.rules_at(tx, self.now()).await?;
        rules.ok_or_else(|| StoreError::Unreadable("no programme is in force".to_owned()))
    }
}
