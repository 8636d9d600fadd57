//! Writes that need no answer wait for the next reading or for the end of the transaction and then go to the engine
//! together: what comes after them sees them all the same. A way to the engine costs more than most of what is done there.

use std::fmt::Write as _;

use super::{OpenTransaction, SqlValue, Statement, Tx};
use crate::store::StoreError;

/// Places that one message to PostgreSQL may have (its protocol counts them in 16 bits).
const PLACES: usize = 30_000;

/// Effect of a write on a table, as far as it matters to others of the same message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WriteEffect<'a> {
    /// Adds rows and looks at nothing.
    Adds(&'a str),
    /// Looks at rows of the table, to change them or because they may be there already.
    Looks(&'a str),
    /// Looks at other tables too.
    Anything,
}

fn write_effect(text: &str) -> WriteEffect<'_> {
    let mut words = text.split_whitespace();
    let (first, second, third) = (words.next(), words.next(), words.next());
    match (first, second, third) {
        _ if text.contains("SELECT") => WriteEffect::Anything,
        (Some("INSERT"), Some("INTO"), Some(table)) if !text.contains("ON CONFLICT") => {
            WriteEffect::Adds(table)
        }
        (Some("INSERT"), Some("INTO"), Some(table))
        | (Some("DELETE"), Some("FROM"), Some(table)) => WriteEffect::Looks(table),
        (Some("UPDATE"), Some(table), _) => WriteEffect::Looks(table),
        _ => WriteEffect::Anything,
    }
}

/// Returns whether two writes do the same in one statement of PostgreSQL as one after the other: there none sees what the
/// others do.
fn may_go_together(earlier: WriteEffect<'_>, later: WriteEffect<'_>) -> bool {
    match (earlier, later) {
        (WriteEffect::Anything, _) | (_, WriteEffect::Anything) => false,
        (WriteEffect::Adds(_), WriteEffect::Adds(_)) => true,
        (
            WriteEffect::Adds(one) | WriteEffect::Looks(one),
            WriteEffect::Adds(other) | WriteEffect::Looks(other),
        ) => one != other,
    }
}

/// Adds a statement's text, its places counted on from `before`.
fn append_renumbered(text: &mut String, statement: &str, before: usize) {
    let mut rest = statement;
    while let Some((head, tail)) = rest.split_once('$') {
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = tail.split_at(digits);
        text.push_str(head);
        // Text never carries data, so each of these is a place.
        let place = number
            .parse::<usize>()
            .map_or(before, |number| number + before);
        // Writing to a string never fails.
        let _ = write!(text, "${place}");
        rest = after;
    }
    text.push_str(rest);
}

/// One text with the values of all, for SQLite: it runs them one after the other.
pub(super) fn in_sequence(statements: Vec<Statement>) -> Statement {
    let mut text = String::new();
    let mut values: Vec<SqlValue> = Vec::new();
    for statement in statements {
        if !text.is_empty() {
            text.push_str("; ");
        }
        let (one, mut its) = statement.into_parts();
        append_renumbered(&mut text, &one, values.len());
        values.append(&mut its);
    }
    super::statement::generated(text).bind_all(values)
}

/// Joins statements into as few as do the same, for PostgreSQL, which takes one at a time.
fn at_once(statements: Vec<Statement>) -> Vec<Statement> {
    let mut groups: Vec<Vec<Statement>> = Vec::new();
    for statement in statements {
        let fits = groups.last().is_some_and(|group| {
            let places: usize = group.iter().map(Statement::places).sum();
            places + statement.places() <= PLACES
                && group.iter().all(|each| {
                    may_go_together(write_effect(each.text()), write_effect(statement.text()))
                })
        });
        match groups.last_mut().filter(|_| fits) {
            Some(group) => group.push(statement),
            None => groups.push(vec![statement]),
        }
    }
    groups.into_iter().map(as_one).collect()
}

