//! Arrival of a sale: as it is made, or later; and the comparison of a late one with the fraud limits.

use super::judging::EvaluatedSale;
use super::{LateSaleOrigin, SaleDraft};
use crate::domain::actor::Actor;
use crate::domain::amounts::Money;
use crate::domain::fraud_limits::FraudPattern;
use crate::domain::time::Instant;
use crate::service::Kopilka;
use crate::store::Tx;
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::fraud_limits::{self, FraudLimitVerdict};

/// Arrival of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SaleArrival {
    /// The sale comes as it is made. Where the till has shown a sum to pay, only that sum is stored.
    Live(Option<Money>),
    /// Later, because its till had no link or its time had not come: it has happened, and is not refused for what the rules
    /// would have said. Beyond the hard fraud limit it is held.
    Late(LateSaleOrigin),
    /// Later, after it was held and this officer has looked at it.
    Released(LateSaleOrigin, Actor),
}

impl SaleArrival {
    /// Returns how it was sent, where it comes late: through a queue, or with a time of long ago.
    pub(super) fn late_origin(
        self,
        at_till: &TillContext,
        draft: &SaleDraft,
        now: Instant,
    ) -> Option<LateSaleOrigin> {
        match self {
            Self::Late(late) | Self::Released(late, _) => Some(late),
            Self::Live(_) if fraud_limits::is_late(draft.at, now) => {
                Some(LateSaleOrigin::sent_by(at_till.staff, now))
            }
            Self::Live(_) => None,
        }
    }

    /// Returns whoever stores the sale: its sender, or for one that waited a job, or the officer who releases it.
    pub(super) fn actor(self, at_till: &TillContext) -> Actor {
        match self {
            Self::Released(_, officer) => officer,
            Self::Late(late) if late.waited_as.is_some() => Actor::Job,
            Self::Live(_) | Self::Late(_) => self.sender(at_till).actor(),
        }
    }

    /// Returns the till with the person who sends the sale now, whoever it names.
    pub(super) fn sender(self, at_till: &TillContext) -> TillContext {
        match self {
            Self::Live(_) => at_till.clone(),
            Self::Late(late) | Self::Released(late, _) => TillContext {
                till: at_till.till.clone(),
                staff: late.sender,
            },
        }
    }
}

/// Compares the sale with the fraud limits and logs what is noticed. Returns the limit that a late sale exceeds, so that it
/// is held; `None` = it may be stored.
///
/// # Errors
/// Refusal by the fraud limits of a sale that is made now.
pub(super) async fn check_fraud_limits(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
    judged: &EvaluatedSale,
    arrival: SaleArrival,
) -> Result<Option<FraudPattern>, Error> {
    let Some(card) = &judged.card else {
        return Ok(None);
    };
    // Somebody has looked at it already.
    if matches!(arrival, SaleArrival::Released(..)) {
        return Ok(None);
    }
    let now = judged.now;
    let late = arrival.late_origin(at_till, draft, now);
    let mut by = at_till.clone();
    // The limits of a late sale are those in force now: its sender chooses its time.
    let rules = match late {
        Some(late) => {
            by.staff = late.sender;
            service.current_rules(tx).await?
        }
        None => judged.rules.clone(),
    };
    let verdict =
        fraud_limits::judge_receipt(tx, &rules.programme, at_till, draft, card, late, now).await?;
    let (suspicions, why) = match verdict {
        FraudLimitVerdict::Passes(suspicions) => (suspicions, None),
        FraudLimitVerdict::Held(suspicions, why) => (suspicions, Some(why)),
    };
    fraud_limits::log_suspicions(tx, &by, card.member, &suspicions, now).await?;
    Ok(why)
}
