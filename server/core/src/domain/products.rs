//! A list of goods as a chain exports it: CSV with a line of names above it. Every fault is named by line and column;
//! what is read is whole and of one meaning, so that it can be stored as it is.

use std::collections::BTreeMap;
use std::fmt;

use super::amounts::Money;
use super::card::Ean13;
use super::decimal::parse_money;
use super::receipt::{MAX_AMOUNT, MAX_TEXT};

/// The columns, the first two of which must be there.
const COLUMNS: [&str; 5] = ["sku", "name", "category", "price", "barcode"];
/// Separator of barcodes in one cell.
const BETWEEN: char = '|';

/// A thing that the chain sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Category by which rules pick lines; may be empty.
    pub category: String,
    /// Price of one piece or one kilogram, where the list says it.
    pub price: Option<Money>,
    /// Barcodes on its packings, as [`parse_barcode`] writes them.
    pub barcodes: Vec<String>,
}

/// Fault in one place of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductListFault {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column by its name; empty for the line as a whole.
    pub column: &'static str,
    /// Description of the fault, in English for the operator.
    pub what: String,
}

impl fmt::Display for ProductListFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, what } = self;
        match *column {
            "" => write!(f, "line {line}: {what}"),
            column => write!(f, "line {line}, {column}: {what}"),
        }
    }
}

/// A list that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductList {
    /// Products that are right in it, by code.
    pub products: Vec<Product>,
    /// Faults in it.
    pub faults: Vec<ProductListFault>,
    /// True if it has a column of barcodes: without one, those known before stay.
    pub tells_barcodes: bool,
    lines: BTreeMap<String, u64>,
}

impl ProductList {
    /// The first line about the product with this code.
    pub fn line_of(&self, sku: &str) -> u64 {
        self.lines.get(sku).copied().unwrap_or_default()
    }
}

/// A text in small letters, for finding it however it is typed: «ё» is «е», spaces are single.
pub fn fold_text(text: &str) -> String {
    let small = text.to_lowercase().replace('ё', "е");
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A barcode as it is stored: 8 to 14 digits. A scanner may read the same 12 digits with a nought before them.
pub fn parse_barcode(text: &str) -> Option<String> {
    let text = text.trim();
    if !(8..=14).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match text.len() {
        12 => format!("0{text}"),
        _ => text.to_owned(),
    })
}

/// Returns whether scanned digits are those of goods and not of a card: 8, 12 or 14 of them, or 13 that begin otherwise than
/// our cards' linear barcode.
pub fn is_of_goods(digits: &str) -> bool {
    let digits = digits.trim();
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && match digits.len() {
            8 | 12 | 14 => true,
            13 => !digits.starts_with(Ean13::PREFIX),
            _ => false,
        }
}

/// Reads a list. Columns stand in any order, apart by commas, semicolons or tabs; a product may take several lines, one
/// for each barcode.
pub fn parse_list(text: &str) -> ProductList {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let between = [';', '\t', ',']
        .into_iter()
        .find(|mark| first.contains(*mark))
        .and_then(|mark| u8::try_from(mark).ok())
        .unwrap_or(b',');
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(between)
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
        .into_records();
    let mut reading = ProductListReader::default();
    let Some(Ok(names)) = rows.next() else {
        reading.add_fault(1, "", "the file is empty");
        return reading.finish();
    };
    let Some(places) = reading.read_header(&names) else {
        return reading.finish();
    };
    for row in rows {
        match row {
            Ok(row) => reading.read_row(&row, &places, names.len()),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                reading.add_fault(line, "", "it cannot be read as CSV");
            }
        }
    }
    reading.finish()
}

/// Place of each of our columns; `None` = it is not there.
type ProductColumns = [Option<usize>; COLUMNS.len()];

#[derive(Default)]
struct ProductListReader {
    products: BTreeMap<String, Product>,
    /// Code of the product that has a barcode, by barcode.
    owners: BTreeMap<String, String>,
    faults: Vec<ProductListFault>,
    tells_barcodes: bool,
    lines: BTreeMap<String, u64>,
}

impl ProductListReader {
    fn add_fault(&mut self, line: u64, column: &'static str, what: impl Into<String>) {
        let what = what.into();
        self.faults.push(ProductListFault { line, column, what });
    }

    fn finish(self) -> ProductList {
        ProductList {
            products: self.products.into_values().collect(),
            faults: self.faults,
            tells_barcodes: self.tells_barcodes,
            lines: self.lines,
        }
    }

