//! The linear barcode as one SVG path, for laser scanners. Its quiet zones are inside the view box.

use kopilka_core::domain::card::Ean13;
use leptos::prelude::*;

use crate::text::Texts;

/// White modules on the left; the standard asks for eleven there and seven on the right.
const QUIET: usize = 11;
/// Width of the whole drawing in modules, both quiet zones included.
const WIDTH: usize = QUIET + Ean13::MODULES + 7;
/// Height of the bars, in the same unit.
const HEIGHT: usize = 48;

/// The barcode of a card's short number.
#[component]
pub fn EanCode(
    /// Words in the language of the page.
    texts: Texts,
    /// The number.
    ean: Ean13,
) -> impl IntoView {
    let number = group_digits(&ean).into();
    let label = texts.with_values("card-ean-label", &[("number", number)]);
    view! {
        <svg
            class="code"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            shape-rendering="crispEdges"
            role="img"
            aria-label=label
        >
            <path fill="#000" d=barcode_path(&ean)></path>
        </svg>
    }
}

/// The digits as they stand under a barcode: `2 901234 567896`.
pub fn group_digits(ean: &Ean13) -> String {
    let digits = ean.as_str();
    let part = |range| digits.get(range).unwrap_or_default();
    format!("{} {} {}", part(0..1), part(1..7), part(7..13))
}

fn barcode_path(ean: &Ean13) -> String {
    let bars = ean.bar_modules();
    let mut path = String::with_capacity(512);
    let mut start = 0;
    for run in bars.chunk_by(|a, b| a == b) {
        if run.first() == Some(&true) {
            let width = run.len();
            path.push_str(&format!("M{} 0h{width}v{HEIGHT}h-{width}z", QUIET + start));
        }
        start += run.len();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_start_after_the_quiet_zone_and_end_before_the_other() {
        let ean = Ean13::from_short(123_456_789).unwrap();
        let path = barcode_path(&ean);
        assert!(path.starts_with("M11 0h1v48h-1zM13 0h1"), "{path}");
        assert!(path.ends_with("M105 0h1v48h-1z"), "{path}");
        assert_eq!(WIDTH, 113);
    }

    #[test]
    fn its_digits_are_grouped_as_under_any_barcode() {
        let ean = Ean13::from_short(123_456_789).unwrap();
        assert_eq!(group_digits(&ean), "2 901234 567896");
    }
}
