//! Countries as numbering plans of telephones know them.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};
use serde::{Deserialize, Serialize};

/// A country that has telephone numbers, by its code of two capital letters (ISO 3166-1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(Region);

impl Country {
    /// Russia.
    pub const RUSSIA: Self = Self(Region::RU);

    /// Reads a code such as `RU`; `None` = no country with telephone numbers has it.
    pub fn parse(code: &str) -> Option<Self> {
        let capitals = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        let region = Region::from_code(code).ok().filter(|_| capitals)?;
        Self::from_region(region)
    }

    pub(super) fn from_region(region: Region) -> Option<Self> {
        PHONE_NUMBER_UTIL
            .get_country_code_for_region(region)
            .filter(|_| region != Region::World)
            .map(|_| Self(region))
    }

    pub(super) const fn region(self) -> Region {
        self.0
    }

    /// Returns the digits that follow the plus sign of the country's numbers, `7` for Russia. Some countries share them.
    pub fn calling_code(self) -> i32 {
        PHONE_NUMBER_UTIL
            .get_country_code_for_region(self.0)
            .unwrap_or_default()
    }

    /// Returns every country that has telephone numbers, by code.
    pub fn list_all() -> Vec<Self> {
        let mut all: Vec<Self> = PHONE_NUMBER_UTIL
            .get_supported_regions()
            .filter_map(Self::from_region)
            .collect();
        all.sort_unstable();
        all
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.to_string()
    }
}

impl TryFrom<String> for Country {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Self::parse(&code)
            .ok_or_else(|| format!("`{code}` is not the code of a country, as RU (ISO 3166-1)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_code_in_capitals() {
        assert_eq!(Country::parse("RU"), Some(Country::RUSSIA));
        assert_eq!(Country::parse("KZ").unwrap().calling_code(), 7);
        assert_eq!(Country::parse("BY").unwrap().calling_code(), 375);
        for code in ["", "R", "ru", "RUS", "001", "ZZ", "XX", "РУ", "7"] {
            assert_eq!(Country::parse(code), None, "{code}");
        }
    }

    #[test]
    fn each_country_is_stored_as_its_code() {
        let all = Country::list_all();
        assert!(all.len() > 240, "{}", all.len());
        for country in all {
            let stored = serde_json::to_string(&country).unwrap();
            assert_eq!(stored, format!("\"{country}\""));
            assert_eq!(serde_json::from_str::<Country>(&stored).unwrap(), country);
            assert!(country.calling_code() > 0, "{country}");
        }
    }
}
