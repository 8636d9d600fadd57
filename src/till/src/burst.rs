//! Tells a scanner from a person: a scanner types at least ten digits with no pause between them. Layout and Caps Lock
//! don't matter, because keys are told by their place on the keyboard.

/// Fewest digits of a scan.
const FEWEST: usize = 10;
/// Longest pause between two keys by which a scanner is known, in milliseconds.
const PAUSE: i64 = 50;
/// Longest pause once it is known, in milliseconds: a slow link or a busy machine must not cut a code in two.
pub const PATIENCE: i32 = 120;

/// Digits that came without a pause.
#[derive(Debug, Default)]
pub struct Burst {
    digits: String,
    last: i64,
}

impl Burst {
    /// Takes a digit typed at `now` (milliseconds). True where a burst begins with it.
    pub fn push(&mut self, digit: char, now: i64) -> bool {
        let longest = if self.is_scan() {
            i64::from(PATIENCE)
        } else {
            PAUSE
        };
        if now - self.last > longest {
            self.digits.clear();
        }
        self.last = now;
        self.digits.push(digit);
        self.digits.len() == 1
    }

    /// Whether this is a scanner for certain.
    pub fn is_scan(&self) -> bool {
        self.digits.len() >= FEWEST
    }

    /// Ends the burst; its digits where it was a scan.
    pub fn end(&mut self) -> Option<String> {
        let digits = std::mem::take(&mut self.digits);
        (digits.len() >= FEWEST).then_some(digits)
    }
}

/// The digit of a key by its place on the keyboard; by what it types where the place is not told, as on a tablet.
pub fn digit(code: &str, key: &str) -> Option<char> {
    let text = match code {
        "" | "Unidentified" => key,
        _ => code
            .strip_prefix("Digit")
            .or_else(|| code.strip_prefix("Numpad"))?,
    };
    let mut signs = text.chars();
    let digit = signs.next().filter(char::is_ascii_digit)?;
    signs.next().is_none().then_some(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, pause: i64) -> Burst {
        let mut burst = Burst::default();
        let mut now = 1_000;
        for digit in text.chars() {
            burst.push(digit, now);
            now += pause;
        }
        burst
    }

    #[test]
    fn a_fast_run_of_digits_is_a_scan() {
        let code = "71411111111111111112345678";
        assert_eq!(typed(code, 8).end().as_deref(), Some(code));
        assert_eq!(
            typed("2900000000018", 50).end().as_deref(),
            Some("2900000000018")
        );
    }

    #[test]
    fn a_person_is_never_a_scan() {
        assert_eq!(typed("4111111111111111", 51).end(), None);
        assert_eq!(typed("159000", 5).end(), None);
    }

    #[test]
    fn a_pause_begins_a_new_burst() {
        let mut burst = typed("123456789", 10);
        assert!(!burst.push('0', 1_100));
        assert!(burst.is_scan());
        assert!(burst.push('1', 20_000));
        assert_eq!(burst.end(), None);
    }

    #[test]
    fn a_scanner_that_stumbles_is_waited_for() {
        let mut burst = typed("7141111111", 10);
        let last = 1_090;
        assert!(!burst.push('1', last + 120));
        assert!(burst.push('1', last + 120 + 121));
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
            ("", "٧", None),
            ("", "77", None),
            ("", "", None),
        ] {
            assert_eq!(digit(code, key), expected, "{code} {key}");
        }
    }
}
