//! Any sequence of buying, filling in the profile, closing and joining again.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

#[derive(Debug, Clone, Copy)]
enum Step {
    Buy,
    FillProfile,
    Rejoin { after_days: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let rejoin = prop_oneof![
        Just(0),
        Just(1),
        2..364_i64,
        Just(365),
        Just(366),
        367..800_i64
    ];
    let step = prop_oneof![
        2 => Just(Step::Buy),
        1 => Just(Step::FillProfile),
        3 => rejoin.prop_map(|after_days| Step::Rejoin { after_days }),
    ];
    prop::collection::vec(step, 1..8)
}

/// Lives the steps with a phone of its own, and compares what each brings with what a person may have once.
async fn live(chain: &Chain, phone: &str, steps: &[Step]) {
    let mut person = join(chain, phone).await;
    let (mut bought, mut rewarded) = (false, false);
    for step in steps {
        match step {
            Step::Buy => {
                let welcome = if bought { 0 } else { FIRST };
                assert_eq!(buys(chain, &person).await, 15 + welcome, "{steps:?}");
                bought = true;
            }
            Step::FillProfile => {
                let reward = if rewarded { 0 } else { 100 };
                assert_eq!(fills_profile(chain, &person).await, reward, "{steps:?}");
                rewarded = true;
            }
            Step::Rejoin { after_days } => {
                closes(chain, &person).await;
                chain.later(after_days * 86_400);
                prune_expired_rows(&chain.k).await.unwrap();
                if *after_days > 365 {
                    (bought, rewarded) = (false, false);
                }
                person = join(chain, phone).await;
            }
        }
    }
}

#[test]
fn no_sequence_of_closing_and_joining_gives_anything_twice_within_the_days() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let chain = runtime.block_on(chain(365));
    let phones = AtomicU64::new(0);
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&steps(), |steps| {
            let phone = format!("+7917{:07}", phones.fetch_add(1, Ordering::SeqCst));
            runtime.block_on(live(&chain, &phone, &steps));
            Ok(())
        })
        .unwrap();
    runtime.block_on(chain.check());
}
