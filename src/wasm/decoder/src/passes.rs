//! Ways to search a picture. Each gives the digits of a card or nothing; what else a code says is passed over.

use quircs::Quirc;

use crate::grey::Grey;
use crate::is_card;

/// Half the side of the square over which light is evened, in pixels: wider than a finder pattern of a usual code.
const REACH: usize = 40;

/// Number of ways beside the first one: after so many looks, each has had its turn.
pub const WAYS: usize = 4;

/// Searches the picture as it is.
pub fn plain(grey: &Grey) -> Option<String> {
    let mut search = Quirc::default();
    search
        .identify(grey.width, grey.height(), &grey.values)
        .flatten()
        .filter_map(|code| code.decode().ok())
        .find(|data| is_card(&data.payload))
        .and_then(|data| String::from_utf8(data.payload).ok())
}

/// Searches in evened light.
pub fn evened(grey: &Grey) -> Option<String> {
    plain(&grey.evened(REACH))
}

/// Searches for a code that is small in the middle of the picture.
pub fn enlarged(grey: &Grey) -> Option<String> {
    plain(&grey.doubled().evened(REACH))
}

/// Searches one picture of a film in two ways: in evened light always, and in one of the other ways in turn.
pub fn look(grey: &Grey, look: usize) -> Option<String> {
    let even = grey.evened(REACH);
    plain(&even).or_else(|| match look % WAYS {
        0 => enlarged(grey),
        1 => plain(&even.inverted()),
        2 => plain(grey),
        _ => plain(&grey.doubled().evened(REACH).inverted()),
    })
}
