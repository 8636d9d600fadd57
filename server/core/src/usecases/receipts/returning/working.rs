//! Works a return out: what remains of a sale is judged again as the sale was. Nothing is read and nothing stored here.

use super::{ReturnEffect, ReturnedLine};
use crate::domain::amounts::{Money, Points, share_out};
use crate::domain::evaluate::{Counted, Evaluation, LineResult};
use crate::domain::programme::{DiscountOnReturn, Programme};
use crate::domain::receipt::{Basket, Line};
use crate::domain::returns::{
    Holdings, Judgement, LeftPart, Movement, ReturnFault, ReturnLine, SaleToKeep, amounts_back,
    judge, kept_refunds, left_after, movement, refund, remaining,
};
use crate::domain::time::Instant;
use crate::store::receipts::LineRow;
use crate::usecases::{Error, Problem};

/// A sale as it was stored, and what went back of it before.
pub struct Past {
    /// Facts that it was judged by.
    pub judgement: Judgement,
    /// Code of the store.
    pub store: String,
    /// Its own time.
    pub at: Instant,
    /// Lines as they were sold.
    pub sold: Vec<Line>,
    /// Evaluation that was stored with it.
    pub stored: Evaluation,
    /// Returns of it, oldest first.
    pub earlier: Vec<ReturnEffect>,
}

/// A return that was worked out.
pub struct WorkedOut {
    /// Goods that go back, at the prices of the sale.
    pub goods: Vec<LineRow>,
    /// Evaluation of what remained before.
    pub before: Evaluation,
    /// Evaluation of what remains afterwards.
    pub after: Evaluation,
    /// Part of that which counts for levels and as a purchase.
    pub counted: Counted,
    /// Points that move.
    pub movement: Movement,
    /// Effects as they are answered and stored.
    pub effect: ReturnEffect,
}

impl ReturnEffect {
    /// Returns what is left of each line after this stored return, where `left` was left before.
    ///
    /// # Errors
    /// [`Error::Fault`] for a return of more than there was.
    pub(in crate::usecases::receipts) fn left_of(
        &self,
        left: &[LeftPart],
    ) -> Result<Vec<LeftPart>, Error> {
        let lines = self.lines.iter().flat_map(ReturnedLine::as_return_lines);
        left_after(left, &lines.collect::<Vec<_>>())
            .map_err(|fault| Error::Fault(format!("an earlier return of a sale: {fault:?}")))
    }
}

impl Past {
    /// Works out what a return of these lines at `now` does. `holdings` are the member's points, where there is a member; their
    /// `expired` is all that has expired of the sale's lots.
    ///
    /// # Errors
    /// [`Error::Invalid`] for lines that cannot go back.
    pub fn give_back(
        &self,
        programme: &Programme,
        lines: &[ReturnLine],
        holdings: Option<Holdings<'_>>,
        now: Instant,
    ) -> Result<WorkedOut, Error> {
        let left = self.parts_left()?;
        let refunded: Money = self.earlier.iter().map(|effect| effect.refund).sum();
        let forgiven: Points = self.earlier.iter().map(|effect| effect.expired).sum();
        let after_left = left_after(&left, lines).map_err(explain)?;
        // A sale that is whole is as it was stored, whatever the rules' code does by now.
        let before = if self.earlier.is_empty() {
            self.stored.clone()
        } else {
            self.value_of(programme, &left)?
        };
        let after = self.value_of(programme, &after_left)?;
        let back = refund(self.stored.to_pay, after.to_pay, refunded);
        let goods = goods_back(&self.sold, &left, &after_left);
        let refunds = match programme.returns.discount {
            DiscountOnReturn::Keep => {
                let all = kept_refunds(&self.sold, &self.stored.lines, &left, &after_left);
                let changed = all.into_iter().zip(left.iter().zip(&after_left));
                changed
                    .filter(|(_, (left, after))| left != after)
                    .map(|(refund, _)| refund)
                    .collect()
            }
            DiscountOnReturn::Recalculate => shared(&goods, back),
        };
        let movement = holdings.map_or_else(Movement::default, |mut holdings| {
            holdings.expired -= forgiven;
            movement(&before, &after, holdings, now)
        });
        let effect = ReturnEffect {
            lines: returned_lines(&goods, &refunds, &left, &after_left),
            refund: back,
            restored: (before.spent - after.spent).or_zero(),
            spent: (after.spent - before.spent).or_zero(),
            taken_back: movement.taken.from_lots(),
            expired: movement.taken.expired,
            debt: movement.taken.debt + movement.spent.debt,
            earned: movement.given,
            ..ReturnEffect::default()
        };
        Ok(WorkedOut {
            goods,
            counted: self.counted(programme, &after_left, &after),
            before,
            after,
            movement,
            effect,
        })
    }

    /// Returns what of each line did not go back.
    fn parts_left(&self) -> Result<Vec<LeftPart>, Error> {
        let mut left = LeftPart::whole_sale(&self.sold);
        for effect in &self.earlier {
            left = effect.left_of(&left)?;
        }
        Ok(left)
    }

