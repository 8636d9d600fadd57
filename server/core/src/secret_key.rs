//! The secret key of a deployment: 32 bytes that are never stored in the database or in a backup. It turns a phone into a
//! keyed hash that nobody without the key can compute. Each use has a label of its own, so that the hashes of one use tell
//! nothing about those of another.

use std::fmt;

use strum::EnumIter;

use crate::entropy::{self, EntropyUnavailable, keyed_hash};

/// Length of the key in bytes.
pub const KEY_BYTES: usize = 32;

/// Purpose of a keyed hash. A new use adds a variant; a label never changes, because its hashes are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter)]
pub enum KeyPurpose {
    /// Recognises the key itself: the hash of a constant is stored to detect another key.
    KeyCheck,
    /// Recognises the phone of a closed account, for benefits that a person gets once.
    OnceOnlyUses,
    /// Names a closed account, for debts that it comes to have after its closing.
    ClosedAccount,
    /// Tells networks that requests come from apart, for limits.
    AskerNetwork,
    /// Recognises a login that nobody has, for its lock.
    UnknownLogin,
    /// Seals lines of the audit log.
    AuditSeals,
    /// Seals entries of the ledger.
    LedgerSeals,
}

impl KeyPurpose {
    /// Label that goes into the hash.
    const fn hash_label(self) -> &'static str {
        match self {
            Self::KeyCheck => "kopilka/key-check/1",
            Self::OnceOnlyUses => "kopilka/once-only-uses/1",
            Self::ClosedAccount => "kopilka/closed-account/1",
            Self::AskerNetwork => "kopilka/asker-network/1",
            Self::UnknownLogin => "kopilka/unknown-login/1",
            Self::AuditSeals => "kopilka/audit-seals/1",
            Self::LedgerSeals => "kopilka/ledger-seals/1",
        }
    }
}

/// The key. `Debug` never prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; KEY_BYTES]);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// The text or the bytes are not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret key is 32 bytes, written as 64 hexadecimal digits or as base64")]
pub struct InvalidSecretKey;

impl SecretKey {
    /// Makes a new key from the randomness of the operating system.
    ///
    /// # Errors
    /// [`EntropyUnavailable`] when the operating system refuses.
    pub fn generate() -> Result<Self, EntropyUnavailable> {
        Ok(Self(entropy::random_bytes()?))
    }

    /// Takes the bytes of a key file.
    ///
    /// # Errors
    /// [`InvalidSecretKey`] for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidSecretKey> {
        bytes.try_into().map(Self).map_err(|_| InvalidSecretKey)
    }

    /// Reads a key that was written as text: 64 hexadecimal digits, or base64 of either alphabet with or without padding.
    ///
    /// # Errors
    /// [`InvalidSecretKey`].
    pub fn parse(text: &str) -> Result<Self, InvalidSecretKey> {
        let text = text.trim();
        let bytes = if text.len() == 2 * KEY_BYTES {
            from_hex(text)
        } else {
            from_base64(text)
        };
        Self::from_bytes(&bytes.ok_or(InvalidSecretKey)?)
    }

    /// Bytes of the key, for its file.
    pub const fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// Computes the keyed hash (HMAC-SHA-256) of `data` for one purpose, under a key derived for that purpose.
    pub fn keyed_hash(&self, purpose: KeyPurpose, data: &str) -> Vec<u8> {
        keyed_hash(&self.derive(purpose), data)
    }

    /// Derives the key of one purpose.
    pub(crate) fn derive(&self, purpose: KeyPurpose) -> Vec<u8> {
        keyed_hash(&self.0, purpose.hash_label())
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.bytes().map(hex_digit).collect();
    let pairs = digits?;
    Some(
        pairs
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte: u8, digit| byte << 4 | digit))
            .collect(),
    )
}

const fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Decodes base64; `None` = not base64.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for letter in text.trim_end_matches('=').bytes() {
        bits = bits << 6 | u32::from(base64_digit(letter)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            let [byte, ..] = (bits >> count).to_le_bytes();
            bytes.push(byte);
            bits &= (1 << count) - 1;
        }
    }
    // Left-over bits that are not zero belong to no byte: the text was cut or mistyped.
    (bits == 0).then_some(bytes)
}

const fn base64_digit(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn a_key_is_never_printed() {
        let key = SecretKey::from_bytes(&[0xAB; KEY_BYTES]).unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey(…)");
    }

    #[test]
    fn a_key_is_read_from_hexadecimal_and_from_base64() {
        let key = SecretKey::from_bytes(&[0xFB; KEY_BYTES]).unwrap();
        let padded = "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=";
        let bare = padded
            .trim_end_matches('=')
            .replace('+', "-")
            .replace('/', "_");
        let hex = "fb".repeat(KEY_BYTES);
        for text in [
            hex.as_str(),
            &hex.to_uppercase(),
            padded,
            &bare,
            &format!(" {padded}\n"),
        ] {
            assert_eq!(SecretKey::parse(text), Ok(key.clone()), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_key() {
        let hex = "fb".repeat(KEY_BYTES);
        for text in [
            "",
            "secret",
            &hex[1..],
            &format!("{hex}00"),
            &hex.replace('f', "g"),
            "+/v7=",
        ] {
            assert_eq!(SecretKey::parse(text), Err(InvalidSecretKey), "{text}");
        }
        assert_eq!(SecretKey::from_bytes(&[1; 31]), Err(InvalidSecretKey));
        assert_eq!(SecretKey::from_bytes(&[1; 33]), Err(InvalidSecretKey));
    }

    #[test]
    fn hashes_of_one_purpose_are_not_those_of_another_or_of_another_key() {
        let (one, two) = (
            SecretKey::generate().unwrap(),
            SecretKey::generate().unwrap(),
        );
        let hash = one.keyed_hash(KeyPurpose::OnceOnlyUses, "+79161234567");
        assert_eq!(hash.len(), 32);
        assert_eq!(
            hash,
            one.keyed_hash(KeyPurpose::OnceOnlyUses, "+79161234567")
        );
        assert_ne!(
            hash,
            one.keyed_hash(KeyPurpose::OnceOnlyUses, "+79161234568")
        );
        assert_ne!(hash, one.keyed_hash(KeyPurpose::KeyCheck, "+79161234567"));
        assert_ne!(
            hash,
            two.keyed_hash(KeyPurpose::OnceOnlyUses, "+79161234567")
        );
    }

    #[test]
    fn each_purpose_has_a_label_of_its_own() {
        let key = SecretKey::from_bytes(&[7; KEY_BYTES]).unwrap();
        let hashes = KeyPurpose::iter().map(|purpose| key.keyed_hash(purpose, "192.0.2.1"));
        let distinct: std::collections::BTreeSet<_> = hashes.collect();
        assert_eq!(distinct.len(), KeyPurpose::iter().len());
    }

    proptest! {
        #[test]
        fn each_key_comes_back_from_its_hexadecimal(bytes: [u8; KEY_BYTES]) {
            let key = SecretKey::from_bytes(&bytes).unwrap();
            prop_assert_eq!(SecretKey::parse(&entropy::encode_hex(&bytes)), Ok(key));
        }
    }
}
