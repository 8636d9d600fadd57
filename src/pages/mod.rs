//! Pages, a file each, rendered on the server only. A page calls a use case and shows the answer; it decides nothing.

mod card;
mod card_print;
mod consents;
mod entry;
mod help;
mod join;
mod landing;
mod not_found;
mod offers;
mod offline;
mod outbox;
mod points;
mod privacy;
mod profile;
mod rules;
mod settings;
mod sign_in;
pub mod till;

pub use card::Card;
pub use card_print::CardPrint;
pub use consents::Consents;
pub use entry::Entry;
pub use help::Help;
pub use join::{JoinCode, JoinConsents, JoinPhone};
pub use landing::Landing;
pub use not_found::NotFound;
pub use offers::Offers;
pub use offline::Offline;
pub use outbox::Outbox;
pub use points::Points;
pub use privacy::Privacy;
pub use profile::Profile;
pub use rules::Rules;
pub use settings::Settings;
pub use sign_in::SignIn;
pub use till::{Return as TillReturn, Till, TillPair, TillPin, TillReport};
