//! The return as the cashier chooses it, and its way to a [`ReturnDraft`]. Nothing is posted that was not worked out and
//! seen just so before.

use kopilka_core::Kopilka;
use kopilka_core::domain::decimal::{format_money, format_quantity, parse_money, parse_quantity};
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::entropy;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    self, ReturnDraft, ReturnEffect, ReturnableSale, ReturnedSaleName,
};
use kopilka_core::usecases::{Error, FieldProblem};
use serde::{Deserialize, Serialize};

/// The fields of a return's form, each as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReturnForm {
    /// Made with the form: posting it again is posting the same return.
    pub key: String,
    /// Id of the sale.
    pub sale: String,
    /// Quantity of each line that comes back, in the order of the sale.
    pub quantity: Vec<String>,
    /// The amount that comes back, of a sale that goes back by amount.
    pub amount: String,
    /// Anything: all that is left.
    pub all: String,
    /// Lines that were worked out when the page was made.
    pub quoted: String,
}

impl ReturnForm {
    /// A new return of a sale.
    pub fn fresh(key: String, sale: &ReturnableSale) -> Self {
        Self {
            key,
            sale: sale.id.to_string(),
            quantity: vec![String::new(); sale.lines.len()],
            ..Self::default()
        }
    }

    /// The form with all that is left written into its fields, where that was asked for.
    pub fn filled(mut self, sale: &ReturnableSale) -> Self {
        if !self.all.is_empty() {
            self.amount.clear();
            self.quantity.clear();
            for line in &sale.lines {
                let mut left = String::new();
                if line.goes_by_amount() {
                    self.amount = format_money(line.left.amount());
                } else if line.left.is_left() {
                    left = format_quantity(line.left.quantity());
                }
                self.quantity.push(left);
            }
            self.all.clear();
        }
        self
    }

    /// The return that was chosen.
    ///
    /// # Errors
    /// Every wrong quantity, with its line as `line`, from 0; `lines` where nothing is chosen.
    pub fn draft(&self, sale: &ReturnableSale) -> Result<ReturnDraft, Error> {
        let form = self.clone().filled(sale);
        let (mut lines, mut problems) = (Vec::new(), Vec::new());
        if let Some(line) = sale.lines.iter().find(|line| line.goes_by_amount())
            && !form.amount.trim().is_empty()
        {
            match parse_money(&form.amount).filter(|amount| amount.is_positive()) {
                Some(amount) => lines.push(ReturnedLinePart::of_amount(line.position, amount)),
                None => problems.push(
                    FieldProblem::new("amount", "line-amount").with_arg("line", line.position),
                ),
            }
        }
        for (line, typed) in sale.lines.iter().zip(&form.quantity) {
            if line.goes_by_amount() || typed.trim().is_empty() || typed.trim() == "0" {
                continue;
            }
            match parse_quantity(typed).filter(|quantity| quantity.is_positive()) {
                Some(quantity) => {
                    lines.push(ReturnedLinePart::of_quantity(line.position, quantity))
                }
                None => problems.push(
                    FieldProblem::new("quantity", "line-quantity").with_arg("line", line.position),
                ),
            }
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if lines.is_empty() {
            return Err(FieldProblem::new("lines", "return-nothing").into());
        }
        Ok(ReturnDraft {
            sale: ReturnedSaleName::Id(sale.id),
            series: None,
            shift: None,
            number: None,
            at: None,
            lines,
        })
    }

    /// Returns what the return would do.
    ///
    /// # Errors
    /// As [`ReturnForm::draft`]; what a quote refuses, with the sale's own lines as `line`.
    pub async fn quote(
        &self,
        service: &Kopilka,
        at_till: &TillContext,
        sale: &ReturnableSale,
    ) -> Result<ReturnEffect, Error> {
        let draft = self.draft(sale)?;
        receipts::quote_return(service, at_till, &draft)
            .await
            .map_err(|error| self.placed(sale, error))
    }

    /// An error of the engine, which counts the lines of a return, with the lines of the sale instead.
    pub fn placed(&self, sale: &ReturnableSale, error: Error) -> Error {
        let mut problems = match error {
            Error::Invalid(problems) => problems,
            other => return other,
        };
        let Ok(draft) = self.draft(sale) else {
            return Error::Invalid(problems);
        };
        for problem in &mut problems {
            for (name, value) in &mut problem.args {
                let at = value.parse::<usize>().ok().filter(|_| *name == "line");
                if let Some(line) = at.and_then(|at| draft.lines.get(at)) {
                    *value = line.position.to_string();
                }
            }
        }
        Error::Invalid(problems)
    }

    /// Returns the text by which the form remembers what was worked out.
    pub fn as_quoted(&self, draft: &ReturnDraft) -> String {
        let lines = draft.lines.iter();
        lines
            .map(|line| match (line.quantity, line.amount) {
                (Some(quantity), _) => format!("{}:{}", line.position, quantity.0),
                (None, amount) => format!("{}:={}", line.position, amount.unwrap_or_default().0),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Hash of what a return says, for telling one sent again from another one under the same key.
pub fn returned_fingerprint(draft: &ReturnDraft) -> Vec<u8> {
    let mut said = match &draft.sale {
        ReturnedSaleName::Id(id) => format!("return\n{id}\n"),
        ReturnedSaleName::Number { shift, number, .. } => format!("return\n{shift}\n{number}\n"),
    };
    for line in &draft.lines {
        said.push_str(&match (line.quantity, line.amount) {
            (Some(quantity), _) => format!("{}\t{}\n", line.position, quantity.0),
            (None, amount) => format!("{}\t={}\n", line.position, amount.unwrap_or_default().0),
        });
    }
    entropy::sha256(&said)
}
