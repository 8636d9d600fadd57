//! An offer that may be shown in stores only is never named outside them, also once later rules know nothing of it.

use std::collections::BTreeSet;

use crate::support::browser::Browser;
use crate::support::{Demo, rules, sale};

/// One that is used, one that gives way to it; both of alcohol, with titles that nothing else has.
const OFFERS: &str = r#"
[[offers]]
id = "wine"
title = { ru = "Вино недели", en = "Wine of the week" }
text = { ru = "Баллы за вино", en = "Points for wine" }
benefit = { kind = "fixed_points", points = 77 }
group = "cellar"
alcohol = true

[[offers]]
id = "cider"
title = { ru = "Сидр недели", en = "Cider of the week" }
text = { ru = "Баллы за сидр", en = "Points for cider" }
benefit = { kind = "fixed_points", points = 5 }
group = "cellar"
alcohol = true

[[offers]]
id = "juice"
title = { ru = "Сок недели", en = "Juice of the week" }
text = { ru = "Баллы за сок", en = "Points for juice" }
benefit = { kind = "fixed_points", points = 3 }
group = "cellar"
"#;

const ADULTS: &[(&str, &str)] = &[("minimum_age = 14", "minimum_age = 18")];

/// All that the wallet and its files say of the shopper's points.
fn told(shopper: &mut Browser<'_>) -> Vec<(String, String)> {
    let history = shopper.get("/points").text;
    let mut paths: BTreeSet<String> = history
        .split("href=\"/points/")
        .skip(1)
        .map(|rest| format!("/points/{}", rest.split('"').next().unwrap()))
        .collect();
    assert!(paths.len() >= 2, "{history}");
    let files = ["/points", "/offers", "/rules", "/card", "/outbox"];
    paths.extend(files.map(str::to_owned));
    paths.extend(["/settings/export.json", "/settings/points.csv"].map(str::to_owned));
    paths
        .into_iter()
        .map(|path| {
            let answer = shopper.get(&path);
            assert_eq!(answer.status, 200, "{path}");
            (path, answer.text)
        })
        .collect()
}

fn none_names_it(shopper: &mut Browser<'_>) {
    for (path, text) in told(shopper) {
        for word in [
            "Вино недели",
            "Wine of the week",
            "Сидр недели",
            "Cider of",
            "wine",
            "cider",
        ] {
            assert!(!text.contains(word), "{path} says {word}: {text}");
        }
    }
}

#[test]
fn an_offer_of_alcohol_is_named_at_the_till_alone_also_once_it_is_over() {
    let demo = Demo::start();
    rules::put_in_force(&demo, ADULTS, OFFERS);
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let sold = demo.commit("wine", &sale(&anna.key().fixed(), 1_000));
    assert_eq!(sold.status, 201, "{}", sold.text);
    assert!(sold.text.contains("Вино недели"), "{}", sold.text);
    none_names_it(&mut anna);
    // Rules that don't know the offer any more.
    rules::put_in_force(&demo, ADULTS, "");
    none_names_it(&mut anna);
    let all = told(&mut anna);
    assert!(
        all.iter().any(|(_, text)| text.contains("77")),
        "the points are told"
    );
    // The same sale's other rival is none of alcohol.
    let entry = |text: &str| text.contains("Сок недели");
    assert!(
        all.iter()
            .any(|(path, text)| path.starts_with("/points/") && entry(text))
    );
}
