//! Rules of points: what a point is, how it is earned, spent and lost, and who may take part, in sentences with the
//! programme's numbers.

use kopilka_core::domain::amounts::Rounding;
use kopilka_core::domain::programme::{AllowedCodeUse, PointsLife, Programme};
use leptos::prelude::*;

use crate::text::{Texts, format};

/// Points: value, earning, spending, life.
pub fn points_panel(texts: Texts, programme: &Programme) -> impl IntoView + use<> {
    let points = &programme.points;
    let value = texts.money_text(points.value, programme);
    let share = format::format_percent(programme.spend.max_share, texts.language());
    let mut lines = vec![
        texts.with_values("rules-points-value", &[("money", value.into())]),
        texts.with_values("rules-points-share", &[("share", share.into())]),
    ];
    lines.extend(exclusion_sentence(
        texts,
        "rules-points-spend-excluded",
        &programme.spend.excluded_categories,
    ));
    lines.extend(exclusion_sentence(
        texts,
        "rules-points-earn-excluded",
        &programme.earn.excluded_categories,
    ));
    lines.extend(exclusion_sentence(
        texts,
        "rules-points-discount-excluded",
        &programme.exclusions.whole_receipt_discounts,
    ));
    lines.extend(exclusion_sentence(
        texts,
        "rules-points-level-excluded",
        &programme.exclusions.tier_measure,
    ));
    lines.push(texts.get("rules-points-base"));
    lines.push(texts.get(match points.rounding {
        Rounding::Floor => "rules-points-floor",
        Rounding::HalfUp => "rules-points-half-up",
        Rounding::Ceil => "rules-points-ceil",
    }));
    lines.push(hold_sentence(texts, "rules-points-hold", points.hold_days));
    if points.bonus_hold_days > points.hold_days {
        let days = i64::from(points.bonus_hold_days);
        lines.push(texts.with_count("rules-points-bonus-hold", days));
    }
    lines.push(life_in_words(texts, &points.life));
    lines.push(texts.get("rules-points-order"));
    lines.push(texts.get("rules-points-return"));
    if programme.profile.completed_points.0 > 0 {
        lines.push(texts.with_count("rules-points-profile", programme.profile.completed_points.0));
    }
    prose_panel("points", texts.get("rules-points"), lines)
}

/// Renders who may take part, what each form of the code may do, how to leave.
pub fn participation_panel(texts: Texts, programme: &Programme) -> impl IntoView + use<> {
    let codes = &programme.codes;
    let mut lines = Vec::new();
    if let Some(age) = programme.minimum_age {
        lines.push(texts.with_count("rules-minimum-age", i64::from(age)));
    }
    for (name, code) in [
        ("rules-code-rotating", codes.rotating),
        ("rules-code-fixed", codes.fixed),
        ("rules-code-ean", codes.ean),
    ] {
        let what = texts.get(name);
        lines.push(texts.with_values(code_use(code), &[("what", what.into())]));
    }
    lines.push(texts.with_count("rules-birth-changes", programme.profile.birth_changes));
    lines.push(texts.get("rules-leaving"));
    prose_panel("joining", texts.get("rules-joining"), lines)
}

const fn code_use(code: AllowedCodeUse) -> &'static str {
    match (code.earn, code.spend) {
        (true, true) => "rules-code-earns-and-spends",
        (true, false) => "rules-code-earns",
        (false, true) => "rules-code-spends",
        (false, false) => "rules-code-nothing",
    }
}

fn hold_sentence(texts: Texts, key: &str, days: u32) -> String {
    match days {
        0 => texts.get("rules-points-at-once"),
        days => texts.with_count(key, i64::from(days)),
    }
}

/// Returns how long points live, in words.
pub fn life_in_words(texts: Texts, life: &PointsLife) -> String {
    let mut words = match (life.days, life.months) {
        (Some(days), _) => texts.with_count("rules-points-life-days", i64::from(days)),
        (None, Some(months)) => texts.with_count("rules-points-life-months", i64::from(months)),
        (None, None) => return texts.get("rules-points-for-ever"),
    };
    if life.end_of_month {
        words.push_str(&texts.get("rules-points-end-of-month"));
    }
    words
}

fn exclusion_sentence(texts: Texts, key: &str, categories: &[String]) -> Option<String> {
    let list = categories
        .iter()
        .map(|each| category_name(texts, each))
        .collect::<Vec<_>>()
        .join(", ");
    (!list.is_empty()).then(|| texts.with_values(key, &[("list", list.into())]))
}

/// Categories are the till software's own words; those that laws and chains usually exclude are translated, any other
/// is shown as it is written on the receipt.
fn category_name(texts: Texts, code: &str) -> String {
    match code {
        "tobacco" => texts.get("category-tobacco"),
        "alcohol" => texts.get("category-alcohol"),
        "gift_cards" => texts.get("category-gift-cards"),
        "lottery" => texts.get("category-lottery"),
        other => other.replace('_', " "),
    }
}

fn prose_panel(id: &'static str, title: String, lines: Vec<String>) -> impl IntoView + use<> {
    let heading = format!("{id}-title");
    let labelled = heading.clone();
    view! {
        <section class="panel prose" id=id aria-labelledby=labelled>
            <h2 id=heading>{title}</h2>
            <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::PageLanguage;

    #[test]
    fn the_life_of_points_is_said_with_its_numbers() {
        let texts = Texts::new(PageLanguage::Ru);
        let months = PointsLife {
            months: Some(12),
            end_of_month: true,
            ..PointsLife::default()
        };
        assert_eq!(
            life_in_words(texts, &months),
            "Баллы сгорают через 12 месяцев после того, как стали доступны, в конце месяца"
        );
        let days = PointsLife {
            days: Some(1),
            ..PointsLife::default()
        };
        assert!(life_in_words(texts, &days).contains("через 1 день"));
        assert_eq!(
            life_in_words(texts, &PointsLife::default()),
            "Баллы не сгорают"
        );
    }

    #[test]
    fn categories_are_named_or_left_as_they_are() {
        let texts = Texts::new(PageLanguage::En);
        let key = "rules-points-spend-excluded";
        let codes = ["gift_cards".to_owned(), "fresh_fish".to_owned()];
        assert_eq!(
            exclusion_sentence(texts, key, &codes).as_deref(),
            Some("Points cannot pay for gift cards, fresh fish")
        );
        assert_eq!(exclusion_sentence(texts, key, &[]), None);
    }
}
