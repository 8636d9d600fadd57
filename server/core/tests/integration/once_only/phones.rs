//! Any order of phones that change between persons, with accounts closed and opened on the way: what is given once is given
//! once to each phone and person, and nobody is counted for what neither they nor an owner of their phones has used.

use std::collections::{BTreeMap, BTreeSet};

use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::offers::OfferBenefit;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Points of an offer that each member may use twice.
const TWICE: i64 = 50;
/// Two persons for three phones: the fewer they are, the more often a phone comes back.
const PEOPLE: usize = 2;
const PHONES: usize = 3;

/// A chain that gives 200 points for a first purchase, and 50 for each of two.
async fn chain_of_two_offers() -> Chain {
    Chain::open("2026-03-01", |programme| {
        let all: Vec<Offer> = demo::programme().unwrap().offers;
        let mut first = all
            .into_iter()
            .find(|offer| offer.id == "first-purchase")
            .unwrap();
        first.conditions.rewrite(|written| written.until = None);
        let mut twice = first.clone();
        twice.id = "twice".to_owned();
        twice
            .conditions
            .rewrite(|written| written.first_purchase = false);
        twice.benefit = OfferBenefit::FixedPoints {
            points: Points(TWICE),
        };
        twice.limits.per_member = Some(2);
        programme.offers = vec![first, twice];
        programme.adjustments.approval_above = Points(1_000_000);
    })
    .await
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Buy { person: usize },
    Change { person: usize, phone: usize },
    Rejoin { person: usize, phone: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = 0..PEOPLE;
    let change = (person.clone(), 0..PHONES);
    let step = prop_oneof![
        2 => person.prop_map(|person| Step::Buy { person }),
        5 => change.clone().prop_map(|(person, phone)| Step::Change { person, phone }),
        1 => change.prop_map(|(person, phone)| Step::Rejoin { person, phone }),
    ];
    prop::collection::vec(step, 6..16)
}

/// Expected knowledge of a person.
struct Expected {
    phone: usize,
    former: BTreeSet<usize>,
    /// Days of the uses that count for the person: own ones, and those of others under the person's phones.
    uses: BTreeSet<i64>,
}

/// Expected knowledge of all.
#[derive(Default)]
struct Model {
    people: Vec<Expected>,
    /// Uses of closed accounts, by phone.
    closed: BTreeMap<usize, BTreeSet<i64>>,
}

impl Model {
    fn is_free(&self, phone: usize, but_for: usize) -> bool {
        let mut people = self.people.iter().enumerate();
        people.all(|(place, person)| place == but_for || person.phone != phone)
    }

    /// Uses that whoever gets the phone takes over.
    fn used_under(&self, phone: usize) -> BTreeSet<i64> {
        let mut used = self.closed.get(&phone).cloned().unwrap_or_default();
        for person in &self.people {
            if person.former.contains(&phone) {
                used.extend(&person.uses);
            }
        }
        used
    }

    fn change(&mut self, person: usize, phone: usize) {
        let used = self.used_under(phone);
        let person = &mut self.people[person];
        person.former.insert(person.phone);
        person.former.remove(&phone);
        person.phone = phone;
        person.uses.extend(used);
    }

    fn close(&mut self, person: usize) {
        let person = &mut self.people[person];
        person.former.insert(person.phone);
        for phone in std::mem::take(&mut person.former) {
            self.closed.entry(phone).or_default().extend(&person.uses);
        }
        person.uses.clear();
    }

    fn join(&mut self, person: usize, phone: usize) {
        let used = self.used_under(phone);
        let person = &mut self.people[person];
        (person.phone, person.uses) = (phone, used);
    }
}

async fn live(chain: &Chain, case: usize, steps: &[Step]) {
    let number = |phone: usize| format!("+7918{:07}", case * 10 + phone);
    let (mut model, mut people) = (Model::default(), Vec::new());
    for person in 0..PEOPLE {
        people.push(join(chain, &number(person)).await);
        model.people.push(Expected {
            phone: person,
            former: BTreeSet::new(),
            uses: BTreeSet::new(),
        });
    }
    for (day, step) in (0..).zip(steps) {
        chain.later(86_400);
        match *step {
            Step::Buy { person } => {
                let uses = &mut model.people[person].uses;
                let first = if uses.is_empty() { FIRST } else { 0 };
                let twice = if uses.len() < 2 { TWICE } else { 0 };
                uses.insert(day);
                let earned = buys(chain, &people[person]).await;
                assert_eq!(earned, 15 + first + twice, "{day} of {steps:?}");
            }
            Step::Change { person, phone } if model.is_free(phone, person) => {
                phone_changes(chain, &people[person], &number(phone)).await;
                if model.people[person].phone != phone {
                    model.change(person, phone);
                }
            }
            Step::Rejoin { person, phone } if model.is_free(phone, person) => {
                closes(chain, &people[person]).await;
                model.close(person);
                people[person] = join(chain, &number(phone)).await;
                model.join(person, phone);
            }
            Step::Change { .. } | Step::Rejoin { .. } => {}
        }
    }
}

#[test]
fn any_order_of_phones_gives_each_what_is_theirs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let chain = runtime.block_on(chain_of_two_offers());
    let cases = std::sync::atomic::AtomicUsize::new(0);
    let config = Config {
        cases: 96,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&steps(), |steps| {
            let case = cases.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            runtime.block_on(live(&chain, case, &steps));
            Ok(())
        })
        .unwrap();
    runtime.block_on(chain.check());
}

#[tokio::test]
async fn a_phone_that_comes_back_brings_what_its_owner_in_between_has_used() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    phone_changes(&chain, &first, Y).await;
    let between = join(&chain, X).await;
    assert_eq!(buys(&chain, &between).await, 15 + FIRST);
    assert_eq!(fills_profile(&chain, &between).await, 100);
    closes(&chain, &between).await;
    phone_changes(&chain, &first, X).await;
    assert_eq!(buys(&chain, &first).await, 15);
    assert_eq!(fills_profile(&chain, &first).await, 0);
    chain.check().await;
}

#[tokio::test]
async fn own_uses_that_come_back_by_another_owner_are_not_counted_twice() {
    let chain = chain_of_two_offers().await;
    let (first, second) = (join(&chain, X).await, join(&chain, Y).await);
    assert_eq!(buys(&chain, &first).await, 15 + FIRST + TWICE);
    chain.later(86_400);
    phone_changes(&chain, &first, "+79161234569").await;
    phone_changes(&chain, &second, X).await;
    phone_changes(&chain, &second, "+79161234570").await;
    phone_changes(&chain, &first, X).await;
    assert_eq!(buys(&chain, &first).await, 15 + TWICE);
    assert_eq!(buys(&chain, &first).await, 15);
    // The second took over one use with the phone.
    assert_eq!(buys(&chain, &second).await, 15 + TWICE);
    assert_eq!(buys(&chain, &second).await, 15);
    chain.check().await;
}

#[tokio::test]
async fn what_went_back_is_not_used_when_a_phone_comes_back() {
    let chain = chain(365).await;
    let first = join(&chain, X).await;
    let sale = chain.buy(&first.member, 500, PointsToSpend::None).await;
    phone_changes(&chain, &first, Y).await;
    chain.take_back(sale.id).await;
    phone_changes(&chain, &first, X).await;
    assert_eq!(buys(&chain, &first).await, 15 + FIRST);
    chain.check().await;
}