    fn read_header(&mut self, names: &csv::StringRecord) -> Option<ProductColumns> {
        let mut places: ProductColumns = [None; COLUMNS.len()];
        for (at, name) in names.iter().enumerate() {
            let name = name.to_lowercase();
            let known = COLUMNS.iter().position(|column| *column == name);
            match known.and_then(|known| places.get_mut(known)) {
                None => self.add_fault(
                    1,
                    "",
                    format!(
                        "there is no column \"{name}\"; those that are: {}",
                        COLUMNS.join(", ")
                    ),
                ),
                Some(Some(_)) => {
                    self.add_fault(1, "", format!("the column \"{name}\" stands twice"))
                }
                Some(place) => *place = Some(at),
            }
        }
        for (column, place) in COLUMNS.into_iter().zip(&places).take(2) {
            if place.is_none() {
                self.add_fault(1, column, "the column is missing");
            }
        }
        self.tells_barcodes = places.last().is_some_and(Option::is_some);
        self.faults.is_empty().then_some(places)
    }

    fn read_row(&mut self, row: &csv::StringRecord, places: &ProductColumns, width: usize) {
        let line = row.position().map_or(0, csv::Position::line);
        if row.len() != width {
            let what = format!("it has {} columns, the first line has {width}", row.len());
            return self.add_fault(line, "", what);
        }
        let [sku, name, category, price, barcodes] =
            places.map(|place| place.and_then(|at| row.get(at)).unwrap_or_default());
        let before = self.faults.len();
        for (column, text) in [("sku", sku), ("name", name), ("category", category)] {
            if text.is_empty() && column != "category" {
                self.add_fault(line, column, "it is empty");
            } else if text.chars().count() > MAX_TEXT {
                self.add_fault(line, column, format!("it is longer than {MAX_TEXT} signs"));
            } else if text.chars().any(char::is_control) {
                self.add_fault(line, column, "it holds control characters");
            }
        }
        let price = self.read_price(line, price);
        let barcodes = self.read_barcodes(line, sku, barcodes);
        if self.faults.len() > before {
            return;
        }
        let product = Product {
            sku: sku.to_owned(),
            name: name.to_owned(),
            category: category.to_owned(),
            price,
            barcodes,
        };
        self.add_product(line, product);
    }

    fn read_price(&mut self, line: u64, text: &str) -> Option<Money> {
        if text.is_empty() {
            return None;
        }
        let price = parse_money(text).filter(|price| price.is_positive() && *price <= MAX_AMOUNT);
        if price.is_none() {
            let what = format!("\"{text}\" is no price; one is written 99.90 or 99,90");
            self.add_fault(line, "price", what);
        }
        price
    }

    fn read_barcodes(&mut self, line: u64, sku: &str, cell: &str) -> Vec<String> {
        let mut barcodes = Vec::new();
        for text in cell.split(BETWEEN).filter(|text| !text.trim().is_empty()) {
            let Some(barcode) = parse_barcode(text) else {
                let what = format!("\"{}\" is no barcode of 8 to 14 digits", text.trim());
                self.add_fault(line, "barcode", what);
                continue;
            };
            let owner = self.owners.entry(barcode.clone()).or_insert(sku.to_owned());
            if *owner == sku {
                barcodes.push(barcode);
            } else {
                let what = format!("{barcode} is that of {owner} already");
                self.add_fault(line, "barcode", what);
            }
        }
        barcodes
    }

    /// A line of a product that had one before brings more barcodes; it must not say another thing.
    fn add_product(&mut self, line: u64, product: Product) {
        let Some(known) = self.products.get_mut(&product.sku) else {
            self.lines.insert(product.sku.clone(), line);
            self.products.insert(product.sku.clone(), product);
            return;
        };
        let differs = [
            ("name", known.name != product.name),
            ("category", known.category != product.category),
            ("price", known.price != product.price),
        ];
        match differs.into_iter().find(|(_, differs)| *differs) {
            Some((column, _)) => {
                let what = format!("an earlier line says another one of {}", product.sku);
                self.add_fault(line, column, what);
            }
            None => {
                let more = product.barcodes.into_iter();
                let more = more.filter(|barcode| !known.barcodes.contains(barcode));
                let more: Vec<String> = more.collect();
                known.barcodes.extend(more);
            }
        }
    }
}

#[cfg(test)]
mod tests;
