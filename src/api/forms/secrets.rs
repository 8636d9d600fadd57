//! Fields that are never kept: passwords, PINs and codes. No state of a form has them, and no page shows them again.

/// Fields of forms that hold a secret, or may hold one.
const SECRET_FIELDS: [&str; 10] = [
    // A new PIN, typed again.
    "again",
    // A code that the till's page has answered.
    "answered",
    // A one-time password, a claim code, a card's code.
    "code",
    // The token of a link to joining.
    "invitation",
    // The page to come back to, whose address may have the token of a link.
    "next",
    // A key of a till, or a code for pairing.
    "pairing",
    "password",
    "pin",
    // The token of a code that was sent for the till. The receipt itself carries it on.
    "token",
    // A phone, a code or a card's number: which one, the receipt itself knows.
    "typed",
];

/// Returns whether a field of this name is never kept.
pub fn is_secret(field: &str) -> bool {
    SECRET_FIELDS.contains(&field)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Fields that are kept with a form that is refused or not finished. A new field of a form belongs here or among
    /// [`SECRET_FIELDS`]. `visit` is the token of a visit, which the till's cookie has too: it serves nobody but the cashier who is
    /// signed in at the till of the visit. `number` of a printed card is on the card, and is told by it to nobody's harm: with it
    /// points can be earned only.
    const KEPT_FIELDS: [&str; 64] = [
        "account",
        "all",
        "amount",
        "answer",
        "ask",
        "bird",
        "birth_day",
        "birth_month",
        "birth_year",
        "by_card",
        "car",
        "cat",
        "child",
        "child_agreed",
        "child_year",
        "confirmed",
        "desk",
        "device",
        "dog",
        "done",
        "email",
        "find",
        "first_name",
        "fish",
        "found",
        "from",
        "grant",
        "key",
        "language",
        "last_name",
        "line_amount",
        "line_category",
        "line_name",
        "line_price",
        "line_quantity",
        "line_sku",
        "login",
        "lost",
        "messages",
        "mode",
        "number",
        "offer",
        "other",
        "personal_data",
        "phone",
        "points",
        "quantity",
        "question",
        "quoted",
        "rodent",
        "rules",
        "sale",
        "shift",
        "shown",
        "size",
        "sku",
        "spend",
        "store",
        "theme",
        "till",
        "to",
        "undo",
        "visit",
        "who",
    ];

    /// Adds the endpoints of a source with the fields of their functions. A flattened form counts by the fields of its struct.
    fn add_forms(source: &str, forms: &mut Vec<(String, Vec<String>)>) {
        for part in source.split("#[server(prefix").skip(1) {
            let endpoint = part.split("endpoint = \"").nth(1).unwrap();
            let endpoint = endpoint.split('"').next().unwrap().to_owned();
            let after = part.split("pub async fn ").nth(1).unwrap();
            let arguments =
                &after[after.find('(').unwrap() + 1..after.find(") -> Result").unwrap()];
            let arguments = arguments.split("#[server(").map(str::trim);
            let fields = arguments
                .filter(|argument| !argument.is_empty())
                .flat_map(|argument| fields_of_argument(&endpoint, argument));
            let fields = fields.collect();
            forms.push((endpoint, fields));
        }
    }

    /// Returns the fields of an argument behind `#[server(`: `default)] phone: String,` or `flatten)] sale: SaleForm,`.
    fn fields_of_argument(endpoint: &str, argument: &str) -> Vec<String> {
        let unread = format!("{endpoint} has an argument that this test cannot read: {argument}");
        let (kind, argument) = argument.split_once(")] ").expect(&unread);
        let argument = argument.trim_end_matches(',');
        let (name, type_name) = argument.split_once(": ").expect(&unread);
        match (kind, type_name) {
            ("default", "String" | "Vec<String>") => vec![name.to_owned()],
            ("flatten", "SaleForm") => fields_of_struct(include_str!("sale_form.rs"), type_name),
            ("flatten", "ReturnForm") => {
                fields_of_struct(include_str!("return_form.rs"), type_name)
            }
            _ => panic!("{unread}"),
        }
    }

    /// Returns the names that the fields of a form's struct have in the form.
    fn fields_of_struct(source: &str, name: &str) -> Vec<String> {
        let body = source
            .split(&format!("pub struct {name} {{"))
            .nth(1)
            .unwrap();
        let body = body.split("\n}").next().unwrap();
        let mut renamed = None;
        let mut fields = Vec::new();
        for line in body.lines().map(str::trim) {
            if let Some(attribute) = line.strip_prefix("#[") {
                let name = attribute.strip_prefix("serde(rename = \"");
                let name = name.and_then(|rest| rest.strip_suffix("\")]"));
                renamed = Some(name.unwrap_or_else(|| panic!("{line} is not read")));
            } else if let Some(field) = line.strip_prefix("pub ") {
                let own = field.split(':').next().unwrap();
                fields.push(renamed.take().unwrap_or(own).to_owned());
            } else {
                assert!(
                    line.is_empty() || line.starts_with("///"),
                    "{line} is not read"
                );
            }
        }
        fields
    }

    fn sources(folder: &Path, all: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else {
                all.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn every_field_of_every_form_is_known_to_be_kept_or_secret() {
        let (mut all, mut forms) = (Vec::new(), Vec::new());
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api"),
            &mut all,
        );
        for source in all.iter().filter(|source| !source.contains("fn add_forms")) {
            add_forms(source, &mut forms);
        }
        let named: BTreeSet<String> = forms
            .iter()
            .map(|(endpoint, _)| format!("/api/{endpoint}"))
            .collect();
        let paths = leptos::server_fn::axum::server_fn_paths();
        let registered: BTreeSet<String> = paths.map(|(path, _)| path.to_owned()).collect();
        assert_eq!((named, forms.len()), (registered.clone(), registered.len()));
        let mut seen = BTreeSet::new();
        for (endpoint, fields) in forms {
            for field in fields {
                assert!(
                    is_secret(&field) || KEPT_FIELDS.contains(&field.as_str()),
                    "say in SECRET_FIELDS or KEPT_FIELDS what becomes of {field} of {endpoint}"
                );
                seen.insert(field);
            }
        }
        for field in KEPT_FIELDS {
            assert!(seen.contains(field), "no form has the field {field}");
            assert!(!is_secret(field), "{field} is in both lists");
        }
        for field in SECRET_FIELDS {
            assert!(seen.contains(field), "no form has the field {field}");
        }
    }

    #[test]
    fn a_name_that_sounds_like_a_secret_is_one() {
        for word in ["pass", "pin", "code", "secret", "token", "otp"] {
            for field in KEPT_FIELDS {
                assert!(!field.contains(word), "{field} sounds like a secret");
            }
        }
    }
}
