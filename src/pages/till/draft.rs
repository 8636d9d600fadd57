//! The receipt as the cashier types it, and its way to a [`Draft`]. Reading it twice gives the same draft, so the page
//! that shows a quote and the server function that posts never disagree. Money is read digit by digit, never as a float.

use kopilka_core::domain::amounts::{Money, Points, Quantity};
use kopilka_core::domain::evaluate::Spend;
use kopilka_core::domain::receipt::{Line, MAX_LINES, check};
use kopilka_core::entropy;
use kopilka_core::usecases::Problem;
use kopilka_core::usecases::receipts::Draft;
use serde::{Deserialize, Serialize};

/// Rows that an empty list of lines begins with.
const FIRST_ROWS: usize = 3;

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
    /// What the receipt costs, where it has no lines.
    pub amount: String,
    /// Names of lines.
    pub line_name: Vec<String>,
    /// Categories of lines.
    pub line_category: Vec<String>,
    /// Quantities of lines.
    pub line_quantity: Vec<String>,
    /// Amounts of lines.
    pub line_amount: Vec<String>,
    /// `all`, `exact`, or anything else for none.
    pub spend: String,
    /// How many points, for `exact`.
    pub points: String,
    /// Another card's code.
    pub code: String,
    /// The code that the page has answered already: only another one is a new card.
    pub answered: String,
}

/// A line of the receipt as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Category of the programme; empty: none.
    pub category: String,
    /// How much of it.
    pub quantity: String,
    /// What the whole line costs.
    pub amount: String,
}

impl Row {
    /// Whether nothing was typed: a quantity alone says nothing.
    fn is_blank(&self) -> bool {
        self.name.trim().is_empty() && self.amount.trim().is_empty()
    }
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

    /// The form as a browser posted it.
    pub fn posted(values: &[(String, String)]) -> Self {
        let all = |name: &str| -> Vec<String> {
            let named = values.iter().filter(|(field, _)| field == name);
            named.map(|(_, value)| value.clone()).collect()
        };
        let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
        Self {
            key: one("key"),
            visit: one("visit"),
            mode: one("mode"),
            amount: one("amount"),
            line_name: all("line_name[]"),
            line_category: all("line_category[]"),
            line_quantity: all("line_quantity[]"),
            line_amount: all("line_amount[]"),
            spend: one("spend"),
            points: one("points"),
            code: one("code"),
            answered: one("answered"),
        }
    }

    /// The form after one of its own buttons: `lines`, `amount`, `row` for one more, `without-card`.
    pub fn edited(mut self, to: &str) -> Self {
        match to {
            "lines" | "amount" => to.clone_into(&mut self.mode),
            "row" if self.line_name.len() < MAX_LINES => self.line_name.push(String::new()),
            "without-card" => self.visit.clear(),
            _ => {}
        }
        self
    }

    /// Whether lines are typed, not the amount alone.
    pub fn by_lines(&self) -> bool {
        self.mode == "lines"
    }

    /// Whether a code was typed that the page has not answered yet.
    pub fn has_new_code(&self) -> bool {
        !self.code.trim().is_empty() && self.code != self.answered
    }

    /// The lines as typed, empty ones too; some empty ones where there are none.
    pub fn rows(&self) -> Vec<Row> {
        let count = self
            .line_name
            .len()
            .max(self.line_amount.len())
            .min(MAX_LINES);
        if count == 0 {
            let empty = Row {
                quantity: "1".to_owned(),
                ..Row::default()
            };
            return vec![empty; FIRST_ROWS];
        }
        let typed = |values: &[String], row: usize| values.get(row).cloned();
        (0..count)
            .map(|row| Row {
                name: typed(&self.line_name, row).unwrap_or_default(),
                category: typed(&self.line_category, row).unwrap_or_default(),
                quantity: typed(&self.line_quantity, row).unwrap_or_else(|| "1".to_owned()),
                amount: typed(&self.line_amount, row).unwrap_or_default(),
            })
            .collect()
    }

