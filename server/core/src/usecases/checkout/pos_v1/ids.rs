//! Ids as text.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::{EntryId, ReceiptId, RowId};
use crate::mirror::mirror_by_from;

macro_rules! ids {
    ($($(#[$doc:meta])* $there:ident as $here:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        #[schema(as = $here)]
        pub struct $there(pub Uuid);

        impl From<$here> for $there {
            fn from(id: $here) -> Self {
                Self(id.0)
            }
        }

        impl From<$there> for $here {
            fn from(id: $there) -> Self {
                Self(id.0)
            }
        }

        mirror_by_from!($here => $there);
        mirror_by_from!($there => $here);
    )+};
}

ids! {
    /// A stored receipt.
    ApiReceiptId as ReceiptId,
    /// One movement of points.
    ApiEntryId as EntryId,
    /// Any other row: a consent, a message, a child, a log line.
    ApiRowId as RowId,
}
