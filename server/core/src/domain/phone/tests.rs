//! Spellings of phone numbers: each gives its own number or none.
use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Phone, PhoneFault> {
    Phone::parse(text, Country::RUSSIA)
}

fn in_country(code: &str, text: &str) -> Result<Phone, PhoneFault> {
    Phone::parse(text, Country::parse(code).unwrap())
}

#[test]
fn all_spellings_of_a_number_are_one() {
    for text in [
        "+79123456789",
        "79123456789",
        "89123456789",
        "9123456789",
        "8 (912) 345-67-89",
        "+7 (912) 345-67-89",
        "+7(912)3456789",
        "+7 912 345 67 89",
        "7 912 345-67-89",
        "8-912-345-67-89",
        "8.912.345.67.89",
        "+7\u{a0}912\u{a0}345\u{2011}67\u{2011}89",
        "+7 912 345–67—89",
        "\u{202a}+7 912 345-67-89\u{202c}",
        "tel:+79123456789",
        "TEL: +7-912-345-67-89",
        "  912 345 67 89\n",
    ] {
        assert_eq!(parse(text).unwrap().as_str(), "+79123456789", "{text:?}");
    }
}

#[test]
fn numbers_of_other_countries_need_their_code() {
    assert_eq!(
        parse("+375 29 123-45-67").unwrap().as_str(),
        "+375291234567"
    );
    assert_eq!(parse("+7 701 123 45 67").unwrap().as_str(), "+77011234567");
    assert_eq!(parse("+44 20 7946 0958").unwrap().as_str(), "+442079460958");
    assert_eq!(parse("020 7946 0958"), Err(PhoneFault::Invalid));
}

#[test]
fn what_cannot_be_a_number_is_refused() {
    assert_eq!(parse(""), Err(PhoneFault::Missing));
    assert_eq!(parse(" \u{a0}"), Err(PhoneFault::Missing));
    for text in [
        "+",
        "tel:",
        "912345678",
        "+7912345678",
        "+791234567890",
        "+7 000 000 00 00",
        "8 912 345 67 89 доб. 5",
        "8 912 345 67 89 ext 5",
        "+7 912 345 67 89, +7 912 345 67 80",
        "++79123456789",
        "8 912 FLOWERS",
        "12345",
    ] {
        assert_eq!(parse(text), Err(PhoneFault::Invalid), "{text:?}");
    }
    assert_eq!(
        parse(&format!("{}9123456789", " ".repeat(40))),
        Err(PhoneFault::Invalid)
    );
}

#[test]
fn a_mask_keeps_the_country_and_four_digits() {
    assert_eq!(parse("89123456789").unwrap().masked(), "+7 ··· 67-89");
    assert_eq!(Phone::trusted("+375291234567").masked(), "+375 ··· 45-67");
    assert_eq!(Phone::trusted("").masked(), "···");
    assert_eq!(Phone::trusted("закрыт").masked(), "···");
}

#[test]
fn a_log_shows_only_the_mask() {
    let phone = parse("89123456789").unwrap();
    assert_eq!(format!("{phone:?}"), "Phone(+7 ··· 67-89)");
}

proptest! {
    #[test]
    fn spelling_never_changes_the_number(
        end in 0..10_000_000_u32,
        start in prop::sample::select(vec!["+7", "7", "8", "", "tel:+7", "8 ", "+7\u{a0}"]),
        gaps in prop::collection::vec(prop::sample::select(vec!["", " ", "-", "\u{a0}", "\u{2011}", "–", ") ", "."]), 3),
    ) {
        let end = format!("{end:07}");
        let text = format!("{start}(912{}{}{}{}{}{}", gaps[0], &end[..3], gaps[1], &end[3..5], gaps[2], &end[5..]);
        let phone = parse(&text).unwrap();
        prop_assert_eq!(phone.as_str(), format!("+7912{end}"));
        prop_assert_eq!(parse(phone.as_str()).unwrap(), phone.clone());
        prop_assert_eq!(phone.masked(), format!("+7 ··· {}-{}", &end[3..5], &end[5..]));
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in any::<String>(), digits in "[+]?[0-9 ()-]{0,40}") {
        let _ = parse(&text);
        if let Ok(phone) = parse(&digits) {
            prop_assert_eq!(parse(phone.as_str()).unwrap(), phone);
        }
    }

    #[test]
    fn a_mask_is_made_of_any_stored_text(text in any::<String>()) {
        let _ = Phone::trusted(&text).masked();
    }
}

