//! `kopilka products`: the list of goods that tills search and scan. A file is taken whole or not at all, unless its
//! faulty lines are to be left out; results go to standard output, faults and warnings to standard error.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::decimal::format_money;
use kopilka_core::store::products::ProductRow;
use kopilka_core::usecases::programme::products::{
    self, ProductImportOptions, ProductImportSummary,
};

use super::CommandError;
use super::arguments::read_text_file;

/// Faults that are told one by one; the rest are counted.
const LISTED_FAULTS: usize = 50;
/// Products that are read at a time.
const PAGE: i64 = 1_000;

/// Goods that tills can search by name and scan by barcode.
#[derive(Debug, Subcommand)]
pub enum ProductsCommand {
    /// Bring a list in: CSV with the columns sku, name and, where there are any, category, price, barcode.
    Import {
        /// The file, in UTF-8 or Windows-1251; columns apart by commas, semicolons or tabs; several barcodes in one
        /// cell apart by | or in lines of their own.
        file: PathBuf,
        /// Remove every product that the list does not name.
        #[arg(long)]
        replace: bool,
        /// Say what would be done and store nothing.
        #[arg(long)]
        dry_run: bool,
        /// Leave faulty lines out instead of storing nothing.
        #[arg(long)]
        skip_faults: bool,
    },
    /// List the products: code, name, category, price, apart by tabs.
    List,
    /// Remove products by their codes.
    Remove {
        /// Codes.
        #[arg(required = true)]
        skus: Vec<String>,
    },
}

impl ProductsCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        let operator = &Actor::OPERATOR;
        match self {
            Self::Import {
                file,
                replace,
                dry_run,
                skip_faults,
            } => {
                let how = ProductImportOptions {
                    replace,
                    dry_run,
                    skip_faults,
                };
                let done =
                    products::import_products(service, operator, &read_text_file(&file)?, how)
                        .await?;
                print_import_result(&file, how, &done)
            }
            Self::List => list_products(service).await,
            Self::Remove { skus } => {
                let removed = products::remove_products(service, operator, &skus).await?;
                let unknown: Vec<String> = skus
                    .into_iter()
                    .filter(|sku| !removed.contains(sku))
                    .collect();
                println!("{} removed", removed.len());
                if unknown.is_empty() {
                    return Ok(());
                }
                let said = format!("there is no product {}", unknown.join(", "));
                Err(CommandError::Said(said))
            }
        }
    }
}

fn print_import_result(
    file: &Path,
    how: ProductImportOptions,
    done: &ProductImportSummary,
) -> Result<(), CommandError> {
    let mut told: Vec<String> = done
        .faults
        .iter()
        .take(LISTED_FAULTS)
        .map(ToString::to_string)
        .collect();
    if let Some(more) = done
        .faults
        .len()
        .checked_sub(LISTED_FAULTS)
        .filter(|more| *more > 0)
    {
        told.push(format!("and {more} faults more"));
    }
    for (category, count) in &done.strange {
        told.push(format!(
            "warning: no rule of the programme speaks of the category \"{category}\" ({count} products)"
        ));
    }
    for line in told {
        eprintln!("{line}");
    }
    let ProductImportSummary {
        products, barcodes, ..
    } = done;
    let faulty = !done.faults.is_empty() && !how.skip_faults;
    if faulty {
        return Err(CommandError::Said(format!(
            "{}: {} faults, nothing is stored; --skip-faults stores the {products} products that are right",
            file.display(),
            done.faults.len()
        )));
    }
    let what = if done.stored {
        "stored"
    } else {
        "right, nothing is stored"
    };
    println!("{products} products with {barcodes} barcodes are {what}");
    Ok(())
}

async fn list_products(service: &Kopilka) -> Result<(), CommandError> {
    let mut after = String::new();
    let mut out = std::io::stdout().lock();
    loop {
        let page = products::list_products(service, &after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after.clone_from(&last.sku);
        let line = |row: &ProductRow| {
            let price = row.price.map(format_money);
            let price = price.unwrap_or_default();
            format!("{}\t{}\t{}\t{price}\n", row.sku, row.name, row.category)
        };
        let lines: String = page.iter().map(line).collect();
        // A pipe that was closed has read enough.
        if out.write_all(lines.as_bytes()).is_err() {
            return Ok(());
        }
    }
}
