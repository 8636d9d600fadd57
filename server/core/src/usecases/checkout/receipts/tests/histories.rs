//! Any history of sales, spendings, returns and waiting. The number of cases is that of PROPTEST_CASES.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::rig::{Member, Rig, START, back, line, recalculating};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::receipt::ReceiptLine;
use crate::ids::ReceiptId;

/// Chains whose returns keep discounts, and such that judge what is left again; of each one whose points can be spent at
/// once, and one whose points wait for five days.
struct Chains([LazyLock<Rig>; 4]);

impl Chains {
    const fn new() -> Self {
        Self([
            LazyLock::new(|| Rig::new(0)),
            LazyLock::new(|| Rig::new(5)),
            LazyLock::new(|| Rig::with(&recalculating(0))),
            LazyLock::new(|| Rig::with(&recalculating(5))),
        ])
    }

    fn get(&self, recalculates: bool, held: bool) -> &Rig {
        &self.0[2 * usize::from(recalculates) + usize::from(held)]
    }
}

static CHAINS: Chains = Chains::new();
// Where the clock jumps, a test has chains of its own.
static JUMPING: Chains = Chains::new();
static MIXED: Chains = Chains::new();

/// A purchase: lines of category, pieces and price, and whether points pay.
#[derive(Debug, Clone)]
struct Purchase {
    lines: Vec<(&'static str, i64, i64)>,
    spend: bool,
    days_before: i64,
}

prop_compose! {
    fn any_purchase(most_days: i64)(
        lines in prop::collection::vec(
            (prop::sample::select(vec!["dairy", "coffee", "tobacco", "grocery"]), 1..4_i64, 1..1_500_i64),
            1..4,
        ),
        spend in any::<bool>(),
        days_before in 0..=most_days,
    ) -> Purchase {
        Purchase { lines, spend, days_before }
    }
}

impl Purchase {
    fn lines(&self) -> Vec<ReceiptLine> {
        self.lines
            .iter()
            .map(|(category, pieces, roubles)| line(category, *pieces, *roubles))
            .collect()
    }

    /// Each piece of each line.
    fn pieces(&self) -> impl Iterator<Item = usize> {
        self.lines
            .iter()
            .enumerate()
            .flat_map(|(position, (_, pieces, _))| (0..*pieces).map(move |_| position))
    }
}

/// Sells them all; the receipts and what was paid in money.
async fn sell(rig: &Rig, member: &Member, purchases: &[Purchase]) -> (Vec<ReceiptId>, Money) {
    let (mut sales, mut paid) = (Vec::new(), Money(0));
    for purchase in purchases {
        rig.wait_days(purchase.days_before);
        let spend = if purchase.spend {
            PointsToSpend::All
        } else {
            PointsToSpend::None
        };
        let receipt = rig.sell(member, purchase.lines(), spend).await;
        paid += receipt.quote.evaluation.to_pay;
        sales.push(receipt.id);
    }
    (sales, paid)
}

/// Every piece of every purchase, in an order of chance.
fn shuffled(purchases: &[Purchase]) -> impl Strategy<Value = Vec<(usize, usize)>> + use<> {
    let pieces: Vec<(usize, usize)> = purchases
        .iter()
        .enumerate()
        .flat_map(|(sale, purchase)| purchase.pieces().map(move |position| (sale, position)))
        .collect();
    Just(pieces).prop_shuffle()
}

fn purchases_and_order(
    most_days: i64,
) -> impl Strategy<Value = (Vec<Purchase>, Vec<(usize, usize)>)> {
    prop::collection::vec(any_purchase(most_days), 1..4)
        .prop_flat_map(|purchases| (Just(purchases.clone()), shuffled(&purchases)))
}

/// What happens to a member: purchases and returns in any order.
#[derive(Debug, Clone)]
enum Step {
    Buy(Purchase),
    /// One of the pieces that are not back yet, where there is one, so many days later.
    Return(prop::sample::Index, i64),
}

fn any_life(most_days: i64) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        any_purchase(most_days).prop_map(Step::Buy),
        (any::<prop::sample::Index>(), 0..=most_days)
            .prop_map(|(piece, days)| Step::Return(piece, days)),
    ];
    prop::collection::vec(step, 1..9)
}

