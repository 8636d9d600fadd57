//! Each kind of code, as the product draws it, read by a decoder that shares nothing with the encoder: its text, version, level of
//! error correction and mask.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use kopilka_frames::code;
use quircs::{Data, Quirc};

/// Pixels on a side of a module.
const SCALE: usize = 4;
/// Diamonds: the mask of every code.
const MASK: i32 = 6;

/// Reads the drawing, `side` modules wide with its quiet zone.
fn read_drawing(path: &str, side: u32) -> Data {
    let width = usize::try_from(side).unwrap() * SCALE;
    let mut picture = vec![255_u8; width * width];
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> = run
            .split(|sign: char| !sign.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect();
        let [column, row, length] = [numbers[0], numbers[1], numbers[2]].map(|size| size * SCALE);
        assert_eq!(numbers[2..], [numbers[2], 1, numbers[2]], "{run}");
        for line in picture.chunks_mut(width).skip(row).take(SCALE) {
            line[column..column + length].fill(0);
        }
    }
    let mut decoder = Quirc::new();
    let mut codes = decoder.identify(width, width, &picture);
    let found = codes.next().unwrap().unwrap();
    assert!(codes.next().is_none());
    found.decode().unwrap()
}

#[test]
fn codes_of_cards_are_read_in_version_2_with_the_highest_level() {
    let mut chance = fastrand::Rng::with_seed(3);
    for turn in 0..500 {
        let card: String = (0..16).map(|_| chance.digit(10)).collect();
        let digits = match turn % 2 {
            0 => code::fixed(&card),
            _ => code::turning(&card, &chance.u128(..).to_be_bytes().repeat(2)).unwrap(),
        };
        let read = read_drawing(&code::path(&digits).unwrap(), code::SIDE);
        assert_eq!(String::from_utf8(read.payload).unwrap(), digits);
        assert_eq!((read.version, read.mask), (2, MASK), "{digits}");
        assert_eq!(read.ecc_level, quircs::EccLevel::H, "{digits}");
    }
}

#[test]
fn codes_of_links_are_read_with_the_middle_level() {
    let site = "https://club.example.com";
    for path in [
        "/j?v=0198f0",
        "/claim?code=4KM29TXP077",
        "/join/invited?to=",
    ] {
        for length in 0..40 {
            let link = format!(
                "{site}{path}{}",
                "a1-Ж".chars().cycle().take(length).collect::<String>()
            );
            let (drawing, side) = code::link_code_path(&link).unwrap();
            let read = read_drawing(&drawing, side);
            assert_eq!(String::from_utf8(read.payload).unwrap(), link);
            assert_eq!(read.ecc_level, quircs::EccLevel::M, "{link}");
            assert_eq!(read.mask, MASK, "{link}");
            assert_eq!(u32::try_from(read.version * 4 + 25), Ok(side), "{link}");
        }
    }
}