    /// The receipt that was typed.
    ///
    /// # Errors
    /// Every wrong field: `amount`, `points`; of lines `name`, `quantity`, `amount` with the row as `line`, from 0.
    pub fn draft(&self) -> Result<Draft, Vec<Problem>> {
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
        Ok(Draft {
            visit: (!self.visit.is_empty()).then(|| self.visit.clone()),
            code: None,
            shift: None,
            number: None,
            at: None,
            lines,
            spend,
        })
    }

    fn whole_amount(&self, problems: &mut Vec<Problem>) -> Vec<Line> {
        if self.amount.trim().is_empty() {
            problems.push(Problem::new("amount", "amount-missing"));
            return Vec::new();
        }
        let line = Line {
            sku: String::new(),
            name: String::new(),
            category: String::new(),
            quantity: Quantity::ONE,
            amount: money(&self.amount).unwrap_or(Money::ZERO),
        };
        if check(std::slice::from_ref(&line)).is_err() {
            problems.push(Problem::new("amount", "amount-invalid"));
        }
        vec![line]
    }

    fn lines(&self, problems: &mut Vec<Problem>) -> Vec<Line> {
        let rows: Vec<(usize, Row)> = self
            .rows()
            .into_iter()
            .enumerate()
            .filter(|(_, row)| !row.is_blank())
            .collect();
        // What cannot be read becomes nothing, and nothing is refused by the check.
        let lines: Vec<Line> = rows
            .iter()
            .map(|(_, row)| Line {
                sku: String::new(),
                name: row.name.trim().to_owned(),
                category: row.category.clone(),
                quantity: quantity(&row.quantity).unwrap_or(Quantity::ZERO),
                amount: money(&row.amount).unwrap_or(Money::ZERO),
            })
            .collect();
        for fault in check(&lines).err().unwrap_or_default() {
            let row = rows.get(fault.line).map_or(0, |(row, _)| *row);
            problems.push(Problem::new(fault.field, fault.key()).with("line", row));
        }
        lines
    }

    fn spending(&self, problems: &mut Vec<Problem>) -> Spend {
        match self.spend.as_str() {
            _ if self.visit.is_empty() => Spend::None,
            "all" => Spend::All,
            "exact" => Spend::Exactly(points(&self.points).unwrap_or_else(|| {
                problems.push(Problem::new("points", "points-invalid"));
                Points::ZERO
            })),
            _ => Spend::None,
        }
    }
}

/// Hash of what a draft says, for telling a receipt sent again from another one under the same key.
pub fn fingerprint(draft: &Draft) -> Vec<u8> {
    let spend = match draft.spend {
        Spend::None => "none".to_owned(),
        Spend::All => "all".to_owned(),
        Spend::Exactly(Points(points)) | Spend::AtMost(Points(points)) => points.to_string(),
    };
    let visit = draft.visit.as_deref().unwrap_or_default();
    let mut said = format!("{visit}\n{spend}\n");
    for line in &draft.lines {
        // Checked lines hold no control characters, so these marks cannot be typed.
        let (Quantity(quantity), Money(amount)) = (line.quantity, line.amount);
        said.push_str(&format!(
            "{}\t{}\t{quantity}\t{amount}\n",
            line.name, line.category
        ));
    }
    entropy::hash(&said)
}

/// Reads money in roubles: `1240`, `1 240,5`, `99.90 ₽`; kopecks in integers.
fn money(text: &str) -> Option<Money> {
    decimal(text.trim().trim_end_matches('₽'), 2).map(Money)
}

/// Reads how much of an item: `1`, `0,345`.
fn quantity(text: &str) -> Option<Quantity> {
    decimal(text, 3).map(Quantity)
}

/// Reads a whole number of points.
fn points(text: &str) -> Option<Points> {
    decimal(text, 0).map(Points)
}

/// Reads a number with at most `digits` digits after its comma or dot, in units of the last of them. Spaces don't
/// matter; a second mark, a sign or anything else does.
fn decimal(text: &str, digits: usize) -> Option<i64> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, part) = bare.split_once([',', '.']).unwrap_or((&bare, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > digits {
        return None;
    }
    format!("{whole}{part:0<digits$}").parse().ok()
}

#[cfg(test)]
mod tests;
