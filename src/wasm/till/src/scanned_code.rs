//! Codes that a scanner may have read: a code of a card, or a barcode of goods. Only the check digits are looked at, to
//! choose between ways to read the keys; what a code means is the server's to say.

/// Returns whether these digits are a whole code: of a card, turning or fixed, or a barcode of 8, 12 or 13 digits.
pub fn is_whole(digits: &str) -> bool {
    match (digits.len(), digits.get(..2), digits.get(2..18)) {
        (26, Some("71"), Some(card)) | (18, Some("70"), Some(card)) => has_luhn_digit(card),
        (16, _, _) => has_luhn_digit(digits),
        (8 | 12 | 13, _, _) => has_ean_digit(digits),
        _ => false,
    }
}

/// Returns whether these digits are what the card's QR code says: turning or fixed, whole.
pub fn is_card_code(digits: &str) -> bool {
    matches!(digits.len(), 18 | 26)
        && digits.bytes().all(|sign| sign.is_ascii_digit())
        && is_whole(digits)
}

/// Returns whether these digits name a card, by their shape: scanning one twice means nothing, while goods are scanned again
/// for each piece.
pub fn is_card(digits: &str) -> bool {
    match digits.len() {
        26 => digits.starts_with("71"),
        18 => digits.starts_with("70"),
        16 => true,
        13 => digits.starts_with("29"),
        _ => false,
    }
}

/// The digits of a text that holds nothing else but spaces and dashes; nothing where there are too few for a code.
pub fn digits_of_pasted(text: &str) -> Option<String> {
    let mut digits = String::new();
    for sign in text.chars() {
        match sign {
            '0'..='9' => digits.push(sign),
            '-' | '‑' | '–' => {}
            _ if sign.is_whitespace() => {}
            _ => return None,
        }
    }
    (8..=34).contains(&digits.len()).then_some(digits)
}

/// The check digit of a card's number.
fn has_luhn_digit(digits: &str) -> bool {
    let sum: u32 = values(digits)
        .enumerate()
        .map(|(place, digit)| match digit * 2 {
            _ if place % 2 == 0 => digit,
            twice if twice > 9 => twice - 9,
            twice => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The check digit of EAN-8, UPC-A and EAN-13.
fn has_ean_digit(digits: &str) -> bool {
    let sum: u32 = values(digits)
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit } else { digit * 3 })
        .sum();
    sum.is_multiple_of(10)
}

/// Digits from the last to the first.
fn values(digits: &str) -> impl Iterator<Item = u32> {
    digits.chars().rev().filter_map(|digit| digit.to_digit(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_whole_when_its_check_digit_is_right() {
        for whole in [
            "4600905831271",
            "96385074",
            "036000291452",
            "4111111111111111",
        ] {
            assert!(is_whole(whole), "{whole}");
        }
        for broken in ["4600905831272", "96385073", "4111111111111112", "123", ""] {
            assert!(!is_whole(broken), "{broken}");
        }
    }

    #[test]
    fn only_a_cards_own_code_is_one() {
        for code in ["704111111111111111", "71411111111111111112345678"] {
            assert!(is_card_code(code), "{code}");
        }
        for other in [
            "4111111111111111",
            "704111111111111112",
            "2900000000018",
            "https://pay.example/12345678",
            "71411111111111111112 45678",
            "",
        ] {
            assert!(!is_card_code(other), "{other}");
        }
    }

    #[test]
    fn goods_are_no_cards() {
        assert!(is_card("704111111111111111") && is_card("2900000000018"));
        assert!(!is_card("4600905831271") && !is_card("96385074"));
    }

    #[test]
    fn only_digits_with_spaces_are_a_pasted_code() {
        let card = "4111111111111111";
        assert_eq!(
            digits_of_pasted(" 4111 1111\u{a0}1111-1111\n").as_deref(),
            Some(card)
        );
        for other in ["1590", "4111 1111 abcd", "+7 (900) 000-00-01", ""] {
            assert_eq!(digits_of_pasted(other), None, "{other}");
        }
    }
}
