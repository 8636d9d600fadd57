//! The QR code as one SVG path. The quiet zone is inside the view box, so no style can take it away.

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode, Version};

/// White modules on each side (product rule: at least 4).
pub const QUIET: u32 = 4;
/// Modules on a side of a version 2 code.
pub const MODULES: u32 = 25;
/// Side of the whole drawing in modules, quiet zone included.
pub const SIDE: u32 = MODULES + 2 * QUIET;

/// The path of the code for up to 26 digits: version 2, level H. Runs of dark modules are drawn together.
/// Nothing when the digits do not fit, which parsed codes always do.
pub fn path(digits: &str) -> Option<String> {
    let code = QrCode::with_version(digits.as_bytes(), Version::Normal(2), EcLevel::H).ok()?;
    let colors = code.to_colors();
    let width = code.width();
    let mut path = String::with_capacity(2_048);
    for (row, line) in colors.chunks(width).enumerate() {
        let mut column = 0;
        while let Some(start) = next_dark(line, column) {
            let run = line
                .iter()
                .skip(start)
                .take_while(|color| **color == Color::Dark)
                .count();
            push_run(&mut path, start, row, run);
            column = start + run;
        }
    }
    Some(path)
}

fn next_dark(line: &[Color], from: usize) -> Option<usize> {
    line.iter()
        .enumerate()
        .skip(from)
        .find(|(_, color)| **color == Color::Dark)
        .map(|(column, _)| column)
}

fn push_run(path: &mut String, column: usize, row: usize, run: usize) {
    let quiet = usize::try_from(QUIET).unwrap_or(4);
    for (command, value) in [("M", column + quiet), (" ", row + quiet), ("h", run)] {
        path.push_str(command);
        path.push_str(&value.to_string());
    }
    path.push_str("v1h-");
    path.push_str(&run.to_string());
    path.push('z');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotating_code_is_twenty_five_modules_wide_with_four_white_ones_around() {
        let path = path("71400000123456789712345678").unwrap_or_default();
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        assert!(path.contains("M4 28h7"), "{path}");
    }

    #[test]
    fn the_printed_code_fits_too() {
        assert!(path("704000001234567897").is_some());
    }
}
