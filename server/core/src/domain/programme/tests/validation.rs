//! What is wrong or doubtful in a programme is found, and where.

use super::*;

#[test]
fn a_point_is_worth_something_and_lives_by_one_clock() {
    assert!(findings(|p| p.points.value = Money(0)).starts_with("points.value: "));
    assert!(findings(|p| p.points.life.days = Some(30)).contains("not both"));
    assert!(findings(|p| p.points.life.months = None).contains("needs days or months"));
    assert!(findings(|p| p.points.life.months = Some(0)).starts_with("points.life.months: "));
    assert!(findings(|p| p.points.restore_grace_days = 367).contains("0 to 366 days"));
    let for_ever = |p: &mut Programme| p.points.life = PointsLife::default();
    assert_eq!(findings(for_ever), "");
}

/// A change of the demo's programme.
type Edit = fn(&mut Programme);

#[test]
fn shares_are_shares_and_numbers_are_within_reason() {
    let changes: &[(&str, Edit)] = &[
        ("spend.max_share", |p| {
            p.spend.max_share = BasisPoints(10_001)
        }),
        ("profile.completed_points", |p| {
            p.profile.completed_points = Points(-1)
        }),
        ("profile.birth_changes", |p| p.profile.birth_changes = -1),
        ("adjustments.approval_above", |p| {
            p.adjustments.approval_above = Points(-1)
        }),
        ("till.idle_minutes", |p| p.till.idle_minutes = 0),
        ("till.audit_days", |p| p.till.audit_days = 4_000),
        ("radar.card_receipts.hard", |p| {
            p.fraud_limits.card_receipts = Some(FraudLimit {
                soft: None,
                hard: Some(0),
            })
        }),
        ("radar.card_scans.minutes", |p| {
            p.fraud_limits.card_scans = Some(TimedFraudLimit {
                soft: None,
                hard: None,
                minutes: 0,
            })
        }),
        ("radar.phone_change.hard_hours", |p| {
            p.fraud_limits.phone_change = Some(FraudHoursLimit {
                soft_hours: None,
                hard_hours: Some(0),
            })
        }),
        ("tier_rules.window_days", |p| p.tier_rules.window_days = 0),
        ("tier_rules.grace_days", |p| p.tier_rules.grace_days = 400),
        ("points.hold_days", |p| p.points.hold_days = 400),
        ("minimum_age", |p| p.minimum_age = Some(0)),
        ("minimum_age", |p| p.minimum_age = Some(140)),
        ("rejoin_days", |p| p.rejoin_days = 3_661),
        ("currency", |p| p.currency = "rub".to_owned()),
        ("brand", |p| p.brand = "green".to_owned()),
        ("support", |p| p.support.clear()),
        ("tagline.en", |p| p.tagline.en.clear()),
        ("documents.rules", |p| p.documents.rules.clear()),
        ("codes.fixed.spend", |p| p.codes.fixed.spend = true),
    ];
    for (path, change) in changes {
        let found = findings(change);
        assert!(found.starts_with(&format!("{path}: ")), "{path}: {found}");
    }
}

#[test]
fn tiers_rise_from_zero_and_are_told_apart() {
    let with = |change: fn(&mut Vec<Tier>)| {
        findings(|programme| {
            let mut tiers: Vec<Tier> = programme.tiers.clone().into();
            change(&mut tiers);
            programme.tiers = tiers.try_into().unwrap();
        })
    };
    assert!(with(|tiers| tiers[0].threshold = 1).starts_with("tiers[0].threshold: must be 0"));
    assert_eq!(
        with(|tiers| tiers[2].threshold = 1_500_000),
        "tiers[2].threshold: must be above the one before it (1500000)"
    );
    assert!(with(|tiers| tiers.swap(1, 2)).contains("tiers[2].threshold: must be above"));
    assert!(with(|tiers| tiers[1].id = "start".to_owned()).contains("used twice"));
    assert!(with(|tiers| tiers[3].rate = BasisPoints(10_001)).contains("tiers[3].rate: must be"));
    assert!(with(|tiers| tiers[1].discount = Some(BasisPoints(10_001))).contains("100 %"));
    assert!(with(|tiers| tiers[1].material = "wood".to_owned()).contains("tiers[1].material"));
    assert!(with(|tiers| tiers[1].rate = BasisPoints(1)).contains("less than what the tier below"));
}

#[test]
fn an_offer_names_only_what_there_is() {
    assert_eq!(
        findings(|p| p.gifts.clear()),
        "offers[11].benefit.gift: there is no gift cup"
    );
    assert_eq!(
        findings(|p| offer(p, "birthday")
            .conditions
            .rewrite(|written| written.tiers.push("tin".to_owned()))),
        "offers[7].conditions.tiers[0]: there is no tier tin"
    );
    assert!(findings(|p| p.offers.push(p.offers[0].clone())).contains("offers[12].id: the id"));
    assert!(findings(|p| p.offers[0].id = "Кофе".to_owned()).contains("small Latin letters"));
    let named = findings(|p| {
        let conditions = &mut p.offers[0].conditions;
        conditions.rewrite(|written| written.members.push("7".to_owned()));
    });
    assert!(named.starts_with("offers[0].conditions.members: "));
    assert!(named.contains("named_members = true"));
    assert!(named.contains("kopilka offer members first-purchase add"));
    let stores = demo().unknown_stores(&["park".to_owned()]);
    assert_eq!(stores.len(), 1);
    assert_eq!(
        stores[0].to_string(),
        "offers[10].conditions.stores[0]: the chain has no store station; it has park"
    );
    assert!(!stores[0].is_error());
}

