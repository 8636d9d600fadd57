//! The member as a cashier may see them. Never phone, birth date or children.

use super::gift_handover::list_waiting_gifts as gifts_of;
use super::{CodeUsageState, PresentedCard, Scheme, WaitingGift};
use crate::domain::amounts::Points;
use crate::domain::name;
use crate::domain::time::{Instant, local_date};
use crate::service::Kopilka;
use crate::store::{Tx, members};
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::fraud_limits::{self, Suspicion};
use crate::usecases::loyalty::member_snapshot::load_snapshot_in_force;
use crate::usecases::loyalty::offers::{
    MemberOfferView, OfferSurface, OfferViewState, evaluate_offers,
};
use crate::usecases::loyalty::tiers::{MemberTierView, load_member_tier};

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
    pub scheme: Scheme,
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
    pub noticed: Vec<Suspicion>,
}

pub(super) async fn load_customer(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    shown: &PresentedCard,
    looking_up: i64,
    now: Instant,
) -> Result<TillCustomer, Error> {
    let own_zone = at_till.till.store_zone;
    let (rules, known) =
        load_snapshot_in_force(service, tx, shown.member, own_zone.0, now, now).await?;
    let member = members::load_member(tx, shown.member).await?;
    let zone = own_zone.or_programme_zone(rules.programme.time_zone);
    let surface = OfferSurface::Store(&at_till.till.store_code, zone);
    let here = evaluate_offers(&known.facts, &rules, now, surface);
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
    let gifts = gifts_of(service, tx, shown.member, &rules, at_till.till.store_id).await?;
    let today = local_date(now, zone);
    let birth = known.facts.birth;
    let allowed = shown.scheme.allows(&rules).spend;
    let unused = shown.usage == CodeUsageState::Unused;
    let needs_new_code = allowed && !unused && shown.code.is_some();
    let programme = &rules.programme;
    let spending_stopped = fraud_limits::stops_spending(programme, shown, known.phone_changed, now);
    let spends = allowed && unused;
    let noticed =
        fraud_limits::suspicions_to_show(tx, programme, at_till, shown, looking_up, spends, now)
            .await?;
    Ok(TillCustomer {
        name: name::short_name(&member.first_name, &member.last_name),
        tier: load_member_tier(tx, shown.member, &rules, now).await?,
        points: known.active(),
        scheme: shown.scheme,
        may_spend: spends && !spending_stopped,
        needs_new_code,
        spending_stopped,
        noticed,
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
