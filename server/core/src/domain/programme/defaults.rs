//! Settings that a new document has where it does not write them. Serde's own defaults cannot do this: they belong to stored
//! programmes, where a missing setting means what was done before the setting existed.

use toml::de::DeTable;

use super::exclusions::fill_in_exclusions;

/// Adds the settings that a document does not write. What is written stays as it is, also where it cannot be read.
pub(super) fn fill_in_defaults(document: &mut DeTable<'_>) {
    fill_in_exclusions(document);
}
