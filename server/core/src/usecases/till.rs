//! At the till: from a scan to the member as a cashier may see them. Never phone, birth date or children.

mod enrolling;
mod gifts;
mod phone;
mod sold;
mod waiting;

pub(super) use enrolling::joined;
pub use enrolling::{
    attach, begin as begin_enrolment, check as check_enrolment, has_joined, join_link,
};
pub use gifts::{Instead, WaitingGift, hand_over, take_back as take_gift_back};
pub use phone::{Forgotten, ask_phone, confirm_phone, forgotten, resend_phone};
pub use sold::{Sold, sold};
pub use waiting::{PutAside, made_by, put_aside, put_aside_here};

use chrono_tz::Tz;
use gifts::waiting as gifts_of;
use serde::{Deserialize, Serialize};

use super::facts::{TierView, known_in_force, tier_of};
use super::offers::{OfferState, OfferView, Surface, offers_of};
use super::radar::{self, Noticed};
use super::{Error, Refusal, retrying};
use crate::domain::amounts::Points;
use crate::domain::codes::{self, Scan, ScanFault, Verdict};
use crate::domain::name;
use crate::domain::offers::{Conditions, Miss};
use crate::domain::programme::CodeUse;
use crate::domain::time::{Instant, local_date, local_time, weekday};
use crate::entropy;
use crate::ids::{DeviceId, MemberId, StaffId};
use crate::service::{Kopilka, Rules};
use crate::store::audit::{self, Action};
use crate::store::cards::CardRow;
use crate::store::tills::{TillRow, VisitRow};
use crate::store::{Tx, cards, devices, members, tills};

/// Life of a visit in seconds (product rule: 5 minutes).
const VISIT_SECONDS: i64 = 300;

/// Who asks: a till, and the person at it where one is signed in.
#[derive(Debug, Clone)]
pub struct AtTill {
    /// The till with its store.
    pub till: TillRow,
    /// The person.
    pub staff: Option<StaffId>,
}

impl AtTill {
    /// A line of the log about what was done here.
    pub(super) fn did(&self, action: Action) -> audit::Line {
        audit::Line::new(action)
            .till(self.till.id)
            .staff(self.staff)
    }
}

/// How a card was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// The rotating code.
    Rotating,
    /// The static number, printed or typed.
    Fixed,
    /// The EAN-13.
    Ean,
    /// No card: a one-time password, or joining, has proven the phone.
    Phone,
}

impl Scheme {
    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rotating => "rotating",
            Self::Fixed => "fixed",
            Self::Ean => "ean",
            Self::Phone => "phone",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Rotating, Self::Fixed, Self::Ean, Self::Phone]
            .into_iter()
            .find(|scheme| scheme.as_str() == text)
    }

    /// What this form may do under the rules.
    pub fn allows(self, rules: &Rules) -> CodeUse {
        let codes = &rules.programme.codes;
        match self {
            Self::Rotating => codes.rotating,
            Self::Fixed => codes.fixed,
            Self::Ean => codes.ean,
            Self::Phone => codes.phone,
        }
    }
}

/// A card that was shown and found.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Shown {
    /// Whose.
    pub member: MemberId,
    /// How.
    pub scheme: Scheme,
    /// Whose code and of which 30-second step, for the rotating form.
    pub code: Option<(DeviceId, i64)>,
    /// The senior who has let the visit pass the radar.
    #[serde(default)]
    pub lifted_by: Option<StaffId>,
}

/// The till key's till, or the refusal to serve it.
///
/// # Errors
/// [`Refusal::NotSignedIn`] for an unknown or revoked key.
pub async fn authenticate(k: &Kopilka, key: &str) -> Result<AtTill, Error> {
    let mut tx = k.db.read().await?;
    let till = tills::by_key(&mut tx, entropy::hash(key), k.now())
        .await?
        .ok_or(Refusal::NotSignedIn)?;
    Ok(AtTill { till, staff: None })
}

/// The refusal of a scan that is no code of this programme.
pub(super) const fn unreadable(fault: ScanFault) -> Refusal {
    match fault {
        ScanFault::Empty => Refusal::ScanEmpty,
        ScanFault::NotDigits => Refusal::ScanNotDigits,
        ScanFault::OtherScheme => Refusal::ScanOtherScheme,
        ScanFault::WrongLength => Refusal::ScanWrongLength,
        ScanFault::CheckDigit => Refusal::ScanCheckDigit,
    }
}

/// Reads a scan and finds its card, blocked or not; a one-time code in it is not looked at.
pub(super) async fn card(tx: &mut Tx, scan: &str) -> Result<(Scan, CardRow), Error> {
    let scan = codes::parse_scan(scan).map_err(unreadable)?;
    let card = match &scan {
        Scan::Rotating { card, .. } | Scan::Fixed { card } => {
            cards::by_number(tx, card.as_str()).await?
        }
        Scan::Ean(ean) => cards::by_short(tx, ean.short()).await?,
    };
    Ok((scan, card.ok_or(Refusal::CardUnknown)?))
}

