//! A purchase, or a part of it, goes back: as `receipts::returning` does it, in memory.

use super::{DemoShopper, PromisedDemoGift};
use crate::memory_ledger::{MovementCause, RowSink};
use crate::rows::DemoOfferUseRow;
use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::evaluate::{Evaluation, UsedOffer};
use kopilka_core::domain::ledger::{EntryKind, lot_dates, lot_grace};
use kopilka_core::domain::offers::OfferActivation;
use kopilka_core::domain::reason::{EntryReason, RecalculatedEarnings};
use kopilka_core::domain::receipt::ReceiptKind;
use kopilka_core::domain::returns::{MemberHoldings, ReturnedLinePart};
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::{GrantId, ReceiptId};
use kopilka_core::store::json;
use kopilka_core::store::receipts::StoredReceiptRow;
use kopilka_core::store::tiers::{RemainingSaleRow, TierChangeRow};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::checkout::receipts::{ReturnCalculation, SaleBeforeReturn};
use kopilka_core::usecases::loyalty::posting::NewPointsLot;
use kopilka_core::usecases::loyalty::tiers::{QualifyingPurchases, find_fall};

fn is_offer_used(offers: &[UsedOffer], offer: &str) -> bool {
    offers.iter().any(|used| used.offer == offer)
}

