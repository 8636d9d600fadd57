//! Tells a scanner from a person: a scanner types at least eight digits with no pause between them. Layout and Caps Lock
//! don't matter: keys are told by their place on the keyboard, and where no place is told, by what the layout makes of them.

use super::scanned_code;

/// Fewest digits of a scan: the shortest barcode of goods.
const FEWEST: usize = 8;
/// Longest pause between two keys by which a scanner is known, in milliseconds.
const PAUSE: i64 = 50;
/// Longest pause once it is known, in milliseconds: a slow link or a busy machine must not cut a code in two.
pub const PATIENCE: i32 = 120;

/// Signs that the keys of the digits, from 0 to 9, give where they don't give digits.
const LAYOUTS: [&str; 8] = [
    ")!\"№;%:?*(", // ЙЦУКЕН, shifted
    ")!@#$%^&*(",  // QWERTY, shifted
    ")!\"£$%^&*(", // British, shifted
    "à&é\"'(-è_ç", // AZERTY
    "=!\"§$%&/()", // QWERTZ, shifted
    "=!\"·$%&/()", // Spanish, shifted
    "қ\"әіңғ,.үұ", // Kazakh
    "é+ěščřžýáí",  // Czech
];

/// Keys that came without a pause, each a digit in some layout.
#[derive(Debug, Default)]
pub struct ScannerBurst {
    keys: Vec<char>,
    last: i64,
}

impl ScannerBurst {
    /// Takes a key typed at `now` (milliseconds). True where a burst begins with it.
    pub fn push_key(&mut self, key: char, now: i64) -> bool {
        let longest = if self.is_scan() {
            i64::from(PATIENCE)
        } else {
            PAUSE
        };
        if now - self.last > longest {
            self.keys.clear();
        }
        self.last = now;
        self.keys.push(key);
        self.keys.len() == 1
    }

    /// Returns whether this is a scanner for certain.
    pub fn is_scan(&self) -> bool {
        self.keys.len() >= FEWEST && readings(&self.keys).next().is_some()
    }

    /// Ends the burst; its digits where it was a scan. Of several readings the one whose check digit is right counts.
    pub fn end_burst(&mut self) -> Option<String> {
        let keys = std::mem::take(&mut self.keys);
        if keys.len() < FEWEST {
            return None;
        }
        readings(&keys)
            .find(|digits| scanned_code::is_whole(digits))
            .or_else(|| readings(&keys).next())
    }
}

/// The digits that these keys are in each layout.
fn readings(keys: &[char]) -> impl Iterator<Item = String> {
    LAYOUTS.iter().filter_map(|layout| {
        keys.iter()
            .map(|key| match layout.chars().position(|sign| sign == *key) {
                Some(place) => char::from_digit(u32::try_from(place).ok()?, 10),
                None => Some(*key).filter(char::is_ascii_digit),
            })
            .collect()
    })
}

/// Returns what a key gives to a burst: its digit by its place on the keyboard; where the place is not told, as on a tablet,
/// the sign that it types, if that is a digit in some layout.
pub fn digit_of_key(code: &str, key: &str) -> Option<char> {
    let (text, by_place) = match code {
        "" | "Unidentified" => (key, false),
        _ => {
            let place = code.strip_prefix("Digit");
            (place.or_else(|| code.strip_prefix("Numpad"))?, true)
        }
    };
    let mut signs = text.chars();
    let sign = signs.next()?;
    let known =
        sign.is_ascii_digit() || (!by_place && LAYOUTS.iter().any(|layout| layout.contains(sign)));
    (known && signs.next().is_none()).then_some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, pause: i64) -> ScannerBurst {
        let mut burst = ScannerBurst::default();
        let mut now = 1_000;
        for digit in text.chars() {
            burst.push_key(digit, now);
            now += pause;
        }
        burst
    }

    /// As a layout writes these digits.
    fn written(digits: &str, layout: &str) -> String {
        let signs: Vec<char> = layout.chars().collect();
        let place = |digit: char| usize::try_from(digit.to_digit(10).unwrap()).unwrap();
        digits.chars().map(|digit| signs[place(digit)]).collect()
    }

    #[test]
    fn a_fast_run_of_digits_is_a_scan() {
        let code = "71411111111111111112345678";
        assert_eq!(typed(code, 8).end_burst().as_deref(), Some(code));
        assert_eq!(
            typed("2900000000018", 50).end_burst().as_deref(),
            Some("2900000000018")
        );
        assert_eq!(
            typed("96385074", 8).end_burst().as_deref(),
            Some("96385074")
        );
    }

    #[test]
    fn a_person_is_never_a_scan() {
        assert_eq!(typed("4111111111111111", 51).end_burst(), None);
        assert_eq!(typed("1590000", 5).end_burst(), None);
    }

    #[test]
    fn a_pause_begins_a_new_burst() {
        let mut burst = typed("1234567", 10);
        assert!(!burst.push_key('0', 1_080));
        assert!(burst.is_scan());
        assert!(burst.push_key('1', 20_000));
        assert_eq!(burst.end_burst(), None);
    }

    #[test]
    fn a_scanner_that_stumbles_is_waited_for() {
        let mut burst = typed("7141111111", 10);
        let last = 1_090;
        assert!(!burst.push_key('1', last + 120));
        assert!(burst.push_key('1', last + 120 + 121));
    }

    #[test]
    fn keys_are_known_by_their_place() {
        for (code, key, expected) in [
            ("Digit7", "7", Some('7')),
            ("Digit7", "è", Some('7')),
            ("Numpad7", "Home", Some('7')),
            ("", "7", Some('7')),
            ("Unidentified", "7", Some('7')),
            ("NumpadEnter", "Enter", None),
            ("KeyA", "ф", None),
            ("Minus", "-", None),
            ("", "ф", None),
            ("", "٧", None),
            ("", "77", None),
            ("", "", None),
        ] {
            assert_eq!(digit_of_key(code, key), expected, "{code} {key}");
        }
    }

    #[test]
    fn signs_without_a_place_are_read_in_the_layout_that_typed_them() {
        // Every digit occurs, and each number's check digit is right.
        for code in [
            "71427400918536727512345678",
            "704274009185367275",
            "4600905831271",
            "96385074",
        ] {
            assert!(scanned_code::is_whole(code), "{code}");
            for layout in LAYOUTS {
                let signs = written(code, layout);
                assert!(
                    signs
                        .chars()
                        .all(|key| digit_of_key("", &key.to_string()) == Some(key))
                );
                assert_eq!(
                    typed(&signs, 8).end_burst().as_deref(),
                    Some(code),
                    "{layout}"
                );
            }
        }
    }

    #[test]
    fn signs_of_no_single_layout_are_no_scan() {
        assert_eq!(typed("№№№№ààààққққ", 5).end_burst(), None);
        assert_eq!(
            typed("(((((((((", 5).end_burst().map(|digits| digits.len()),
            Some(9)
        );
    }
}
