//! Types of the POS API, version 1, as tills send and read them: names, order and form of fields belong to tills and never
//! change. Domain types are converted into them, and bodies into domain types. Answers of commits are written inside of the
//! transaction and stored under their key, so these types are here and not beside the handlers.
//!
//! The document of the API names a type without the `Api` of the code.

mod amounts;
mod evaluation;
mod ids;
mod lines;
mod listing;
mod reason;
mod receipt;
mod returns;
mod stored;
#[cfg(test)]
mod tests;
mod times;
mod unmet;
mod waiting;

pub use amounts::{ApiBasisPoints, ApiMoney, ApiPoints, ApiQuantity};
pub use evaluation::{ApiEarnReason, ApiEvaluation, ApiLineResult, ApiMissedOffer, ApiUsedOffer};
pub use ids::{ApiEntryId, ApiReceiptId, ApiRowId};
pub use lines::{ApiLine, ApiReturnLine, ApiUnit};
pub use listing::{ApiReceiptPage, ApiShortReceipt};
pub use reason::{ApiDebtCause, ApiReason, ApiRejudged, ApiShare};
pub use receipt::{
    ApiClaim, ApiLocalised, ApiNextTier, ApiQuote, ApiReceipt, ApiTierMeasure, ApiTierProgress,
};
pub use returns::{ApiReturnEffect, ApiReturned, ApiReturnedLine};
pub use stored::{ApiGood, ApiSaleOrReturn, ApiStored, ApiStoredEntry};
pub use unmet::ApiUnmetCondition;
pub use waiting::{ApiHeld, ApiParked, ApiParkedFor, ApiWaiting};