impl DemoShopper<'_> {
    pub(super) fn return_goods(
        &mut self,
        at: Instant,
        purchase: usize,
        lines: &[ReturnedLinePart],
    ) -> Result<(), Error> {
        let missing = || Error::Fault("a purchase that was never made goes back".to_owned());
        let rules = &self.chain.rules;
        let programme = &rules.programme;
        let mut out = RowSink {
            rows: self.rows,
            ids: &mut self.ids,
        };
        self.memory_ledger
            .catch_up(&mut out, MovementCause::at_time(at))?;
        let bought = self.bought.get(purchase).ok_or_else(missing)?;
        let (sale, till) = (bought.row.id, self.chain.till_at(bought.place)?);
        let points = self.memory_ledger.lots_of_sale(sale);
        let past = SaleBeforeReturn {
            judgement: bought.judgement.clone(),
            store: till.store_code.clone(),
            at: bought.row.at,
            sold: bought.lines.clone(),
            stored: bought.evaluation.clone(),
            earlier: Vec::new(),
        };
        let holdings = MemberHoldings {
            own: &points.own,
            expired: points.expired,
            others: &points.others,
            paid: &points.paid,
            grace: lot_grace(&programme.points, at, programme.time_zone),
        };
        let worked_out = past.calculate_return(programme, lines, Some(holdings), at)?;
        let id = ReceiptId(self.ids.next_id());
        let mut effect = worked_out.effect.clone();
        for used in lost_offers(&worked_out.before, &worked_out.after) {
            effect.offers_lost.push(used.offer.clone());
            effect.gifts_withdrawn.extend(used.gift.clone());
        }
        let goods: Money = worked_out.goods.iter().map(|row| row.line.amount).sum();
        let by_points = worked_out.before.paid_by_points - worked_out.after.paid_by_points;
        let (shift, number) = self.identity(at);
        let row = StoredReceiptRow {
            id,
            store_id: till.store_id,
            till_id: till.id,
            kind: ReceiptKind::Return,
            series: String::new(),
            shift,
            number,
            at,
            received_at: at,
            member_id: Some(self.row.id),
            staff_id: None,
            programme_version: rules.version,
            tier: bought.row.tier.clone(),
            total: goods,
            discount: goods - by_points - effect.refund,
            paid_by_points: by_points,
            evaluation: json::to_column(&effect)?,
            judgement: String::new(),
            sale_id: Some(sale),
            kept_total: Money::ZERO,
            kept_points: Points::ZERO,
            counted_total: Money::ZERO,
            counted_points: Points::ZERO,
            purchase_total: Money::ZERO,
        };
        for line in &worked_out.goods {
            self.rows.add_line(id, self.row.id, line.clone());
        }
        self.returned.push(row);
        let kept = worked_out.after.total - worked_out.after.discount;
        let counted = worked_out.counted;
        let sold_at = bought.row.at;
        if let Some(bought) = self.bought.get_mut(purchase) {
            bought.row.kept_total = kept;
            bought.row.kept_points = worked_out.after.earned;
            bought.row.counted_total = counted.money;
            bought.row.counted_points = counted.points;
            bought.row.purchase_total = counted.purchase;
        }
        if counted.purchase.is_zero() {
            self.facts.purchases.retain(|each| *each != sold_at);
        }
        let cause = MovementCause {
            at,
            receipt: Some(id),
            sale: Some(sale),
        };
        self.settle_points(cause, &worked_out, sold_at)?;
        self.take_offers_back(sale, &worked_out, sold_at, at);
        self.lower_tier(sale, at);
        Ok(())
    }

    fn settle_points(
        &mut self,
        cause: MovementCause,
        worked_out: &ReturnCalculation,
        sold_at: Instant,
    ) -> Result<(), Error> {
        let programme = &self.chain.rules.programme;
        let (before, after) = (&worked_out.before, &worked_out.after);
        let movement = &worked_out.movement;
        if movement.forgiven.is_positive() {
            let text = "points return that no lot had paid, at a first return";
            return Err(Error::Fault(text.to_owned()));
        }
        let memory_ledger = &mut self.memory_ledger;
        let out = &mut RowSink {
            rows: self.rows,
            ids: &mut self.ids,
        };
        memory_ledger.restore(out, cause, &movement.restored)?;
        let reason = EntryReason::Spend {
            points: worked_out.effect.spent,
            money: (after.paid_by_points - before.paid_by_points).or_zero(),
            total: after.total - after.discount,
        };
        memory_ledger.take_back(out, cause, EntryKind::Spend, &movement.spent, reason)?;
        let (before, after) = (before.earned, after.earned);
        let reason = |points| EntryReason::Returned {
            points,
            of: Some(RecalculatedEarnings { before, after }),
        };
        let taken = reason(movement.taken.from_lots());
        memory_ledger.take_back(out, cause, EntryKind::Return, &movement.taken, taken)?;
        let points: Points = movement.given;
        let rules = &programme.points;
        let (activates, expires) = lot_dates(rules, sold_at, rules.hold_days, programme.time_zone);
        let lot = NewPointsLot {
            points,
            activates,
            expires,
            sale: cause.sale,
        };
        let reasons = [(points, reason(points))];
        memory_ledger.bring_in(out, cause, EntryKind::Return, lot, &reasons)?;
        memory_ledger.settle_debt(out, cause)
    }

    fn take_offers_back(
        &mut self,
        sale: ReceiptId,
        worked_out: &ReturnCalculation,
        sold_at: Instant,
        at: Instant,
    ) {
        let (before, after) = (&worked_out.before, &worked_out.after);
        let programme = &self.chain.rules.programme;
        for gone in lost_offers(before, after) {
            let of_sale = |receipt: ReceiptId, offer: &str| receipt == sale && offer == gone.offer;
            self.uses.retain(|row| !of_sale(row.receipt, &row.offer));
            self.grants.retain(|row| !of_sale(row.receipt, &row.offer));
            let offer = programme.offer(&gone.offer);
            if offer.is_some_and(|offer| offer.activation == OfferActivation::Tap)
                && self.facts.activated.insert(gone.offer.clone())
            {
                self.switched_on.insert(gone.offer.clone(), at);
            }
        }
        for used in &after.offers_used {
            let known = self
                .uses
                .iter_mut()
                .find(|row| row.receipt == sale && row.offer == used.offer);
            if let Some(row) = known {
                (row.points, row.money) = (used.points, used.discount);
                continue;
            }
            self.uses.push(DemoOfferUseRow {
                receipt: sale,
                offer: used.offer.clone(),
                points: used.points,
                money: used.discount,
                at: sold_at,
            });
            if let Some(gift) = &used.gift {
                self.grants.push(PromisedDemoGift {
                    id: GrantId(self.ids.next_id()),
                    offer: used.offer.clone(),
                    gift: gift.clone(),
                    receipt: sale,
                    at,
                });
            }
        }
    }

    fn lower_tier(&mut self, sale: ReceiptId, at: Instant) {
        let rules = &self.chain.rules;
        let timeline = [(Instant(i64::MIN), rules.clone())];
        let changes: Vec<TierChangeRow> = self.changes.iter().rev().cloned().collect();
        let rows = self.bought.iter().map(|bought| &bought.row);
        let kept = rows
            .filter(|row| row.kept_total > Money::ZERO)
            .map(|row| RemainingSaleRow {
                at: row.at,
                came: row.received_at,
                money: row.counted_total,
                points: row.counted_points,
            });
        let purchases = QualifyingPurchases::new(kept.collect());
        let fallen = find_fall(rules, &timeline, &changes, &self.standing, &purchases, at);
        if let Some((fall, _)) = fallen {
            self.record_tier_change(&fall.because_of(sale));
        }
    }
}

/// Offers that the sale used and no longer does.
fn lost_offers<'a>(
    before: &'a Evaluation,
    after: &'a Evaluation,
) -> impl Iterator<Item = &'a UsedOffer> {
    before
        .offers_used
        .iter()
        .filter(|used| !is_offer_used(&after.offers_used, &used.offer))
}
