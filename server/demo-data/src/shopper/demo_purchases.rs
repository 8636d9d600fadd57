//! A purchase of the past: judged as tills judge, in the order of `receipts::sale_effects`.

use super::{DemoShopper, PromisedDemoGift, ReturnablePurchase};
use crate::memory_ledger::{MovementCause, RowSink};
use crate::plan::PlannedTill;
use crate::rows::DemoOfferUseRow;
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::{
    CountedAmounts, MemberWallet, OfferEligibility, PointsToSpend, evaluate,
};
use kopilka_core::domain::ledger::{EntryKind, lot_dates};
use kopilka_core::domain::reason::EntryReason;
use kopilka_core::domain::receipt::{Basket, ReceiptKind, ReceiptLine};
use kopilka_core::domain::returns::SaleJudgement;
use kopilka_core::domain::tiers::window_start;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::{GrantId, ReceiptId};
use kopilka_core::store::json;
use kopilka_core::store::receipts::{StoredReceiptLine, StoredReceiptRow};
use kopilka_core::usecases::loyalty::evaluation_encoding;
use kopilka_core::usecases::loyalty::posting::NewPointsLot;
use kopilka_core::usecases::loyalty::tiers::find_rise;
use kopilka_core::usecases::{Error, Refusal};

impl DemoShopper<'_> {
    pub(super) fn buy_goods(
        &mut self,
        at: Instant,
        place: PlannedTill,
        lines: Vec<ReceiptLine>,
        spend: bool,
    ) -> Result<(), Error> {
        self.update_facts(at);
        let rules = &self.chain.rules;
        let programme = &rules.programme;
        let till = self.chain.till_at(place)?;
        let wallet = MemberWallet {
            available: self.memory_ledger.balance(at).active,
            may_earn: programme.codes.rotating.earn,
            may_spend: programme.codes.rotating.spend,
        };
        let zone = programme.time_zone;
        let standing = OfferEligibility::of_member(programme, &self.facts, at, zone);
        let basket = Basket {
            store: till.store_code.clone(),
            at,
            zone,
            lines,
        };
        let spend = if spend {
            PointsToSpend::All
        } else {
            PointsToSpend::None
        };
        let evaluation =
            evaluate(programme, &basket, Some(&standing), wallet, spend).map_err(|short| {
                Refusal::TooManyPoints {
                    spendable: short.spendable,
                }
            })?;
        let judgement = SaleJudgement {
            standing: Some(standing.only_open_offers()),
            wallet,
            claimed: false,
            zone: None,
        };
        let id = ReceiptId(self.ids.next_id());
        let (shift, number) = self.identity(at);
        let tier = self.standing.tier.clone();
        let counted = CountedAmounts::from_lines(programme, &basket.lines, &evaluation.lines);
        let row = StoredReceiptRow {
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
            evaluation: evaluation_encoding::encode_evaluation(&evaluation, programme, &tier)?,
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
            let line = StoredReceiptLine {
                position,
                line: line.clone(),
                result: *result,
            };
            self.rows.add_line(id, self.row.id, line);
        }
        self.bought.push(ReturnablePurchase {
            row,
            place,
            lines: basket.lines,
            evaluation,
            judgement,
        });
        self.apply_purchase(at)
    }

    /// Applies the purchase that was just made to points, offers and tier.
    fn apply_purchase(&mut self, at: Instant) -> Result<(), Error> {
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
        let reason = EntryReason::Spend {
            points: evaluation.spent,
            money: evaluation.paid_by_points,
            total: evaluation.total - evaluation.discount,
        };
        self.memory_ledger
            .spend_points(&mut out, cause, evaluation.spent, reason)?;
        let reasons: Vec<(Points, EntryReason)> = evaluation
            .reasons
            .iter()
            .map(|part| (part.points, part.reason.clone()))
            .collect();
        let points = &programme.points;
        let (activates, expires) = lot_dates(points, at, points.hold_days, programme.time_zone);
        let lot = NewPointsLot {
            points: evaluation.earned,
            activates,
            expires,
            sale: Some(id),
        };
        self.memory_ledger
            .bring_in(&mut out, cause, EntryKind::Earn, lot, &reasons)?;
        for used in &evaluation.offers_used {
            self.uses.push(DemoOfferUseRow {
                receipt: id,
                offer: used.offer.clone(),
                points: used.points,
                money: used.discount,
                at,
            });
            self.facts.activated.remove(&used.offer);
            self.switched_on.remove(&used.offer);
            if let Some(gift) = &used.gift {
                self.grants.push(PromisedDemoGift {
                    id: GrantId(self.ids.next_id()),
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
        if let Some(change) = find_rise(rules, &self.standing, measured, id, at) {
            self.record_tier_change(&change);
        }
        Ok(())
    }
}
