//! E-mail addresses as people type and paste them. Only a message that arrives proves more.

use email_address::{EmailAddress, Options};

use super::visible::without_invisible;

/// The most characters in an address (RFC 5321).
const LONGEST: usize = 254;

/// Fault of an address that was typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", prefix = "email-")]
pub enum EmailAddressFault {
    /// It has no @.
    NoAt,
    /// It has more than one @.
    SecondAt,
    /// There is a space inside.
    Space,
    /// Nothing stands before the @.
    NoName,
    /// The part after the @ is no domain: nothing, no full stop, two in a row, or a number after the last one.
    Domain,
    /// It has letters that are not Latin where only Latin ones reach a mailbox.
    NotLatin,
    /// It is longer than an address can be.
    TooLong,
    /// It is no address for another reason.
    Invalid,
}

impl EmailAddressFault {
    /// The name of the text that explains it.
    pub fn problem_key(&self) -> &'static str {
        self.into()
    }
}

/// Reads an address, freed of what cannot be seen; its domain in small letters. Nothing typed gives an empty text.
///
/// # Errors
/// [`EmailAddressFault`], the first one that a person would correct.
pub fn parse_address(text: &str) -> Result<String, EmailAddressFault> {
    let folded: String = without_invisible(text).chars().map(half_width).collect();
    let typed = folded.trim();
    let typed = typed.strip_prefix("mailto:").unwrap_or(typed);
    if typed.is_empty() {
        return Ok(String::new());
    }
    let (name, domain) = typed.rsplit_once('@').ok_or(EmailAddressFault::NoAt)?;
    if typed.contains(char::is_whitespace) {
        return Err(EmailAddressFault::Space);
    }
    if name.contains('@') {
        return Err(EmailAddressFault::SecondAt);
    }
    if name.is_empty() {
        return Err(EmailAddressFault::NoName);
    }
    let domain = domain.to_lowercase();
    let mut labels = domain.split('.');
    if !domain.contains('.') || labels.any(str::is_empty) || ends_in_number(&domain) {
        return Err(EmailAddressFault::Domain);
    }
    if !name.is_ascii() || domain.split('.').any(is_mixed) {
        return Err(EmailAddressFault::NotLatin);
    }
    let address = format!("{name}@{domain}");
    if address.chars().count() > LONGEST || name.len() > 64 {
        return Err(EmailAddressFault::TooLong);
    }
    let options = Options::default()
        .with_required_tld()
        .without_domain_literal()
        .without_display_text();
    EmailAddress::parse_with_options(&address, options)
        .map(|_| address)
        .map_err(|_| EmailAddressFault::Invalid)
}

/// Returns whether the last part of a domain has digits only: there is no such top-level domain, and an address of a network
/// is no domain.
fn ends_in_number(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default();
    last.chars().all(char::is_numeric)
}

/// Returns whether a part of a domain mixes Latin letters with others: it then looks like another domain.
fn is_mixed(label: &str) -> bool {
    let letters = || label.chars().filter(|character| character.is_alphabetic());
    letters().any(|letter| letter.is_ascii()) && letters().any(|letter| !letter.is_ascii())
}

/// Keyboards for Chinese and Japanese write Latin letters and signs twice as wide, and a full stop of their own.
fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => u32::from(character)
            .checked_sub(0xfee0)
            .and_then(char::from_u32)
            .unwrap_or(character),
        '\u{3002}' | '\u{ff61}' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_typed_and_pasted() {
        for (typed, right) in [
            ("", ""),
            (" \u{a0}\u{200b}", ""),
            ("anna@example.com", "anna@example.com"),
            ("  anna@example.com\n", "anna@example.com"),
            ("\u{a0}anna@example.com\u{a0}", "anna@example.com"),
            (
                "\u{200b}anna@exa\u{200d}mple.com\u{feff}",
                "anna@example.com",
            ),
            ("\u{202a}anna@example.com\u{202c}", "anna@example.com"),
            ("anna\u{ff20}example\u{ff0e}com", "anna@example.com"),
            ("mailto:anna@example.com", "anna@example.com"),
            ("Anna.K+shop@Example.COM", "Anna.K+shop@example.com"),
            (
                "o'brien_1-x@mail.example.co.uk",
                "o'brien_1-x@mail.example.co.uk",
            ),
            ("anna@почта.рф", "anna@почта.рф"),
            ("anna@123.example.c0m", "anna@123.example.c0m"),
        ] {
            assert_eq!(parse_address(typed).as_deref(), Ok(right), "{typed:?}");
        }
    }

    #[test]
    fn each_fault_that_a_person_can_correct_has_its_reason() {
        for (typed, fault) in [
            ("anna", EmailAddressFault::NoAt),
            ("anna.example.com", EmailAddressFault::NoAt),
            ("anna@@example.com", EmailAddressFault::SecondAt),
            (
                "anna@example.com,boris@example.com",
                EmailAddressFault::SecondAt,
            ),
            ("anna k@example.com", EmailAddressFault::Space),
            ("anna@example. com", EmailAddressFault::Space),
            ("anna@exa\u{a0}mple.com", EmailAddressFault::Space),
            ("@example.com", EmailAddressFault::NoName),
            ("anna@", EmailAddressFault::Domain),
            ("anna@example", EmailAddressFault::Domain),
            ("anna@.com", EmailAddressFault::Domain),
            ("anna@example..com", EmailAddressFault::Domain),
            ("anna@example.com.", EmailAddressFault::Domain),
            ("anna@1.2.3.4", EmailAddressFault::Domain),
            ("anna@example.123", EmailAddressFault::Domain),
            ("anna@example.\u{ff11}\u{ff12}", EmailAddressFault::Domain),
            ("анна@example.com", EmailAddressFault::NotLatin),
            ("аnna@example.com", EmailAddressFault::NotLatin),
            ("anna@exаmple.com", EmailAddressFault::NotLatin),
            ("anna..k@example.com", EmailAddressFault::Invalid),
            (".anna@example.com", EmailAddressFault::Invalid),
            ("anna(k)@example.com", EmailAddressFault::Invalid),
            ("<anna@example.com>", EmailAddressFault::Invalid),
            ("anna@-example.com", EmailAddressFault::Invalid),
            ("anna@[127.0.0.1]", EmailAddressFault::Invalid),
        ] {
            assert_eq!(parse_address(typed), Err(fault), "{typed:?}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        assert_eq!(parse_address(&long), Err(EmailAddressFault::TooLong));
    }

    proptest! {
        #[test]
        fn an_address_that_was_read_is_read_again_and_has_nothing_unseen(
            text in ".{0,40}",
            near in "[a-z.+@ \u{200b}\u{430}-]{1,12}@[a-z.\u{430}-]{1,12}\\.[a-z]{1,4}",
        ) {
            for text in [text, near] {
                if let Ok(read) = parse_address(&text) {
                    prop_assert_eq!(parse_address(&read), Ok(read.clone()));
                    prop_assert!(!read.contains(char::is_whitespace) && !read.contains(char::is_control));
                }
            }
        }
    }
}
