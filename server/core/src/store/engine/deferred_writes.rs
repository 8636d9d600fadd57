//! Writes that need no answer wait for the next reading or for the end of the transaction and then go to the engine
//! together: what comes after them sees them all the same. A way to the engine costs more than most of what is done there.

use std::fmt::Write as _;

use super::{OpenTransaction, SqlValue, Statement, Tx};
use crate::store::StoreError;

/// Places that one message to PostgreSQL may have (its protocol counts them in 16 bits).
const PLACES: usize = 30_000;

/// Effect of a deferred write on rows, as far as it matters to other writes of the same message to PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteEffect {
    /// Adds rows to the table and looks at nothing.
    Adds(&'static str),
    /// Looks at rows of the table, to change or remove them or because they may be there already.
    Changes(&'static str),
}

impl WriteEffect {
    /// Returns whether two writes do the same in one statement of PostgreSQL as one after the other: there none sees what the
    /// others do.
    fn may_go_with(self, later: Self) -> bool {
        match (self, later) {
            (Self::Adds(_), Self::Adds(_)) => true,
            (Self::Adds(one) | Self::Changes(one), Self::Adds(other) | Self::Changes(other)) => {
                one != other
            }
        }
    }

    /// Returns whether a statement of this text has the effect. One that reads other tables has none of them.
    fn describes(self, text: &str) -> bool {
        let mut words = text.split_whitespace();
        let begins = [words.next(), words.next(), words.next()].map(Option::unwrap_or_default);
        let reads_others = ["SELECT", " USING ", " FROM "].iter().any(|word| {
            // A DELETE names its own table so.
            text.trim_start_matches("DELETE FROM ").contains(word)
        });
        match (self, begins) {
            (Self::Adds(named), ["INSERT", "INTO", table]) => {
                named == table && !text.contains("ON CONFLICT") && !reads_others
            }
            (
                Self::Changes(named),
                ["INSERT", "INTO", table] | ["DELETE", "FROM", table] | ["UPDATE", table, _],
            ) => named == table && !reads_others,
            _ => false,
        }
    }
}

/// A write that waits.
#[derive(Debug)]
pub(super) struct DeferredWrite {
    statement: Statement,
    effect: WriteEffect,
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

/// Joins writes into as few statements as do the same, for PostgreSQL, which takes one at a time.
fn combine(writes: Vec<DeferredWrite>) -> Vec<Statement> {
    let mut groups: Vec<Vec<DeferredWrite>> = Vec::new();
    for write in writes {
        let fits = groups.last().is_some_and(|group| {
            let places: usize = group.iter().map(|each| each.statement.places()).sum();
            places + write.statement.places() <= PLACES
                && group
                    .iter()
                    .all(|each| each.effect.may_go_with(write.effect))
        });
        match groups.last_mut().filter(|_| fits) {
            Some(group) => group.push(write),
            None => groups.push(vec![write]),
        }
    }
    let groups = groups.into_iter();
    groups
        .map(|group| as_one(group.into_iter().map(|each| each.statement).collect()))
        .collect()
}

/// One statement that does what all of them do.
fn as_one(mut statements: Vec<Statement>) -> Statement {
    let mut text = String::new();
    let mut values: Vec<SqlValue> = Vec::new();
    let last = statements.pop();
    for (number, statement) in statements.into_iter().enumerate() {
        let before = if number == 0 { "WITH" } else { "," };
        let _ = write!(text, "{before} w{number} AS (");
        append(&mut text, &mut values, statement);
        text.push(')');
    }
    if let Some(statement) = last {
        if !text.is_empty() {
            text.push(' ');
        }
        append(&mut text, &mut values, statement);
    }
    super::statement::generated(text).bind_all(values)
}

/// Adds a statement and its values to those before it.
fn append(text: &mut String, values: &mut Vec<SqlValue>, statement: Statement) {
    let (one, mut its) = statement.into_parts();
    append_renumbered(text, &one, values.len());
    values.append(&mut its);
}

impl Statement {
    /// Runs it before anything else of the transaction is read or committed; an error comes then. For what changes rows
    /// and must not be told how many.
    pub fn defer(self, tx: &mut Tx, effect: WriteEffect) {
        debug_assert!(effect.describes(self.text()), "{effect:?}: {}", self.text());
        tx.mark_written();
        let statement = self;
        tx.later.push(DeferredWrite { statement, effect });
    }
}

impl Tx {
    /// Does everything that was put off.
    pub(super) async fn flush_deferred(&mut self) -> Result<(), StoreError> {
        if self.later.is_empty() {
            return Ok(());
        }
        let later = std::mem::take(&mut self.later);
        let statements = match self.open {
            OpenTransaction::Postgres(_) => combine(later),
            OpenTransaction::Sqlite(_) => later.into_iter().map(|each| each.statement).collect(),
        };
        for statement in statements {
            statement.run(self).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sql;
    use super::WriteEffect::{Adds, Changes};
    use super::*;

    #[test]
    fn places_are_counted_on_through_all_statements() {
        let one =
            sql("UPDATE a SET x = $2, y = x + $10 WHERE id = $1")
                .bind_all(vec![SqlValue::Int(None); 10]);
        let two = sql("INSERT INTO b (x, y) VALUES ($1, $2)")
            .bind(1_i64)
            .bind("$1");
        let (text, values) = as_one(vec![one, two]).into_parts();
        assert_eq!(
            text,
            "WITH w0 AS (UPDATE a SET x = $2, y = x + $10 WHERE id = $1) INSERT INTO b (x, y) VALUES ($11, $12)"
        );
        assert_eq!(values.len(), 12);
        assert_eq!(values[11], SqlValue::Text(Some("$1".to_owned())));
    }

    fn texts(all: &[(&'static str, WriteEffect)]) -> Vec<String> {
        let writes = all.iter().map(|(text, effect)| {
            assert!(effect.describes(text), "{effect:?}: {text}");
            DeferredWrite {
                statement: sql(text),
                effect: *effect,
            }
        });
        let all = combine(writes.collect());
        all.into_iter()
            .map(|each| each.into_parts().0.into_owned())
            .collect()
    }

    #[test]
    fn only_writes_that_never_see_one_another_go_as_one() {
        assert_eq!(
            texts(&[
                ("INSERT INTO a (x) VALUES (1)", Adds("a")),
                ("INSERT INTO b (x) VALUES (1)", Adds("b")),
                ("INSERT INTO a (x) VALUES (2)", Adds("a")),
                ("UPDATE c SET x = 1", Changes("c")),
                ("UPDATE c SET x = 2", Changes("c")),
                ("DELETE FROM d WHERE x = 1", Changes("d")),
                ("INSERT INTO d (x) VALUES (1)", Adds("d")),
                (
                    "INSERT INTO e (x) VALUES (1) ON CONFLICT (x) DO NOTHING",
                    Changes("e")
                ),
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
            texts(&[("UPDATE a SET x = 1", Changes("a"))]),
            ["UPDATE a SET x = 1"]
        );
    }

    #[test]
    fn an_effect_fits_its_statement() {
        for (text, effect) in [
            ("INSERT INTO a (x) VALUES (1)", Adds("b")),
            (
                "INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO NOTHING",
                Adds("a"),
            ),
            ("INSERT INTO a (x) SELECT x FROM b", Adds("a")),
            ("UPDATE a SET x = 1", Adds("a")),
            ("UPDATE a SET x = (SELECT MAX(x) FROM b)", Changes("a")),
            ("UPDATE a SET x = b.x FROM b", Changes("a")),
            ("DELETE FROM a USING b", Changes("a")),
            ("DELETE FROM a", Changes("b")),
            ("SELECT 1", Changes("a")),
        ] {
            assert!(!effect.describes(text), "{effect:?}: {text}");
        }
    }
}
