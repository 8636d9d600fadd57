//! Scans: whose card was scanned, and what a card shown so may do.

use super::wrong_codes::{card_hash, card_key, check_failures, counted_since};
pub use crate::domain::card_scheme::CardScheme;
use crate::domain::codes::{
    self, CodeVerification, FORMER_SECRET_SECONDS, ScannedCode, ScannedCodeFault,
};
use crate::domain::programme::AllowedCodeUse;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{DeviceId, MemberId, StaffId, TillId};
use crate::service::ProgrammeRules;
use crate::store::cards::CardRow;
use crate::store::devices::DeviceCodeSecret;
use crate::store::json::{StoredAsJson, StoredShownCard};
use crate::store::tills::VisitWithUse;
use crate::store::{Tx, code_uses, devices, wrong_codes};
use crate::usecases::{Error, Refusal};

impl CardScheme {
    /// Returns what this form may do under the rules.
    pub fn allows(self, rules: &ProgrammeRules) -> AllowedCodeUse {
        let codes = &rules.programme.codes;
        match self {
            Self::Rotating => codes.rotating,
            Self::Fixed => codes.fixed,
            Self::Ean => codes.ean,
            Self::Phone => codes.phone,
        }
    }
}

/// Use of the code or the visit by earlier receipts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CodeUsageState {
    /// No receipt.
    #[default]
    Unused,
    /// A receipt of the same till: it earns here and spends nowhere.
    UsedHere,
    /// A receipt of another till: it neither earns nor spends here.
    UsedElsewhere,
}

impl CodeUsageState {
    /// Usage of a visit, as its own till sees it.
    pub(super) fn of_visit(row: &VisitWithUse) -> Self {
        match Self::seen_from_till(row.visit.till_id, row.code_till) {
            Self::Unused if row.used_at.is_some() => Self::UsedHere,
            usage => usage,
        }
    }

    /// Usage as `till` sees it, from the till of the first receipt.
    fn seen_from_till(till: TillId, first: Option<TillId>) -> Self {
        match first {
            None => Self::Unused,
            Some(first) if first == till => Self::UsedHere,
            Some(_) => Self::UsedElsewhere,
        }
    }
}

/// A card that was shown and found.
#[derive(Debug, Clone, Copy)]
pub struct PresentedCard {
    /// Member whose card it is.
    pub member: MemberId,
    /// Form in which it was shown.
    pub scheme: CardScheme,
    /// Device of the code and its 30-second step, for the rotating form.
    pub code: Option<(DeviceId, i64)>,
    /// The senior who has let the visit pass the fraud limits.
    pub overridden_by: Option<StaffId>,
    /// Use of it by earlier receipts.
    pub usage: CodeUsageState,
}

impl From<PresentedCard> for StoredShownCard {
    fn from(card: PresentedCard) -> Self {
        let PresentedCard {
            member,
            scheme,
            code,
            overridden_by,
            usage: _,
        } = card;
        Self {
            member,
            scheme: scheme.into(),
            code,
            overridden_by,
        }
    }
}

impl From<StoredShownCard> for PresentedCard {
    /// The use of its code by earlier receipts is read anew.
    fn from(card: StoredShownCard) -> Self {
        let StoredShownCard {
            member,
            scheme,
            code,
            overridden_by,
        } = card;
        Self {
            member,
            scheme: scheme.into(),
            code,
            overridden_by,
            usage: CodeUsageState::default(),
        }
    }
}

impl StoredAsJson for PresentedCard {
    type Form = StoredShownCard;
}

impl PresentedCard {
    /// Refuses what was used by another till, and for spending also what was used by this one.
    ///
    /// # Errors
    /// [`Refusal::CodeAlreadySpent`]; [`Refusal::VisitOver`] for a visit without a rotating code.
    pub(crate) const fn check_usage(&self, spends: bool) -> Result<(), Refusal> {
        match (self.usage, self.code) {
            (CodeUsageState::Unused, _) => Ok(()),
            (CodeUsageState::UsedHere, _) if !spends => Ok(()),
            (_, Some(_)) => Err(Refusal::CodeAlreadySpent),
            (_, None) => Err(Refusal::VisitOver),
        }
    }

    /// The same card as if only its number had been shown.
    const fn as_number(self) -> Self {
        Self {
            scheme: CardScheme::Fixed,
            code: None,
            usage: CodeUsageState::Unused,
            ..self
        }
    }

    /// Reads again whether the code was used. For a late sale, one that another till has used counts as the card's number.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub(crate) async fn of_late_sale(self, tx: &mut Tx, till: TillId) -> Result<Self, Error> {
        let Some((device, step)) = self.code else {
            return Ok(self);
        };
        let first = code_uses::till_of_code(tx, device, step).await?;
        Ok(match CodeUsageState::seen_from_till(till, first) {
            CodeUsageState::UsedElsewhere => self.as_number(),
            usage => Self { usage, ..self },
        })
    }
}

/// The refusal of a scan that is no code of this programme.
pub(crate) const fn unreadable_scan(fault: ScannedCodeFault) -> Refusal {
    match fault {
        ScannedCodeFault::Empty => Refusal::ScanEmpty,
        ScannedCodeFault::NotDigits => Refusal::ScanNotDigits,
        ScannedCodeFault::OtherScheme => Refusal::ScanOtherScheme,
        ScannedCodeFault::WrongLength => Refusal::ScanWrongLength,
        ScannedCodeFault::CheckDigit => Refusal::ScanCheckDigit,
    }
}

/// Reads a scan and finds its card, blocked or not; a one-time code in it is not looked at.
pub(crate) async fn find_scanned_card(
    tx: &mut Tx,
    till: TillId,
    scan: &str,
    now: Instant,
) -> Result<CardRow, Error> {
    let scan = codes::parse_scan(scan).map_err(unreadable_scan)?;
    let card = find_card(tx, till, &scan, now).await?;
    Ok(card.ok_or_else(|| unknown_card(&scan))?)
}

