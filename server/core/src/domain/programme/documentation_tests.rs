//! docs/programme.md is true: it names every field and every value that a document can have, and each of its examples
//! passes the same check as a document of a chain.
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::*;
use crate::domain::amounts::Rounding;
use crate::domain::consents::{Channel, Purpose};
use crate::domain::offers::{
    AgeRange, ConditionsDocument, ConsentCondition, Hours, ItemCondition, OfferActivation,
    OfferBenefit, OfferLimits, Purchases,
};
use crate::domain::profile::Species;

const PAGE: &str = include_str!("../../../../../docs/programme.md");
const DEMO: &str = include_str!("../../../demo/programme.toml");

/// The part of the page under a heading (`### points`, `**hours**`), to the next one.
fn section(heading: &str) -> &'static str {
    let start = format!("\n{heading}");
    let lines: Vec<&str> = PAGE.split_inclusive('\n').collect();
    let mut found = None;
    let mut offset = 0;
    for line in lines {
        let is_heading = line.starts_with('#') || line.starts_with("**");
        if let Some(from) = found
            && is_heading
        {
            return &PAGE[from..offset];
        }
        let name = line
            .trim_end()
            .split("**:")
            .next()
            .unwrap()
            .trim_end_matches("**");
        if is_heading && name == start.trim().trim_end_matches("**") {
            found = Some(offset);
        }
        offset += line.len();
    }
    &PAGE[found.unwrap_or_else(|| panic!("no section {heading}"))..]
}

/// Names in a message like ``unknown field `?`, expected one of `a`, `b` ``.
fn expected<T: DeserializeOwned>(json: &str) -> Vec<String> {
    let Err(error) = serde_json::from_str::<T>(json) else {
        panic!("{json} was read");
    };
    let message = error.to_string();
    let (_, names) = message.split_once("expected").unwrap();
    let names: Vec<String> = names
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert!(!names.is_empty(), "{message}");
    names
}

fn has_fields<T: DeserializeOwned>(heading: &str) {
    let text = section(heading);
    for name in expected::<T>("{\"?\": 0}") {
        assert!(
            text.contains(&format!("\n| `{name}` | ")),
            "{heading} lacks {name}"
        );
    }
}

fn has_values<T: DeserializeOwned>(heading: &str) {
    let text = section(heading);
    for name in expected::<T>("\"?\"") {
        assert!(
            text.contains(&format!("`{name}`")),
            "{heading} lacks the value {name}"
        );
    }
}

#[test]
fn each_field_of_a_document_has_a_line() {
    has_fields::<Programme>("## The document");
    has_fields::<LocalisedText>("## The document");
    has_fields::<PointsRules>("### points");
    has_fields::<PointsLife>("### points.life");
    has_fields::<EarnRules>("### earn");
    has_fields::<SpendRules>("### spend");
    has_fields::<CategoryExclusions>("### exclusions");
    has_fields::<ReturnRules>("### returns");
    has_fields::<AdjustmentRules>("### adjustments");
    has_fields::<TillRules>("### till");
    has_fields::<FraudLimitRules>("### radar");
    has_fields::<TimedFraudLimit>("### radar");
    has_fields::<FraudLimit>("### radar");
    has_fields::<FraudHoursLimit>("### radar");
    has_fields::<PhoneRules>("### phones");
    has_fields::<CodeRules>("### codes");
    has_fields::<AllowedCodeUse>("### codes");
    has_fields::<ProfileRules>("### profile");
    has_fields::<TierRules>("### tier_rules");
    has_fields::<DocumentVersions>("### documents");
    has_fields::<Tier>("### tiers");
    has_fields::<ProgrammeGift>("### gifts");
    has_fields::<Offer>("## Offers");
    has_fields::<ConditionsDocument>("### conditions");
    has_fields::<Hours>("**hours**");
    has_fields::<ItemCondition>("**items**");
    has_fields::<AgeRange>("**children_age**");
    has_fields::<Purchases>("**purchases**");
    has_fields::<ConsentCondition>("**consent**");
    has_fields::<OfferLimits>("### limits");
}

#[test]
fn each_value_of_a_document_is_named() {
    has_values::<Rounding>("### points");
    has_values::<DiscountOnReturn>("### returns");
    has_values::<TierMeasure>("### tier_rules");
    has_values::<TierDowngrade>("### tier_rules");
    has_values::<OfferActivation>("## Offers");
    has_values::<Species>("### conditions");
    has_values::<Channel>("**consent**");
    has_values::<Purpose>("**consent**");
    let text = section("### benefit");
    for kind in expected::<OfferBenefit>("{\"kind\": \"?\"}") {
        let fields = expected::<OfferBenefit>(&format!("{{\"kind\": \"{kind}\", \"?\": 0}}"));
        for field in fields {
            assert!(
                text.contains(&format!("| `{kind}` | `{field}` |")),
                "{kind}.{field}"
            );
        }
    }
}

/// Lays what an example says over the demo: a chain copies it into a document of its own.
fn lay_over(document: &mut Table, example: Table) {
    for (name, value) in example {
        match (document.get_mut(&name), value) {
            (Some(Value::Table(below)), Value::Table(above)) => below.extend(above),
            (Some(Value::Array(below)), Value::Array(above)) if name != "tiers" => {
                below.extend(above)
            }
            (_, value) => drop(document.insert(name, value)),
        }
    }
}

#[test]
fn each_example_can_be_put_in_force() {
    let examples: Vec<&str> = PAGE
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(examples.len() >= 9, "{}", examples.len());
    for example in examples {
        let mut document: Table = DEMO.parse().unwrap();
        lay_over(&mut document, example.parse().unwrap());
        let reading = read_document(&document.to_string(), None);
        assert_eq!(reading.remarks, [], "{example}");
    }
}
