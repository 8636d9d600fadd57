//! Offers of a customer by what becomes of them on the receipt that is open at the till.

use crate::domain::evaluate::Evaluation;
use crate::domain::offers::UnmetCondition;
use crate::usecases::loyalty::offers::MemberOfferView;

/// Outcome of an offer on a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferOutcome {
    /// It may count: there is no sum yet.
    MayCount,
    /// It counts.
    Counts,
    /// It does not count, for this first reason where one is known.
    Missed(Option<UnmetCondition>),
    /// It lacks a step of the member's: this condition; `None` = the tap.
    Waits(Option<UnmetCondition>),
}

/// An offer with its outcome.
#[derive(Debug, Clone)]
pub struct JudgedOffer {
    /// The offer as its member sees it.
    pub view: MemberOfferView,
    /// Outcome on the receipt.
    pub outcome: OfferOutcome,
}

/// Offers of a customer in the groups that a till shows.
#[derive(Debug, Clone, Default)]
pub struct JudgedOffers {
    /// Offers that count; before a sum, those that may.
    pub open: Vec<JudgedOffer>,
    /// Offers that one word of the cashier's or one step of the member's may be enough for.
    pub near: Vec<JudgedOffer>,
    /// Offers that do not count.
    pub missed: Vec<JudgedOffer>,
}

impl JudgedOffers {
    /// Sorts the offers that count without another tap by what the receipt makes of them, and adds those that wait for a step
    /// of the member's. `evaluation` is that of the receipt; `None` = there is no sum yet.
    pub fn sort_by_outcome(
        offers: Vec<MemberOfferView>,
        waiting: Vec<MemberOfferView>,
        evaluation: Option<&Evaluation>,
    ) -> Self {
        let mut judged = Self::default();
        for view in offers {
            match evaluation {
                None => judged.open.push(JudgedOffer {
                    view,
                    outcome: OfferOutcome::MayCount,
                }),
                Some(evaluation) => judged.add(view, evaluation),
            }
        }
        for view in waiting {
            let outcome = OfferOutcome::Waits(view.misses.first().cloned());
            judged.near.push(JudgedOffer { view, outcome });
        }
        judged
    }

    fn add(&mut self, view: MemberOfferView, evaluation: &Evaluation) {
        let id = &view.offer.id;
        if evaluation.offers_used.iter().any(|used| used.offer == *id) {
            let outcome = OfferOutcome::Counts;
            self.open.push(JudgedOffer { view, outcome });
            return;
        }
        let missed = evaluation
            .offers_missed
            .iter()
            .find(|missed| missed.offer == *id);
        let misses = missed.map_or([].as_slice(), |missed| missed.misses.as_slice());
        let outcome = OfferOutcome::Missed(misses.first().cloned());
        let is_near = matches!(misses, [miss] if miss.is_worth_saying());
        let group = if is_near {
            &mut self.near
        } else {
            &mut self.missed
        };
        group.push(JudgedOffer { view, outcome });
    }
}
