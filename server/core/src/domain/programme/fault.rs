//! What is wrong with a programme and where in it: each fault names its place by the names of the document, as
//! `offers[3].conditions.hours`, so that the line can be found and shown.

use std::fmt;

/// A place in the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DocumentPath(Vec<DocumentPathStep>);

/// One step into the document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DocumentPathStep {
    /// A field of a table.
    Field(String),
    /// A position in a list, from 0.
    Item(usize),
}

impl DocumentPath {
    /// The document as a whole.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// A field of what is here.
    pub fn field(&self, name: &str) -> Self {
        self.append_step(DocumentPathStep::Field(name.to_owned()))
    }

    /// A position in the list that is here.
    pub fn item(&self, position: usize) -> Self {
        self.append_step(DocumentPathStep::Item(position))
    }

    fn append_step(&self, step: DocumentPathStep) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The way here from the root.
    pub fn steps(&self) -> &[DocumentPathStep] {
        &self.0
    }

    /// The part of the document whose rules are judged together: one offer, one gift, all tiers, or a top-level name.
    pub fn section(&self) -> Self {
        let alone = matches!(self.0.first(), Some(DocumentPathStep::Field(name)) if name == "offers" || name == "gifts");
        Self(
            self.0
                .iter()
                .take(1 + usize::from(alone))
                .cloned()
                .collect(),
        )
    }
}

impl fmt::Display for DocumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                DocumentPathStep::Field(name) if position == 0 => f.write_str(name)?,
                DocumentPathStep::Field(name) => write!(f, ".{name}")?,
                DocumentPathStep::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}

/// Severity of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultSeverity {
    /// The document cannot be put in force.
    Error,
    /// It can, and does something that was hardly meant.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeFault {
    /// Path of the place.
    pub path: DocumentPath,
    /// Severity of the fault.
    pub severity: FaultSeverity,
    /// Description of the fault, in words for the person who wrote it.
    pub text: String,
}

impl ProgrammeFault {
    /// Returns whether it keeps the document from being put in force.
    pub fn is_error(&self) -> bool {
        self.severity == FaultSeverity::Error
    }
}

impl fmt::Display for ProgrammeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.steps().is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.text)
    }
}

/// Faults while they are being found.
#[derive(Debug, Default)]
pub(in crate::domain) struct FaultCollector(pub Vec<ProgrammeFault>);

impl FaultCollector {
    /// An error unless all is fine.
    pub fn unless(&mut self, fine: bool, path: DocumentPath, text: impl Into<String>) {
        self.note_unless(fine, FaultSeverity::Error, path, text);
    }

    /// A warning unless all is fine.
    pub fn warn_unless(&mut self, fine: bool, path: DocumentPath, text: impl Into<String>) {
        self.note_unless(fine, FaultSeverity::Warning, path, text);
    }

    fn note_unless(
        &mut self,
        fine: bool,
        severity: FaultSeverity,
        path: DocumentPath,
        text: impl Into<String>,
    ) {
        if !fine {
            let text = text.into();
            self.0.push(ProgrammeFault {
                path,
                severity,
                text,
            });
        }
    }
}
