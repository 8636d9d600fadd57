//! Enums with a fixed name for each variant: in storage, in addresses, in exports, in JSON.

/// Gives an enum whose names come from `strum` the functions that write and read them.
macro_rules! stored_names {
    ($($name:ident),+ $(,)?) => {$(
        impl $name {
            /// All of them, in the order of showing.
            pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

            /// Returns the name.
            pub fn as_str(self) -> &'static str {
                self.into()
            }

            /// Returns the one of this name.
            pub fn parse(name: &str) -> Option<Self> {
                name.parse().ok()
            }
        }
    )+};
}

pub(crate) use stored_names;
