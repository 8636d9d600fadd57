//! The radar over tills: what looks like misuse warns the cashier, and further on is refused until a senior lets the visit
//! pass. A sale without a card is never stopped, nor a receipt that comes later because its till had no link.

use super::receipts::Draft;
use super::till::{self, AtTill, Shown};
use super::{Error, Refusal, staff};
use crate::domain::evaluate::Spend;
use crate::domain::programme::Programme;
use crate::domain::radar::{Level, Pattern};
use crate::domain::time::{Instant, local_date, start_of_day};
use crate::entropy;
use crate::ids::{MemberId, RowId, StaffId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::{Tx, radar};

/// For how long a senior's word waits for the card to be scanned again, in seconds.
const LIFT_SECONDS: i64 = 600;
/// A receipt whose own time is so long ago was made without a link, in seconds.
const LATE_SECONDS: i64 = 300;

/// What was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noticed {
    /// What it looks like.
    pub pattern: Pattern,
    /// How bad: never [`Level::Fine`].
    pub level: Level,
}

impl Noticed {
    fn of(pattern: Pattern, level: Level) -> Option<Self> {
        (level != Level::Fine).then_some(Self { pattern, level })
    }

    const fn refusal(self) -> Refusal {
        match self.pattern {
            Pattern::CardReceipts => Refusal::CardTooOften,
            Pattern::CardScans => Refusal::ScannedTooOften,
            Pattern::ScansWithoutSale => Refusal::TooManyLookUps,
            Pattern::PhoneChange => Refusal::PhoneJustChanged,
        }
    }
}

/// What the look-ups of a cashier look like; `more` are about to be made.
async fn look_ups(
    tx: &mut Tx,
    programme: &Programme,
    at_till: &AtTill,
    member: MemberId,
    now: Instant,
    more: i64,
) -> Result<Vec<Noticed>, Error> {
    let mut noticed = Vec::new();
    // A till's software has no cashier whose look-ups could be told from others'.
    let Some(staff) = at_till.staff else {
        return Ok(noticed);
    };
    if let Some(timed) = programme.radar.card_scans {
        let limit = timed.limit();
        let (since, most) = (timed.since(now), limit.most());
        let count = radar::look_ups_of(tx, staff, member, since, most).await?;
        noticed.extend(Noticed::of(Pattern::CardScans, limit.level(count + more)));
    }
    if let Some(timed) = programme.radar.scans_without_sale {
        let (found, sold) = radar::found_and_sold(tx, staff, timed.since(now)).await?;
        let level = timed.limit().level(found - sold + more);
        noticed.extend(Noticed::of(Pattern::ScansWithoutSale, level));
    }
    Ok(noticed)
}

/// What one more receipt of the member at this till today looks like.
async fn receipts_today(
    tx: &mut Tx,
    programme: &Programme,
    at_till: &AtTill,
    member: MemberId,
    now: Instant,
) -> Result<Option<Noticed>, Error> {
    let Some(limit) = programme.radar.card_receipts else {
        return Ok(None);
    };
    let zone = programme.time_zone;
    let morning = start_of_day(local_date(now, zone), zone);
    let till = at_till.till.id;
    let count = radar::sales_at(tx, member, till, morning, limit.most()).await?;
    Ok(Noticed::of(Pattern::CardReceipts, limit.level(count + 1)))
}

/// What spending of the member looks like.
async fn spending(
    tx: &mut Tx,
    programme: &Programme,
    member: MemberId,
    now: Instant,
) -> Result<Option<Noticed>, Error> {
    let Some(limit) = programme.radar.phone_change else {
        return Ok(None);
    };
    let changed = radar::phone_changed_at(tx, member).await?;
    Ok(Noticed::of(Pattern::PhoneChange, limit.level(changed, now)))
}

/// Judges a look-up that is about to be made, and logs what it looks like.
///
/// # Errors
/// [`Error::Fault`]. A refusal is answered, not thrown: the log is kept.
pub(super) async fn before_look_up(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    shown: &mut Shown,
    now: Instant,
) -> Result<Option<Refusal>, Error> {
    let programme = k.rules(tx).await?.programme;
    let noticed = look_ups(tx, &programme, at_till, shown.member, now, 1).await?;
    let refusal = refused(&noticed);
    if refusal.is_some() {
        let since = now.plus_secs(-LIFT_SECONDS);
        shown.lifted_by = radar::take_lift(tx, at_till.till.id, shown.member, since).await?;
    }
    log(tx, at_till, shown.member, &noticed, now).await?;
    Ok(refusal.filter(|_| shown.lifted_by.is_none()))
}

