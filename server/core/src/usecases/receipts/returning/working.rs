//! Works a return out: what remains of a sale is judged again as the sale was. Nothing is read and nothing stored here.

use super::{ReturnEffect, ReturnedLine};
use crate::domain::amounts::{Money, Points, Quantity, share_out};
use crate::domain::evaluate::{Counted, Evaluation, LineResult};
use crate::domain::programme::Programme;
use crate::domain::receipt::{Basket, Line, effective_lines};
use crate::domain::returns::{
    Holdings, Judgement, Movement, ReturnFault, ReturnLine, check_lines, judge, left_after,
    movement, quantities, refund, remaining,
};
use crate::domain::time::Instant;
use crate::store::receipts::LineRow;
use crate::usecases::{Error, Problem};

/// A sale as it was stored, and what went back of it before.
pub(in crate::usecases) struct Past {
    /// How it was judged.
    pub judgement: Judgement,
    /// Code of the store.
    pub store: String,
    /// Its own time.
    pub at: Instant,
    /// What was bought.
    pub sold: Vec<Line>,
    /// What came of the judgement.
    pub stored: Evaluation,
    /// Returns of it, oldest first.
    pub earlier: Vec<ReturnEffect>,
}

/// A return that was worked out.
pub(in crate::usecases) struct WorkedOut {
    /// Goods that go back, at the prices of the sale.
    pub goods: Vec<LineRow>,
    /// What remained before, judged.
    pub before: Evaluation,
    /// What remains afterwards, judged.
    pub after: Evaluation,
    /// What of that counts for levels and as a purchase.
    pub counted: Counted,
    /// Points that move.
    pub movement: Movement,
    /// What is said of it.
    pub effect: ReturnEffect,
}

impl Past {
    /// What it does when these lines go back at `now`. `holdings` are the member's points, where there is a member;
    /// their `expired` is all that has expired of the sale's lots.
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
        let left = self.quantities_left()?;
        let refunded: Money = self.earlier.iter().map(|effect| effect.refund).sum();
        let forgiven: Points = self.earlier.iter().map(|effect| effect.expired).sum();
        check_lines(&self.sold, lines).map_err(explain)?;
        let after_left = left_after(&left, lines).map_err(explain)?;
        // A sale that is whole is as it was stored, whatever the rules' code does by now.
        let before = if self.earlier.is_empty() {
            self.stored.clone()
        } else {
            self.judge(programme, &left)?
        };
        let after = self.judge(programme, &after_left)?;
        let back = refund(self.stored.to_pay, after.to_pay, refunded);
        let goods = goods_back(&self.sold, &left, &after_left);
        let movement = holdings.map_or_else(Movement::default, |mut holdings| {
            holdings.expired -= forgiven;
            movement(&before, &after, holdings, now)
        });
        let effect = ReturnEffect {
            lines: shared(&goods, back),
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

    /// How much of each line did not go back.
    fn quantities_left(&self) -> Result<Vec<Quantity>, Error> {
        let mut left = quantities(&self.sold);
        for effect in &self.earlier {
            let gone = effect.lines.iter().map(|line| ReturnLine {
                position: line.position,
                quantity: line.quantity,
            });
            left = left_after(&left, &gone.collect::<Vec<_>>())
                .map_err(|fault| Error::Fault(format!("an earlier return of a sale: {fault:?}")))?;
        }
        Ok(left)
    }

    /// What counts of so much of each line, which was judged like this: line by line of the sale, or of what is left of it.
    fn counted(&self, programme: &Programme, left: &[Quantity], after: &Evaluation) -> Counted {
        let (places, lines) = remaining(&self.sold, left);
        if places.len() == after.lines.len() {
            return Counted::of(programme, &lines, &after.lines);
        }
        let results = places.iter().filter_map(|place| after.lines.get(*place));
        let results: Vec<LineResult> = results.copied().collect();
        Counted::of(programme, &lines, &results)
    }

    /// What counts of what did not go back, which was judged like this.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn counted_left(
        &self,
        programme: &Programme,
        judged: &Evaluation,
    ) -> Result<Counted, Error> {
        Ok(self.counted(programme, &self.quantities_left()?, judged))
    }

    /// The whole sale, judged.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn whole(&self, programme: &Programme) -> Result<Evaluation, Error> {
        self.judge_lines(programme, self.sold.clone())
    }

    /// What did not go back, judged.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn left(&self, programme: &Programme) -> Result<Evaluation, Error> {
        self.judge(programme, &self.quantities_left()?)
    }

    fn judge(&self, programme: &Programme, left: &[Quantity]) -> Result<Evaluation, Error> {
        self.judge_lines(programme, remaining(&self.sold, left).1)
    }

    fn judge_lines(&self, programme: &Programme, lines: Vec<Line>) -> Result<Evaluation, Error> {
        if lines.is_empty() {
            return Ok(Evaluation::default());
        }
        let basket = Basket {
            store: self.store.clone(),
            at: self.at,
            zone: self.judgement.zone(programme),
            lines,
        };
        judge(programme, &basket, &self.judgement, self.stored.spent)
            .map_err(|_| Error::Fault("what remains of a sale cannot be judged".to_owned()))
    }
}

/// The refund by line.
fn shared(goods: &[LineRow], back: Money) -> Vec<ReturnedLine> {
    let amounts: Vec<i64> = goods.iter().map(|row| row.line.amount.0).collect();
    goods
        .iter()
        .zip(share_out(back.0, &amounts))
        .filter_map(|(row, share)| {
            Some(ReturnedLine {
                position: usize::try_from(row.position).ok()?,
                quantity: row.line.quantity,
                refund: Money(share),
            })
        })
        .collect()
}

/// What goes back, a row for each line of the sale that shrinks, at the price that its share had.
fn goods_back(sold: &[Line], left: &[Quantity], after: &[Quantity]) -> Vec<LineRow> {
    // Each line bears its share of the negative lines, which goes back with it.
    let sold = effective_lines(sold);
    let price = |line: &Line, left: Quantity| {
        remaining(std::slice::from_ref(line), &[left])
            .1
            .first()
            .map_or(Money::ZERO, |line| line.amount)
    };
    (0_i64..)
        .zip(sold.iter().zip(left.iter().zip(after)))
        .filter(|(_, (_, (left, after)))| left > after)
        .map(|(position, (line, (left, after)))| LineRow {
            position,
            line: Line {
                quantity: *left - *after,
                amount: price(line, *left) - price(line, *after),
                ..line.clone()
            },
            result: LineResult::default(),
        })
        .collect()
}

pub(super) fn explain(fault: ReturnFault) -> Error {
    match fault {
        ReturnFault::Nothing => Error::field("lines", "lines-none"),
        ReturnFault::NoSuchLine { at } => Problem::new("position", "return-no-such-line")
            .with("line", at)
            .into(),
        ReturnFault::Quantity { at } => Problem::new("quantity", "line-quantity")
            .with("line", at)
            .into(),
        ReturnFault::NegativeLine { at } => Problem::new("position", "return-negative-line")
            .with("line", at)
            .into(),
        ReturnFault::MoreThanLeft { at, left } => Problem::new("quantity", "return-more-than-left")
            .with("line", at)
            .with("left", left.0)
            .into(),
    }
}