fn as_one(mut group: Vec<Statement>) -> Statement {
    if group.len() < 2 {
        return in_sequence(group);
    }
    let last = group.split_off(group.len() - 1);
    let mut text = String::from("WITH ");
    let mut values: Vec<SqlValue> = Vec::new();
    for (number, statement) in group.into_iter().enumerate() {
        let comma = if number == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}w{number} AS (");
        let (one, mut its) = statement.into_parts();
        append_renumbered(&mut text, &one, values.len());
        values.append(&mut its);
        text.push(')');
    }
    text.push(' ');
    let (one, mut its) = in_sequence(last).into_parts();
    append_renumbered(&mut text, &one, values.len());
    values.append(&mut its);
    super::statement::generated(text).bind_all(values)
}

impl Statement {
    /// Runs it before anything else of the transaction is read or committed; an error comes then. For what changes rows
    /// and must not be told how many.
    pub fn defer(self, tx: &mut Tx) {
        tx.mark_written();
        tx.later.push(self);
    }
}

impl Tx {
    /// Does everything that was put off.
    pub(super) async fn flush_deferred(&mut self) -> Result<(), StoreError> {
        if self.later.is_empty() {
            return Ok(());
        }
        let mut later = std::mem::take(&mut self.later);
        if let OpenTransaction::Postgres(_) = self.open {
            later = at_once(later);
        }
        for statement in later {
            statement.run(self).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sql;
    use super::*;

    #[test]
    fn places_are_counted_on_through_all_statements() {
        let one =
            sql("UPDATE a SET x = $2, y = x + $10 WHERE id = $1")
                .bind_all(vec![SqlValue::Int(None); 10]);
        let two = sql("INSERT INTO b (x, y) VALUES ($1, $2)")
            .bind(1_i64)
            .bind("$1");
        let (text, values) = in_sequence(vec![one, two]).into_parts();
        assert_eq!(
            text,
            "UPDATE a SET x = $2, y = x + $10 WHERE id = $1; INSERT INTO b (x, y) VALUES ($11, $12)"
        );
        assert_eq!(values.len(), 12);
        assert_eq!(values[11], SqlValue::Text(Some("$1".to_owned())));
    }

    #[test]
    fn only_writes_that_never_see_one_another_go_as_one() {
        let texts = |all: &[&'static str]| {
            let all = at_once(all.iter().map(|text| sql(text)).collect());
            all.into_iter()
                .map(|each| each.into_parts().0.into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts(&[
                "INSERT INTO a (x) VALUES (1)",
                "INSERT INTO b (x) VALUES (1)",
                "INSERT INTO a (x) VALUES (2)",
                "UPDATE c SET x = 1",
                "UPDATE c SET x = 2",
                "DELETE FROM d WHERE x = 1",
                "INSERT INTO d (x) VALUES (1)",
                "INSERT INTO e (x) VALUES (1) ON CONFLICT (x) DO NOTHING",
            ]),
            [
                "WITH w0 AS (INSERT INTO a (x) VALUES (1)), w1 AS (INSERT INTO b (x) VALUES (1)), \
                 w2 AS (INSERT INTO a (x) VALUES (2)) UPDATE c SET x = 1",
                "WITH w0 AS (UPDATE c SET x = 2) DELETE FROM d WHERE x = 1",
                "WITH w0 AS (INSERT INTO d (x) VALUES (1)) \
                 INSERT INTO e (x) VALUES (1) ON CONFLICT (x) DO NOTHING",
            ]
        );
        assert_eq!(
            texts(&[
                "INSERT INTO a (x) VALUES (1)",
                "UPDATE b SET x = (SELECT MAX(x) FROM a)",
                "UPDATE a SET x = 1",
                "INSERT INTO a (x) VALUES (1)",
            ])
            .len(),
            4
        );
        assert_eq!(texts(&["UPDATE a SET x = 1"]), ["UPDATE a SET x = 1"]);
    }
}
