//! Whether the settings about phone numbers mean something.

use std::collections::HashSet;

use super::{FaultCollector, top_level_path};
use crate::domain::programme::Programme;

impl Programme {
    pub(super) fn validate_phones(&self, findings: &mut FaultCollector) {
        let Some(countries) = &self.phones.join else {
            return;
        };
        let path = top_level_path("phones").field("join");
        findings.unless(
            !countries.is_empty(),
            path.clone(),
            "must name a country; leave it out where numbers of every country may join",
        );
        findings.warn_unless(
            countries.is_empty() || countries.contains(&self.phones.country),
            path.clone(),
            format!(
                "does not name {}, whose numbers are written without +: nobody can join with one",
                self.phones.country
            ),
        );
        let mut seen = HashSet::new();
        for (position, country) in countries.iter().enumerate() {
            findings.unless(
                seen.insert(country),
                path.item(position),
                format!("{country} is named twice"),
            );
        }
    }
}