/// The library's example of a number of this kind.
fn example(country: Country, kind: PhoneNumberType) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL
        .get_example_number_for_type_and_region(country.region(), kind)
        .ok()
}

/// Five spellings of a number in E.164: as it is, with 00, with spaces, with brackets and hyphens, as a link.
fn five_spellings(number: &PhoneNumber) -> [String; 5] {
    let written = |format| PHONE_NUMBER_UTIL.format(number, format).into_owned();
    let e164 = written(PhoneNumberFormat::E164);
    let code = number.country_code.to_string();
    let national = &e164[1 + code.len()..];
    let (area, rest) = national.split_at(national.len().min(3));
    let pairs: Vec<String> = rest
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8(pair.to_vec()).unwrap())
        .collect();
    [
        e164.clone(),
        e164.replacen('+', "00", 1),
        written(PhoneNumberFormat::International),
        format!("+{code} ({area}) {}", pairs.join("-")),
        written(PhoneNumberFormat::RFC3966),
    ]
}

#[test]
fn example_numbers_of_every_region_come_back_unchanged_in_five_spellings() {
    use PhoneNumberType::{FixedLine, Mobile, PersonalNumber, VoIP};
    let mut wrong = Vec::new();
    let mut seen = 0;
    for country in Country::list_all() {
        for kind in [Mobile, FixedLine, VoIP, PersonalNumber] {
            let Some(number) = example(country, kind) else {
                continue;
            };
            let e164 = number.to_string();
            for text in five_spellings(&number) {
                // Whatever country the programme is of, a number with + or 00 is its own.
                for home in ["RU", "US", "IT", "BY"] {
                    seen += 1;
                    let read = in_country(home, &text);
                    if read.as_ref().map(Phone::as_str) != Ok(&e164) {
                        wrong.push(format!("{country} {kind:?} {text} in {home}: {read:?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 9_000, "{seen}");
}

#[test]
fn a_national_spelling_is_read_by_the_programme_s_country() {
    let mut wrong = Vec::new();
    for country in Country::list_all() {
        for kind in [PhoneNumberType::Mobile, PhoneNumberType::FixedLine] {
            let Some(number) = example(country, kind) else {
                continue;
            };
            let text = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::National);
            let read = Phone::parse(&text, country);
            if read.as_ref().map(Phone::as_str) != Ok(&number.to_string()) {
                wrong.push(format!("{country} {kind:?} {text}: {read:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(
        in_country("BY", "8 (029) 123-45-67").unwrap().as_str(),
        "+375291234567"
    );
    assert_eq!(
        in_country("BY", "8 912 345-67-89"),
        Err(PhoneFault::Invalid)
    );
}

#[test]
fn numbers_on_which_nobody_reads_messages_are_refused() {
    use PhoneNumberType::{Pager, PremiumRate, SharedCost, TollFree, UAN, VoiceMail};
    let mut wrong = Vec::new();
    for country in Country::list_all() {
        for kind in [Pager, PremiumRate, SharedCost, TollFree, UAN, VoiceMail] {
            let Some(number) = example(country, kind) else {
                continue;
            };
            let read = parse(&number.to_string());
            if read.is_ok() {
                wrong.push(format!("{country} {kind:?} {number}: {read:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for text in [
        "+1 900 234-56-78",
        "+882 16 345 67 89",
        "+883 510 012345678",
        "+870 773 123 456",
        "+800 1234 5678",
        "8 800 555-35-35",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert_eq!(parse("8 800 555-35-35"), Err(PhoneFault::NotPersonal));
    assert_eq!(parse("+1 900 234-56-78"), Err(PhoneFault::NotPersonal));
}

#[test]
fn numbers_that_were_read_as_others_or_refused_are_read() {
    for (typed, right) in [
        ("+353 86 700 1122", "+353867001122"),
        ("+359 87 700 1122", "+359877001122"),
        ("+998 88 123 45 67", "+998881234567"),
        ("+992 88 123 45 67", "+992881234567"),
        ("+996 880 12 34 56", "+996880123456"),
        ("+359 88 123 4567", "+359881234567"),
        ("+84 812 345 678", "+84812345678"),
        ("+91 81234 56789", "+918123456789"),
        ("+998 90 123 45 67", "+998901234567"),
        ("+992 90 123 45 67", "+992901234567"),
        ("+1 212 555 0123", "+12125550123"),
        ("00 353 86 700 1122", "+353867001122"),
        ("8 10 353 86 700 1122", "+353867001122"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+39 (0)6 698 12345", "+390669812345"),
        ("\u{ff0b}\u{ff17} \u{ff19}12 345 67 89", "+79123456789"),
    ] {
        let read = parse(typed);
        assert_eq!(read.as_ref().map(Phone::as_str), Ok(right), "{typed}");
    }
}

#[test]
fn what_would_have_to_be_changed_is_refused() {
    for text in [
        "+7 8 912 345-67-89",
        "+8 912 345-67-89",
        "+44 0 20 7946 0958",
        "+353 086 700 1122",
        "+00 353 86 700 1122",
        "000 353 86 700 1122",
        "353 86 700 1122",
        "+375 8 029 123-45-67",
    ] {
        assert_eq!(parse(text), Err(PhoneFault::Invalid), "{text}");
    }
}

#[test]
fn a_number_knows_its_country() {
    for (number, code) in [
        ("+79123456789", "RU"),
        ("+77011234567", "KZ"),
        ("+375291234567", "BY"),
        ("+12125550123", "US"),
        ("+14165550123", "CA"),
    ] {
        assert_eq!(Phone::trusted(number).country(), Country::parse(code));
    }
    for text in ["", "+", "+0", "+88216345678", "закрыт", "+7912"] {
        assert!(
            Phone::trusted(text)
                .country()
                .is_none_or(|country| country == Country::RUSSIA),
            "{text}"
        );
    }
    let forwarded = |text: &str| parse(text).unwrap().is_forwarded();
    assert!(forwarded("+44 70 1234 5678") && !forwarded("+44 7400 123456"));
}

proptest! {
    #[test]
    fn a_number_with_a_plus_is_read_as_it_is_or_not_at_all(
        code in prop::sample::select(Country::list_all()),
        digits in "[0-9]{4,13}",
        home in prop::sample::select(vec!["RU", "US", "DE", "IE", "BG", "MX", "AR", "BR"]),
    ) {
        let text = format!("+{}{digits}", code.calling_code());
        if let Ok(phone) = in_country(home, &text) {
            prop_assert_eq!(phone.as_str(), text.clone());
            prop_assert!(phone.country().is_some());
        }
        let abroad = text.replacen('+', "00", 1);
        prop_assert_eq!(in_country(home, &abroad), in_country(home, &text));
    }

    #[test]
    fn what_is_read_once_is_read_again_everywhere(
        text in "[+]?[0-9 ()-]{4,20}",
        first in prop::sample::select(Country::list_all()),
        second in prop::sample::select(Country::list_all()),
    ) {
        if let Ok(phone) = Phone::parse(&text, first) {
            prop_assert_eq!(Phone::parse(phone.as_str(), second), Ok(phone));
        }
    }
}
