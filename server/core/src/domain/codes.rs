//! What the code on the screen says, and the one-time code inside it. Every payload that is made here reads back here.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::card::{CardNumber, Ean13, strip_separators};
use super::time::Instant;

/// Time that a one-time code lasts, in seconds.
pub const STEP_SECONDS: i64 = 30;
/// Number of steps before the accepted ones whose codes are told apart from wrong codes.
const STALE_STEPS: i64 = 2;
/// Time for which the secret of a device stays valid after it was replaced, in seconds: two steps.
pub const FORMER_SECRET_SECONDS: i64 = 2 * STEP_SECONDS;
/// Digits of a one-time code.
const CODE_DIGITS: usize = 8;

const ROTATING: &str = "71";
const FIXED: &str = "70";

/// Builds the text that a scanner reads from the screen: `71`, the card number and a one-time code, 26 digits.
pub fn rotating_payload(card: &CardNumber, code: &str) -> String {
    format!("{ROTATING}{card}{code}")
}

/// Builds the text that a scanner reads from a printed card: `70` and the card number, 18 digits.
pub fn static_payload(card: &CardNumber) -> String {
    format!("{FIXED}{card}")
}

/// Code that was scanned, or typed by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannedCode {
    /// The turning code of a screen.
    Rotating {
        /// Number of the card.
        card: CardNumber,
        /// The one-time code, eight digits, not verified yet.
        code: String,
    },
    /// A card without a one-time code: printed, or its number typed by hand.
    Fixed {
        /// Number of the card.
        card: CardNumber,
    },
    /// The linear barcode.
    Ean(Ean13),
}

/// Reason why a scan is not a code of this programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScannedCodeFault {
    /// There is nothing in it.
    Empty,
    /// It has something besides digits.
    NotDigits,
    /// It is as long as a code, but begins like one of another scheme: goods, or another chain's card.
    OtherScheme,
    /// No code has that many digits.
    WrongLength,
    /// The check digit is wrong: a digit was misread or mistyped.
    CheckDigit,
}

/// Reads a scanned or typed code. Spaces, dashes and unseen marks do not matter. The length decides what it is: 26
/// digits from a screen, 18 from a printed card, 16 a card number typed by hand, 13 a linear barcode.
///
/// # Errors
/// [`ScannedCodeFault`].
pub fn parse_scan(text: &str) -> Result<ScannedCode, ScannedCodeFault> {
    let digits = strip_separators(text);
    if digits.is_empty() {
        return Err(ScannedCodeFault::Empty);
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ScannedCodeFault::NotDigits);
    }
    let after = |prefix| {
        digits
            .strip_prefix(prefix)
            .ok_or(ScannedCodeFault::OtherScheme)
    };
    let card = |number| CardNumber::parse(number).ok_or(ScannedCodeFault::CheckDigit);
    match digits.len() {
        26 => {
            let (number, code) = after(ROTATING)?
                .split_at_checked(16)
                .ok_or(ScannedCodeFault::WrongLength)?;
            Ok(ScannedCode::Rotating {
                card: card(number)?,
                code: code.to_owned(),
            })
        }
        18 => Ok(ScannedCode::Fixed {
            card: card(after(FIXED)?)?,
        }),
        16 => Ok(ScannedCode::Fixed {
            card: card(&digits)?,
        }),
        13 => {
            after(Ean13::PREFIX)?;
            Ean13::parse(&digits)
                .map(ScannedCode::Ean)
                .ok_or(ScannedCodeFault::CheckDigit)
        }
        _ => Err(ScannedCodeFault::WrongLength),
    }
}

/// Result of checking a one-time code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeVerification {
    /// The code of this step, which is the present one or the one before or after it.
    Fresh(i64),
    /// A code of one of the two steps before the accepted ones.
    Stale,
    /// No code of this secret.
    Wrong,
}

