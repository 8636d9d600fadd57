//! Conversions between domain types and the types that hold the same for tills or for the database. A field or a variant that
//! one side lacks does not compile.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::domain::amounts::{BasisPoints, Money, Points, Quantity};
use crate::domain::time::Instant;

/// Conversion to the type of the other side.
pub(crate) trait Mirror<T> {
    /// Returns the same on the other side.
    fn mirror(self) -> T;
}

impl<A: Mirror<B>, B> Mirror<Vec<B>> for Vec<A> {
    fn mirror(self) -> Vec<B> {
        self.into_iter().map(Mirror::mirror).collect()
    }
}

impl<A: Mirror<B>, B> Mirror<Option<B>> for Option<A> {
    fn mirror(self) -> Option<B> {
        self.map(Mirror::mirror)
    }
}

impl<K: Ord, A: Mirror<B>, B> Mirror<BTreeMap<K, B>> for BTreeMap<K, A> {
    fn mirror(self) -> BTreeMap<K, B> {
        let pairs = self.into_iter();
        pairs.map(|(key, value)| (key, value.mirror())).collect()
    }
}

/// Types that are the same on both sides.
macro_rules! same {
    ($($name:ty),+ $(,)?) => {$(
        impl Mirror<$name> for $name {
            fn mirror(self) -> Self {
                self
            }
        }
    )+};
}

same!(
    String,
    bool,
    i64,
    u32,
    usize,
    BasisPoints,
    Instant,
    Money,
    Points,
    Quantity,
    Tz,
);

/// Implements [`Mirror`] by `From`.
macro_rules! mirror_by_from {
    ($from:ty => $to:ty) => {
        impl $crate::mirror::Mirror<$to> for $from {
            fn mirror(self) -> $to {
                self.into()
            }
        }
    };
}

/// Converts a struct of one side into one of the same fields: `convert_struct!(Line => ApiLine { sku, name });`
macro_rules! convert_struct {
    ($from:ident => $to:ident { $($field:ident),+ $(,)? }) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                let $from { $($field),+ } = value;
                Self { $($field: $crate::mirror::Mirror::mirror($field)),+ }
            }
        }
        $crate::mirror::mirror_by_from!($from => $to);
    };
}

/// Converts structs of the same fields both ways: `mirror_structs!(ApiLine as Line { sku, name });`
macro_rules! mirror_structs {
    ($($there:ident as $here:ident { $($field:ident),+ $(,)? })+) => {$(
        $crate::mirror::convert_struct!($here => $there { $($field),+ });
        $crate::mirror::convert_struct!($there => $here { $($field),+ });
    )+};
}

/// Converts an enum of one side into one of the same variants with the same named fields.
macro_rules! convert_enum {
    ($from:ident => $to:ident { $($variant:ident { $($field:ident),* })+ }) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                match value {$(
                    $from::$variant { $($field),* } => Self::$variant {
                        $($field: $crate::mirror::Mirror::mirror($field)),*
                    },
                )+}
            }
        }
        $crate::mirror::mirror_by_from!($from => $to);
    };
}

/// Converts enums of the same variants both ways: `mirror_enums!(ApiUnit as Unit { Piece Kg });` Fields follow their variant:
/// `Debt { points, cause }`.
macro_rules! mirror_enums {
    ($($there:ident as $here:ident { $($variant:ident $({ $($field:ident),+ $(,)? })?)+ })+) => {$(
        $crate::mirror::convert_enum!($here => $there { $($variant { $($($field),+)? })+ });
        $crate::mirror::convert_enum!($there => $here { $($variant { $($($field),+)? })+ });
    )+};
}

pub(crate) use {convert_enum, convert_struct, mirror_by_from, mirror_enums, mirror_structs};
