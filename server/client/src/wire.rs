//! Data that goes over the wire. Money in minor units, quantities in thousandths, points whole. Fields that this client does
//! not know are skipped, since answers may grow.

mod answers;
mod requests;

pub use answers::{
    Answered, Brief, Found, Gift, Judgement, Localised, Problem, ReceiptPage, ShortReceipt, Stored,
    Waiting, WrongField,
};
pub use requests::{Line, Receipt, ReceiptSearch, Return, ReturnLine, Returned, Sale, Spend};
