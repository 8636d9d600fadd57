//! The chain's list of goods: brought in from a file whole or not at all, and searched at tills.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::actor::Actor;
use crate::domain::products::{
    ProductList, ProductListFault, fold_text, parse_barcode, parse_list,
};
use crate::domain::roles::Permission;
use crate::service::Kopilka;
use crate::store::Tx;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::products::{self, MOST_WORDS, ProductRow};
use crate::usecases::{Error, require, transact};

/// Matches that a till shows.
const SHOWN: i64 = 8;
/// Categories of the usual shops, which need no rule to be known.
pub const USUAL_CATEGORIES: [&str; 10] = [
    "bakery",
    "coffee",
    "dairy",
    "fruit",
    "gift_cards",
    "grocery",
    "household",
    "kids",
    "pets",
    "tobacco",
];

/// Options of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProductImportOptions {
    /// True if products that the list does not name are removed.
    pub replace: bool,
    /// True if nothing is stored.
    pub dry_run: bool,
    /// True if lines with faults are left out instead of stopping the whole import.
    pub skip_faults: bool,
}

/// Result of an import.
#[derive(Debug, Clone, Default)]
pub struct ProductImportSummary {
    /// Products that are right.
    pub products: usize,
    /// Their barcodes.
    pub barcodes: usize,
    /// Faults of the list.
    pub faults: Vec<ProductListFault>,
    /// Categories that neither the programme's rules nor the usual ones know, with the number of their products.
    pub strange: BTreeMap<String, usize>,
    /// True if the list is stored.
    pub stored: bool,
}

/// Brings a list in. Where something in it is wrong, nothing is stored unless faulty lines are to be left out.
///
/// # Errors
/// [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn import_products(
    service: &Kopilka,
    actor: &Actor,
    text: &str,
    how: ProductImportOptions,
) -> Result<ProductImportSummary, Error> {
    require(actor, Permission::ManageProducts)?;
    if how.dry_run {
        let mut tx = service.db.read().await?;
        return import_in_transaction(service, &mut tx, text, how).await;
    }
    transact!(service.db, |tx| {
        let imported = import_in_transaction(service, tx, text, how).await?;
        if imported.stored {
            let line = AuditLine::new(Action::ProductsImported, actor);
            let outcome = if how.replace { "replaced" } else { "done" };
            let line = line.subject(imported.products).outcome(outcome);
            audit::log(tx, line, service.now()).await?;
        }
        Ok(imported)
    })
}

async fn import_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    text: &str,
    how: ProductImportOptions,
) -> Result<ProductImportSummary, Error> {
    let mut list = parse_list(text);
    if !how.replace {
        let known = products::load_barcodes(tx).await?;
        refuse_taken(&mut list, &known);
    }
    // A list may come before there are any rules.
    let rules = service.rules_at(tx, service.now()).await?;
    let in_rules = rules
        .as_ref()
        .map(|rules| rules.programme.categories())
        .unwrap_or_default();
    let mut strange = BTreeMap::new();
    for product in &list.products {
        let category = product.category.as_str();
        let known = category.is_empty()
            || in_rules.contains(category)
            || USUAL_CATEGORIES.contains(&category);
        if !known {
            *strange.entry(category.to_owned()).or_insert(0) += 1;
        }
    }
    let stored = !how.dry_run && (list.faults.is_empty() || how.skip_faults);
    if stored {
        if how.replace {
            products::delete_all(tx).await?;
        }
        products::upsert_products(tx, &list.products, service.now()).await?;
        if list.tells_barcodes {
            products::write_barcodes(tx, &list.products).await?;
        }
    }
    Ok(ProductImportSummary {
        products: list.products.len(),
        barcodes: list.products.iter().map(|each| each.barcodes.len()).sum(),
        faults: list.faults,
        strange,
        stored,
    })
}

/// Finds barcodes that are stored as those of products which the list does not tell about.
fn refuse_taken(list: &mut ProductList, known: &HashMap<String, String>) {
    let told: HashSet<&str> = list.products.iter().map(|each| each.sku.as_str()).collect();
    let mut refused = HashSet::new();
    let mut faults = Vec::new();
    for product in &list.products {
        for barcode in &product.barcodes {
            let owner = known.get(barcode);
            let Some(owner) = owner.filter(|owner| !told.contains(owner.as_str())) else {
                continue;
            };
            refused.insert(product.sku.clone());
            faults.push(ProductListFault {
                line: list.line_of(&product.sku),
                column: "barcode",
                what: format!(
                    "{barcode} is stored as that of {owner}; remove {owner} or use --replace"
                ),
            });
        }
    }
    list.products
        .retain(|product| !refused.contains(&product.sku));
    list.faults.extend(faults);
}

/// Removes products; those that were there.
///
/// # Errors
/// [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn remove_products(
    service: &Kopilka,
    actor: &Actor,
    skus: &[String],
) -> Result<Vec<String>, Error> {
    require(actor, Permission::ManageProducts)?;
    transact!(service.db, |tx| {
        let mut removed = Vec::new();
        for sku in skus {
            if products::remove(tx, sku).await? {
                removed.push(sku.clone());
            }
        }
        if !removed.is_empty() {
            let line = AuditLine::new(Action::ProductsRemoved, actor).subject(removed.len());
            audit::log(tx, line, service.now()).await?;
        }
        Ok(removed)
    })
}

/// The product with this barcode, however a scanner writes it.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_by_barcode(service: &Kopilka, text: &str) -> Result<Option<ProductRow>, Error> {
    let Some(barcode) = parse_barcode(text) else {
        return Ok(None);
    };
    let mut tx = service.db.read().await?;
    Ok(products::find_by_barcode(&mut tx, &barcode).await?)
}

/// The product with this code.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_by_sku(service: &Kopilka, sku: &str) -> Result<Option<ProductRow>, Error> {
    let mut tx = service.db.read().await?;
    Ok(products::find_by_sku(&mut tx, sku).await?)
}

/// Products that a cashier may mean: the one with just this barcode or code, or those with all of these words in their
/// names, some of them.
///
/// # Errors
/// [`Error::Fault`].
pub async fn search_products(service: &Kopilka, text: &str) -> Result<Vec<ProductRow>, Error> {
    let text = text.trim();
    let mut tx = service.db.scan().await?;
    if let Some(barcode) = parse_barcode(text)
        && let Some(product) = products::find_by_barcode(&mut tx, &barcode).await?
    {
        return Ok(vec![product]);
    }
    if let Some(product) = products::find_by_sku(&mut tx, text).await? {
        return Ok(vec![product]);
    }
    let small = fold_text(text);
    let words: Vec<&str> = small.split(' ').take(MOST_WORDS).collect();
    if small.is_empty() {
        return Ok(Vec::new());
    }
    Ok(products::with_words(&mut tx, &words, SHOWN).await?)
}

/// The list by code, those after `after`, at most `limit`.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_products(
    service: &Kopilka,
    after: &str,
    limit: i64,
) -> Result<Vec<ProductRow>, Error> {
    let mut tx = service.db.read().await?;
    Ok(products::list_after(&mut tx, after, limit).await?)
}
