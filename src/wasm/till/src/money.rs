//! Sums as a cashier types and reads them. Money is whole kopecks, read digit by digit; the server has the last word.

/// Reads money in roubles: `1240`, `1 240,5`, `99.90`; kopecks.
pub fn parse_money(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('₽');
    let bare: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let (whole, part) = bare.split_once([',', '.']).unwrap_or((&bare, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > 2 {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

/// Writes kopecks as the server's pages do: `1 240`, `99,90`.
pub fn format_money(kopecks: i64, language: &str) -> String {
    let (roubles, part) = (kopecks / 100, kopecks % 100);
    let digits = roubles.to_string();
    let (apart, mark) = match language {
        "ru" => ('\u{a0}', ','),
        _ => (',', '.'),
    };
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(apart);
        }
        text.push(digit);
    }
    if part != 0 {
        text.push_str(&format!("{mark}{part:02}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_as_it_is_typed() {
        for (text, kopecks) in [
            ("1240", Some(124_000)),
            ("1 240,5", Some(124_050)),
            ("99.90 ₽", Some(9_990)),
            ("0,01", Some(1)),
            ("1,590.00", None),
            ("12a", None),
            ("-5", None),
            ("", None),
        ] {
            assert_eq!(parse_money(text), kopecks, "{text}");
        }
    }

    #[test]
    fn money_is_written_as_elsewhere() {
        assert_eq!(format_money(124_000, "ru"), "1\u{a0}240");
        assert_eq!(format_money(124_005, "en"), "1,240.05");
        assert_eq!(format_money(90, "ru"), "0,90");
    }
}
