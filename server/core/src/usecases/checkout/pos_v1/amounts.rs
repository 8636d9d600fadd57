//! Amounts as numbers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::amounts::{BasisPoints, Money, Points, Quantity};
use crate::mirror::mirror_by_from;

macro_rules! amounts {
    ($($(#[$doc:meta])* $there:ident as $here:ident($form:ty)),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        #[schema(as = $here)]
        pub struct $there(pub $form);

        impl From<$here> for $there {
            fn from(amount: $here) -> Self {
                Self(amount.0)
            }
        }

        impl From<$there> for $here {
            fn from(amount: $there) -> Self {
                Self(amount.0)
            }
        }

        mirror_by_from!($here => $there);
        mirror_by_from!($there => $here);
    )+};
}

amounts! {
    /// Money in minor units (kopecks) of the programme's currency.
    ApiMoney as Money(i64),
    /// Points, whole.
    ApiPoints as Points(i64),
    /// How much of an item, in thousandths: 1 piece or 1 kg is 1000.
    ApiQuantity as Quantity(i64),
    /// A rate in hundredths of a per cent: 10 000 is the whole.
    ApiBasisPoints as BasisPoints(u32),
}