/// Finds the card of a scan, unless the till has to wait for its wrong codes. `None` = there is no such card.
async fn find_card(
    tx: &mut Tx,
    till: TillId,
    scan: &ScannedCode,
    now: Instant,
) -> Result<Option<CardRow>, Error> {
    let key = card_key(scan);
    let (card, failures) =
        wrong_codes::card_with_recent(tx, key, till, card_hash(key), counted_since(now), now)
            .await?;
    check_failures(failures, now)?;
    Ok(card)
}

/// The refusal of a scan whose card does not exist. A rotating scan does not tell whether a card exists.
const fn unknown_card(scan: &ScannedCode) -> Refusal {
    match scan {
        ScannedCode::Rotating { .. } => Refusal::CodeWrong,
        ScannedCode::Fixed { .. } | ScannedCode::Ean(_) => Refusal::CardUnknown,
    }
}

/// Times as of which a scan is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScanReadingTimes {
    /// Time at which the code was shown.
    pub shown: Instant,
    /// Time at which the card has to be in force: that of showing where nothing is spent, else now, whatever a till tells.
    pub in_force: Instant,
    /// Time by the server's clock, by which wrong codes are counted.
    pub now: Instant,
}

impl ScanReadingTimes {
    /// Everything as it is now.
    pub const fn at_present(now: Instant) -> Self {
        Self {
            shown: now,
            in_force: now,
            now,
        }
    }

    /// A card that was blocked later was good.
    fn check_card(self, card: &CardRow) -> Result<(), Refusal> {
        let blocked = card.blocked_at.is_some_and(|at| at <= self.in_force);
        if blocked {
            Err(Refusal::CardBlocked)
        } else {
            Ok(())
        }
    }
}

/// Reads a scan and finds whose card it is. Whoever calls it passes a refusal on to [`super::refuse_look_up`] or
/// [`super::refuse_receipt`], which count wrong codes.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card; [`Refusal::TooManyWrongCodes`].
pub(crate) async fn resolve_scan(
    tx: &mut Tx,
    till: TillId,
    scan: &str,
    as_of: ScanReadingTimes,
) -> Result<PresentedCard, Error> {
    let scan = codes::parse_scan(scan).map_err(unreadable_scan)?;
    let card = find_card(tx, till, &scan, as_of.now).await?;
    let (scheme, code) = match &scan {
        ScannedCode::Rotating { code, .. } => {
            // An unknown card takes the same steps as a known one, so that the time does not tell them apart.
            let member = card
                .as_ref()
                .map_or_else(MemberId::new, |card| card.member_id);
            let verified = verify_code(tx, member, code, as_of.shown).await?;
            (CardScheme::Rotating, Some(verified))
        }
        ScannedCode::Fixed { .. } => (CardScheme::Fixed, None),
        ScannedCode::Ean(_) => (CardScheme::Ean, None),
    };
    let card = card.ok_or_else(|| unknown_card(&scan))?;
    as_of.check_card(&card)?;
    let usage = match code {
        None => CodeUsageState::Unused,
        Some((device, step)) => {
            CodeUsageState::seen_from_till(till, code_uses::till_of_code(tx, device, step).await?)
        }
    };
    Ok(PresentedCard {
        member: card.member_id,
        scheme,
        code,
        overridden_by: None,
        usage,
    })
}

/// Reads a scan whose one-time code cannot be looked at any more: it counts as the card's number alone.
///
/// # Errors
/// As [`resolve_scan`].
pub(crate) async fn resolve_card_number(
    tx: &mut Tx,
    till: TillId,
    scan: &str,
    as_of: ScanReadingTimes,
) -> Result<PresentedCard, Error> {
    let card = find_scanned_card(tx, till, scan, as_of.now).await?;
    as_of.check_card(&card)?;
    Ok(PresentedCard {
        member: card.member_id,
        scheme: CardScheme::Fixed,
        code: None,
        overridden_by: None,
        usage: CodeUsageState::Unused,
    })
}

/// Finds which device of the member made the one-time code, and when. Each former secret of a device counts for two
/// steps after it was replaced.
async fn verify_code(
    tx: &mut Tx,
    member: MemberId,
    code: &str,
    at: Instant,
) -> Result<(DeviceId, i64), Error> {
    let mut secrets = devices::code_secrets(tx, member).await?;
    if secrets.is_empty() {
        secrets.push(nobodys_secret());
    }
    let (mut fresh, mut stale) = (None, false);
    for secret in secrets.iter().filter(|secret| is_valid_at(secret, at)) {
        match codes::verify(&secret.secret, code, at) {
            CodeVerification::Fresh(step) => fresh = fresh.or(Some((secret.id, step))),
            CodeVerification::Stale => stale = true,
            CodeVerification::Wrong => {}
        }
    }
    let refusal = if stale {
        Refusal::CodeStale
    } else {
        Refusal::CodeWrong
    };
    fresh.ok_or_else(|| refusal.into())
}

/// A secret that nobody knows: its codes are computed where a member has no device and where there is no member.
fn nobodys_secret() -> DeviceCodeSecret {
    DeviceCodeSecret {
        id: DeviceId::new(),
        secret: entropy::sha256(&DeviceId::new().to_string()),
        replaced_at: None,
    }
}

/// Returns whether codes of the secret are valid at `at`.
fn is_valid_at(secret: &DeviceCodeSecret, at: Instant) -> bool {
    let replaced = secret.replaced_at;
    replaced.is_none_or(|replaced| at < replaced.plus_secs(FORMER_SECRET_SECONDS))
}
