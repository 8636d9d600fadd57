//! The code of the card: its digits, and its drawing as one SVG path. The quiet zone is inside the view box, so no style
//! can take it away.

use qrcode::bits::{Bits, encode_auto};
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::ec::construct_codewords;
use qrcode::{Color, EcLevel, Version};

/// White modules on each side (product rule: at least 4).
pub const QUIET: u32 = 4;
/// Modules on a side of a version 2 code.
pub const MODULES: u32 = 25;
/// Side of the whole drawing in modules, quiet zone included.
pub const SIDE: u32 = MODULES + 2 * QUIET;

/// Mask of every code. `QrCode` draws and weighs all eight, which takes thirty times as long and reads no better: docs/camera.md.
const MASK: MaskPattern = MaskPattern::Diamonds;

/// Seconds for which a one-time code lasts.
pub const STEP: i64 = 30;

/// The digits of a turning code: `71`, the card number, and the one-time code of an HMAC signature (RFC 4226, 5.3, with
/// eight digits). Nothing when the signature is shorter than its own offset says.
pub fn turning(card: &str, signature: &[u8]) -> Option<String> {
    let offset = usize::from(signature.last()? & 15);
    let cut: [u8; 4] = signature.get(offset..offset + 4)?.try_into().ok()?;
    let mut rest = (u32::from_be_bytes(cut) & 0x7fff_ffff) % 100_000_000;
    let mut digits = String::with_capacity(26);
    digits.push_str("71");
    digits.push_str(card);
    let mut unit = 10_000_000;
    while unit > 0 {
        digits.extend(char::from_digit(rest / unit, 10));
        rest %= unit;
        unit /= 10;
    }
    Some(digits)
}

/// The digits of the fixed form: `70` and the card number.
pub fn fixed(card: &str) -> String {
    let mut digits = String::with_capacity(18);
    digits.push_str("70");
    digits.push_str(card);
    digits
}

/// The path of the code for up to 26 digits: version 2, level H. Runs of dark modules are drawn together.
/// Nothing when the digits do not fit, which parsed codes always do.
pub fn path(digits: &str) -> Option<String> {
    let mut bits = Bits::new(Version::Normal(2));
    bits.push_optimal_data(digits.as_bytes()).ok()?;
    bits.push_terminator(EcLevel::H).ok()?;
    draw_code(bits, EcLevel::H).map(|(path, _)| path)
}

/// The path of the code for a link, and how many modules the side of the drawing has, quiet zone included.
pub fn link_code_path(address: &str) -> Option<(String, u32)> {
    let bits = encode_auto(address.as_bytes(), EcLevel::M).ok()?;
    let (path, width) = draw_code(bits, EcLevel::M)?;
    Some((path, u32::try_from(width).ok()? + 2 * QUIET))
}

/// Draws the encoded bits under [`MASK`]; the path and the number of modules on a side.
fn draw_code(bits: Bits, level: EcLevel) -> Option<(String, usize)> {
    let version = bits.version();
    let width = usize::try_from(version.width()).ok()?;
    let (data, correction) = construct_codewords(&bits.into_bytes(), version, level).ok()?;
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    canvas.apply_mask(MASK);
    Some((draw_modules(&canvas.into_colors(), width), width))
}

/// The dark modules as a path: a rectangle one module high for each run of them in a row.
fn draw_modules(colors: &[Color], width: usize) -> String {
    let quiet = usize::try_from(QUIET).unwrap_or(4);
    // A quarter of the modules begins a run, which takes some fifteen characters.
    let mut path = String::with_capacity(colors.len() * 4);
    for (row, line) in colors.chunks(width).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                push_run(&mut path, column + quiet, row + quiet, run.len());
            }
            column += run.len();
        }
    }
    path
}

fn push_run(path: &mut String, column: usize, row: usize, run: usize) {
    path.push('M');
    push_number(path, column);
    path.push(' ');
    push_number(path, row);
    path.push('h');
    push_number(path, run);
    path.push_str("v1h-");
    push_number(path, run);
    path.push('z');
}

/// Writes a number without an allocation of its own: a code has hundreds of them.
fn push_number(path: &mut String, number: usize) {
    if number >= 10 {
        push_number(path, number / 10);
    }
    let digit = u32::try_from(number % 10).unwrap_or(0);
    path.extend(char::from_digit(digit, 10));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_codes_are_those_of_rfc_6238() {
        // HMAC-SHA-256 of steps 1 and 37037036 with the RFC's secret of 32 bytes; appendix B gives the codes.
        let signatures: [(&[u8], &str); 2] = [
            (
                &[
                    0x39, 0x25, 0x14, 0xc9, 0xdd, 0x41, 0x65, 0xd4, 0x70, 0x94, 0x56, 0x06, 0x2c,
                    0x78, 0xe0, 0x4e, 0x16, 0xe6, 0x87, 0x18, 0x51, 0x59, 0x51, 0x33, 0x3b, 0xdb,
                    0x8b, 0x26, 0xca, 0xa3, 0x05, 0x3c,
                ],
                "46119246",
            ),
            (
                &[
                    0x4e, 0xed, 0x72, 0x98, 0x64, 0x52, 0x5d, 0x77, 0x13, 0x26, 0xc6, 0x04, 0x9b,
                    0xc8, 0x85, 0x62, 0x9f, 0xb8, 0x81, 0x3e, 0xbb, 0x41, 0x7e, 0x57, 0x04, 0xdf,
                    0x02, 0x35, 0x87, 0x93, 0xf0, 0x56,
                ],
                "68084774",
            ),
        ];
        for (signature, code) in signatures {
            let digits = turning("4000001234567897", signature);
            assert_eq!(
                digits.as_deref(),
                Some(format!("714000001234567897{code}").as_str())
            );
        }
    }

    #[test]
    fn a_signature_cut_short_gives_no_code() {
        assert_eq!(turning("4000001234567897", &[]), None);
        assert_eq!(turning("4000001234567897", &[15]), None);
    }

    #[test]
    fn the_fixed_form_has_no_one_time_code() {
        assert_eq!(fixed("4000001234567897"), "704000001234567897");
    }

    #[test]
    fn a_rotating_code_is_twenty_five_modules_wide_with_four_white_ones_around() {
        let path = path("71400000123456789712345678").unwrap_or_default();
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        assert!(path.contains("M4 28h7"), "{path}");
    }

    #[test]
    fn a_link_is_as_large_as_it_needs() {
        let (path, side) =
            link_code_path("https://club.example.com/claim?code=4KM29TXP077").unwrap_or_default();
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        assert_eq!((side - 2 * QUIET - 17) % 4, 0);
        assert_eq!(link_code_path(&"x".repeat(3_000)), None);
    }

    #[test]
    fn the_printed_code_fits_too() {
        assert!(path("704000001234567897").is_some());
    }
}
