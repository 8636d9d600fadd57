//! The card page: the code first, then balance, tier and offers. The code's secret never leaves but once per device.

use crate::domain::card::{CardNumber, Ean13};
use crate::domain::codes::{self, FORMER_SECRET_SECONDS};
use crate::domain::ledger::{PointsBalance, balance};
use crate::domain::programme::LocalisedText;
use crate::domain::time::Instant;
use crate::entropy;
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::{Tx, cards, devices, ledger, members};
use crate::usecases::access::session::Shopper;
use crate::usecases::checkout::spend_confirmation::{self, SpendQuestion};
use crate::usecases::loyalty::member_snapshot::{balance_of, load_snapshot_in_force};
use crate::usecases::loyalty::offers::{MemberOfferView, list_open_offers};
use crate::usecases::loyalty::tiers::{MemberTierView, load_member_tier, show_tier_of_snapshot};
use crate::usecases::{Error, Refusal, transact};

/// Former secrets of a device whose codes may be valid together: each makes guessing a code easier, and verifying it dearer.
const MOST_FORMER_SECRETS: i64 = 8;

/// The card as its owner sees it now.
#[derive(Debug, Clone)]
pub struct WalletCardView {
    /// The chain's name.
    pub programme: LocalisedText,
    /// First name.
    pub first_name: String,
    /// The card's number.
    pub number: CardNumber,
    /// The rotating form: 26 digits.
    pub code: String,
    /// Time at which the code's 30 seconds end.
    pub code_ends: Instant,
    /// The form for print and as a fallback: 18 digits.
    pub fixed: String,
    /// EAN-13 for laser scanners.
    pub ean: Ean13,
    /// Number of the secret that the device should hold.
    pub secret_turn: i64,
    /// Points.
    pub balance: PointsBalance,
    /// Level.
    pub tier: MemberTierView,
    /// Offers that the till would take into account today.
    pub offers: Vec<MemberOfferView>,
    /// Question of a till that waits for the owner's answer now.
    pub question: Option<SpendQuestion>,
    /// Time at which all this was true.
    pub at: Instant,
}

/// The card as it stands beside the wallet's other pages: without its code and without offers.
#[derive(Debug, Clone)]
pub struct CardFaceView {
    /// The chain's name.
    pub programme: LocalisedText,
    /// First name.
    pub first_name: String,
    /// The card's number.
    pub number: CardNumber,
    /// Points.
    pub balance: PointsBalance,
    /// Level.
    pub tier: MemberTierView,
    /// Question of a till that waits for the owner's answer now.
    pub question: Option<SpendQuestion>,
}

/// The shopper's card as it stands beside other pages.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_card_face(service: &Kopilka, shopper: &Shopper) -> Result<CardFaceView, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let rules = service.current_rules(&mut tx).await?;
    let member = members::load_member(&mut tx, shopper.member).await?;
    let (number, _) = find_card_numbers(&mut tx, shopper).await?;
    Ok(CardFaceView {
        programme: rules.programme.name.clone(),
        first_name: member.first_name,
        number,
        balance: balance_of(&mut tx, shopper.member, now).await?,
        tier: load_member_tier(&mut tx, shopper.member, &rules, now).await?,
        question: spend_confirmation::find_open_question(&mut tx, shopper.member, now).await?,
    })
}

/// The shopper's card.
///
/// # Errors
/// [`Refusal::NotSignedIn`] when the device was ended; [`Refusal::BeforeProgramme`] while no programme is in force; [`Error::Fault`].
pub async fn load_card(service: &Kopilka, shopper: &Shopper) -> Result<WalletCardView, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let member = members::load_member(&mut tx, shopper.member).await?;
    let (number, ean) = find_card_numbers(&mut tx, shopper).await?;
    let device = devices::list_of_member(&mut tx, shopper.member)
        .await?
        .into_iter()
        .find(|device| device.id == shopper.device)
        .ok_or(Refusal::NotSignedIn)?;
    let (rules, snapshot) =
        load_snapshot_in_force(service, &mut tx, shopper.member, None, now, now).await?;
    let lots = ledger::list_open_lots(&mut tx, shopper.member).await?;
    let step = codes::step_of(now);
    let code = codes::rotating_payload(&number, &codes::totp(&device.secret, step));
    Ok(WalletCardView {
        programme: rules.programme.name.clone(),
        first_name: member.first_name,
        code,
        code_ends: codes::step_ends(step),
        fixed: codes::static_payload(&number),
        number,
        ean,
        secret_turn: device.secret_turn,
        balance: balance(&lots, snapshot.debt, now),
        tier: show_tier_of_snapshot(&mut tx, &snapshot, &rules, now).await?,
        offers: list_open_offers(&snapshot.facts, &rules, now),
        question: spend_confirmation::find_open_question(&mut tx, shopper.member, now).await?,
        at: now,
    })
}

async fn find_card_numbers(tx: &mut Tx, shopper: &Shopper) -> Result<(CardNumber, Ean13), Error> {
    let card = cards::find_of_member(tx, shopper.member)
        .await?
        .ok_or(Refusal::NotFound)?;
    let unreadable = || Error::Fault("a stored card number does not parse".to_owned());
    let number = CardNumber::parse(&card.number).ok_or_else(unreadable)?;
    let ean = Ean13::from_short(card.short).ok_or_else(unreadable)?;
    Ok((number, ean))
}

/// The secret of a device's rotating code, on its way to that device.
#[derive(Clone)]
pub struct DeviceSecret {
    /// Number of this secret among those of the device, counted up.
    pub turn: i64,
    /// 32 bytes.
    pub secret: Vec<u8>,
}

/// Gives the device a new secret of its own; codes of the one before end after two steps. Each secret is handed out once.
///
/// # Errors
/// [`Refusal::Locked`] while codes of very many former secrets are valid; [`Error::Fault`].
pub async fn renew_secret(service: &Kopilka, shopper: &Shopper) -> Result<DeviceSecret, Error> {
    let secret = entropy::random_bytes::<32>()?.to_vec();
    let turn = transact!(service.db, |tx| {
        let since = service.now().plus_secs(-FORMER_SECRET_SECONDS);
        let former = devices::lock_former_secrets(tx, shopper.device, since).await?;
        if former >= MOST_FORMER_SECRETS {
            return Err(Refusal::Locked { minutes: 1 }.into());
        }
        let now = service.now();
        let turn = devices::renew_secret(tx, shopper.device, secret.clone(), now).await?;
        audit::log(tx, shopper.audit_line(Action::DeviceSecretRenewed), now).await?;
        Ok(turn)
    })?;
    Ok(DeviceSecret { turn, secret })
}

/// News for an open card when points have changed.
#[derive(Debug, Clone)]
pub struct LiveBalance {
    /// Points.
    pub balance: PointsBalance,
    /// Question of a till that waits for the owner's answer now.
    pub question: Option<SpendQuestion>,
    /// Time at which this was true.
    pub at: Instant,
}

/// The balance now, for an open card.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_live_balance(service: &Kopilka, shopper: &Shopper) -> Result<LiveBalance, Error> {
    let at = service.now();
    let mut tx = service.db.read().await?;
    let balance = balance_of(&mut tx, shopper.member, at).await?;
    let question = spend_confirmation::find_open_question(&mut tx, shopper.member, at).await?;
    Ok(LiveBalance {
        balance,
        question,
        at,
    })
}
