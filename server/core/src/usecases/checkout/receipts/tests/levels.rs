//! Levels after returns: those of somebody who never bought what went back. The number of cases is that of PROPTEST_CASES.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::rig::{Member, Rig, START, back, line, programme};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::programme::Tier;
use crate::domain::time::Instant;
use crate::ids::ReceiptId;
use crate::store::tiers;

/// Silver from 3 000 ₽ on, gold from 6 000 ₽, platinum from 9 000 ₽, in a hundred days; no offers.
static RIG: LazyLock<Rig> = LazyLock::new(|| {
    let mut programme = programme(0);
    programme.offers.clear();
    programme.tier_rules.window_days = 100;
    let mut levels: Vec<Tier> = programme.tiers.into();
    for (place, level) in (0..).zip(&mut levels) {
        level.threshold = place * 300_000;
    }
    programme.tiers = levels.try_into().unwrap();
    Rig::with(&programme)
});

/// Pieces of so many hundreds of roubles each, some days after what happened before.
#[derive(Debug, Clone)]
struct Purchase {
    days: i64,
    pieces: i64,
    hundreds: i64,
}

#[derive(Debug, Clone)]
enum Step {
    Buy(Purchase),
    /// One of the pieces that are not back yet, where there is one, so many days later.
    Return(prop::sample::Index, i64),
}

fn any_life() -> impl Strategy<Value = Vec<Step>> {
    let days = || prop_oneof![Just(0), 0..70_i64];
    let purchase = (days(), 1..4_i64, 5..40_i64);
    let step = prop_oneof![
        2 => purchase.prop_map(|(days, pieces, hundreds)| Step::Buy(Purchase { days, pieces, hundreds })),
        1 => (any::<prop::sample::Index>(), days()).prop_map(|(piece, days)| Step::Return(piece, days)),
    ];
    prop::collection::vec(step, 1..9)
}

/// A purchase that was made: when, of what price a piece, and how many are not back.
struct Made {
    sale: ReceiptId,
    at: Instant,
    hundreds: i64,
    left: i64,
}

async fn buy(rig: &Rig, member: &Member, pieces: i64, hundreds: i64) -> ReceiptId {
    let goods = vec![line("grocery", pieces, pieces * hundreds * 100)];
    rig.sell(member, goods, PointsToSpend::None).await.id
}

async fn level(rig: &Rig, member: &Member) -> String {
    let mut tx = rig.k.db.read().await.unwrap();
    tiers::load_tier_status(&mut tx, member.id)
        .await
        .unwrap()
        .tier
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_level_after_returns_is_that_of_somebody_who_never_bought_what_went_back(life in any_life()) {
        RIG.runtime.block_on(async {
            let rig: &Rig = &RIG;
            rig.clock.set_time(START);
            let (anna, twin) = (rig.member(0).await, rig.member(0).await);
            let mut made: Vec<Made> = Vec::new();
            for step in &life {
                match step {
                    Step::Buy(Purchase { days, pieces, hundreds }) => {
                        rig.wait_days(*days);
                        let sale = buy(rig, &anna, *pieces, *hundreds).await;
                        made.push(Made { sale, at: rig.k.now(), hundreds: *hundreds, left: *pieces });
                    }
                    Step::Return(piece, days) => {
                        rig.wait_days(*days);
                        let mut open: Vec<&mut Made> = made.iter_mut().filter(|made| made.left > 0).collect();
                        if !open.is_empty() {
                            let chosen = piece.index(open.len());
                            rig.take_back(open[chosen].sale, vec![back(0, 1)]).await.unwrap();
                            open[chosen].left -= 1;
                        }
                    }
                }
            }
            for made in made.iter().filter(|made| made.left > 0) {
                rig.clock.set_time(made.at);
                buy(rig, &twin, made.left, made.hundreds).await;
            }
            assert_eq!(level(rig, &anna).await, level(rig, &twin).await);
        });
    }
}
