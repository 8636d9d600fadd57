//! Works a return out: what remains of a sale is judged again as the sale was. Nothing is read and nothing stored here.

use crate::domain::amounts::{Money, Points, share_out};
use crate::domain::evaluate::{CountedAmounts, Evaluation, LineResult};
use crate::domain::programme::{DiscountOnReturn, Programme};
use crate::domain::receipt::{Basket, ReceiptLine};
use crate::domain::returns::{
    MemberHoldings, RemainingLinePart, ReturnFault, ReturnMovement, ReturnedLinePart,
    SaleJudgement, ShareSettledSale, amounts_back, judge_remaining, kept_refunds, left_after,
    movement, refund, remaining,
};
use crate::domain::time::Instant;
use crate::store::receipts::StoredReceiptLine;
use crate::usecases::checkout::receipt_answers::{ReturnEffect, ReturnedLine};
use crate::usecases::{Error, FieldProblem};

/// A sale as it was stored, and what went back of it before.
pub struct SaleBeforeReturn {
    /// Facts that it was judged by.
    pub judgement: SaleJudgement,
    /// Code of the store.
    pub store: String,
    /// Its own time.
    pub at: Instant,
    /// Lines as they were sold.
    pub sold: Vec<ReceiptLine>,
    /// Evaluation that was stored with it.
    pub stored: Evaluation,
    /// Returns of it, oldest first.
    pub earlier: Vec<ReturnEffect>,
}

/// A return that was worked out.
pub struct ReturnCalculation {
    /// Goods that go back, at the prices of the sale.
    pub goods: Vec<StoredReceiptLine>,
    /// Evaluation of what remained before.
    pub before: Evaluation,
    /// Evaluation of what remains afterwards.
    pub after: Evaluation,
    /// Part of that which counts for levels and as a purchase.
    pub counted: CountedAmounts,
    /// Points that move.
    pub movement: ReturnMovement,
    /// Effects as they are answered and stored.
    pub effect: ReturnEffect,
}

impl ReturnEffect {
    /// Returns what is left of each line after this stored return, where `left` was left before.
    ///
    /// # Errors
    /// [`Error::Fault`] for a return of more than there was.
    pub(in crate::usecases::checkout::receipts) fn left_of(
        &self,
        left: &[RemainingLinePart],
    ) -> Result<Vec<RemainingLinePart>, Error> {
        let lines = self.lines.iter().flat_map(ReturnedLine::as_return_lines);
        left_after(left, &lines.collect::<Vec<_>>())
            .map_err(|fault| Error::Fault(format!("an earlier return of a sale: {fault:?}")))
    }
}

impl SaleBeforeReturn {
    /// Works out what a return of these lines at `now` does. `holdings` are the member's points, where there is a member; their
    /// `expired` is all that has expired of the sale's lots.
    ///
    /// # Errors
    /// [`Error::Invalid`] for lines that cannot go back.
    pub fn calculate_return(
        &self,
        programme: &Programme,
        lines: &[ReturnedLinePart],
        holdings: Option<MemberHoldings<'_>>,
        now: Instant,
    ) -> Result<ReturnCalculation, Error> {
        let left = self.parts_left()?;
        let refunded: Money = self.earlier.iter().map(|effect| effect.refund).sum();
        let forgiven: Points = self.earlier.iter().map(|effect| effect.expired).sum();
        let after_left = left_after(&left, lines).map_err(explain_return_fault)?;
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
            DiscountOnReturn::Recalculate => share_refund(&goods, back),
        };
        let movement = holdings.map_or_else(ReturnMovement::default, |mut holdings| {
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
        Ok(ReturnCalculation {
            goods,
            counted: self.counted(programme, &after_left, &after),
            before,
            after,
            movement,
            effect,
        })
    }

    /// Returns what of each line did not go back.
    fn parts_left(&self) -> Result<Vec<RemainingLinePart>, Error> {
        let mut left = RemainingLinePart::whole_sale(&self.sold);
        for effect in &self.earlier {
            left = effect.left_of(&left)?;
        }
        Ok(left)
    }

    /// Returns what counts of so much of each line, which was judged like this: line by line of the sale, or of what is left of it.
    fn counted(
        &self,
        programme: &Programme,
        left: &[RemainingLinePart],
        after: &Evaluation,
    ) -> CountedAmounts {
        let (places, lines) = remaining(&self.sold, left);
        if places.len() == after.lines.len() {
            return CountedAmounts::from_lines(programme, &lines, &after.lines);
        }
        let results = places.iter().filter_map(|place| after.lines.get(*place));
        let results: Vec<LineResult> = results.copied().collect();
        CountedAmounts::from_lines(programme, &lines, &results)
    }

    /// Returns what counts of what did not go back, which was judged like this.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn counted_left(
        &self,
        programme: &Programme,
        judged: &Evaluation,
    ) -> Result<CountedAmounts, Error> {
        Ok(self.counted(programme, &self.parts_left()?, judged))
    }

