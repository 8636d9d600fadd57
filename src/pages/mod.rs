//! Pages, a file each, rendered on the server only. A page calls a use case and shows the answer; it decides nothing.

mod landing;
mod not_found;

pub use landing::Landing;
pub use not_found::NotFound;
