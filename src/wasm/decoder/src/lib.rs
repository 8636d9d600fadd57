//! Reads the card's code in a camera's picture. A module of its own, fetched only when the camera opens in a browser that
//! cannot read codes itself. Nothing but digits of a card leaves it.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may fail"
    )
)]

pub mod greyscale;
pub mod passes;

use wasm_bindgen::prelude::wasm_bindgen;

/// The digits of the card in a picture, as a canvas gives it (four bytes a pixel), `width` pixels wide. `look` counts the
/// pictures: each is searched as it is, and in one of several further ways in turn, so that no picture takes long.
#[wasm_bindgen]
pub fn decode(rgba: &[u8], width: usize, look: usize) -> Option<String> {
    passes::search_film_picture(&greyscale::GreyscaleImage::of_rgba(rgba, width)?, look)
}

/// Returns whether these digits may be a card's code: `70` and 16 digits, or `71`, 16 digits and a one-time code of eight.
pub fn is_card(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_digit)
        && match digits.len() {
            18 => digits.starts_with(b"70"),
            26 => digits.starts_with(b"71"),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cards_digits_are_a_card() {
        for (text, expected) in [
            ("704000001234567897", true),
            ("71400000123456789712345678", true),
            ("71400000123456789", false),
            ("714000001234567897", false),
            ("70400000123456789712345678", false),
            ("72400000123456789712345678", false),
            ("https://example.org/abcdef", false),
            ("7140000012345678971234567x", false),
            ("", false),
        ] {
            assert_eq!(is_card(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_picture_of_a_strange_size_is_no_picture() {
        assert_eq!(decode(&[], 0, 0), None);
        assert_eq!(decode(&[0; 40], 0, 0), None);
        assert_eq!(decode(&[0; 44], 10, 0), None);
        assert_eq!(decode(&[255; 4_000], 10, 0), None);
    }
}
