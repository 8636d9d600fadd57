//! What remains of a sale when goods go back, and which points move. It depends on what remains alone, never on the order in
//! which things went back, and so does everything that is judged on it.

mod keep;
mod left_part;

use chrono_tz::Tz;

pub use self::keep::{ShareSettledSale, kept_refunds};
pub use self::left_part::RemainingLinePart;
use super::amounts::{Money, Points, Quantity};
use super::evaluate::{
    Evaluation, MemberWallet, OfferEligibility, PointsToSpend, TooManyPoints, evaluate,
};
use super::ledger::{Lot, RestoredLot, TakeBackSources, restore, take_back};
use super::programme::Programme;
use super::receipt::{Basket, MAX_LINES, ReceiptLine, effective_amounts};
use super::time::Instant;

/// Facts that a sale was judged by, kept with it so that what remains of it is judged in the same way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaleJudgement {
    /// Tier and open offers of the member; `None` = nobody showed a card.
    pub standing: Option<OfferEligibility>,
    /// Points of the member, and what the code shown let them do.
    pub wallet: MemberWallet,
    /// The sale was paid without a card and claimed later: nothing takes money off it.
    pub claimed: bool,
    /// The store's own time zone at that time; none: the programme's. A store that changes it changes nothing of the past.
    pub zone: Option<Tz>,
}

impl SaleJudgement {
    /// The time zone in which days and hours of the sale are read.
    pub fn time_zone(&self, programme: &Programme) -> Tz {
        self.zone.unwrap_or(programme.time_zone)
    }
}

/// Some of a line that goes back: a quantity, or an amount where the sale was posted as one sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnedLinePart {
    /// Which line of the sale, from 0.
    pub position: usize,
    /// How much of it, in thousandths.
    pub quantity: Option<Quantity>,
    /// Or for how much of it, in minor units: the price of what goes back, before the programme's discounts. Only where the
    /// line is the only one of its sale that costs anything, and its quantity is one piece.
    pub amount: Option<Money>,
}

impl ReturnedLinePart {
    /// Names a quantity of the line at `position`.
    pub const fn of_quantity(position: usize, quantity: Quantity) -> Self {
        Self {
            position,
            quantity: Some(quantity),
            amount: None,
        }
    }

    /// Names an amount of the line at `position`.
    pub const fn of_amount(position: usize, amount: Money) -> Self {
        Self {
            position,
            quantity: None,
            amount: Some(amount),
        }
    }
}

/// Fault of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnFault {
    /// Nothing goes back.
    Nothing,
    /// The sale has no such line.
    NoSuchLine {
        /// Place in the return, from 0.
        at: usize,
    },
    /// Quantity that is not above 0.
    Quantity {
        /// Place in the return, from 0.
        at: usize,
    },
    /// A negative line: it goes back with the lines that it lowered, never alone.
    NegativeLine {
        /// Place in the return, from 0.
        at: usize,
    },
    /// More than what is left of the line.
    MoreThanLeft {
        /// Place in the return, from 0.
        at: usize,
        /// Quantity that is left.
        left: Quantity,
    },
    /// Both a quantity and an amount are named, or neither.
    QuantityOrAmount {
        /// Place in the return, from 0.
        at: usize,
    },
    /// An amount that is not above 0.
    Amount {
        /// Place in the return, from 0.
        at: usize,
    },
    /// An amount is named, but the sale was not posted as one sum.
    NotOneSum {
        /// Place in the return, from 0.
        at: usize,
    },
    /// A larger amount than what is left of the line.
    MoreMoneyThanLeft {
        /// Place in the return, from 0.
        at: usize,
        /// Amount that is left.
        left: Money,
    },
}

/// Checks that these lines can go back at all, whatever the sale is: a return may come before its sale.
///
/// # Errors
/// The first [`ReturnFault`].
pub fn check_returned_lines(back: &[ReturnedLinePart]) -> Result<(), ReturnFault> {
    if back.is_empty() {
        return Err(ReturnFault::Nothing);
    }
    back.iter().enumerate().try_for_each(|(at, line)| {
        if line.position >= MAX_LINES {
            return Err(ReturnFault::NoSuchLine { at });
        }
        match (line.quantity, line.amount) {
            (Some(quantity), None) if !quantity.is_positive() => Err(ReturnFault::Quantity { at }),
            (None, Some(amount)) if !amount.is_positive() => Err(ReturnFault::Amount { at }),
            (Some(_), None) | (None, Some(_)) => Ok(()),
            (Some(_), Some(_)) | (None, None) => Err(ReturnFault::QuantityOrAmount { at }),
        }
    })
}

/// Returns what is left of each line when `back` has gone too: parts in the order of the sale.
///
/// # Errors
/// The first [`ReturnFault`]; a line that is named twice is counted together.
pub fn left_after(
    left: &[RemainingLinePart],
    back: &[ReturnedLinePart],
) -> Result<Vec<RemainingLinePart>, ReturnFault> {
    if back.is_empty() {
        return Err(ReturnFault::Nothing);
    }
    let mut after = left.to_vec();
    for (at, line) in back.iter().enumerate() {
        let left = after
            .get_mut(line.position)
            .ok_or(ReturnFault::NoSuchLine { at })?;
        *left = left.after_return(line, at)?;
    }
    Ok(after)
}

