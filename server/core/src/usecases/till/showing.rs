//! From a scan to whose card it is, and what a card shown so may do.

use serde::{Deserialize, Serialize};

use crate::domain::codes::{self, Scan, ScanFault, Verdict};
use crate::domain::programme::CodeUse;
use crate::domain::time::Instant;
use crate::ids::{DeviceId, MemberId, StaffId};
use crate::service::Rules;
use crate::store::cards::CardRow;
use crate::store::{Tx, cards, devices};
use crate::usecases::{Error, Refusal};

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

    pub(super) fn parse(text: &str) -> Option<Self> {
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

/// The refusal of a scan that is no code of this programme.
pub(in crate::usecases) const fn unreadable(fault: ScanFault) -> Refusal {
    match fault {
        ScanFault::Empty => Refusal::ScanEmpty,
        ScanFault::NotDigits => Refusal::ScanNotDigits,
        ScanFault::OtherScheme => Refusal::ScanOtherScheme,
        ScanFault::WrongLength => Refusal::ScanWrongLength,
        ScanFault::CheckDigit => Refusal::ScanCheckDigit,
    }
}

/// Reads a scan and finds its card, blocked or not; a one-time code in it is not looked at.
pub(in crate::usecases) async fn card(tx: &mut Tx, scan: &str) -> Result<(Scan, CardRow), Error> {
    let scan = codes::parse_scan(scan).map_err(unreadable)?;
    let card = match &scan {
        Scan::Rotating { card, .. } | Scan::Fixed { card } => {
            cards::by_number(tx, card.as_str()).await?
        }
        Scan::Ean(ean) => cards::by_short(tx, ean.short()).await?,
    };
    Ok((scan, card.ok_or(Refusal::CardUnknown)?))
}

/// As of when a scan is read.
#[derive(Debug, Clone, Copy)]
pub(in crate::usecases) struct AsOf {
    /// When the code was shown.
    pub shown: Instant,
    /// When the card has to be in force: where nothing is spent, as it was shown; else now, whatever time a till tells.
    pub in_force: Instant,
}

impl AsOf {
    /// Everything as it is now.
    pub const fn now(now: Instant) -> Self {
        Self {
            shown: now,
            in_force: now,
        }
    }

    /// A card that was blocked later was good.
    fn good(self, card: &CardRow) -> Result<(), Refusal> {
        let blocked = card.blocked_at.is_some_and(|at| at <= self.in_force.0);
        if blocked {
            Err(Refusal::CardBlocked)
        } else {
            Ok(())
        }
    }
}

/// Reads a scan and finds whose card it is.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card.
pub(in crate::usecases) async fn resolve(
    tx: &mut Tx,
    scan: &str,
    as_of: AsOf,
) -> Result<Shown, Error> {
    let (scan, card) = card(tx, scan).await?;
    as_of.good(&card)?;
    let member = card.member_id;
    let (scheme, code) = match scan {
        Scan::Rotating { code, .. } => (
            Scheme::Rotating,
            Some(verify(tx, member, &code, as_of.shown).await?),
        ),
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

/// Reads a scan whose one-time code cannot be looked at any more: it counts as the card's number alone.
///
/// # Errors
/// As [`resolve`].
pub(in crate::usecases) async fn resolve_number(
    tx: &mut Tx,
    scan: &str,
    as_of: AsOf,
) -> Result<Shown, Error> {
    let (_, card) = card(tx, scan).await?;
    as_of.good(&card)?;
    Ok(Shown {
        member: card.member_id,
        scheme: Scheme::Fixed,
        code: None,
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
