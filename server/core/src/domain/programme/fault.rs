//! What is wrong with a programme and where in it: each fault names its place by the names of the document, as
//! `offers[3].conditions.hours`, so that the line can be found and shown.

use std::fmt;

/// A place in the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Path(Vec<Step>);

/// One step into the document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A field of a table.
    Field(String),
    /// A position in a list, from 0.
    Item(usize),
}

impl Path {
    /// The document as a whole.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// A field of what is here.
    pub fn field(&self, name: &str) -> Self {
        self.then(Step::Field(name.to_owned()))
    }

    /// A position in the list that is here.
    pub fn item(&self, position: usize) -> Self {
        self.then(Step::Item(position))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The way here from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The part of the document whose rules are judged together: one offer, one gift, all tiers, or a top-level name.
    pub fn section(&self) -> Self {
        let alone = matches!(self.0.first(), Some(Step::Field(name)) if name == "offers" || name == "gifts");
        Self(
            self.0
                .iter()
                .take(1 + usize::from(alone))
                .cloned()
                .collect(),
        )
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if position == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}

/// Severity of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document cannot be put in force.
    Error,
    /// It can, and does something that was hardly meant.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path of the place.
    pub path: Path,
    /// Severity of the fault.
    pub severity: Severity,
    /// Description of the fault, in words for the person who wrote it.
    pub text: String,
}

impl Fault {
    /// Returns whether it keeps the document from being put in force.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.steps().is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.text)
    }
}

/// Faults while they are being found.
#[derive(Debug, Default)]
pub(in crate::domain) struct Findings(pub Vec<Fault>);

impl Findings {
    /// An error unless all is fine.
    pub fn unless(&mut self, fine: bool, path: Path, text: impl Into<String>) {
        self.note(fine, Severity::Error, path, text);
    }

    /// A warning unless all is fine.
    pub fn warn_unless(&mut self, fine: bool, path: Path, text: impl Into<String>) {
        self.note(fine, Severity::Warning, path, text);
    }

    fn note(&mut self, fine: bool, severity: Severity, path: Path, text: impl Into<String>) {
        if !fine {
            let text = text.into();
            self.0.push(Fault {
                path,
                severity,
                text,
            });
        }
    }
}
