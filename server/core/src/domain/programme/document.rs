//! A programme as people write it, read with a line and a column for everything that is wrong. Never only the first
//! fault: a value that cannot be read is replaced by one that can, and reading goes on. What was replaced is never used
//! for anything but finding further faults.

use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeTable, DeValue, Deserializer};
use toml::{Spanned, de::Error};

use super::Programme;
use super::defaults::fill_in_defaults;
use super::fault::{DocumentPath, DocumentPathStep, FaultSeverity, ProgrammeFault};

/// Values that can be read stand here, one for each name that a document must have.
const MODEL: &str = include_str!("../../../demo/programme.toml");
/// Number of faults after which a document is not read any further.
const MOST: usize = 200;

/// A fault with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedFault {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Fault that is there.
    pub fault: ProgrammeFault,
}

/// Result of reading a document.
#[derive(Debug, Clone)]
pub struct DocumentReading {
    /// The programme; none where anything is wrong with it.
    pub programme: Option<Programme>,
    /// Everything that is wrong or doubtful, from top to bottom.
    pub remarks: Vec<LocatedFault>,
}

impl DocumentReading {
    /// Returns whether anything keeps the document from being put in force.
    pub fn has_errors(&self) -> bool {
        self.programme.is_none()
    }
}

/// Reads a document and judges what it means. Conditions are also compared with the codes of the chain's stores, where
/// these are given.
pub fn read_document(text: &str, stores: Option<&[String]>) -> DocumentReading {
    let (mut written, broken) = DeTable::parse_recoverable(text);
    let mut places: Vec<(usize, ProgrammeFault)> = Vec::new();
    let mut programme = None;
    if broken.is_empty() {
        fill_in_defaults(written.get_mut());
        let written = DeValue::Table(written.into_inner());
        // The document as a whole gets a span that nothing in it has.
        let whole = text.len()..text.len();
        let (mut shape, found) = understand(&written, whole.clone());
        for (offset, _) in &mut shape {
            if *offset == whole.start {
                *offset = 0;
            }
        }
        let unread: Vec<DocumentPath> = shape
            .iter()
            .map(|(_, fault)| fault.path.section())
            .collect();
        places.extend(shape);
        if let Some(found) = &found {
            let mut faults = found.validate();
            faults.extend(
                stores
                    .map(|stores| found.unknown_stores(stores))
                    .unwrap_or_default(),
            );
            places.extend(
                faults
                    .into_iter()
                    // What a section means is judged once it can be read.
                    .filter(|fault| !unread.contains(&fault.path.section()))
                    .map(|fault| (offset_of_path(&written, &fault.path), fault)),
            );
        }
        programme = found.filter(|_| !places.iter().any(|(_, fault)| fault.is_error()));
    } else {
        places.extend(broken.iter().map(|error| {
            (
                error_offset(error),
                fault_of_error(DocumentPath::root(), error),
            )
        }));
    }
    places.sort_by_key(|(offset, fault)| (*offset, fault.severity));
    DocumentReading {
        programme,
        remarks: places
            .into_iter()
            .map(|(offset, fault)| remark(text, offset, fault))
            .collect(),
    }
}

fn remark(text: &str, offset: usize, fault: ProgrammeFault) -> LocatedFault {
    let before = text.get(..offset).unwrap_or(text);
    let (line, column) = before
        .rsplit_once('\n')
        .map_or((1, before), |(above, last)| {
            (2 + above.matches('\n').count(), last)
        });
    LocatedFault {
        line,
        column: column.chars().count() + 1,
        fault,
    }
}

fn error_offset(error: &Error) -> usize {
    error.span().unwrap_or_default().start
}

fn fault_of_error(path: DocumentPath, error: &Error) -> ProgrammeFault {
    ProgrammeFault {
        path,
        severity: FaultSeverity::Error,
        // The messages of the reader are English sentences in themselves, some over several lines.
        text: error.message().lines().collect::<Vec<_>>().join(" "),
    }
}

/// Everything that keeps the document from being read, and the programme that it would be with readable values instead.
fn understand(
    written: &DeValue<'_>,
    root: Range<usize>,
) -> (Vec<(usize, ProgrammeFault)>, Option<Programme>) {
    let model = DeTable::parse(MODEL).map(|model| DeValue::Table(model.into_inner()));
    let mut mended = written.clone();
    let mut faults: Vec<(usize, ProgrammeFault)> = Vec::new();
    while faults.len() < MOST {
        let DeValue::Table(table) = mended.clone() else {
            break;
        };
        let error =
            match Programme::deserialize(Deserializer::from(Spanned::new(root.clone(), table))) {
                Ok(programme) => return (faults, Some(programme)),
                Err(error) => error,
            };
        let path = path_of(&mended, &error);
        let fault = (error_offset(&error), fault_of_error(path.clone(), &error));
        let again = faults.contains(&fault);
        if !again {
            faults.push(fault);
        }
        let Ok(model) = &model else { break };
        // The same once more means that mending it did not help.
        if again || !replace_unreadable(&mut mended, model, &path, error.message()) {
            break;
        }
    }
    (faults, None)
}

