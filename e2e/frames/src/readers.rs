//! Decoders that are compared: ours in its ways, and other people's.

use kopilka_decoder::grey::Grey;
use kopilka_decoder::passes;

use crate::picture::{Picture, WIDTH};

/// Reads a picture.
pub type Reader = fn(&Picture) -> Option<String>;
/// Reads the next picture of a film, which has this number.
pub type FilmReader = fn(&Picture, usize) -> Option<String>;

/// All of them, with their names.
pub const ALL: &[(&str, Reader)] = &[
    ("`quircs`", once),
    ("`quircs`, then inverted", twice),
    ("in evened light", evened),
    ("enlarged, in evened light", enlarged),
    ("the product's ways together", every_way),
    #[cfg(feature = "compare")]
    ("`rqrr`", rqrr),
    #[cfg(feature = "compare")]
    ("`rxing`", rxing),
];

/// Those that watch films.
pub const OF_FILMS: [(&str, FilmReader); 3] = [
    ("`quircs`", |picture, _| once(picture)),
    ("`quircs`, then inverted", |picture, _| twice(picture)),
    ("the product", look),
];

fn grey(picture: &Picture) -> Option<Grey> {
    Grey::new(picture.grey.clone(), WIDTH)
}

/// `quircs` alone, one pass.
pub fn once(picture: &Picture) -> Option<String> {
    passes::plain(&grey(picture)?)
}

/// `quircs`, then once more in inverted colours.
pub fn twice(picture: &Picture) -> Option<String> {
    let grey = grey(picture)?;
    passes::plain(&grey).or_else(|| passes::plain(&grey.inverted()))
}

/// `quircs` in evened light.
pub fn evened(picture: &Picture) -> Option<String> {
    passes::evened(&grey(picture)?)
}

/// `quircs` in evened light, the middle enlarged.
pub fn enlarged(picture: &Picture) -> Option<String> {
    passes::enlarged(&grey(picture)?)
}

/// All the product's ways on one picture.
pub fn every_way(picture: &Picture) -> Option<String> {
    let grey = grey(picture)?;
    (0..passes::WAYS).find_map(|look| passes::look(&grey, look))
}

/// The product's way with the next picture of a film.
pub fn look(picture: &Picture, look: usize) -> Option<String> {
    passes::look(&grey(picture)?, look)
}

/// The crate `rqrr`.
#[cfg(feature = "compare")]
pub fn rqrr(picture: &Picture) -> Option<String> {
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(WIDTH, crate::picture::HEIGHT, |x, y| {
            picture.grey[y * WIDTH + x]
        });
    image
        .detect_grids()
        .into_iter()
        .find_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
}

/// The crate `rxing`, which tries harder by itself.
#[cfg(feature = "compare")]
pub fn rxing(picture: &Picture) -> Option<String> {
    let (width, height) = (WIDTH as u32, crate::picture::HEIGHT as u32);
    let format = Some(rxing::BarcodeFormat::QR_CODE);
    rxing::helpers::detect_in_luma(picture.grey.clone(), width, height, format)
        .ok()
        .map(|found| found.getText().to_owned())
}