/// The one-time code of `step`: TOTP (RFC 6238) with HMAC-SHA-256, eight digits.
pub fn totp(secret: &[u8], step: i64) -> String {
    // HMAC takes a key of any length, so this is never empty; if it were, it would match no code.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // Dynamic truncation, RFC 4226, 5.3.
    let offset = hash.last().map_or(0, |byte| usize::from(byte & 0x0f));
    hash.get(offset..offset + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .map(|bytes| u32::from_be_bytes(bytes) & 0x7fff_ffff)
        .map_or_else(String::new, |value| format!("{:08}", value % 100_000_000))
}

/// The step that `at` is in, counted from 1970.
pub fn step_of(at: Instant) -> i64 {
    at.unix_secs().div_euclid(STEP_SECONDS)
}

/// The moment at which `step` is over.
pub fn step_ends(step: i64) -> Instant {
    Instant(0).plus_secs(step.saturating_add(1).saturating_mul(STEP_SECONDS))
}

/// Judges a one-time code by `now`. The step before and after count as well: phones' clocks differ, and a sale takes
/// its time.
pub fn verify(secret: &[u8], code: &str, now: Instant) -> CodeVerification {
    if code.len() != CODE_DIGITS {
        return CodeVerification::Wrong;
    }
    let is_of = |step: &i64| bool::from(totp(secret, *step).as_bytes().ct_eq(code.as_bytes()));
    let step = step_of(now);
    if let Some(fresh) = [step, step - 1, step + 1].into_iter().find(is_of) {
        return CodeVerification::Fresh(fresh);
    }
    if (step - 1 - STALE_STEPS..step - 1).any(|old| is_of(&old)) {
        return CodeVerification::Stale;
    }
    CodeVerification::Wrong
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &[u8] = b"12345678901234567890123456789012";

    fn card() -> CardNumber {
        CardNumber::parse("4111111111111111").unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        for (secs, code) in [
            (59, "46119246"),
            (1_111_111_109, "68084774"),
            (1_111_111_111, "67062674"),
            (1_234_567_890, "91819424"),
            (2_000_000_000, "90698825"),
            (20_000_000_000, "77737706"),
        ] {
            assert_eq!(totp(SECRET, step_of(Instant(0).plus_secs(secs))), code);
        }
    }

    #[test]
    fn a_step_lasts_thirty_seconds() {
        let at = Instant(0).plus_secs(59);
        assert_eq!(step_of(at), 1);
        assert_eq!(step_ends(1), Instant(0).plus_secs(60));
        assert_eq!(step_of(step_ends(1)), 2);
        assert_eq!(step_of(Instant(-1)), -1);
    }

    #[test]
    fn neighbouring_codes_are_fresh_older_ones_stale_and_others_wrong() {
        let now = Instant(0).plus_secs(1_111_111_111);
        let step = step_of(now);
        let verdict = |step| verify(SECRET, &totp(SECRET, step), now);
        for fresh in [step - 1, step, step + 1] {
            assert_eq!(verdict(fresh), CodeVerification::Fresh(fresh));
        }
        for old in [step - 2, step - 3] {
            assert_eq!(verdict(old), CodeVerification::Stale);
        }
        for far in [step - 4, step - 240, step + 2] {
            assert_eq!(verdict(far), CodeVerification::Wrong);
        }
        assert_eq!(
            verify(b"another", &totp(SECRET, step), now),
            CodeVerification::Wrong
        );
        for malformed in ["", "1234567", "670626740", "6706267а"] {
            assert_eq!(verify(SECRET, malformed, now), CodeVerification::Wrong);
        }
    }

    #[test]
    fn the_ends_of_time_are_judged_without_a_fault() {
        for now in [Instant(i64::MIN), Instant(i64::MAX)] {
            assert_eq!(verify(SECRET, "00000000", now), CodeVerification::Wrong);
            step_ends(step_of(now));
        }
        assert_eq!(step_ends(i64::MAX), Instant(i64::MAX));
    }

    #[test]
    fn the_length_decides_and_not_how_the_number_begins() {
        let fixed = |card: &CardNumber| Ok(ScannedCode::Fixed { card: card.clone() });
        for random in [
            700_000_000_000_000,
            710_000_000_000_000,
            290_000_000_000_000,
        ] {
            let card = CardNumber::from_random(random);
            assert_eq!(parse_scan(card.as_str()), fixed(&card));
            assert_eq!(parse_scan(&static_payload(&card)), fixed(&card));
        }
    }

    #[test]
    fn spaces_and_dashes_do_not_matter() {
        let expected = Ok(ScannedCode::Fixed { card: card() });
        for text in [
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            " 4111\u{a0}1111\u{a0}1111\u{a0}1111\r\n",
            "704111111111111111\u{3}",
        ] {
            assert_eq!(parse_scan(text), expected, "{text:?}");
        }
    }

    #[test]
    fn each_fault_is_told_apart() {
        for (text, fault) in [
            ("", ScannedCodeFault::Empty),
            (" - ", ScannedCodeFault::Empty),
            ("https://example.org/", ScannedCodeFault::NotDigits),
            ("411111111111111O", ScannedCodeFault::NotDigits),
            ("٤111111111111111", ScannedCodeFault::NotDigits),
            ("12345678", ScannedCodeFault::WrongLength),
            ("7041111111111111110", ScannedCodeFault::WrongLength),
            ("4003994155486", ScannedCodeFault::OtherScheme),
            ("714111111111111111", ScannedCodeFault::OtherScheme),
            ("70411111111111111112345678", ScannedCodeFault::OtherScheme),
            ("4111111111111112", ScannedCodeFault::CheckDigit),
            ("704111111111111112", ScannedCodeFault::CheckDigit),
            ("71411111111111111212345678", ScannedCodeFault::CheckDigit),
            ("2901234567890", ScannedCodeFault::CheckDigit),
        ] {
            assert_eq!(parse_scan(text), Err(fault), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_payload_reads_back(random in any::<u64>(), code in 0..100_000_000_u32, short in 0..10_000_000_000_i64) {
            let card = CardNumber::from_random(random);
            let code = format!("{code:08}");
            let rotating = rotating_payload(&card, &code);
            prop_assert_eq!(rotating.len(), 26);
            prop_assert_eq!(parse_scan(&rotating), Ok(ScannedCode::Rotating { card: card.clone(), code }));
            let fixed = static_payload(&card);
            prop_assert_eq!(fixed.len(), 18);
            prop_assert_eq!(parse_scan(&fixed), Ok(ScannedCode::Fixed { card: card.clone() }));
            prop_assert_eq!(parse_scan(&card.grouped()), Ok(ScannedCode::Fixed { card }));
            let ean = Ean13::from_short(short).unwrap();
            prop_assert_eq!(parse_scan(ean.as_str()), Ok(ScannedCode::Ean(ean)));
        }

        #[test]
        fn no_text_makes_the_reader_fail(text in any::<String>()) {
            let _ = parse_scan(&text);
            let _ = verify(SECRET, &text, Instant(0));
        }
    }
}
