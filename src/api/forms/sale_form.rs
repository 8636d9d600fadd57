//! The receipt as the cashier types it, and its way to a [`SaleDraft`]. The page that shows a quote and the server function that posts
//! read one form, so they never disagree. Money is read digit by digit, never as a float.

use kopilka_core::domain::amounts::{Money, Points, Quantity};
use kopilka_core::domain::decimal::{parse_decimal, parse_money};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::receipt::{ReceiptLine, Unit, check_lines};
use kopilka_core::entropy;
use kopilka_core::ids::RowId;
use kopilka_core::store::products::ProductRow;
use kopilka_core::usecases::FieldProblem;
use kopilka_core::usecases::checkout::receipts::SaleDraft;
use serde::{Deserialize, Serialize};

mod rows;

pub use rows::ReceiptRow;

/// The fields of the receipt form, each as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaleForm {
    /// Made with the form: posting it again is posting the same receipt.
    pub key: String,
    /// Token of the visit that the form was shown for; empty for a sale without a card.
    pub visit: String,
    /// `lines`, or anything else for the amount alone.
    pub mode: String,
    /// Amount of the receipt, where it has no lines.
    pub amount: String,
    /// Names of lines.
    pub line_name: Vec<String>,
    /// Categories of lines.
    pub line_category: Vec<String>,
    /// Quantities of lines.
    pub line_quantity: Vec<String>,
    /// Amounts of lines.
    pub line_amount: Vec<String>,
    /// Codes of products; empty where a line was typed by hand.
    pub line_sku: Vec<String>,
    /// Price of one of each product when it was added, in minor units.
    pub line_price: Vec<String>,
    /// Text that is looked for in the product list.
    pub find: String,
    /// Text that was looked for when the page was made: only another text is a new search.
    pub found: String,
    /// Number of points to ask the owner of the card for; empty: as many as may be spent.
    pub ask: String,
    /// `all`, `exact`, or anything else for none.
    pub spend: String,
    /// Number of points, for `exact`.
    pub points: String,
    /// Another card's code.
    pub code: String,
    /// The code that the page has answered already: only another one is a new card.
    pub answered: String,
    /// The sum that the page shows, with what it is the sum of: [`shown_sum`].
    pub shown: String,
    /// Work of the cashier beside the receipt: `enrol`, `phone`, `phone-code`, `attach`; empty: nothing.
    #[serde(rename = "desk")]
    pub side_panel: String,
    /// Token of what is done there.
    pub token: String,
    /// Text that was typed there: a phone, a code, a card's number.
    pub typed: String,
}

impl SaleForm {
    /// A new receipt for a visit.
    pub fn fresh(key: String, visit: String) -> Self {
        Self {
            key,
            visit,
            ..Self::default()
        }
    }

    /// A new receipt for a visit; an empty token for a sale without a card.
    pub fn begin(visit: &str) -> Self {
        Self::fresh(RowId::new().to_string(), visit.to_owned())
    }

    /// The form as a till's device kept it: the names and values of its fields, in order. Of a field that stands once, the first
    /// value counts. A field that stands in another way than in the form makes an empty form, which is refused.
    pub fn from_fields(fields: &[(String, String)]) -> Self {
        let mut form = serde_json::Map::new();
        for (name, value) in fields {
            match name.strip_suffix("[]") {
                Some(name) => {
                    let list = form
                        .entry(name)
                        .or_insert_with(|| Vec::<String>::new().into());
                    if let Some(list) = list.as_array_mut() {
                        list.push(value.as_str().into());
                    }
                }
                None => {
                    form.entry(name).or_insert_with(|| value.as_str().into());
                }
            }
        }
        serde_json::from_value(form.into()).unwrap_or_default()
    }

    /// Empties the fields that hold codes. What was typed beside the receipt stays where it is a phone.
    pub fn drop_secrets(&mut self) {
        self.code.clear();
        self.answered.clear();
        if !matches!(self.side_panel.as_str(), "enrol" | "phone") {
            self.typed.clear();
        }
    }

    /// The receipt of whoever is served by this visit, with nothing done beside it.
    pub fn for_visit(&self, token: &str) -> Self {
        let mut sale = self.clone().beside("", "");
        token.clone_into(&mut sale.visit);
        sale.code.clear();
        sale
    }

    /// The receipt with one more of a product; a new one where there was none.
    pub fn with_product(&self, product: &ProductRow) -> Self {
        let mut sale = if self.key.is_empty() {
            Self::begin("")
        } else {
            self.clone()
        };
        sale.add(product);
        sale.code.clear();
        sale
    }

    /// The form after one of its own buttons: `lines`, `amount`, `without-card`, or one about a row; `phone` and `attach` begin
    /// something beside the receipt, `receipt` ends it.
    pub fn edited(mut self, to: &str) -> Self {
        match to {
            "lines" | "amount" => to.clone_into(&mut self.mode),
            "without-card" => self.visit.clear(),
            "phone" | "attach" => self = self.beside(to, ""),
            "receipt" => self = self.beside("", ""),
            _ => self.edit_rows(to),
        }
        self
    }

    /// The same receipt with something else done beside it.
    pub fn beside(mut self, side_panel: &str, token: &str) -> Self {
        side_panel.clone_into(&mut self.side_panel);
        token.clone_into(&mut self.token);
        self.typed.clear();
        self
    }

    /// Returns whether lines are typed, not the amount alone.
    pub fn by_lines(&self) -> bool {
        self.mode == "lines"
    }

