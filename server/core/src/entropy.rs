//! Randomness from the operating system, and the hashing of the secrets made from it.
//! A secret is stored only as its hash, unless it must be computed with (a device's code secret).

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The operating system gave no randomness; nothing secret can be made.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no randomness: {0}")]
pub struct EntropyUnavailable(#[from] getrandom::Error);

/// `N` random bytes.
///
/// # Errors
/// [`EntropyUnavailable`] when the operating system refuses.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], EntropyUnavailable> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A random 64-bit number.
///
/// # Errors
/// [`EntropyUnavailable`] when the operating system refuses.
pub fn random_number() -> Result<u64, EntropyUnavailable> {
    Ok(u64::from_le_bytes(random_bytes()?))
}

/// A bearer token of 256 random bits, in hexadecimal.
///
/// # Errors
/// [`EntropyUnavailable`] when the operating system refuses.
pub fn random_token() -> Result<String, EntropyUnavailable> {
    Ok(encode_hex(&random_bytes::<32>()?))
}

/// Six decimal digits, each value equally likely.
///
/// # Errors
/// [`EntropyUnavailable`] when the operating system refuses.
pub fn six_digits() -> Result<String, EntropyUnavailable> {
    Ok(format!("{:06}", random_below(1_000_000)?))
}

/// Eight decimal digits, each value equally likely.
///
/// # Errors
/// [`EntropyUnavailable`] when the operating system refuses.
pub fn eight_digits() -> Result<String, EntropyUnavailable> {
    Ok(format!("{:08}", random_below(100_000_000)?))
}

/// A number below `end`, each equally likely.
fn random_below(end: u64) -> Result<u64, EntropyUnavailable> {
    // The largest multiple of the end below 2^64: values above it would favour small numbers.
    let fair = u64::MAX - u64::MAX % end;
    loop {
        let value = random_number()?;
        if value < fair {
            return Ok(value % end);
        }
    }
}

/// Returns the SHA-256 of a text.
pub fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Returns the hash that finds a token. Tokens have 256 random bits, so a plain hash is enough.
pub fn hash_token(token: &str) -> Vec<u8> {
    sha256(token)
}

/// First 64 bits of SHA-256 in hexadecimal, to tell contents apart by a short name.
pub fn short_hash(contents: &[u8]) -> String {
    let hash = Sha256::digest(contents);
    encode_hex(hash.get(..8).unwrap_or(&hash))
}

/// A token that follows from another for one purpose, and tells nothing of it.
pub fn derive_token(token: &str, purpose: &str) -> String {
    encode_hex(&keyed_hash(token.as_bytes(), purpose))
}

/// HMAC-SHA-256 of a short secret under a key of its own, for six-digit codes.
pub fn keyed_hash(key: &[u8], secret: &str) -> Vec<u8> {
    keyed_hash_of_bytes(key, secret.as_bytes())
}

/// HMAC-SHA-256 of bytes.
pub fn keyed_hash_of_bytes(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length, so this cannot fail; an empty hash would match nothing.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mut mac| {
            mac.update(bytes);
            mac.finalize().into_bytes().to_vec()
        })
        .unwrap_or_default()
}

/// Lower-case hexadecimal.
pub fn encode_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