    /// The whole sale, judged.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn judge_whole_sale(&self, programme: &Programme) -> Result<Evaluation, Error> {
        self.judge_lines(programme, self.sold.clone())
    }

    /// Evaluates the part that did not go back.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn judge_part_left(&self, programme: &Programme) -> Result<Evaluation, Error> {
        if self.earlier.is_empty() {
            return self.judge_whole_sale(programme);
        }
        self.value_of(programme, &self.parts_left()?)
    }

    /// Returns what these parts of the sale are worth by the setting of its own programme version.
    fn value_of(
        &self,
        programme: &Programme,
        left: &[RemainingLinePart],
    ) -> Result<Evaluation, Error> {
        match programme.returns.discount {
            DiscountOnReturn::Recalculate => {
                self.judge_lines(programme, remaining(&self.sold, left).1)
            }
            DiscountOnReturn::Keep => {
                let sale = ShareSettledSale {
                    programme,
                    basket: &self.build_basket(programme, self.sold.clone()),
                    evaluation: &self.stored,
                };
                Ok(sale.evaluate_left(left))
            }
        }
    }

    fn build_basket(&self, programme: &Programme, lines: Vec<ReceiptLine>) -> Basket {
        Basket {
            store: self.store.clone(),
            at: self.at,
            zone: self.judgement.time_zone(programme),
            lines,
        }
    }

    fn judge_lines(
        &self,
        programme: &Programme,
        lines: Vec<ReceiptLine>,
    ) -> Result<Evaluation, Error> {
        if lines.is_empty() {
            return Ok(Evaluation::default());
        }
        let basket = self.build_basket(programme, lines);
        judge_remaining(programme, &basket, &self.judgement, self.stored.spent)
            .map_err(|_| Error::Fault("what remains of a sale cannot be judged".to_owned()))
    }
}

/// A share of the refund for each line that goes back, by what they cost.
fn share_refund(goods: &[StoredReceiptLine], back: Money) -> Vec<Money> {
    let amounts: Vec<i64> = goods.iter().map(|row| row.line.amount.0).collect();
    let shares = share_out(back.0, &amounts);
    shares.into_iter().map(Money).collect()
}

/// Lines that go back, as they were named, each with its refund.
fn returned_lines(
    goods: &[StoredReceiptLine],
    refunds: &[Money],
    left: &[RemainingLinePart],
    after: &[RemainingLinePart],
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
fn goods_back(
    sold: &[ReceiptLine],
    left: &[RemainingLinePart],
    after: &[RemainingLinePart],
) -> Vec<StoredReceiptLine> {
    (0_i64..)
        .zip(sold.iter().zip(amounts_back(sold, left, after)))
        .zip(left.iter().zip(after))
        .filter(|(_, (left, after))| left != after)
        .map(
            |((position, (line, amount)), (left, after))| StoredReceiptLine {
                position,
                line: ReceiptLine {
                    quantity: left.returned_until(after).0,
                    amount,
                    ..line.clone()
                },
                result: LineResult::default(),
            },
        )
        .collect()
}

pub(super) fn explain_return_fault(fault: ReturnFault) -> Error {
    let problem = |field, key, at: usize| FieldProblem::new(field, key).with_arg("line", at);
    match fault {
        ReturnFault::Nothing => Error::invalid_field("lines", "lines-none"),
        ReturnFault::NoSuchLine { at } => problem("position", "return-no-such-line", at).into(),
        ReturnFault::NegativeLine { at } => problem("position", "return-negative-line", at).into(),
        ReturnFault::Quantity { at } => problem("quantity", "line-quantity", at).into(),
        ReturnFault::MoreThanLeft { at, left } => problem("quantity", "return-more-than-left", at)
            .with_arg("left", left.0)
            .into(),
        ReturnFault::QuantityOrAmount { at } => {
            problem("quantity", "return-quantity-or-amount", at).into()
        }
        ReturnFault::Amount { at } => problem("amount", "line-amount", at).into(),
        ReturnFault::NotOneSum { at } => problem("amount", "return-not-one-sum", at).into(),
        ReturnFault::MoreMoneyThanLeft { at, left } => {
            problem("amount", "return-more-than-left", at)
                .with_arg("left", left.0)
                .into()
        }
    }
}
