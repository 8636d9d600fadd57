//! The derive macro of `kopilka_core::store::engine::StoredRow`.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DeriveInput, Error, Field, Fields, parse_macro_input};

/// Reads each field of a struct from the column of the field's name, as the field's type. `#[row(flatten)]` reads a field
/// that is a row itself from the columns of that row.
#[proc_macro_derive(StoredRow, attributes(row))]
pub fn stored_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    implement(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

fn implement(input: &DeriveInput) -> Result<Tokens, Error> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "a row is a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        let message = "a row has named fields: each is the name of a column";
        return Err(Error::new_spanned(&input.ident, message));
    };
    let fields = fields
        .named
        .iter()
        .map(read_field)
        .collect::<Result<Vec<_>, _>>()?;
    let name = &input.ident;
    Ok(quote! {
        #[automatically_derived]
        impl ::kopilka_core::store::engine::StoredRow for #name {
            fn read(
                columns: &::kopilka_core::store::engine::Columns<'_>,
            ) -> ::core::result::Result<Self, ::kopilka_core::store::StoreError> {
                ::core::result::Result::Ok(Self { #(#fields,)* })
            }
        }
    })
}

/// Returns the initializer of a field.
fn read_field(field: &Field) -> Result<Tokens, Error> {
    let name = &field.ident;
    if is_flattened(field)? {
        return Ok(quote! { #name: ::kopilka_core::store::engine::StoredRow::read(columns)? });
    }
    let column = name.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(quote! { #name: columns.get(#column)? })
}

fn is_flattened(field: &Field) -> Result<bool, Error> {
    let mut is_flattened = false;
    for attribute in &field.attrs {
        if attribute.path().is_ident("row") {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("flatten") {
                    is_flattened = true;
                    return Ok(());
                }
                Err(meta.error("only `flatten` is known"))
            })?;
        }
    }
    Ok(is_flattened)
}
