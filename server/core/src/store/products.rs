//! The chain's list of goods and the barcodes on them. A barcode is that of one product; a list is stored whole or not.

use std::collections::HashMap;

use super::engine::{StoredRow, generated, sql};
use super::{ScanTx, StoreError, Tx};
use crate::domain::amounts::Money;
use crate::domain::products::{Product, fold_text};
use crate::domain::time::Instant;

/// Rows that one statement writes: few texts, and far from any limit of places.
const BLOCK: usize = 200;
/// Words of a search that count.
pub const MOST_WORDS: usize = 4;

/// A product as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, StoredRow)]
pub struct ProductRow {
    /// Its code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Category by which rules pick lines; may be empty.
    pub category: String,
    /// Price of one, where that is known.
    pub price: Option<Money>,
}

/// Statement that reads products as [`ProductRow`], with the given conditions and order.
macro_rules! select_products {
    ($rest:literal) => {
        concat!("SELECT sku, name, category, price FROM products ", $rest)
    };
}

/// The product with this code.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_sku(tx: &mut Tx, sku: &str) -> Result<Option<ProductRow>, StoreError> {
    sql(select_products!("WHERE sku = $1"))
        .bind(sku)
        .fetch_optional(tx)
        .await
}

/// The product with this barcode.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_barcode(tx: &mut Tx, barcode: &str) -> Result<Option<ProductRow>, StoreError> {
    sql(
        "SELECT p.sku, p.name, p.category, p.price FROM product_barcodes b \
         JOIN products p ON p.sku = b.sku WHERE b.barcode = $1",
    )
    .bind(barcode)
    .fetch_optional(tx)
    .await
}

/// Products whose folded name or code has all of these folded words in it, those that begin with the first one first.
///
/// # Errors
/// [`StoreError`].
pub async fn with_words(
    tx: &mut ScanTx,
    words: &[&str],
    limit: i64,
) -> Result<Vec<ProductRow>, StoreError> {
    let plain = |word: &str| {
        let mut plain = String::new();
        for sign in word.chars() {
            if matches!(sign, '%' | '_' | '!') {
                plain.push('!');
            }
            plain.push(sign);
        }
        plain
    };
    let mut statement = sql(select_products!(
        "WHERE folded LIKE $1 ESCAPE '!' AND folded LIKE $2 ESCAPE '!' AND folded LIKE $3 ESCAPE '!' \
         AND folded LIKE $4 ESCAPE '!' \
         ORDER BY CASE WHEN folded LIKE $5 ESCAPE '!' THEN 0 ELSE 1 END, folded, sku LIMIT $6"
    ));
    for place in 0..MOST_WORDS {
        let word = words.get(place).copied().unwrap_or_default();
        statement = statement.bind(format!("%{}%", plain(word)));
    }
    let first = words.first().copied().unwrap_or_default();
    statement
        .bind(format!("{}%", plain(first)))
        .bind(limit)
        .fetch_all(tx)
        .await
}

/// Products by code, those after `after`.
///
/// # Errors
/// [`StoreError`].
pub async fn list_after(
    tx: &mut Tx,
    after: &str,
    limit: i64,
) -> Result<Vec<ProductRow>, StoreError> {
    sql(select_products!("WHERE sku > $1 ORDER BY sku LIMIT $2"))
        .bind(after)
        .bind(limit)
        .fetch_all(tx)
        .await
}

#[derive(StoredRow)]
struct ProductBarcodeRow {
    barcode: String,
    sku: String,
}

/// Returns the code of the product for each stored barcode.
///
/// # Errors
/// [`StoreError`].
pub async fn load_barcodes(tx: &mut Tx) -> Result<HashMap<String, String>, StoreError> {
    let rows: Vec<ProductBarcodeRow> = sql("SELECT barcode, sku FROM product_barcodes")
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.barcode, row.sku)).collect())
}

/// Removes the whole list.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_all(tx: &mut Tx) -> Result<(), StoreError> {
    sql("DELETE FROM product_barcodes").execute(tx).await?;
    sql("DELETE FROM products").execute(tx).await?;
    Ok(())
}

/// Removes one product; false where there was none.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, sku: &str) -> Result<bool, StoreError> {
    sql("DELETE FROM product_barcodes WHERE sku = $1")
        .bind(sku)
        .execute(tx)
        .await?;
    let removed = sql("DELETE FROM products WHERE sku = $1")
        .bind(sku)
        .execute(tx)
        .await?;
    Ok(removed == 1)
}

/// Stores products, over what was known of them.
///
/// # Errors
/// [`StoreError`].
pub async fn upsert_products(
    tx: &mut Tx,
    products: &[Product],
    now: Instant,
) -> Result<(), StoreError> {
    for block in products.chunks(BLOCK) {
        let mut statement = generated(format!(
            "INSERT INTO products (sku, name, folded, category, price, updated_at) VALUES {} \
             ON CONFLICT (sku) DO UPDATE SET name = excluded.name, folded = excluded.folded, \
             category = excluded.category, price = excluded.price, updated_at = excluded.updated_at",
            places(block.len(), 6)
        ));
        for product in block {
            statement = statement
                .bind(product.sku.as_str())
                .bind(product.name.as_str())
                .bind(fold_text(&format!("{} {}", product.name, product.sku)))
                .bind(product.category.as_str())
                .bind(product.price)
                .bind(now);
        }
        statement.execute(tx).await?;
    }
    Ok(())
}

/// Stores the barcodes of these products in place of those that they had.
///
/// # Errors
/// [`StoreError::Duplicate`] where one is another product's.
pub async fn write_barcodes(tx: &mut Tx, products: &[Product]) -> Result<(), StoreError> {
    for block in products.chunks(BLOCK) {
        let skus: Vec<String> = (1..=block.len()).map(|at| format!("${at}")).collect();
        let mut statement = generated(format!(
            "DELETE FROM product_barcodes WHERE sku IN ({})",
            skus.join(", ")
        ));
        for product in block {
            statement = statement.bind(product.sku.as_str());
        }
        statement.execute(tx).await?;
    }
    let pairs: Vec<(&str, &str)> = products
        .iter()
        .flat_map(|product| {
            let sku = product.sku.as_str();
            let barcodes = product.barcodes.iter();
            barcodes.map(move |barcode| (barcode.as_str(), sku))
        })
        .collect();
    for block in pairs.chunks(BLOCK) {
        let mut statement = generated(format!(
            "INSERT INTO product_barcodes (barcode, sku) VALUES {}",
            places(block.len(), 2)
        ));
        for (barcode, sku) in block {
            statement = statement.bind(*barcode).bind(*sku);
        }
        statement.execute(tx).await?;
    }
    Ok(())
}

/// Places of so many rows of so many values: `($1, $2), ($3, $4)`.
fn places(rows: usize, width: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=width)
            .map(|at| format!("${}", row * width + at))
            .collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
