//! A purchase of the past: judged as tills judge, in the order of `receipts::effects`.

use super::{Bought, DemoShopper, Grant};
use crate::memory_ledger::{MovementCause, RowSink};
use crate::plan::PlannedTill;
use crate::rows::UseRow;
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::{Counted, Spend, Standing, Wallet, evaluate};
use kopilka_core::domain::ledger::{EntryKind, lot_dates};
use kopilka_core::domain::reason::Reason;
use kopilka_core::domain::receipt::{Basket, Line, ReceiptKind};
use kopilka_core::domain::returns::Judgement;
use kopilka_core::domain::tiers::window_start;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::{GrantId, ReceiptId};
use kopilka_core::store::json;
use kopilka_core::store::receipts::{LineRow, ReceiptRow};
use kopilka_core::usecases::posting::NewLot;
use kopilka_core::usecases::receipts::kept;
use kopilka_core::usecases::tiers::lifted;
use kopilka_core::usecases::{Error, Refusal};

impl DemoShopper<'_> {
    pub(super) fn buys(
        &mut self,
        at: Instant,
        place: PlannedTill,
        lines: Vec<Line>,
        spend: bool,
    ) -> Result<(), Error> {
        self.know(at);
        let rules = &self.chain.rules;
        let programme = &rules.programme;
        let till = self.chain.till(place)?;
        let wallet = Wallet {
            available: self.memory_ledger.balance(at).active,
            may_earn: programme.codes.rotating.earn,
            may_spend: programme.codes.rotating.spend,
        };
        let zone = programme.time_zone;
        let standing = Standing::of(programme, &self.facts, at, zone);
        let basket = Basket {
            store: till.store_code.clone(),
            at,
            zone,
            lines,
        };
        let spend = if spend { Spend::All } else { Spend::None };
        let evaluation =
            evaluate(programme, &basket, Some(&standing), wallet, spend).map_err(|short| {
                Refusal::TooManyPoints {
                    spendable: short.spendable,
                }
            })?;
        let judgement = Judgement {
            standing: Some(standing.kept()),
            wallet,
            claimed: false,
            zone: None,
        };
        let id = ReceiptId(self.ids.next());
        let (shift, number) = self.identity(at);
        let tier = self.standing.tier.clone();
        let counted = Counted::of(programme, &basket.lines, &evaluation.lines);
        let row = ReceiptRow {
            id,
            store_id: till.store_id,
            till_id: till.id,
            kind: ReceiptKind::Sale,
            series: String::new(),
            shift,
            number,
            at,
            received_at: at,
            member_id: Some(self.row.id),
            staff_id: None,
            programme_version: rules.version,
            total: evaluation.total,
            discount: evaluation.discount,
            paid_by_points: evaluation.paid_by_points,
            evaluation: kept::keep(&evaluation, programme, &tier)?,
            judgement: json::to_column(&judgement)?,
            tier,
            sale_id: None,
            kept_total: evaluation.total - evaluation.discount,
            kept_points: evaluation.earned,
            counted_total: counted.money,
            counted_points: counted.points,
            purchase_total: counted.purchase,
        };
        for ((position, line), result) in (0_i64..).zip(&basket.lines).zip(&evaluation.lines) {
            let line = LineRow {
                position,
                line: line.clone(),
                result: *result,
            };
            self.rows.line(id, self.row.id, line);
        }
        self.bought.push(Bought {
            row,
            place,
            lines: basket.lines,
            evaluation,
            judgement,
        });
        self.has_bought(at)
    }

    /// Applies the purchase that was just made to points, offers and tier.
    fn has_bought(&mut self, at: Instant) -> Result<(), Error> {
        let Some(bought) = self.bought.last() else {
            return Ok(());
        };
        let (id, evaluation) = (bought.row.id, &bought.evaluation);
        let rules = &self.chain.rules;
        let programme = &rules.programme;
        let mut out = RowSink {
            rows: self.rows,
            ids: &mut self.ids,
        };
        let cause = MovementCause {
            at,
            receipt: Some(id),
            sale: Some(id),
        };
        self.memory_ledger.catch_up(&mut out, cause)?;
        let reason = Reason::Spend {
            points: evaluation.spent,
            money: evaluation.paid_by_points,
            total: evaluation.total - evaluation.discount,
        };
        self.memory_ledger
            .spend(&mut out, cause, evaluation.spent, reason)?;
        let reasons: Vec<(Points, Reason)> = evaluation
            .reasons
            .iter()
            .map(|part| (part.points, part.reason.clone()))
            .collect();
        let points = &programme.points;
        let (activates, expires) = lot_dates(points, at, points.hold_days, programme.time_zone);
        let lot = NewLot {
            points: evaluation.earned,
            activates,
            expires,
            sale: Some(id),
        };
        self.memory_ledger
            .bring_in(&mut out, cause, EntryKind::Earn, lot, &reasons)?;
        for used in &evaluation.offers_used {
            self.uses.push(UseRow {
                receipt: id,
                offer: used.offer.clone(),
                points: used.points,
                money: used.discount,
                at,
            });
            self.facts.activated.remove(&used.offer);
            self.switched_on.remove(&used.offer);
            if let Some(gift) = &used.gift {
                self.grants.push(Grant {
                    id: GrantId(self.ids.next()),
                    offer: used.offer.clone(),
                    gift: gift.clone(),
                    receipt: id,
                    at,
                });
            }
        }
        if bought.row.purchase_total.is_positive() {
            self.facts.purchases.push(at);
        }
        let measured = self.counted(window_start(programme, at));
        if let Some(change) = lifted(rules, &self.standing, measured, id, at) {
            self.changes_tier(&change);
        }
        Ok(())
    }
}
