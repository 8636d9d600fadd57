//! Decoders that are compared: ours in its ways, and other people's.

use kopilka_decoder::greyscale::GreyscaleImage;
use kopilka_decoder::passes;

use crate::picture::{CameraPicture, WIDTH};

/// Reads a picture.
pub type PictureReader = fn(&CameraPicture) -> Option<String>;
/// Reads the next picture of a film, which has this number.
pub type FilmReader = fn(&CameraPicture, usize) -> Option<String>;

/// All of them, with their names.
pub const ALL: &[(&str, PictureReader)] = &[
    ("`quircs`", read_once),
    ("`quircs`, then inverted", read_twice),
    ("in evened light", read_evened),
    ("enlarged, in evened light", read_enlarged),
    ("the product's ways together", read_every_way),
    #[cfg(feature = "compare")]
    ("`rqrr`", rqrr),
    #[cfg(feature = "compare")]
    ("`rxing`", rxing),
];

/// Those that watch films.
pub const OF_FILMS: [(&str, FilmReader); 3] = [
    ("`quircs`", |picture, _| read_once(picture)),
    ("`quircs`, then inverted", |picture, _| read_twice(picture)),
    ("the product", read_film_picture),
];

fn to_greyscale(picture: &CameraPicture) -> Option<GreyscaleImage> {
    GreyscaleImage::new(picture.grey.clone(), WIDTH)
}

/// `quircs` alone, one pass.
pub fn read_once(picture: &CameraPicture) -> Option<String> {
    passes::search_plain(&to_greyscale(picture)?)
}

/// `quircs`, then once more in inverted colours.
pub fn read_twice(picture: &CameraPicture) -> Option<String> {
    let grey = to_greyscale(picture)?;
    passes::search_plain(&grey).or_else(|| passes::search_plain(&grey.inverted()))
}

/// `quircs` in evened light.
pub fn read_evened(picture: &CameraPicture) -> Option<String> {
    passes::search_evened(&to_greyscale(picture)?)
}

/// `quircs` in evened light, the middle enlarged.
pub fn read_enlarged(picture: &CameraPicture) -> Option<String> {
    passes::search_enlarged(&to_greyscale(picture)?)
}

/// All the product's ways on one picture.
pub fn read_every_way(picture: &CameraPicture) -> Option<String> {
    let grey = to_greyscale(picture)?;
    (0..passes::WAYS).find_map(|look| passes::search_film_picture(&grey, look))
}

/// The product's way with the next picture of a film.
pub fn read_film_picture(picture: &CameraPicture, look: usize) -> Option<String> {
    passes::search_film_picture(&to_greyscale(picture)?, look)
}

/// The crate `rqrr`.
#[cfg(feature = "compare")]
pub fn rqrr(picture: &CameraPicture) -> Option<String> {
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
pub fn rxing(picture: &CameraPicture) -> Option<String> {
    let (width, height) = (WIDTH as u32, crate::picture::HEIGHT as u32);
    let format = Some(rxing::BarcodeFormat::QR_CODE);
    rxing::helpers::detect_in_luma(picture.grey.clone(), width, height, format)
        .ok()
        .map(|found| found.getText().to_owned())
}
