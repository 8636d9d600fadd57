//! What one programme says otherwise than another: each difference by its name. Tiers, gifts and offers are matched by
//! id, so that a new order of the document alone changes nothing.

use std::fmt;

use serde_json::{Map, Value};

use super::Programme;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentDifference {
    /// Place of it: names joined by dots, things with an id as `offers[birthday]`.
    pub path: String,
    /// Value in the old one, as JSON; `None` = nothing.
    pub old: Option<Value>,
    /// Value in the new one, as JSON; `None` = nothing.
    pub new: Option<Value>,
}

impl fmt::Display for DocumentDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(f, "{}: {old} → {new}", self.path),
            (None, Some(new)) => write!(f, "{}: added: {new}", self.path),
            (Some(old), None) => write!(f, "{}: removed: {old}", self.path),
            (None, None) => f.write_str(&self.path),
        }
    }
}

/// Everything that `new` says otherwise than `old`; nothing where both judge alike.
///
/// # Errors
/// When a programme cannot be written as JSON, which storing it would tell as well.
pub fn find_differences(
    old: &Programme,
    new: &Programme,
) -> Result<Vec<DocumentDifference>, serde_json::Error> {
    let mut changes = Vec::new();
    let (old, new) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    compare("", Some(&old), Some(&new), &mut changes);
    Ok(changes)
}

fn compare(
    path: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    changes: &mut Vec<DocumentDifference>,
) {
    if old == new {
        return;
    }
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            for (name, value) in old {
                compare(&join_path(path, name), Some(value), new.get(name), changes);
            }
            for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
                compare(&join_path(path, name), None, Some(value), changes);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if have_ids(old) && have_ids(new) => {
            for value in old {
                let other = id_of_value(value).and_then(|wanted| with_id(new, wanted));
                compare(&index_path(path, value), Some(value), other, changes);
            }
            for value in new {
                if id_of_value(value)
                    .and_then(|wanted| with_id(old, wanted))
                    .is_none()
                {
                    compare(&index_path(path, value), None, Some(value), changes);
                }
            }
        }
        _ => changes.push(DocumentDifference {
            path: path.to_owned(),
            old: old.cloned(),
            new: new.cloned(),
        }),
    }
}

fn join_path(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn index_path(path: &str, value: &Value) -> String {
    format!("{path}[{}]", id_of_value(value).unwrap_or_default())
}

fn id_of_value(value: &Value) -> Option<&str> {
    value
        .as_object()
        .and_then(|object: &Map<_, _>| object.get("id")?.as_str())
}

fn have_ids(values: &[Value]) -> bool {
    values.iter().all(|value| id_of_value(value).is_some())
}

fn with_id<'a>(values: &'a [Value], wanted: &str) -> Option<&'a Value> {
    values
        .iter()
        .find(|value| id_of_value(value) == Some(wanted))
}
