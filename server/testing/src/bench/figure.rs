//! A figure: what was measured, what the machine itself takes, what is wanted. Figures of several programs gather in one file.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Unit in which a figure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    PerSecond,
    Seconds,
    Millis,
    Micros,
    Bytes,
    Kilobytes,
    Megabytes,
    /// So many times what it is compared with.
    Times,
}

impl Unit {
    pub fn format(self, value: f64) -> String {
        let digits = match value {
            value if value >= 100.0 => 0,
            value if value >= 10.0 => 1,
            _ => 2,
        };
        match self {
            Self::PerSecond => format!("{}/s", grouped(value)),
            Self::Bytes => format!("{} B", grouped(value)),
            Self::Seconds => format!("{value:.digits$} s"),
            Self::Millis => format!("{value:.digits$} ms"),
            Self::Micros => format!("{value:.digits$} µs"),
            Self::Kilobytes => format!("{value:.digits$} kB"),
            Self::Megabytes => format!("{value:.digits$} MB"),
            Self::Times => format!("{value:.2} ×"),
        }
    }
}

/// A whole number with its thousands apart.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What is wanted of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted {
    AtMost(f64),
    AtLeast(f64),
    /// It is told beside others.
    Nothing,
}

impl Wanted {
    fn holds(self, measured: f64) -> Option<bool> {
        match self {
            Self::AtMost(limit) => Some(measured <= limit),
            Self::AtLeast(limit) => Some(measured >= limit),
            Self::Nothing => None,
        }
    }

    fn format(self, unit: Unit) -> String {
        match self {
            Self::AtMost(limit) => format!("≤ {}", unit.format(limit)),
            Self::AtLeast(limit) => format!("≥ {}", unit.format(limit)),
            Self::Nothing => "-".to_owned(),
        }
    }
}

/// A row of the table, as programs write it down for the one that prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureRow {
    /// What was measured.
    pub figure: String,
    /// What the machine itself takes for the least of it, in the same run.
    pub floor: String,
    pub measured: String,
    pub wanted: String,
    /// `None` = nothing is wanted of it.
    pub holds: Option<bool>,
    /// What was tried and what limits it, told where it falls short.
    #[serde(default)]
    pub limit: String,
}

/// A figure on its way to the table.
#[derive(Debug)]
#[must_use]
pub struct Figure {
    name: String,
    measured: f64,
    unit: Unit,
    floor: Option<String>,
    wanted: Wanted,
    limit: &'static str,
}

impl Figure {
    pub fn new(name: impl Into<String>, measured: f64, unit: Unit) -> Self {
        Self {
            name: name.into(),
            measured,
            unit,
            floor: None,
            wanted: Wanted::Nothing,
            limit: "",
        }
    }

    /// Takes the floor in the figure's own unit.
    pub fn floor(self, floor: f64) -> Self {
        let told = self.unit.format(floor);
        self.floor_text(told)
    }

    /// Takes a floor that is told in other words.
    pub fn floor_text(self, floor: String) -> Self {
        Self {
            floor: Some(floor),
            ..self
        }
    }

    pub fn wanted(self, wanted: Wanted) -> Self {
        Self { wanted, ..self }
    }

    /// Takes what was tried and what limits the figure.
    pub fn limited_by(self, limit: &'static str) -> Self {
        Self { limit, ..self }
    }

    /// The row as it will be printed.
    pub fn row(&self) -> FigureRow {
        let holds = self.wanted.holds(self.measured);
        FigureRow {
            figure: self.name.clone(),
            floor: self.floor.clone().unwrap_or_else(|| "-".to_owned()),
            measured: self.unit.format(self.measured),
            wanted: self.wanted.format(self.unit),
            holds,
            limit: if holds == Some(false) { self.limit } else { "" }.to_owned(),
        }
    }

    /// Prints the figure and adds it to those of the run.
    pub fn tell(self) {
        let row = self.row();
        println!("{}", super::table::plain_line(&row));
        let mut line = serde_json::to_string(&row).unwrap();
        line.push('\n');
        let path = rows_file();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file: std::io::Result<File> = OpenOptions::new().create(true).append(true).open(path);
        file.unwrap().write_all(line.as_bytes()).unwrap();
    }
}

/// File in which the figures of a run gather: `KOPILKA_BENCH_ROWS`, or one below `target`.
pub fn rows_file() -> PathBuf {
    std::env::var_os("KOPILKA_BENCH_ROWS").map_or_else(
        || super::root().join("target/bench/rows.jsonl"),
        PathBuf::from,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_holds_at_its_limit_and_falls_short_beyond_it() {
        let rate = |measured| {
            Figure::new("rate", measured, Unit::PerSecond)
                .floor(107_900.0)
                .wanted(Wanted::AtLeast(6_000.0))
                .limited_by("the disk")
                .row()
        };
        let (well, short) = (rate(6_000.0), rate(5_999.0));
        assert_eq!((well.holds, well.limit.as_str()), (Some(true), ""));
        assert_eq!(
            (short.holds, short.limit.as_str()),
            (Some(false), "the disk")
        );
        assert_eq!(short.floor, "107,900/s");
        assert_eq!(short.wanted, "≥ 6,000/s");
        let time = Figure::new("time", 15.1, Unit::Millis).wanted(Wanted::AtMost(15.0));
        assert_eq!(time.row().holds, Some(false));
        assert_eq!(Figure::new("told", 1.0, Unit::Seconds).row().holds, None);
    }

    #[test]
    fn numbers_are_told_as_precisely_as_they_are_known() {
        assert_eq!(Unit::PerSecond.format(999.6), "1,000/s");
        assert_eq!(Unit::Bytes.format(1_234_567.0), "1,234,567 B");
        assert_eq!(Unit::Millis.format(0.239), "0.24 ms");
        assert_eq!(Unit::Millis.format(12.34), "12.3 ms");
        assert_eq!(Unit::Times.format(1.049), "1.05 ×");
    }
}
