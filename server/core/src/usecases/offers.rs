//! Personal offers: what is ready, what waits for a tap, what is still missing. What the wallet promises the till gives.

use chrono_tz::Tz;

use super::facts::facts;
use super::session::{self, Shopper};
use super::{Error, Refusal, transact};
use crate::domain::evaluate::MemberFacts;
use crate::domain::offers::{Activation, Miss, Offer, open_for};
use crate::domain::time::Instant;
use crate::ids::MemberId;
use crate::service::{Kopilka, Rules};
use crate::store::audit::{self, Action};
use crate::store::{Tx, offers};

/// State of an offer for a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferState {
    /// Switched on by the shopper; can be undone.
    Activated,
    /// Waits for a tap.
    Waiting,
    /// Works by itself at the till.
    Ready,
    /// Something is missing; see the misses.
    NotYet,
    /// Used as often as it may be.
    Used,
}

/// An offer as its member sees it.
#[derive(Debug, Clone)]
pub struct OfferView {
    /// The offer's document.
    pub offer: Offer,
    /// State of the offer for the member.
    pub state: OfferState,
    /// Unmet conditions, apart from the tap.
    pub misses: Vec<Miss>,
    /// Number of uses that the member has left; `None` = no limit.
    pub uses_left: Option<i64>,
}

/// Reasons for which an offer is not shown at all: it is not, or no longer, meant for this member.
const fn hides(miss: &Miss) -> bool {
    matches!(
        miss,
        Miss::OutsideDates
            | Miss::NotListed
            | Miss::Children
            | Miss::Pets
            | Miss::Car
            | Miss::FirstPurchase
    )
}

/// Place where offers are shown. The law allows those of alcohol to be shown inside stores only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surface {
    /// Pages and messages.
    Wallet,
    /// The till's screen, in a store of this time zone.
    Store(Tz),
}

/// Offers of a member that may be shown on a surface, ready ones first.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn shown_offers(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    at: Instant,
    surface: Surface,
) -> Result<Vec<OfferView>, Error> {
    let facts = facts(tx, member, rules, at).await?;
    Ok(offers_of(&facts, rules, at, surface))
}

/// Offers that may be shown on a surface to a member of these facts, ready ones first.
pub(super) fn offers_of(
    facts: &MemberFacts,
    rules: &Rules,
    at: Instant,
    surface: Surface,
) -> Vec<OfferView> {
    let (zone, in_store) = match surface {
        Surface::Wallet => (rules.programme.time_zone, false),
        Surface::Store(zone) => (zone, true),
    };
    let mut views: Vec<OfferView> = Vec::new();
    let may_show = |offer: &&Offer| in_store || !offer.alcohol;
    for offer in rules.programme.offers.iter().filter(may_show) {
        let misses = open_for(offer, facts, at, zone);
        if misses.iter().any(hides) {
            continue;
        }
        let used = facts.uses.get(&offer.id).map_or(0, |uses| uses.by_member);
        let uses_left = offer.limits.per_member.map(|limit| (limit - used).max(0));
        let (taps, misses): (Vec<Miss>, Vec<Miss>) = misses
            .into_iter()
            .partition(|miss| matches!(miss, Miss::NotActivated));
        let state = if misses.iter().any(|miss| matches!(miss, Miss::UsedUp)) {
            OfferState::Used
        } else if !misses.is_empty() {
            OfferState::NotYet
        } else if !taps.is_empty() {
            OfferState::Waiting
        } else if offer.activation == Activation::Tap {
            OfferState::Activated
        } else {
            OfferState::Ready
        };
        views.push(OfferView {
            offer: offer.clone(),
            state,
            misses,
            uses_left,
        });
    }
    views.sort_by(|a, b| {
        (a.state, -a.offer.priority, &a.offer.id).cmp(&(b.state, -b.offer.priority, &b.offer.id))
    });
    views
}

/// Offers that count at the till today without another tap.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn open_offers(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    at: Instant,
) -> Result<Vec<OfferView>, Error> {
    let mut views = shown_offers(tx, member, rules, at, Surface::Wallet).await?;
    views.retain(|view| matches!(view.state, OfferState::Activated | OfferState::Ready));
    Ok(views)
}

/// The shopper's offers.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list(k: &Kopilka, shopper: &Shopper) -> Result<Vec<OfferView>, Error> {
    let now = k.now();
    let mut tx = k.db.read().await?;
    let rules = k.rules(&mut tx).await?;
    shown_offers(&mut tx, shopper.member, &rules, now, Surface::Wallet).await
}

/// Switches one offer on. Doing it twice does one thing.
///
/// # Errors
/// [`Refusal::NotFound`] for an offer that is not shown; [`Refusal::OfferNotOpen`] for one that takes no tap now.
pub async fn activate(k: &Kopilka, shopper: &Shopper, offer: &str) -> Result<(), Error> {
    let now = k.now();
    transact!(k.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let rules = k.rules(tx).await?;
        let views = shown_offers(tx, shopper.member, &rules, now, Surface::Wallet).await?;
        let view = views
            .iter()
            .find(|view| view.offer.id == offer)
            .ok_or(Refusal::NotFound)?;
        match view.state {
            OfferState::Waiting => switch_on(tx, shopper, offer, now).await?,
            OfferState::Activated => {}
            _ => return Err(Refusal::OfferNotOpen.into()),
        }
        Ok(())
    })
}

async fn switch_on(tx: &mut Tx, shopper: &Shopper, offer: &str, now: Instant) -> Result<(), Error> {
    offers::activate(tx, shopper.member, offer, now);
    let line = shopper.did(Action::OfferActivated).subject(offer);
    Ok(audit::log(tx, line, now).await?)
}

/// Switches on every offer that waits for a tap; how many there were.
///
/// # Errors
/// [`Error::Fault`].
pub async fn activate_all(k: &Kopilka, shopper: &Shopper) -> Result<usize, Error> {
    let now = k.now();
    transact!(k.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let rules = k.rules(tx).await?;
        let mut count = 0;
        for view in shown_offers(tx, shopper.member, &rules, now, Surface::Wallet).await? {
            if view.state == OfferState::Waiting {
                switch_on(tx, shopper, &view.offer.id, now).await?;
                count += 1;
            }
        }
        Ok(count)
    })
}

/// Switches an offer off again, before it was used.
///
/// # Errors
/// [`Error::Fault`].
pub async fn undo(k: &Kopilka, shopper: &Shopper, offer: &str) -> Result<(), Error> {
    transact!(k.db, |tx| {
        session::hold_account(tx, shopper).await?;
        if offers::switch_off(tx, shopper.member, offer).await? {
            let line = shopper.did(Action::OfferDeactivated).subject(offer);
            audit::log(tx, line, k.now()).await?;
        }
        Ok(())
    })
}