/// The sale as it would have been with these parts: lines of which something remains, at their share of the price,
/// rounded down. Also the place of each in the sale.
pub fn remaining(
    sale: &[ReceiptLine],
    left: &[RemainingLinePart],
) -> (Vec<usize>, Vec<ReceiptLine>) {
    let amounts = effective_amounts(sale);
    sale.iter()
        .zip(amounts)
        .zip(left)
        .enumerate()
        .filter(|(_, (_, left))| left.is_left())
        .map(|(position, ((line, amount), left))| {
            let line = ReceiptLine {
                quantity: left.quantity(),
                amount: Money(left.share_of(amount.0)),
                ..line.clone()
            };
            (position, line)
        })
        .unzip()
}

/// Returns for each line of the sale the price, before discounts, of what went back between `left` and `after`.
pub fn amounts_back(
    sale: &[ReceiptLine],
    left: &[RemainingLinePart],
    after: &[RemainingLinePart],
) -> Vec<Money> {
    let parts = left.iter().zip(after);
    let amounts = effective_amounts(sale).into_iter().zip(parts);
    amounts
        .map(|(amount, (left, after))| Money(left.share_of(amount.0) - after.share_of(amount.0)))
        .collect()
}

/// Judges what remains of a sale, as the sale was judged: its programme, store, time, standing and wallet. Of the points
/// that it spent, as many pay as still may.
///
/// # Errors
/// Never in practice: [`PointsToSpend::AtMost`] asks for no more than may.
pub fn judge_remaining(
    programme: &Programme,
    basket: &Basket,
    judgement: &SaleJudgement,
    spent: Points,
) -> Result<Evaluation, TooManyPoints> {
    let earning_only;
    let programme = if judgement.claimed {
        earning_only = programme.earning_only();
        &earning_only
    } else {
        programme
    };
    evaluate(
        programme,
        basket,
        judgement.standing.as_ref(),
        judgement.wallet,
        PointsToSpend::AtMost(spent),
    )
}

/// Money that goes back now, where `paid` was paid for the sale, what remains costs `costs`, and `before` went back
/// already. Never below 0: what remains may cost more without its neighbours than it did with them.
pub fn refund(paid: Money, costs: Money, before: Money) -> Money {
    (paid - costs - before).or_zero()
}

/// The points of a member when goods go back, as they are once what is due is written.
#[derive(Debug, Clone, Copy)]
pub struct MemberHoldings<'a> {
    /// Lots that the sale made.
    pub own: &'a [Lot],
    /// Points of them that have expired and were not counted in an earlier return.
    pub expired: Points,
    /// All other lots.
    pub others: &'a [Lot],
    /// Lots that paid for the sale, with what each still has in it.
    pub paid: &'a [(Lot, Points)],
    /// Time until which points live that return to a lot whose life is over.
    pub grace: Instant,
}

/// Points that move when goods go back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReturnMovement {
    /// Spent points that return to their lots.
    pub restored: Vec<RestoredLot>,
    /// Spent points that return and had come from no lot: an earlier return had made a debt of them.
    pub forgiven: Points,
    /// Points that pay for what remains and did not pay for it before: without its neighbours' discount it costs more, and
    /// points may pay their share of that.
    pub spent: TakeBackSources,
    /// Earned points that go.
    pub taken: TakeBackSources,
    /// Points that what remains earns more than it did with its neighbours.
    pub given: Points,
}

/// Works out which points move at `now`, when a sale that was judged as `before` is judged as `after`. Points that return
/// can be taken back at once.
pub fn movement(
    before: &Evaluation,
    after: &Evaluation,
    holdings: MemberHoldings<'_>,
    now: Instant,
) -> ReturnMovement {
    let back = (before.spent - after.spent).or_zero();
    let restored = restore(holdings.paid, back, now, holdings.grace);
    let from_lots: Points = restored.iter().map(|each| each.points).sum();
    let mut own = holdings.own.to_vec();
    let mut others = holdings.others.to_vec();
    for each in &restored {
        if let Some(lot) = find_lot_mut(&mut own, &mut others, each.lot) {
            lot.remaining += each.points;
            lot.state = lot.state_at(now);
            lot.expires = each.expires.or(lot.expires);
        }
    }
    let all: Vec<Lot> = own.iter().chain(&others).cloned().collect();
    let more = (after.spent - before.spent).or_zero();
    let spent = take_back(&[], Points::ZERO, &all, more, now);
    for each in &spent.lots {
        if let Some(lot) = find_lot_mut(&mut own, &mut others, each.lot) {
            lot.remaining -= each.points;
        }
    }
    let earned = before.earned - after.earned;
    ReturnMovement {
        restored,
        forgiven: back - from_lots,
        spent,
        taken: take_back(&own, holdings.expired, &others, earned, now),
        given: (-earned).or_zero(),
    }
}

fn find_lot_mut<'a>(
    own: &'a mut [Lot],
    others: &'a mut [Lot],
    id: uuid::Uuid,
) -> Option<&'a mut Lot> {
    own.iter_mut().chain(others).find(|lot| lot.id == id)
}

#[cfg(test)]
mod keep_tests;
#[cfg(test)]
mod tests;
