//! Ways to search a picture. Each gives the digits of a card or nothing; what else a code says is passed over.

use quircs::Quirc;

use crate::greyscale::GreyscaleImage;
use crate::is_card;

/// Half the side of the square over which light is evened, in pixels: wider than a finder pattern of a usual code.
const REACH: usize = 40;

/// Number of ways beside the first one: after so many looks, each has had its turn.
pub const WAYS: usize = 4;

/// Searches the picture as it is.
pub fn search_plain(grey: &GreyscaleImage) -> Option<String> {
    let mut search = Quirc::default();
    search
        .identify(grey.width, grey.height(), &grey.values)
        .flatten()
        .filter_map(|code| code.decode().ok())
        .find(|data| is_card(&data.payload))
        .and_then(|data| String::from_utf8(data.payload).ok())
}

/// Searches in evened light.
pub fn search_evened(grey: &GreyscaleImage) -> Option<String> {
    search_plain(&grey.to_even_light(REACH))
}

/// Searches for a code that is small in the middle of the picture.
pub fn search_enlarged(grey: &GreyscaleImage) -> Option<String> {
    search_plain(&grey.doubled().to_even_light(REACH))
}

/// Searches one picture of a film in two ways: in evened light always, and in one of the other ways in turn.
pub fn search_film_picture(grey: &GreyscaleImage, look: usize) -> Option<String> {
    let even = grey.to_even_light(REACH);
    search_plain(&even).or_else(|| match look % WAYS {
        0 => search_enlarged(grey),
        1 => search_plain(&even.inverted()),
        2 => search_plain(grey),
        _ => search_plain(&grey.doubled().to_even_light(REACH).inverted()),
    })
}
