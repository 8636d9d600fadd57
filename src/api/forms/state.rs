//! State of a posted form, from which its page is rendered: with GET, however often, for as long as the server keeps it.

use kopilka_core::ids::{MemberId, RowId};
use kopilka_core::usecases::{FieldProblem, Refusal};
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

use super::return_form::ReturnForm;
use super::sale_form::SaleForm;
use super::secrets::is_secret;

/// State of a form that was refused or is not finished.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormState {
    /// Address of the page that shows it, without the state's key.
    pub page: String,
    /// Endpoint without `/api/`, `join/phone`.
    pub endpoint: String,
    /// Fields as they were typed, in order; a receipt's are in [`FormState::step`].
    pub values: Vec<(String, String)>,
    /// Wrong fields.
    pub problems: Vec<FormProblem>,
    /// A rule's no.
    pub refusal: Option<Refusal>,
    /// Seconds after which to send the form again, where others were in the way; `None` = they were not.
    pub busy: Option<i64>,
    /// Data for the page beyond the fields.
    pub step: PageStep,
}

impl FormState {
    /// Returns the state that the page being rendered shows.
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Returns whether the form was refused.
    pub const fn is_refused(&self) -> bool {
        !self.problems.is_empty() || self.refusal.is_some() || self.busy.is_some()
    }

    /// Returns the HTTP status that says the same to a script.
    pub fn status(&self) -> u16 {
        match &self.refusal {
            _ if self.busy.is_some() => 503,
            Some(refusal) => refusal.status(),
            None if self.problems.is_empty() => 200,
            None => 422,
        }
    }

    /// Returns the seconds after which the form may be sent again; `None` = whenever somebody likes.
    pub fn retry_after(&self) -> Option<i64> {
        self.busy
            .or_else(|| self.refusal.as_ref().and_then(Refusal::retry_after))
    }

    /// Returns what was typed into a field.
    pub fn typed(&self, field: &str) -> Option<&str> {
        let mut values = self.values.iter();
        let typed = values.find(|(name, _)| name == field);
        typed.map(|(_, value)| value.as_str())
    }

    /// Returns the state with the fields as they were typed, `typed`, but without passwords, PINs and codes: so it may be kept, and
    /// so it is shown. The fields of a receipt and of a return are in [`FormState::step`] already.
    pub fn with_typed(mut self, typed: impl Iterator<Item = (String, String)>) -> Self {
        match &mut self.step {
            PageStep::Sale(step) => step.sale.drop_secrets(),
            PageStep::Return(_) => {}
            PageStep::Fields | PageStep::CardSales(_) | PageStep::ShiftClosed(_) => {
                self.values = typed.filter(|(field, _)| !is_secret(field)).collect();
            }
        }
        self
    }
}

/// Data for the page beyond the fields of the form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub enum PageStep {
    /// Nothing: the fields say it all.
    #[default]
    Fields,
    /// The till's receipt.
    Sale(Box<SaleStep>),
    /// A return at the till.
    Return(Box<ReturnForm>),
    /// Sales of the member whose card was scanned for a return.
    CardSales(MemberId),
    /// The shift that was closed, whose report is shown.
    ShiftClosed(RowId),
}

/// The till's receipt after one of its forms.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaleStep {
    /// The receipt as it is now.
    pub sale: SaleForm,
    /// Act that was done with it.
    pub act: SaleAct,
}

/// Act of a cashier on the receipt, as far as the page tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaleAct {
    /// Nothing that the page tells.
    #[default]
    None,
    /// A button of the form itself was pressed, such as `plus-2`.
    Edited(String),
    /// The owner of the card was asked, or the answer was asked for.
    OwnerAsked,
    /// A gift was handed over.
    GiftGiven {
        /// The promise.
        grant: String,
        /// Receipt whose result is shown; empty: none.
        receipt: String,
    },
    /// The handing over of a gift was taken back.
    GiftTakenBack,
    /// A printed card was attached.
    CardAttached,
    /// A link to joining was sent.
    InvitationSent,
    /// Somebody asked whether the shopper has joined.
    EnrolmentChecked,
    /// A code was sent to a phone.
    PhoneCodeSent,
    /// The fraud limits stop the visit; a senior may let it pass.
    Stopped {
        /// Token of the card in the browser's cookie, where a scan was stopped before there was a visit; `None` = the visit was.
        by_card: Option<String>,
        /// Senior who was chosen; empty: nobody yet.
        senior: String,
    },
}

/// Problem with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormProblem {
    /// The field's name.
    pub field: String,
    /// Stable name of the problem; the words for it are found by `problem-<key>`.
    pub key: String,
    /// Values that the words mention.
    pub args: Vec<(String, String)>,
}

impl From<FieldProblem> for FormProblem {
    fn from(problem: FieldProblem) -> Self {
        let args = problem.args.into_iter();
        Self {
            field: problem.field.to_owned(),
            key: problem.key.to_owned(),
            args: args.map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }
}
