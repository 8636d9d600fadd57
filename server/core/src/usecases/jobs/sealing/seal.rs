//! How a seal is computed. The contents of a line are encoded so that no two different lines give the same bytes: each value with
//! its kind and length. The encoding is the same on both engines and never changes; `store::seals` has its versions.

use uuid::Uuid;

use crate::entropy::keyed_hash_of_bytes;
use crate::ids::RowId;
use crate::secret_key::{KeyPurpose, SecretKey};
use crate::store::StoreError;
use crate::store::engine::SqlValue;
use crate::store::seals::{ChainEnds, LineContents, SealChain};

/// Seal before the first line.
const NO_SEAL: [u8; 32] = [0; 32];
/// First byte of what is sealed as a line.
const OF_LINE: u8 = 1;
/// First byte of what is sealed as the ends of a chain.
const OF_ENDS: u8 = 2;

/// Key of a chain.
pub(super) struct ChainKey {
    /// The chain.
    pub chain: SealChain,
    key: Vec<u8>,
}

impl ChainKey {
    /// Derives the key of a chain.
    pub fn new(secret: &SecretKey, chain: SealChain) -> Self {
        let purpose = match chain {
            SealChain::Audit => KeyPurpose::AuditSeals,
            SealChain::Ledger => KeyPurpose::LedgerSeals,
        };
        Self {
            chain,
            key: secret.derive(purpose),
        }
    }

    /// Seals a line after the one with the seal `before`; `None` = there is no such version of the contents.
    pub fn seal_line(
        &self,
        before: &[u8],
        number: i64,
        version: i64,
        line: &LineContents,
    ) -> Option<Vec<u8>> {
        let (columns, columns_of_allocation) = self.chain.widths(version)?;
        let mut bytes = vec![OF_LINE];
        encode(&mut bytes, &SqlValue::Bytes(Some(before.to_vec())));
        encode(&mut bytes, &SqlValue::Int(Some(number)));
        encode(&mut bytes, &SqlValue::Int(Some(version)));
        line.columns
            .get(..columns)?
            .iter()
            .for_each(|value| encode(&mut bytes, value));
        let count = i64::try_from(line.allocations.len()).ok()?;
        encode(&mut bytes, &SqlValue::Int(Some(count)));
        for allocation in &line.allocations {
            allocation
                .get(..columns_of_allocation)?
                .iter()
                .for_each(|value| encode(&mut bytes, value));
        }
        Some(keyed_hash_of_bytes(&self.key, &bytes))
    }

    /// Ends of a chain without lines.
    pub fn empty_ends(&self) -> ChainEnds {
        ChainEnds {
            base_number: 0,
            base_seal: NO_SEAL.to_vec(),
            number: 0,
            seal: NO_SEAL.to_vec(),
            swept_until: RowId(Uuid::nil()),
            ends_seal: Vec::new(),
        }
    }

    /// Seals the ends.
    pub fn seal_ends(&self, ends: &mut ChainEnds) {
        ends.ends_seal = self.compute_ends_seal(ends);
    }

    /// Returns whether the ends are as they were sealed.
    pub fn fits_ends(&self, ends: &ChainEnds) -> bool {
        ends.ends_seal == self.compute_ends_seal(ends)
    }

    fn compute_ends_seal(&self, ends: &ChainEnds) -> Vec<u8> {
        let mut bytes = vec![OF_ENDS];
        for value in [
            SqlValue::Int(Some(ends.base_number)),
            SqlValue::Bytes(Some(ends.base_seal.clone())),
            SqlValue::Int(Some(ends.number)),
            SqlValue::Bytes(Some(ends.seal.clone())),
            SqlValue::Id(Some(ends.swept_until.0)),
        ] {
            encode(&mut bytes, &value);
        }
        keyed_hash_of_bytes(&self.key, &bytes)
    }

    /// Error about a chain that cannot be continued.
    pub fn broken(&self, cause: &str) -> StoreError {
        StoreError::Said(format!(
            "the chain of {} cannot be sealed further: {cause}; run `kopilka check`",
            self.chain.as_str()
        ))
    }
}

/// Adds a value: a byte for its kind, a byte for whether there is one, its length and its bytes.
fn encode(bytes: &mut Vec<u8>, value: &SqlValue) {
    let number: [u8; 8];
    let (kind, data): (u8, Option<&[u8]>) = match value {
        SqlValue::Int(value) => {
            number = value.unwrap_or_default().to_be_bytes();
            (1, value.is_some().then_some(number.as_slice()))
        }
        SqlValue::Text(value) => (2, value.as_deref().map(str::as_bytes)),
        SqlValue::Id(value) => (3, value.as_ref().map(|id| id.as_bytes().as_slice())),
        SqlValue::Bytes(value) => (4, value.as_deref()),
        SqlValue::Bool(value) => (
            5,
            value
                .as_ref()
                .map(|yes| if *yes { &[1_u8][..] } else { &[0] }),
        ),
    };
    bytes.push(kind);
    bytes.push(u8::from(data.is_some()));
    let data = data.unwrap_or_default();
    let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(data);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> ChainKey {
        ChainKey::new(&SecretKey::from_bytes(&[7; 32]).unwrap(), SealChain::Audit)
    }

    fn value() -> impl Strategy<Value = SqlValue> {
        prop_oneof![
            any::<Option<i64>>().prop_map(SqlValue::Int),
            proptest::option::of(".{0,6}").prop_map(SqlValue::Text),
            any::<Option<u128>>().prop_map(|id| SqlValue::Id(id.map(Uuid::from_u128))),
            any::<Option<Vec<u8>>>().prop_map(SqlValue::Bytes),
            any::<Option<bool>>().prop_map(SqlValue::Bool),
        ]
    }

    fn encoded(values: &[SqlValue]) -> Vec<u8> {
        let mut bytes = Vec::new();
        values.iter().for_each(|value| encode(&mut bytes, value));
        bytes
    }

    proptest! {
        #[test]
        fn different_values_have_different_bytes(
            one in proptest::collection::vec(value(), 0..5),
            other in proptest::collection::vec(value(), 0..5),
        ) {
            prop_assert_eq!(one == other, encoded(&one) == encoded(&other));
        }
    }

    // The value was computed by another program too. Seals are stored: a change of the encoding would make every chain look as if it had been tampered with.
    #[test]
    fn the_encoding_of_version_1_stays_as_it_is() {
        let id = |last| SqlValue::Id(Some(Uuid::from_u128(last)));
        let none = SqlValue::Id(None);
        let line = LineContents {
            columns: vec![
                id(1),
                SqlValue::Int(Some(1_790_000_000_000_000)),
                id(2),
                none.clone(),
                none.clone(),
                id(3),
                SqlValue::Text(Some("look-up".to_owned())),
                SqlValue::Text(Some(String::new())),
                SqlValue::Text(Some("done".to_owned())),
                none,
            ],
            allocations: Vec::new(),
        };
        let seal = key().seal_line(&NO_SEAL, 1, 1, &line).unwrap();
        assert_eq!(
            crate::entropy::encode_hex(&seal),
            "a6c9dd03c3efcc6c975852f50684e0ce90750857ba6782f11daec1a19d09d89c"
        );
        assert_eq!(key().seal_line(&NO_SEAL, 1, 9, &line), None);
    }
}