/// The name in a message like ``unknown field `rat`, expected `rate` ``.
fn quoted_name<'a>(message: &'a str, kind: &str) -> Option<&'a str> {
    message.strip_prefix(kind)?.split('`').nth(1)
}

/// Finds the path that an error is about: the reader tells its span only.
fn path_of(written: &DeValue<'_>, error: &Error) -> DocumentPath {
    let span = error.span().unwrap_or_default();
    let found = find_by_span(written, &DocumentPath::root(), &span).unwrap_or_default();
    let name = quoted_name(error.message(), "unknown field")
        .or_else(|| quoted_name(error.message(), "missing field"));
    // The span may be that of the table around the name.
    match name {
        Some(name) if found.steps().last() != Some(&DocumentPathStep::Field(name.to_owned())) => {
            found.field(name)
        }
        _ => found,
    }
}

/// The deepest place with exactly this span: a list of tables begins where its first table does.
fn find_by_span(
    value: &DeValue<'_>,
    here: &DocumentPath,
    span: &Range<usize>,
) -> Option<DocumentPath> {
    match value {
        DeValue::Table(table) => table.iter().find_map(|(key, value)| {
            let path = here.field(key.get_ref());
            find_by_span(value.get_ref(), &path, span)
                .or_else(|| (key.span() == *span || value.span() == *span).then_some(path))
        }),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(position, value)| {
            let path = here.item(position);
            find_by_span(value.get_ref(), &path, span)
                .or_else(|| (value.span() == *span).then_some(path))
        }),
        _ => None,
    }
}

/// Replaces what cannot be read; false where that is impossible.
fn replace_unreadable(
    written: &mut DeValue<'_>,
    model: &DeValue<'static>,
    path: &DocumentPath,
    message: &str,
) -> bool {
    let Some((last, before)) = path.steps().split_last() else {
        return false;
    };
    let instead = if message.starts_with("unknown field") {
        None
    } else {
        readable(model, path.steps())
    };
    let Some(parent) = descend(written, before) else {
        return false;
    };
    match (parent, last, instead) {
        (DeValue::Table(table), DocumentPathStep::Field(name), Some(value)) => {
            table.insert(
                Spanned::new(0..0, name.clone().into()),
                Spanned::new(0..0, value),
            );
            true
        }
        (DeValue::Table(table), DocumentPathStep::Field(name), None) => {
            table.remove(name.as_str()).is_some()
        }
        (DeValue::Array(items), DocumentPathStep::Item(item), Some(value)) => {
            items.get_mut(*item).is_some_and(|slot| {
                *slot = Spanned::new(0..0, value);
                true
            })
        }
        (DeValue::Array(items), DocumentPathStep::Item(item), None) => {
            let before = items.len();
            let kept = items
                .iter()
                .enumerate()
                .filter(|(position, _)| position != item);
            *items = kept.map(|(_, value)| value.clone()).collect();
            items.len() < before
        }
        _ => false,
    }
}

fn descend<'v, 'i>(
    value: &'v mut DeValue<'i>,
    steps: &[DocumentPathStep],
) -> Option<&'v mut DeValue<'i>> {
    steps.iter().try_fold(value, |value, step| {
        Some(match (value, step) {
            (DeValue::Table(table), DocumentPathStep::Field(name)) => {
                table.get_mut(name.as_str())?.get_mut()
            }
            (DeValue::Array(items), DocumentPathStep::Item(item)) => {
                items.get_mut(*item)?.get_mut()
            }
            _ => return None,
        })
    })
}

/// A value that can be read at this place, in whichever item of a list one is found.
fn readable(model: &DeValue<'static>, steps: &[DocumentPathStep]) -> Option<DeValue<'static>> {
    match (model, steps.split_first()) {
        (value, None) => Some(value.clone()),
        (DeValue::Table(table), Some((DocumentPathStep::Field(name), rest))) => {
            readable(table.get(name.as_str())?.get_ref(), rest)
        }
        (DeValue::Array(items), Some((DocumentPathStep::Item(_), rest))) => {
            items.iter().find_map(|item| readable(item.get_ref(), rest))
        }
        _ => None,
    }
}

/// Returns where in the text a place is, or the nearest around it that is written.
fn offset_of_path(written: &DeValue<'_>, path: &DocumentPath) -> usize {
    let mut value = written;
    let mut start = 0;
    for step in path.steps() {
        let next = match (value, step) {
            (DeValue::Table(table), DocumentPathStep::Field(name)) => table.get(name.as_str()),
            (DeValue::Array(items), DocumentPathStep::Item(item)) => items.get(*item),
            _ => None,
        };
        let Some(next) = next else { break };
        start = next.span().start;
        value = next.get_ref();
    }
    start
}
