//! The member as a cashier may see them. Never phone, birth date or children.

use super::gifts::waiting as gifts_of;
use super::{AtTill, CodeUsage, Scheme, Shown, WaitingGift};
use crate::domain::amounts::Points;
use crate::domain::name;
use crate::domain::time::{Instant, local_date};
use crate::service::Kopilka;
use crate::store::{Tx, members};
use crate::usecases::Error;
use crate::usecases::facts::{TierView, known_in_force, tier_of};
use crate::usecases::offers::{OfferState, OfferView, Surface, offers_of};
use crate::usecases::radar::{self, Noticed};

/// The member as a cashier may see them.
#[derive(Debug, Clone)]
pub struct Customer {
    /// First name and initial.
    pub name: String,
    /// Level.
    pub tier: TierView,
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
    pub offers: Vec<OfferView>,
    /// Offers that lack one step of the member's: a tap, one more purchase.
    pub one_step_away: Vec<OfferView>,
    /// Gifts to hand over.
    pub gifts: Vec<WaitingGift>,
    /// A birthday is near; which day is nobody's business here.
    pub birthday_near: bool,
    /// Suspicions that the cashier is to look out for.
    pub noticed: Vec<Noticed>,
}

pub(super) async fn customer(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    shown: &Shown,
    looking_up: i64,
    now: Instant,
) -> Result<Customer, Error> {
    let own_zone = at_till.till.store_zone;
    let (rules, known) = known_in_force(k, tx, shown.member, own_zone.0, now, now).await?;
    let member = members::by_id(tx, shown.member).await?;
    let zone = own_zone.or(rules.programme.time_zone);
    let surface = Surface::Store(&at_till.till.store_code, zone);
    let here = offers_of(&known.facts, &rules, now, surface);
    let one_step_away = here
        .iter()
        .filter(|view| is_one_step_away(view))
        .cloned()
        .collect();
    let offers = here
        .into_iter()
        .filter(|view| matches!(view.state, OfferState::Ready | OfferState::Activated))
        .collect();
    let gifts = gifts_of(k, tx, shown.member, &rules, at_till.till.store_id).await?;
    let today = local_date(now, zone);
    let birth = known.facts.birth;
    let allowed = shown.scheme.allows(&rules).spend;
    let unused = shown.usage == CodeUsage::Unused;
    let needs_new_code = allowed && !unused && shown.code.is_some();
    let programme = &rules.programme;
    let spending_stopped = radar::stops_spending(programme, shown, known.phone_changed, now);
    let spends = allowed && unused;
    let noticed = radar::to_tell(tx, programme, at_till, shown, looking_up, spends, now).await?;
    Ok(Customer {
        name: name::short(&member.first_name, &member.last_name),
        tier: tier_of(tx, shown.member, &rules, now).await?,
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
fn is_one_step_away(view: &OfferView) -> bool {
    view.state == OfferState::Waiting
        || matches!(view.misses.as_slice(), [miss] if miss.is_one_step_away())
}