    /// Returns what counts of so much of each line, which was judged like this: line by line of the sale, or of what is left of it.
    fn counted(&self, programme: &Programme, left: &[LeftPart], after: &Evaluation) -> Counted {
        let (places, lines) = remaining(&self.sold, left);
        if places.len() == after.lines.len() {
            return Counted::of(programme, &lines, &after.lines);
        }
        let results = places.iter().filter_map(|place| after.lines.get(*place));
        let results: Vec<LineResult> = results.copied().collect();
        Counted::of(programme, &lines, &results)
    }

    /// Returns what counts of what did not go back, which was judged like this.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn counted_left(
        &self,
        programme: &Programme,
        judged: &Evaluation,
    ) -> Result<Counted, Error> {
        Ok(self.counted(programme, &self.parts_left()?, judged))
    }

    /// The whole sale, judged.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn whole(&self, programme: &Programme) -> Result<Evaluation, Error> {
        self.judge(programme, self.sold.clone())
    }

    /// Evaluates the part that did not go back.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn left(&self, programme: &Programme) -> Result<Evaluation, Error> {
        if self.earlier.is_empty() {
            return self.whole(programme);
        }
        self.value_of(programme, &self.parts_left()?)
    }

    /// Returns what these parts of the sale are worth by the setting of its own programme version.
    fn value_of(&self, programme: &Programme, left: &[LeftPart]) -> Result<Evaluation, Error> {
        match programme.returns.discount {
            DiscountOnReturn::Recalculate => self.judge(programme, remaining(&self.sold, left).1),
            DiscountOnReturn::Keep => {
                let sale = SaleToKeep {
                    programme,
                    basket: &self.basket(programme, self.sold.clone()),
                    evaluation: &self.stored,
                };
                Ok(sale.left(left))
            }
        }
    }

    fn basket(&self, programme: &Programme, lines: Vec<Line>) -> Basket {
        Basket {
            store: self.store.clone(),
            at: self.at,
            zone: self.judgement.zone(programme),
            lines,
        }
    }

    fn judge(&self, programme: &Programme, lines: Vec<Line>) -> Result<Evaluation, Error> {
        if lines.is_empty() {
            return Ok(Evaluation::default());
        }
        let basket = self.basket(programme, lines);
        judge(programme, &basket, &self.judgement, self.stored.spent)
            .map_err(|_| Error::Fault("what remains of a sale cannot be judged".to_owned()))
    }
}

/// A share of the refund for each line that goes back, by what they cost.
fn shared(goods: &[LineRow], back: Money) -> Vec<Money> {
    let amounts: Vec<i64> = goods.iter().map(|row| row.line.amount.0).collect();
    let shares = share_out(back.0, &amounts);
    shares.into_iter().map(Money).collect()
}

/// Lines that go back, as they were named, each with its refund.
fn returned_lines(
    goods: &[LineRow],
    refunds: &[Money],
    left: &[LeftPart],
    after: &[LeftPart],
) -> Vec<ReturnedLine> {
    let lines = goods.iter().zip(refunds);
    lines
        .filter_map(|(row, refund)| {
            let position = usize::try_from(row.position).ok()?;
            let (quantity, amount) = left.get(position)?.returned_until(after.get(position)?);
            Some(ReturnedLine {
                position,
                quantity,
                amount: amount.is_positive().then_some(amount),
                refund: *refund,
            })
        })
        .collect()
}

/// Returns the goods that go back, a row for each line of the sale that shrinks, at the price that its share had.
fn goods_back(sold: &[Line], left: &[LeftPart], after: &[LeftPart]) -> Vec<LineRow> {
    (0_i64..)
        .zip(sold.iter().zip(amounts_back(sold, left, after)))
        .zip(left.iter().zip(after))
        .filter(|(_, (left, after))| left != after)
        .map(|((position, (line, amount)), (left, after))| LineRow {
            position,
            line: Line {
                quantity: left.returned_until(after).0,
                amount,
                ..line.clone()
            },
            result: LineResult::default(),
        })
        .collect()
}

pub(super) fn explain(fault: ReturnFault) -> Error {
    let problem = |field, key, at: usize| Problem::new(field, key).with("line", at);
    match fault {
        ReturnFault::Nothing => Error::field("lines", "lines-none"),
        ReturnFault::NoSuchLine { at } => problem("position", "return-no-such-line", at).into(),
        ReturnFault::NegativeLine { at } => problem("position", "return-negative-line", at).into(),
        ReturnFault::Quantity { at } => problem("quantity", "line-quantity", at).into(),
        ReturnFault::MoreThanLeft { at, left } => problem("quantity", "return-more-than-left", at)
            .with("left", left.0)
            .into(),
        ReturnFault::QuantityOrAmount { at } => {
            problem("quantity", "return-quantity-or-amount", at).into()
        }
        ReturnFault::Amount { at } => problem("amount", "line-amount", at).into(),
        ReturnFault::NotOneSum { at } => problem("amount", "return-not-one-sum", at).into(),
        ReturnFault::MoreMoneyThanLeft { at, left } => {
            problem("amount", "return-more-than-left", at)
                .with("left", left.0)
                .into()
        }
    }
}
