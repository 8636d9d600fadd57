//! Personal offers: what is ready, what waits for a tap, what is still missing. What the wallet promises the till gives.

use std::sync::Arc;

use chrono_tz::Tz;

use crate::domain::offers::{
    Condition, MemberFacts, Offer, OfferActivation, PlaceAndTime, UnmetCondition, WalletEffect,
    conditions_unmet_by,
};
use crate::domain::time::Instant;
use crate::ids::MemberId;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action};
use crate::store::{Tx, offers};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::loyalty::member_snapshot::{load_member_facts, load_snapshot_in_force};
use crate::usecases::{Error, Refusal, transact};

/// State of an offer for a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferViewState {
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
pub struct MemberOfferView {
    /// The offer's document.
    pub offer: Arc<Offer>,
    /// State of the offer for the member.
    pub state: OfferViewState,
    /// Unmet conditions, apart from the tap.
    pub misses: Vec<UnmetCondition>,
    /// Condition on the day of the week or the hour that keeps it from counting right now; `None` = it counts now.
    pub not_now: Option<Condition>,
    /// Number of uses that the member has left; `None` = no limit.
    pub uses_left: Option<i64>,
}

/// Place where offers are shown. The law allows those of alcohol to be shown inside stores only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfferSurface<'a> {
    /// Pages and messages. They tell of other stores, days and hours too.
    Wallet,
    /// The till's screen, in a store of this code and time zone. It tells only of offers that count there at this hour.
    Store(&'a str, Tz),
}

/// Offers of a member that may be shown on a surface, ready ones first.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn list_shown_offers(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    at: Instant,
    surface: OfferSurface<'_>,
) -> Result<Vec<MemberOfferView>, Error> {
    let facts = load_member_facts(tx, member, rules, at).await?;
    Ok(evaluate_offers(&facts, rules, at, surface))
}

/// Offers that may be shown on a surface to a member of these facts, ready ones first.
pub(crate) fn evaluate_offers(
    facts: &MemberFacts,
    rules: &ProgrammeRules,
    at: Instant,
    surface: OfferSurface<'_>,
) -> Vec<MemberOfferView> {
    let (zone, store) = match surface {
        OfferSurface::Wallet => (rules.programme.time_zone, None),
        OfferSurface::Store(code, zone) => (zone, Some(code)),
    };
    let here = PlaceAndTime { store, at, zone };
    let mut views: Vec<MemberOfferView> = Vec::new();
    let may_show = |offer: &&Arc<Offer>| store.is_some() || !offer.alcohol;
    for offer in rules.offers().iter().filter(may_show) {
        let not_now = offer.conditions.unmet_at(here);
        if store.is_some() && not_now.is_some() {
            continue;
        }
        let misses = conditions_unmet_by(offer, facts, at, zone);
        let Some(state) = state_of(offer, &misses) else {
            continue;
        };
        let used = facts.uses.get(&offer.id).map_or(0, |uses| uses.by_member);
        let waits_for_tap = |miss: &UnmetCondition| miss.wallet_effect() == WalletEffect::AwaitsTap;
        views.push(MemberOfferView {
            offer: Arc::clone(offer),
            state,
            misses: misses
                .into_iter()
                .filter(|miss| !waits_for_tap(miss))
                .collect(),
            not_now: not_now.cloned(),
            uses_left: offer.limits.per_member.map(|limit| (limit - used).max(0)),
        });
    }
    views.sort_by(|a, b| {
        (a.state, -a.offer.priority, &a.offer.id).cmp(&(b.state, -b.offer.priority, &b.offer.id))
    });
    views
}

/// Returns the state of an offer with these unmet conditions; `None` = it is not shown to the member.
fn state_of(offer: &Offer, misses: &[UnmetCondition]) -> Option<OfferViewState> {
    let has = |effect| misses.iter().any(|miss| miss.wallet_effect() == effect);
    Some(if has(WalletEffect::Hidden) {
        return None;
    } else if has(WalletEffect::UsedUp) {
        OfferViewState::Used
    } else if has(WalletEffect::Missing) {
        OfferViewState::NotYet
    } else if has(WalletEffect::AwaitsTap) {
        OfferViewState::Waiting
    } else if offer.activation == OfferActivation::Tap {
        OfferViewState::Activated
    } else {
        OfferViewState::Ready
    })
}

/// Offers that count at the till today without another tap, of a member of these facts.
pub(crate) fn list_open_offers(
    facts: &MemberFacts,
    rules: &ProgrammeRules,
    at: Instant,
) -> Vec<MemberOfferView> {
    let mut views = evaluate_offers(facts, rules, at, OfferSurface::Wallet);
    views.retain(|view| {
        matches!(
            view.state,
            OfferViewState::Activated | OfferViewState::Ready
        )
    });
    views
}

/// The shopper's offers.
///
/// # Errors
/// [`Refusal::BeforeProgramme`] while no programme is in force; [`Error::Fault`].
pub async fn list_offers(
    service: &Kopilka,
    shopper: &Shopper,
) -> Result<Vec<MemberOfferView>, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let member = shopper.member;
    let (rules, snapshot) =
        load_snapshot_in_force(service, &mut tx, member, None, now, now).await?;
    Ok(evaluate_offers(
        &snapshot.facts,
        &rules,
        now,
        OfferSurface::Wallet,
    ))
}

/// Switches one offer on. Doing it twice does one thing.
///
/// # Errors
/// [`Refusal::NotFound`] for an offer that is not shown; [`Refusal::OfferNotOpen`] for one that takes no tap now.
pub async fn activate_offer(
    service: &Kopilka,
    shopper: &Shopper,
    offer: &str,
) -> Result<(), Error> {
    let now = service.now();
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let rules = service.current_rules(tx).await?;
        let views =
            list_shown_offers(tx, shopper.member, &rules, now, OfferSurface::Wallet).await?;
        let view = views
            .iter()
            .find(|view| view.offer.id == offer)
            .ok_or(Refusal::NotFound)?;
        match view.state {
            OfferViewState::Waiting => switch_on(tx, shopper, offer, now).await?,
            OfferViewState::Activated => {}
            _ => return Err(Refusal::OfferNotOpen.into()),
        }
        Ok(())
    })
}

async fn switch_on(tx: &mut Tx, shopper: &Shopper, offer: &str, now: Instant) -> Result<(), Error> {
    offers::activate(tx, shopper.member, offer, now);
    let line = shopper.audit_line(Action::OfferActivated).subject(offer);
    Ok(audit::log(tx, line, now).await?)
}

/// Switches on every offer that waits for a tap; how many there were.
///
/// # Errors
/// [`Error::Fault`].
pub async fn activate_all_offers(service: &Kopilka, shopper: &Shopper) -> Result<usize, Error> {
    let now = service.now();
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let rules = service.current_rules(tx).await?;
        let mut count = 0;
        for view in list_shown_offers(tx, shopper.member, &rules, now, OfferSurface::Wallet).await?
        {
            if view.state == OfferViewState::Waiting {
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
pub async fn deactivate_offer(
    service: &Kopilka,
    shopper: &Shopper,
    offer: &str,
) -> Result<(), Error> {
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        if offers::deactivate_at_once(tx, shopper.member, offer).await? {
            let line = shopper.audit_line(Action::OfferDeactivated).subject(offer);
            audit::log(tx, line, service.now()).await?;
        }
        Ok(())
    })
}