/// What the cashier is told about the member who is being served.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn to_tell(
    tx: &mut Tx,
    programme: &Programme,
    at_till: &AtTill,
    shown: &Shown,
    may_spend: bool,
    now: Instant,
) -> Result<Vec<Noticed>, Error> {
    if shown.lifted_by.is_some() {
        return Ok(Vec::new());
    }
    let member = shown.member;
    let mut noticed = look_ups(tx, programme, at_till, member, now, 0).await?;
    noticed.extend(receipts_today(tx, programme, at_till, member, now).await?);
    if may_spend {
        noticed.extend(spending(tx, programme, member, now).await?);
    }
    Ok(noticed)
}

/// What a receipt looks like, and whether it is refused.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    noticed: Vec<Noticed>,
    /// The radar's no.
    pub refusal: Option<Refusal>,
}

/// Judges a receipt. `late` says that it was queued without a link: then it is never refused.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn receipt(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    draft: &Draft,
    shown: &Shown,
    late: bool,
    now: Instant,
) -> Result<Verdict, Error> {
    let programme = k.rules(tx).await?.programme;
    let spends = draft.spend != Spend::None;
    let mut noticed = Vec::new();
    noticed.extend(receipts_today(tx, &programme, at_till, shown.member, now).await?);
    if spends {
        noticed.extend(spending(tx, &programme, shown.member, now).await?);
    }
    let was_late = draft.at.is_some_and(|at| at < now.plus_secs(-LATE_SECONDS));
    let passes = shown.lifted_by.is_some() || (!spends && (late || was_late));
    let refusal = refused(&noticed).filter(|_| !passes);
    Ok(Verdict { noticed, refusal })
}

impl Verdict {
    /// Writes down what was noticed.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub(super) async fn log(
        &self,
        tx: &mut Tx,
        at_till: &AtTill,
        shown: &Shown,
        now: Instant,
    ) -> Result<(), Error> {
        log(tx, at_till, shown.member, &self.noticed, now).await
    }
}

fn refused(noticed: &[Noticed]) -> Option<Refusal> {
    let hard = noticed.iter().find(|each| each.level == Level::Hard)?;
    Some(hard.refusal())
}

async fn log(
    tx: &mut Tx,
    at_till: &AtTill,
    member: MemberId,
    noticed: &[Noticed],
    now: Instant,
) -> Result<(), Error> {
    for each in noticed {
        let outcome = if each.level == Level::Hard {
            "hard"
        } else {
            "soft"
        };
        let line = at_till
            .did(Action::Radar)
            .member(member)
            .subject(each.pattern.as_str())
            .outcome(outcome);
        audit::log(tx, line, now).await?;
    }
    Ok(())
}

/// What a senior lets pass: the visit that runs, or the next one of the card that was scanned.
#[derive(Debug, Clone, Copy)]
pub enum Blocked<'a> {
    /// The visit of this token.
    Visit(&'a str),
    /// The card of this scan.
    Card(&'a str),
}

/// A senior lets one visit pass, by their own PIN.
///
/// # Errors
/// [`Error::Invalid`] with field `who` or `pin`; [`Refusal::WrongPin`], [`Refusal::Locked`], [`Refusal::NotAllowed`];
/// [`Refusal::VisitOver`]; what is wrong with the scan.
pub async fn lift(
    k: &Kopilka,
    at_till: &AtTill,
    device: Option<RowId>,
    senior: Option<StaffId>,
    pin: &str,
    blocked: Blocked<'_>,
) -> Result<(), Error> {
    let senior = staff::prove_senior(k, &at_till.till, device, senior, pin).await?;
    let now = k.now();
    let mut tx = k.db.write().await?;
    let till = at_till.till.id;
    let member = match blocked {
        Blocked::Visit(token) => {
            let shown = till::visit(&mut tx, at_till, token, now).await?;
            let hash = entropy::hash(token);
            if !radar::lift_visit(&mut tx, till, hash, senior, now).await? {
                return Err(Refusal::VisitOver.into());
            }
            shown.member
        }
        Blocked::Card(scan) => {
            let (_, card) = till::card(&mut tx, scan).await?;
            radar::lift_next(&mut tx, till, card.member_id, senior, now).await?;
            card.member_id
        }
    };
    let line = at_till.did(Action::RadarLifted).member(member);
    let cashier = at_till.staff.map(|staff| staff.to_string());
    // Whoever lets it pass answers for it; at whose till work it was stands beside.
    let line = line.staff(senior).subject(cashier.unwrap_or_default());
    audit::log(&mut tx, line, now).await?;
    tx.commit().await?;
    Ok(())
}