#[test]
fn a_substitute_is_another_gift_and_never_leads_back() {
    let substitute = |of: usize, to: &str| {
        let to = to.to_owned();
        findings(move |p| p.gifts[of].substitute = Some(to.clone()))
    };
    assert_eq!(
        substitute(1, "cap"),
        "gifts[1].substitute: there is no gift cap"
    );
    assert_eq!(
        substitute(1, "bag"),
        "gifts[1].substitute: leads back to bag itself"
    );
    let circle = substitute(1, "cup");
    assert!(circle.contains("leads back to cup itself"), "{circle}");
    assert!(circle.contains("leads back to bag itself"), "{circle}");
    let programme = demo();
    let names = |id: &str| -> Vec<String> {
        let all = programme.substitutes(id);
        all.map(|gift| gift.id.clone()).collect()
    };
    assert_eq!(
        (names("cup"), names("bag")),
        (vec!["bag".to_owned()], vec![])
    );
    // What nothing gives but as a substitute is no mistake; what nothing gives at all hardly meant.
    let alone = findings(|p| p.gifts[0].substitute = None);
    assert!(alone.contains("no offer gives the gift bag"), "{alone}");
}

#[test]
fn claims_last_a_month_at_most_and_a_told_code_hardly_spends() {
    assert!(findings(|p| p.till.claim_days = 32).contains("till.claim_days: must be 0 to 31"));
    assert_eq!(findings(|p| p.till.claim_days = 0), "");
    assert!(findings(|p| p.codes.phone.spend = true).contains("codes.phone.spend"));
}

#[test]
fn an_offer_gives_something_within_reason() {
    for benefit in [
        OfferBenefit::MultiplyPoints {
            rate: BasisPoints(10_000),
        },
        OfferBenefit::PercentOff {
            rate: BasisPoints(10_001),
        },
        OfferBenefit::ExtraPoints {
            rate: BasisPoints(0),
        },
        OfferBenefit::FixedPoints { points: Points(0) },
        OfferBenefit::AmountOff { amount: Money(0) },
        OfferBenefit::FixedPrice { price: Money(1) },
    ] {
        assert!(findings(|p| p.offers[0].benefit = benefit).starts_with("offers[0].benefit"));
    }
    assert!(findings(|p| p.offers[0].limits.per_member = Some(0)).contains("1 or more"));
    assert!(
        findings(|p| p.offers[2].limits.points_budget = Some(Points(-1))).contains("0 or more")
    );
    assert!(
        findings(|p| p.offers[2].limits.points_budget = Some(Points(29)))
            .contains("less than one receipt gets (30)")
    );
    assert!(findings(|p| p.offers[2].limits.money_budget = Some(Money(1))).contains("never used"));
    assert!(
        findings(|p| offer(p, "bakery-three")
            .conditions
            .rewrite(|written| written.items[0].categories.clear()))
        .contains("neither categories nor skus")
    );
}

#[test]
fn an_offer_that_can_never_hold_is_found() {
    let never = |change: fn(&mut ConditionsDocument)| {
        let found = findings(|p| p.offers[0].conditions.rewrite(change));
        assert!(found.contains("can never hold"), "{found}");
        assert!(found.starts_with("offers[0].conditions."), "{found}");
    };
    never(|c| c.until = Some("2025-01-01".parse().unwrap()));
    never(|c| {
        let at = "10:00:00".parse().unwrap();
        c.hours = Some(Hours {
            from: at,
            until: at,
        });
    });
    never(|c| c.absent_days = Some(30));
    never(|c| {
        c.first_purchase = false;
        c.absent_days = Some(31);
        c.purchases = Some(Purchases {
            count: 1,
            within_days: 30,
        });
    });
    never(|c| {
        // A Monday and a Tuesday.
        c.from = Some("2026-11-23".parse().unwrap());
        c.until = Some("2026-11-24".parse().unwrap());
        c.weekdays = vec![chrono::Weekday::Wed];
    });
}

#[test]
fn a_group_of_one_is_doubtful_and_alcohol_stays_out_of_the_wallet() {
    let alone = findings(|p| offer(p, "birthday").group = Some("alone".to_owned()));
    assert!(
        alone.contains("offers[7].group: no other offer is in the group alone"),
        "{alone}"
    );
    let tapped = findings(|p| {
        p.minimum_age = Some(18);
        offer(p, "coffee-morning").alcohol = true;
    });
    assert!(tapped.starts_with("offers[3].activation: "), "{tapped}");
    let young = findings(|p| offer(p, "fruit-days").alcohol = true);
    assert!(
        young.starts_with("offers[1].alcohol: members may be younger than 18"),
        "{young}"
    );
}

#[test]
fn a_list_of_countries_names_one_and_hardly_leaves_out_the_programme_s_own() {
    let countries = |codes: &[&str]| {
        let codes = codes.iter().map(|code| Country::parse(code).unwrap());
        codes.collect::<Vec<_>>()
    };
    let empty = findings(|programme| programme.phones.join = Some(Vec::new()));
    assert!(
        empty.starts_with("phones.join: must name a country"),
        "{empty}"
    );
    let foreign = findings(|programme| programme.phones.join = Some(countries(&["BY", "KZ"])));
    assert!(
        foreign.starts_with("phones.join: does not name RU"),
        "{foreign}"
    );
    assert_eq!(findings(|programme| programme.phones.join = None), "");
}
