//! Fields that are never kept: passwords, PINs and codes. No state of a form has them, and no page shows them again.

/// Fields of forms that hold a secret, or may hold one.
const SECRET_FIELDS: [&str; 9] = [
    // A new PIN, typed again.
    "again",
    // A code that the till's page has answered.
    "answered",
    // A one-time password, a claim code, a card's code.
    "code",
    // The token of a link to joining.
    "invitation",
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
    const KEPT_FIELDS: [&str; 65] = [
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
        "next",
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

    /// Endpoints with the fields of their functions, as the sources of the server functions name them. A flattened form counts
    /// by the fields of its struct.
    fn forms_in(source: &str, forms: &mut Vec<(String, Vec<String>)>) {
        for part in source.split("#[server(prefix").skip(1) {
            let endpoint = part.split("endpoint = \"").nth(1).unwrap();
            let endpoint = endpoint.split('"').next().unwrap().to_owned();
            let after = part.split("pub async fn ").nth(1).unwrap();
            let arguments =
                &after[after.find('(').unwrap() + 1..after.find(") -> Result").unwrap()];
            let fields = arguments
                .lines()
                .flat_map(|line| line.split(", #"))
                .filter_map(|argument| argument.trim().trim_end_matches(',').rsplit_once("] "))
                .map(|(_, argument)| argument.split(':').next().unwrap().to_owned());
            forms.push((endpoint, fields.collect()));
        }
    }

    fn fields_of_struct(source: &str, name: &str) -> Vec<String> {
        let body = source
            .split(&format!("pub struct {name} {{"))
            .nth(1)
            .unwrap();
        let body = body.split("\n}").next().unwrap();
        let fields = body
            .lines()
            .filter_map(|line| line.trim().strip_prefix("pub "));
        fields
            .map(|field| field.split(':').next().unwrap().to_owned())
            .collect()
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
        for source in all.iter().filter(|source| !source.contains("fn forms_in")) {
            forms_in(source, &mut forms);
        }
        assert!(forms.len() > 50, "{}", forms.len());
        let mut seen = BTreeSet::new();
        for (endpoint, mut fields) in forms {
            for (flattened, name, source) in [
                ("sale", "SaleForm", include_str!("sale_form.rs")),
                ("form", "ReturnForm", include_str!("return_form.rs")),
            ] {
                if let Some(at) = fields.iter().position(|field| field == flattened) {
                    fields.remove(at);
                    fields.extend(fields_of_struct(source, name));
                }
            }
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
