//! JSON spelled at random: the same value with other bytes.

use serde_json::{Value, json};

/// Numbers without order, the same in each run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub fn flip(&mut self) -> bool {
        self.roll(2) == 0
    }
}

/// The same value spelled at random: order of fields, white space, escapes.
pub fn spelled(value: &Value, dice: &mut Dice) -> String {
    let mut space = || [" ", "", "", "\n", "\t ", "\r\n"][dice.roll(6)].to_owned();
    let (before, after) = (space(), space());
    let text = match value {
        Value::Object(fields) => {
            let mut parts: Vec<(&String, &Value)> = fields.iter().collect();
            for last in (1..parts.len()).rev() {
                parts.swap(last, dice.roll(last + 1));
            }
            let parts: Vec<String> = parts
                .into_iter()
                .map(|(name, value)| format!("{}:{}", quoted(name, dice), spelled(value, dice)))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| spelled(item, dice)).collect();
            format!("[{}]", items.join(","))
        }
        Value::String(text) => quoted(text, dice),
        other => other.to_string(),
    };
    format!("{before}{text}{after}")
}

/// A string in which some characters are escaped.
fn quoted(text: &str, dice: &mut Dice) -> String {
    let mut quoted = "\"".to_owned();
    let mut units = [0; 2];
    for character in text.chars() {
        if character == '"' || character == '\\' || dice.roll(5) == 0 {
            for unit in character.encode_utf16(&mut units) {
                quoted.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            quoted.push(character);
        }
    }
    quoted + "\""
}

/// The same receipt with some defaults written out and times of another offset.
pub fn with_defaults(body: &Value, defaults: &[(&str, &[Value])], dice: &mut Dice) -> Value {
    let mut body = body.clone();
    let fields = body.as_object_mut().unwrap();
    for (name, values) in defaults {
        if !fields.contains_key(*name) && dice.flip() {
            let value = values[dice.roll(values.len())].clone();
            fields.insert((*name).to_owned(), value);
        }
    }
    if let Some(at) = fields.get("at").and_then(Value::as_str)
        && dice.flip()
    {
        let at = chrono::DateTime::parse_from_rfc3339(at).unwrap();
        let offset = chrono::FixedOffset::east_opt(10_800).unwrap();
        fields.insert(
            "at".to_owned(),
            json!(at.with_timezone(&offset).to_rfc3339()),
        );
    }
    body
}
