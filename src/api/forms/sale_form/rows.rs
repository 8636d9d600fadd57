//! Rows of the receipt form: reading its columns as rows and writing them back, the buttons of a row, and a product that
//! is added. A line without an amount of its own costs its price times its quantity.

use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::decimal::{
    cost_of_quantity, format_money, format_quantity, parse_money, parse_quantity,
};
use kopilka_core::domain::receipt::{MAX_LINES, ReceiptLine, Unit, clean_code, clean_text};
use kopilka_core::store::products::ProductRow;

use super::SaleForm;

/// Rows that an empty list of lines begins with.
const FIRST_ROWS: usize = 3;

/// A line of the receipt as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Name of the goods.
    pub name: String,
    /// Category of the programme; empty: none.
    pub category: String,
    /// Quantity.
    pub quantity: String,
    /// Amount of the whole line; of a product it may be empty.
    pub amount: String,
    /// Code of the product; empty where the line was typed by hand.
    pub sku: String,
    /// Price of one of the product, in minor units, where the list has it.
    pub price: String,
}

impl ReceiptRow {
    fn empty() -> Self {
        Self {
            quantity: "1".to_owned(),
            ..Self::default()
        }
    }

    fn of(product: &ProductRow) -> Self {
        let price = product.price.map(|price| price.0.to_string());
        Self {
            name: product.name.clone(),
            category: product.category.clone(),
            sku: product.sku.clone(),
            price: price.unwrap_or_default(),
            ..Self::empty()
        }
    }

    /// Returns whether nothing was typed: a quantity alone says nothing.
    pub fn is_blank(&self) -> bool {
        self.sku.is_empty() && self.name.trim().is_empty() && self.amount.trim().is_empty()
    }

    /// Returns what the line costs by the list's price.
    pub fn by_price(&self) -> Option<Money> {
        let price = self.price.parse().ok().map(Money)?;
        cost_of_quantity(price, parse_quantity(&self.quantity)?)
    }

    /// The line. What cannot be read becomes nothing, which the form refuses.
    pub fn line(&self) -> ReceiptLine {
        let amount = if self.amount.trim().is_empty() {
            self.by_price()
        } else {
            parse_money(&self.amount)
        };
        ReceiptLine {
            sku: clean_code(self.sku.clone()),
            name: clean_text(self.name.trim().to_owned()),
            category: clean_text(self.category.clone()),
            quantity: parse_quantity(&self.quantity).unwrap_or(Quantity::ZERO),
            unit: Unit::Piece,
            amount: amount.unwrap_or(Money::ZERO),
        }
    }

    /// One more, or one less but never none. An amount that was typed grows with it.
    fn step(&mut self, by: Quantity) {
        let before = parse_quantity(&self.quantity).unwrap_or(Quantity::ZERO);
        let Some(after) = before.checked_add(by).filter(|after| after.is_positive()) else {
            return;
        };
        let amount = parse_money(&self.amount).filter(|_| before.is_positive());
        if let Some(amount) = amount {
            let grown = i128::from(amount.0) * i128::from(after.0) / i128::from(before.0);
            if let Ok(grown) = i64::try_from(grown) {
                self.amount = format_money(Money(grown));
            }
        }
        self.quantity = format_quantity(after);
    }
}

impl SaleForm {
    /// The lines as typed, empty ones too; some empty ones where there are none.
    pub fn rows(&self) -> Vec<ReceiptRow> {
        let count = self
            .line_name
            .len()
            .max(self.line_amount.len())
            .min(MAX_LINES);
        if count == 0 {
            return vec![ReceiptRow::empty(); FIRST_ROWS];
        }
        let typed = |values: &[String], row: usize| values.get(row).cloned();
        (0..count)
            .map(|row| ReceiptRow {
                name: typed(&self.line_name, row).unwrap_or_default(),
                category: typed(&self.line_category, row).unwrap_or_default(),
                quantity: typed(&self.line_quantity, row).unwrap_or_else(|| "1".to_owned()),
                amount: typed(&self.line_amount, row).unwrap_or_default(),
                sku: typed(&self.line_sku, row).unwrap_or_default(),
                price: typed(&self.line_price, row).unwrap_or_default(),
            })
            .collect()
    }

    fn set_rows(&mut self, rows: &[ReceiptRow]) {
        let column = |pick: fn(&ReceiptRow) -> &String| rows.iter().map(pick).cloned().collect();
        self.line_name = column(|row| &row.name);
        self.line_category = column(|row| &row.category);
        self.line_quantity = column(|row| &row.quantity);
        self.line_amount = column(|row| &row.amount);
        self.line_sku = column(|row| &row.sku);
        self.line_price = column(|row| &row.price);
    }

    /// Columns of the rows as a form carries them unseen.
    pub fn columns(&self) -> [(&'static str, Vec<String>); 6] {
        let Self {
            line_name,
            line_category,
            line_quantity,
            line_amount,
            line_sku,
            line_price,
            ..
        } = self.clone();
        [
            ("line_name[]", line_name),
            ("line_category[]", line_category),
            ("line_quantity[]", line_quantity),
            ("line_amount[]", line_amount),
            ("line_sku[]", line_sku),
            ("line_price[]", line_price),
        ]
    }

    /// Fields of the form with their values, as a form carries them unseen.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let once = [
            ("key", &self.key),
            ("visit", &self.visit),
            ("mode", &self.mode),
            ("amount", &self.amount),
            ("find", &self.find),
            ("found", &self.found),
            ("ask", &self.ask),
            ("spend", &self.spend),
            ("points", &self.points),
            ("shown", &self.shown),
            ("desk", &self.side_panel),
            ("token", &self.token),
        ];
        let once = once.into_iter().map(|(name, value)| (name, value.clone()));
        let rows = self.columns().into_iter();
        once.chain(
            rows.flat_map(|(name, values)| values.into_iter().map(move |value| (name, value))),
        )
        .collect()
    }

    /// A button of the rows: `row` for one more; `plus-2`, `minus-2`, `drop-2` for the third.
    pub(super) fn edit_rows(&mut self, to: &str) {
        let mut rows = self.rows();
        if to == "row" && rows.len() < MAX_LINES {
            rows.push(ReceiptRow::empty());
        }
        let (what, place) = to.split_once('-').unwrap_or_default();
        let place: Option<usize> = place.parse().ok();
        if let Some(row) = place.and_then(|place| rows.get_mut(place)) {
            match what {
                "plus" => row.step(Quantity::ONE),
                "minus" => row.step(-Quantity::ONE),
                "drop" => *row = ReceiptRow::default(),
                _ => {}
            }
        }
        if what == "drop"
            && let Some(place) = place.filter(|place| *place < rows.len())
        {
            rows.remove(place);
        }
        self.set_rows(&rows);
    }

    /// Adds one of a product: to its line, or as a line of its own; empty rows make room.
    pub fn add(&mut self, product: &ProductRow) {
        let mut rows = self.rows();
        rows.retain(|row| !row.is_blank());
        if let Some(row) = rows.iter_mut().find(|row| row.sku == product.sku) {
            row.step(Quantity::ONE);
        } else if rows.len() < MAX_LINES {
            rows.push(ReceiptRow::of(product));
        }
        self.set_rows(&rows);
        "lines".clone_into(&mut self.mode);
        self.find.clear();
        self.found.clear();
    }
}