/// What a life has left: pieces that are not back yet, and the money that was paid and given back.
#[derive(Default)]
struct Left {
    pieces: Vec<(ReceiptId, usize)>,
    paid: Money,
    refunded: Money,
}

impl Left {
    async fn step(&mut self, rig: &Rig, member: &Member, step: &Step) {
        match step {
            Step::Buy(purchase) => {
                let (sales, paid) = sell(rig, member, std::slice::from_ref(purchase)).await;
                let pieces = purchase.pieces().map(|position| (sales[0], position));
                self.pieces.extend(pieces);
                self.paid += paid;
            }
            Step::Return(piece, days) if !self.pieces.is_empty() => {
                rig.wait_days(*days);
                self.give_back(rig, piece.index(self.pieces.len())).await;
            }
            Step::Return(..) => {}
        }
    }

    async fn give_back(&mut self, rig: &Rig, piece: usize) {
        let (sale, position) = self.pieces.swap_remove(piece);
        let returned = rig.take_back(sale, vec![back(position, 1)]).await.unwrap();
        self.refunded += returned.effect.refund;
    }
}

/// What must not depend on the order of returns.
async fn state(rig: &Rig, member: &Member) -> impl PartialEq + std::fmt::Debug + use<> {
    let balance = rig.balance(member).await;
    assert!(balance.active.is_zero() || balance.debt.is_zero());
    (
        balance.active - balance.debt,
        balance.pending,
        rig.kept(member).await,
        rig.waiting_gifts(member).await,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn returning_everything_equals_never_having_bought(
        (purchases, order) in purchases_and_order(0), held in any::<bool>(), recalculates in any::<bool>(), bonus in 0..300_i64,
    ) {
        let rig: &Rig = CHAINS.get(recalculates, held);
        rig.runtime.block_on(async {
            let member = rig.member(bonus).await;
            let (sales, paid) = sell(rig, &member, &purchases).await;
            let mut refunded = Money(0);
            for (sale, position) in order {
                let returned = rig.take_back(sales[sale], vec![back(position, 1)]).await.unwrap();
                refunded += returned.effect.refund;
            }
            assert_eq!(refunded, paid);
            let balance = rig.balance(&member).await;
            assert_eq!((balance.active, balance.pending, balance.debt), (Points(bonus), Points(0), Points(0)));
            assert_eq!(rig.kept(&member).await, (Money(0), Points(0), Vec::new()));
            assert_eq!(rig.waiting_gifts(&member).await, 0);
        });
    }

    #[test]
    fn any_order_of_partial_returns_ends_in_the_same_ledger(
        (purchases, order) in purchases_and_order(0), other in any::<prop::sample::Index>(),
        some in any::<prop::sample::Index>(), held in any::<bool>(), recalculates in any::<bool>(),
    ) {
        let rig: &Rig = CHAINS.get(recalculates, held);
        let gone = &order[..some.index(order.len() + 1)];
        let mut turned = gone.to_vec();
        turned.reverse();
        if !turned.is_empty() {
            let by = other.index(turned.len());
            turned.rotate_left(by);
        }
        rig.runtime.block_on(async {
            let mut states = Vec::new();
            let mut refunds = Vec::new();
            for order in [gone, &turned] {
                let member = rig.member(150).await;
                let (sales, paid) = sell(rig, &member, &purchases).await;
                let mut refunded = Money(0);
                for (sale, position) in order {
                    let returned = rig.take_back(sales[*sale], vec![back(*position, 1)]).await.unwrap();
                    assert!(returned.effect.refund >= Money(0));
                    if !recalculates {
                        // What is left never costs more, nor earns more, than it did.
                        assert_eq!((returned.effect.spent, returned.effect.earned), (Points(0), Points(0)));
                    }
                    refunded += returned.effect.refund;
                }
                assert!(refunded <= paid);
                refunds.push(refunded);
                states.push(state(rig, &member).await);
            }
            // And all at once, a return for each sale.
            let member = rig.member(150).await;
            let (sales, _) = sell(rig, &member, &purchases).await;
            let mut refunded = Money(0);
            for (number, sale) in sales.iter().enumerate() {
                let lines: Vec<_> = gone.iter().filter(|(sale, _)| *sale == number)
                    .map(|(_, position)| back(*position, 1)).collect();
                if !lines.is_empty() {
                    refunded += rig.take_back(*sale, lines).await.unwrap().effect.refund;
                }
            }
            states.push(state(rig, &member).await);
            assert_eq!(states[0], states[1]);
            assert_eq!(states[0], states[2]);
            if !recalculates {
                // Where what is left may cost more, a refund of nothing is made up for by later returns only.
                assert_eq!(refunds, [refunded, refunded]);
            }
        });
    }

    #[test]
    fn whatever_happens_and_however_the_clock_jumps_the_ledger_adds_up(
        (purchases, order) in purchases_and_order(80), some in any::<prop::sample::Index>(),
        waits in prop::collection::vec(0..70_i64, 12), held in any::<bool>(), recalculates in any::<bool>(),
    ) {
        let rig: &Rig = JUMPING.get(recalculates, held);
        rig.runtime.block_on(async {
            rig.clock.set_time(START);
            let member = rig.member(40).await;
            let (sales, _) = sell(rig, &member, &purchases).await;
            for ((sale, position), days) in order[..some.index(order.len() + 1)].iter().zip(waits) {
                rig.wait_days(days);
                rig.take_back(sales[*sale], vec![back(*position, 1)]).await.unwrap();
            }
            rig.wait_days(33);
            rig.sell(&member, vec![line("grocery", 1, 500)], PointsToSpend::All).await;
            rig.check_one(&member).await;
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn returns_between_purchases_leave_nothing_either_once_everything_is_back(
        life in any_life(0), held in any::<bool>(), recalculates in any::<bool>(), bonus in 0..300_i64,
    ) {
        let rig: &Rig = CHAINS.get(recalculates, held);
        rig.runtime.block_on(async {
            let member = rig.member(bonus).await;
            let mut left = Left::default();
            for step in &life {
                left.step(rig, &member, step).await;
            }
            while !left.pieces.is_empty() {
                left.give_back(rig, 0).await;
            }
            assert_eq!(left.refunded, left.paid);
            let balance = rig.balance(&member).await;
            assert_eq!((balance.active, balance.pending, balance.debt), (Points(bonus), Points(0), Points(0)));
            assert_eq!(rig.kept(&member).await, (Money(0), Points(0), Vec::new()));
            assert_eq!(rig.waiting_gifts(&member).await, 0);
            rig.check_one(&member).await;
        });
    }

    #[test]
    fn the_ledger_adds_up_when_returns_come_between_purchases_and_the_clock_jumps(
        life in any_life(80), held in any::<bool>(), recalculates in any::<bool>(), bonus in 0..300_i64,
    ) {
        let rig: &Rig = MIXED.get(recalculates, held);
        rig.runtime.block_on(async {
            rig.clock.set_time(START);
            let member = rig.member(bonus).await;
            let mut left = Left::default();
            for step in &life {
                left.step(rig, &member, step).await;
            }
            rig.check_one(&member).await;
            rig.wait_days(33);
            rig.sell(&member, vec![line("grocery", 1, 500)], PointsToSpend::All).await;
            rig.check_one(&member).await;
        });
    }
}

#[test]
fn after_all_histories_the_whole_ledger_adds_up() {
    let rig = Rig::new(3);
    rig.runtime.block_on(async {
        let member = rig.member(10).await;
        rig.sell(&member, vec![line("dairy", 3, 900)], PointsToSpend::All)
            .await;
        rig.wait_days(100);
        rig.sell(&member, vec![line("dairy", 3, 900)], PointsToSpend::All)
            .await;
        rig.check().await;
    });
}
