//! Who is served at a till: whose card a scan or a visit names, what a card shown so may do, and the limit of wrong codes.

mod presented_card;
mod visits;
mod wrong_codes;

pub use presented_card::{CardScheme, CodeUsageState, PresentedCard};
pub(crate) use presented_card::{
    ScanReadingTimes, find_scanned_card, resolve_card_number, resolve_scan, unreadable_scan,
};
pub(crate) use visits::find_visit;
pub use visits::find_visit_member;
pub(crate) use wrong_codes::{
    check_scan, count_alone, count_in_sale, refuse_look_up, refuse_receipt,
};