    /// Returns whether a code was typed that the page has not answered yet.
    pub fn has_new_code(&self) -> bool {
        !self.code.trim().is_empty() && self.code != self.answered
    }

    /// Returns whether something is looked for in the product list that the page has not answered yet.
    pub fn has_new_search(&self) -> bool {
        self.by_lines() && !self.find.trim().is_empty() && self.find != self.found
    }

    /// The form as a question to the owner of the card: whether so many points may pay.
    pub fn asking(&self) -> Self {
        let all = self.ask.trim().is_empty();
        Self {
            spend: if all { "all" } else { "exact" }.to_owned(),
            points: self.ask.clone(),
            ..self.clone()
        }
    }

    /// The receipt that was typed.
    ///
    /// # Errors
    /// Every wrong field: `amount`, `points`; of lines `name`, `quantity`, `amount` with the row as `line`, from 0.
    pub fn draft(&self) -> Result<SaleDraft, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let lines = if self.by_lines() {
            self.lines(&mut problems)
        } else {
            self.whole_amount(&mut problems)
        };
        let spend = self.spending(&mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(SaleDraft {
            visit: (!self.visit.is_empty()).then(|| self.visit.clone()),
            code: None,
            series: None,
            shift: None,
            number: None,
            at: None,
            lines,
            spend,
        })
    }

    /// Returns the sum to pay that the page showed for this receipt; nothing where it showed that of another one, or none.
    pub fn shown_to_pay(&self, draft: &SaleDraft) -> Option<Money> {
        let (to_pay, _) = self.shown.split_once(' ')?;
        let to_pay = Money(to_pay.parse().ok()?);
        (self.shown == shown_sum(draft, to_pay)).then_some(to_pay)
    }

    fn whole_amount(&self, problems: &mut Vec<FieldProblem>) -> Vec<ReceiptLine> {
        if self.amount.trim().is_empty() {
            problems.push(FieldProblem::new("amount", "amount-missing"));
            return Vec::new();
        }
        let line = ReceiptLine {
            sku: String::new(),
            name: String::new(),
            category: String::new(),
            quantity: Quantity::ONE,
            unit: Unit::Piece,
            amount: parse_money(&self.amount).unwrap_or(Money::ZERO),
        };
        if check_lines(std::slice::from_ref(&line)).is_err() || !line.amount.is_positive() {
            problems.push(FieldProblem::new("amount", "amount-invalid"));
        }
        vec![line]
    }

    fn lines(&self, problems: &mut Vec<FieldProblem>) -> Vec<ReceiptLine> {
        let rows: Vec<(usize, ReceiptRow)> = self
            .rows()
            .into_iter()
            .enumerate()
            .filter(|(_, row)| !row.is_blank())
            .collect();
        let lines: Vec<ReceiptLine> = rows.iter().map(|(_, row)| row.line()).collect();
        for fault in check_lines(&lines).err().unwrap_or_default() {
            let row = rows.get(fault.line).map_or(0, |(row, _)| *row);
            problems.push(FieldProblem::new(fault.field, fault.key()).with_arg("line", row));
        }
        // What cannot be read became nothing, and nobody types a line that costs nothing.
        for ((row, _), line) in rows.iter().zip(&lines) {
            if !line.amount.is_positive() {
                problems
                    .push(FieldProblem::new("amount", "line-amount-zero").with_arg("line", row));
            }
        }
        lines
    }

    fn spending(&self, problems: &mut Vec<FieldProblem>) -> PointsToSpend {
        match self.spend.as_str() {
            _ if self.visit.is_empty() => PointsToSpend::None,
            "all" => PointsToSpend::All,
            "exact" => PointsToSpend::Exactly(points(&self.points).unwrap_or_else(|| {
                problems.push(FieldProblem::new("points", "points-invalid"));
                Points::ZERO
            })),
            _ => PointsToSpend::None,
        }
    }
}

/// Hash of what a draft says, for telling a receipt sent again from another one under the same key.
pub fn fingerprint(draft: &SaleDraft) -> Vec<u8> {
    let spend = match draft.spend {
        PointsToSpend::None => "none".to_owned(),
        PointsToSpend::All => "all".to_owned(),
        PointsToSpend::Exactly(Points(points)) | PointsToSpend::AtMost(Points(points)) => {
            points.to_string()
        }
    };
    let visit = draft.visit.as_deref().unwrap_or_default();
    let mut said = format!("{visit}\n{spend}\n");
    if let Some(code) = &draft.code {
        said = format!("{code}\n{said}");
    }
    for line in &draft.lines {
        // Checked lines hold no control characters, so these marks cannot be typed.
        let (Quantity(quantity), Money(amount)) = (line.quantity, line.amount);
        said.push_str(&format!(
            "{}\t{}\t{}\t{quantity}\t{amount}\n",
            line.sku, line.name, line.category
        ));
    }
    entropy::sha256(&said)
}

/// A sum to pay with a mark of the receipt that it was worked out for, as the page carries it.
pub fn shown_sum(draft: &SaleDraft, Money(to_pay): Money) -> String {
    let hash = fingerprint(draft);
    let mark = entropy::encode_hex(hash.get(..8).unwrap_or(&hash));
    format!("{to_pay} {mark}")
}

/// Reads a whole number of points.
fn points(text: &str) -> Option<Points> {
    parse_decimal(text, 0).map(Points)
}

#[cfg(test)]
mod tests;
