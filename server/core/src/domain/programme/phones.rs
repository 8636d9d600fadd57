//! The settings of a programme that are about phone numbers.

use serde::{Deserialize, Serialize};

use crate::domain::country::Country;
use crate::domain::phone::{Phone, PhoneFault};

/// Rules of reading phone numbers, and of those with which new members are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhoneRules {
    /// Country of numbers that are written without `+` or `00`.
    pub country: Country,
    /// Countries whose numbers new members may have; `None` = every country. Members sign in with any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<Vec<Country>>,
}

impl Default for PhoneRules {
    fn default() -> Self {
        Self {
            country: Country::RUSSIA,
            join: None,
        }
    }
}

impl PhoneRules {
    /// Checks that a new member may have this number. It says nothing about who is a member.
    ///
    /// # Errors
    /// [`PhoneFault::NotPersonal`], [`PhoneFault::Country`].
    pub fn check_admitted(&self, phone: &Phone) -> Result<(), PhoneFault> {
        if phone.is_forwarded() {
            return Err(PhoneFault::NotPersonal);
        }
        let listed = match &self.join {
            None => true,
            Some(countries) => phone
                .country()
                .is_some_and(|country| countries.contains(&country)),
        };
        if listed {
            Ok(())
        } else {
            Err(PhoneFault::Country)
        }
    }

    /// Returns the beginnings of the numbers that are admitted, as `+7, +375`; empty = every number.
    pub fn admitted_codes(&self) -> String {
        let mut codes: Vec<i32> = Vec::new();
        for country in self.join.iter().flatten() {
            if !codes.contains(&country.calling_code()) {
                codes.push(country.calling_code());
            }
        }
        let codes: Vec<String> = codes.iter().map(|code| format!("+{code}")).collect();
        codes.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(join: &[&str]) -> PhoneRules {
        let join = join.iter().map(|code| Country::parse(code).unwrap());
        PhoneRules {
            country: Country::RUSSIA,
            join: Some(join.collect()),
        }
    }

    fn phone(text: &str) -> Phone {
        Phone::parse(text, Country::RUSSIA).unwrap()
    }

    #[test]
    fn numbers_of_listed_countries_are_admitted() {
        let rules = rules(&["RU", "KZ", "BY"]);
        for text in ["8 912 345-67-89", "+7 701 123 45 67", "+375 29 123-45-67"] {
            assert_eq!(rules.check_admitted(&phone(text)), Ok(()), "{text}");
        }
        for text in ["+353 86 700 1122", "+1 212 555 0123"] {
            assert_eq!(
                rules.check_admitted(&phone(text)),
                Err(PhoneFault::Country),
                "{text}"
            );
        }
        assert_eq!(rules.admitted_codes(), "+7, +375");
    }

    #[test]
    fn countries_that_share_a_code_are_told_apart() {
        let russia = rules(&["RU"]);
        assert_eq!(russia.check_admitted(&phone("+7 912 345-67-89")), Ok(()));
        let kazakh = phone("+7 701 123 45 67");
        assert_eq!(russia.check_admitted(&kazakh), Err(PhoneFault::Country));
    }

    #[test]
    fn without_a_list_every_country_is_admitted_and_forwarded_numbers_are_not() {
        let rules = PhoneRules::default();
        assert_eq!(rules.check_admitted(&phone("+353 86 700 1122")), Ok(()));
        assert_eq!(rules.admitted_codes(), "");
        let forwarded = phone("+44 70 1234 5678");
        assert_eq!(
            rules.check_admitted(&forwarded),
            Err(PhoneFault::NotPersonal)
        );
    }

    #[test]
    fn documents_stored_before_read_national_numbers_as_russian_and_admit_every_country() {
        assert_eq!(
            serde_json::from_str::<PhoneRules>("{}").unwrap(),
            PhoneRules::default()
        );
    }
}