/// Reads a scan and finds whose card it is.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card.
pub(super) async fn resolve(tx: &mut Tx, scan: &str, at: Instant) -> Result<Shown, Error> {
    let (scan, card) = card(tx, scan).await?;
    if card.blocked_at.is_some() {
        return Err(Refusal::CardBlocked.into());
    }
    let member = card.member_id;
    let (scheme, code) = match scan {
        Scan::Rotating { code, .. } => {
            (Scheme::Rotating, Some(verify(tx, member, &code, at).await?))
        }
        Scan::Fixed { .. } => (Scheme::Fixed, None),
        Scan::Ean(_) => (Scheme::Ean, None),
    };
    Ok(Shown {
        member,
        scheme,
        code,
        lifted_by: None,
    })
}

/// Finds which device of the member made the one-time code, and when.
async fn verify(
    tx: &mut Tx,
    member: MemberId,
    code: &str,
    at: Instant,
) -> Result<(DeviceId, i64), Error> {
    let mut stale = false;
    for device in devices::of_member(tx, member).await? {
        match codes::verify(&device.secret, code, at) {
            Verdict::Fresh(step) => return Ok((device.id, step)),
            Verdict::Stale => stale = true,
            Verdict::Wrong => {}
        }
    }
    Err(if stale {
        Refusal::CodeStale
    } else {
        Refusal::CodeWrong
    }
    .into())
}

/// The member as a cashier may see them.
#[derive(Debug, Clone)]
pub struct Customer {
    /// First name and initial.
    pub name: String,
    /// Level.
    pub tier: TierView,
    /// Points that are active now.
    pub points: Points,
    /// How the card was shown.
    pub scheme: Scheme,
    /// Whether points may be spent with the card shown so.
    pub may_spend: bool,
    /// Offers that will count.
    pub offers: Vec<OfferView>,
    /// Offers that lack one step of the member's: a tap, one more purchase.
    pub one_step_away: Vec<OfferView>,
    /// Gifts to hand over.
    pub gifts: Vec<WaitingGift>,
    /// A birthday is near; which day is nobody's business here.
    pub birthday_near: bool,
    /// What the cashier is to look out for.
    pub noticed: Vec<Noticed>,
}

/// A look-up's answer.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Names the member at this till for five minutes.
    pub token: String,
    /// Whose visit it is; stays on the server.
    pub member: MemberId,
    /// When it ends.
    pub expires: Instant,
    /// Who it is.
    pub customer: Customer,
}

/// Looks a member up by what was scanned and opens a visit. Each look-up is logged, failed ones too.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card.
pub async fn lookup(k: &Kopilka, at_till: &AtTill, scan: &str) -> Result<Visit, Error> {
    retrying(|| look_up(k, at_till, scan)).await
}

