//! The member as a cashier may see them. Never phone, birth date or children.

use super::gift_handover::{WaitingGift, list_waiting_gifts};
use crate::domain::amounts::Points;
use crate::domain::name;
use crate::domain::time::{Instant, local_date};
use crate::service::Kopilka;
use crate::store::{Tx, members};
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::fraud_limits::{self, Suspicion};
use crate::usecases::checkout::scanned_cards::{CardScheme, CodeUsageState, PresentedCard};
use crate::usecases::loyalty::member_snapshot::load_snapshot_in_force;
use crate::usecases::loyalty::offers::{
    MemberOfferView, OfferSurface, OfferViewState, evaluate_offers,
};
use crate::usecases::loyalty::tiers::{MemberTierView, show_tier_of_snapshot};

/// The member as a cashier may see them.
#[derive(Debug, Clone)]
pub struct TillCustomer {
    /// First name and initial.
    pub name: String,
    /// Level.
    pub tier: MemberTierView,
    /// Points that are active now.
    pub points: Points,
    /// Form in which the card was shown.
    pub scheme: CardScheme,
    /// True if points may be spent with the card shown so.
    pub may_spend: bool,
    /// A receipt has used the code that was shown: points may be spent only once a new code is shown.
    pub needs_new_code: bool,
    /// No points may be spent, however the card is shown, because the phone was changed a short while ago.
    pub spending_stopped: bool,
    /// Offers that will count.
    pub offers: Vec<MemberOfferView>,
    /// Offers that lack one step of the member's: a tap, one more purchase.
    pub one_step_away: Vec<MemberOfferView>,
    /// Gifts to hand over.
    pub gifts: Vec<WaitingGift>,
    /// A birthday is near; which day is nobody's business here.
    pub birthday_near: bool,
    /// Suspicions that the cashier is to look out for.
    pub suspicions: Vec<Suspicion>,
}

pub(super) async fn load_customer(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    card: &PresentedCard,
    looking_up: i64,
    now: Instant,
) -> Result<TillCustomer, Error> {
    let own_zone = at_till.till.store_zone;
    let (rules, snapshot) =
        load_snapshot_in_force(service, tx, card.member, own_zone.0, now, now).await?;
    let member = members::load_member(tx, card.member).await?;
    let zone = own_zone.or_programme_zone(rules.programme.time_zone);
    let surface = OfferSurface::Store(&at_till.till.store_code, zone);
    let here = evaluate_offers(&snapshot.facts, &rules, now, surface);
    let one_step_away = here
        .iter()
        .filter(|view| is_one_step_away(view))
        .cloned()
        .collect();
    let offers = here
        .into_iter()
        .filter(|view| {
            matches!(
                view.state,
                OfferViewState::Ready | OfferViewState::Activated
            )
        })
        .collect();
    let gifts = list_waiting_gifts(service, tx, card.member, &rules, at_till.till.store_id).await?;
    let today = local_date(now, zone);
    let birth = snapshot.facts.birth;
    let allowed = card.scheme.allows(&rules).spend;
    let unused = card.usage == CodeUsageState::Unused;
    let needs_new_code = allowed && !unused && card.code.is_some();
    let programme = &rules.programme;
    let spending_stopped =
        fraud_limits::stops_spending(programme, card, snapshot.phone_changed, now);
    let spends = allowed && unused;
    let suspicions =
        fraud_limits::suspicions_to_show(tx, programme, at_till, card, looking_up, spends, now)
            .await?;
    Ok(TillCustomer {
        name: name::short_name(&member.first_name, &member.last_name),
        tier: show_tier_of_snapshot(tx, &snapshot, &rules, now).await?,
        points: snapshot.active(),
        scheme: card.scheme,
        may_spend: spends && !spending_stopped,
        needs_new_code,
        spending_stopped,
        suspicions,
        offers,
        one_step_away,
        gifts,
        birthday_near: birth.is_some_and(|birth| birth.is_birthday_within(3, today)),
    })
}

/// Returns whether the member lacks one step: the tap, or one more purchase.
fn is_one_step_away(view: &MemberOfferView) -> bool {
    view.state == OfferViewState::Waiting
        || matches!(view.misses.as_slice(), [miss] if miss.is_one_step_away())
}