async fn look_up(k: &Kopilka, at_till: &AtTill, scan: &str) -> Result<Visit, Error> {
    let now = k.now();
    let mut tx = k.db.write().await?;
    let mut shown = match resolve(&mut tx, scan, now).await {
        Ok(shown) => shown,
        Err(Error::Refused(refusal)) => {
            let failed = at_till.did(Action::LookUp).outcome(refusal.key());
            audit::log(&mut tx, failed, now).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
        Err(other) => return Err(other),
    };
    let opened = open(k, &mut tx, at_till, &mut shown, now).await?;
    tx.commit().await?;
    Ok(opened?)
}

/// Opens a visit of whoever was shown, and logs the look-up; one that the radar stops is logged too. The caller commits
/// either.
async fn open(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    shown: &mut Shown,
    now: Instant,
) -> Result<Result<Visit, Refusal>, Error> {
    if let Some(refusal) = radar::before_look_up(k, tx, at_till, shown, now).await? {
        let stopped = at_till.did(Action::LookUp).member(shown.member);
        audit::log(tx, stopped.outcome(refusal.key()), now).await?;
        return Ok(Err(refusal));
    }
    // This look-up is not in the log yet.
    let customer = customer(k, tx, at_till, shown, 1, now).await?;
    let token = entropy::token()?;
    let expires = now.plus_secs(VISIT_SECONDS);
    let visit = VisitRow {
        till_id: at_till.till.id,
        member_id: shown.member,
        scheme: shown.scheme.as_str().to_owned(),
        device_id: shown.code.map(|(device, _)| device),
        step: shown.code.map(|(_, step)| step),
        expires_at: expires.0,
        lifted_by: shown.lifted_by,
    };
    let found = at_till.did(Action::LookUp).member(shown.member);
    audit::log(tx, found.outcome("found"), now).await?;
    tills::open_visit(tx, entropy::hash(&token), &visit, now).await?;
    Ok(Ok(Visit {
        token,
        member: shown.member,
        expires,
        customer,
    }))
}

/// Looks a member up by what was scanned, without opening a visit: for finding their receipts. Each look-up is logged,
/// failed ones too.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card.
pub(super) async fn lookup_member(
    k: &Kopilka,
    at_till: &AtTill,
    scan: &str,
) -> Result<MemberId, Error> {
    let now = k.now();
    let mut tx = k.db.write().await?;
    let found = resolve(&mut tx, scan, now).await;
    let looked_up = at_till.did(Action::LookUp);
    let line = match &found {
        Ok(shown) => looked_up.member(shown.member).outcome("receipts"),
        Err(Error::Refused(refusal)) => looked_up.outcome(refusal.key()),
        Err(_) => return found.map(|shown| shown.member),
    };
    audit::log(&mut tx, line, now).await?;
    tx.commit().await?;
    found.map(|shown| shown.member)
}

/// Opens a visit of a member whose phone is proven; it is a look-up as any other, and the caller commits it as such.
async fn open_by_phone(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    member: MemberId,
    now: Instant,
) -> Result<Result<Visit, Refusal>, Error> {
    let mut shown = Shown {
        member,
        scheme: Scheme::Phone,
        code: None,
        lifted_by: None,
    };
    open(k, tx, at_till, &mut shown, now).await
}

/// Whose visit a token of this till names or named: an over one too, so that a card shown again is known for the same.
///
/// # Errors
/// [`Error::Fault`].
pub async fn visitor_of(
    k: &Kopilka,
    at_till: &AtTill,
    token: &str,
) -> Result<Option<MemberId>, Error> {
    let mut tx = k.db.read().await?;
    let row = tills::visit(&mut tx, entropy::hash(token)).await?;
    Ok(row
        .filter(|row| row.till_id == at_till.till.id)
        .map(|row| row.member_id))
}

/// The visit of a token at this till, unless it was over at `at`.
///
/// # Errors
/// [`Refusal::VisitOver`], also for a token of another till.
pub(super) async fn visit(
    tx: &mut Tx,
    at_till: &AtTill,
    token: &str,
    at: Instant,
) -> Result<Shown, Error> {
    let row = tills::visit(tx, entropy::hash(token))
        .await?
        .filter(|row| row.till_id == at_till.till.id && at < Instant(row.expires_at))
        .ok_or(Refusal::VisitOver)?;
    Ok(Shown {
        member: row.member_id,
        scheme: Scheme::parse(&row.scheme).ok_or(Refusal::VisitOver)?,
        code: row.device_id.zip(row.step),
        lifted_by: row.lifted_by,
    })
}

/// The customer of a running visit, for a page that is loaded again.
///
/// # Errors
/// [`Refusal::VisitOver`].
pub async fn customer_of(k: &Kopilka, at_till: &AtTill, token: &str) -> Result<Customer, Error> {
    let now = k.now();
    let mut tx = k.db.read().await?;
    let shown = visit(&mut tx, at_till, token, now).await?;
    customer(k, &mut tx, at_till, &shown, 0, now).await
}

async fn customer(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    shown: &Shown,
    looking_up: i64,
    now: Instant,
) -> Result<Customer, Error> {
    let (rules, known) = known_in_force(k, tx, shown.member, now, now).await?;
    let member = members::by_id(tx, shown.member).await?;
    let zone = rules.programme.time_zone;
    let mut here = offers_of(&known.facts, &rules, now, Surface::Store);
    here.retain(|view| counts_here(&view.offer.conditions, &at_till.till.store_code, now, zone));
    let one_step_away = here
        .iter()
        .filter(|view| is_one_step_away(view))
        .cloned()
        .collect();
    let offers = here
        .into_iter()
        .filter(|view| matches!(view.state, OfferState::Ready | OfferState::Activated))
        .collect();
    let gifts = gifts_of(tx, shown.member, &rules, at_till.till.store_id).await?;
    let today = local_date(now, zone);
    let birth = known.facts.birth;
    let may_spend = shown.scheme.allows(&rules).spend;
    let programme = &rules.programme;
    let noticed = radar::to_tell(tx, programme, at_till, shown, looking_up, may_spend, now).await?;
    Ok(Customer {
        name: name::short(&member.first_name, &member.last_name),
        tier: tier_of(tx, shown.member, &rules, now).await?,
        points: known.active(),
        scheme: shown.scheme,
        may_spend,
        noticed,
        offers,
        one_step_away,
        gifts,
        birthday_near: birth.is_some_and(|birth| birth.is_birthday_within(3, today)),
    })
}

/// Whether an offer counts in this store at this hour: the wallet tells of other places and days too, a till does not.
fn counts_here(conditions: &Conditions, store: &str, at: Instant, zone: Tz) -> bool {
    let (stores, days) = (&conditions.stores, &conditions.weekdays);
    (stores.is_empty() || stores.iter().any(|each| each == store))
        && (days.is_empty() || days.contains(&weekday(at, zone)))
        && conditions
            .hours
            .is_none_or(|hours| hours.contain(local_time(at, zone)))
}

/// Whether the member lacks one step: the tap, or one more purchase.
fn is_one_step_away(view: &OfferView) -> bool {
    view.state == OfferState::Waiting
        || matches!(view.misses.as_slice(), [Miss::Purchases { missing: 1 }])
}

/// Whether an offer's miss is one that the cashier can help with by a word.
pub const fn worth_saying(miss: &Miss) -> bool {
    matches!(
        miss,
        Miss::MinimumReceipt { .. } | Miss::NotActivated | Miss::Purchases { .. } | Miss::Items
    )
}

#[cfg(test)]
mod tests;
