//! The table of a run, for the terminal and for docs/benchmarks.md.

use std::process::Command;

use super::figure::{FigureRow, rows_file};

/// Heads of the columns.
const HEADS: [&str; 5] = ["figure", "floor", "measured", "wanted", "verdict"];
/// Page of the documentation that takes the table over, between these marks.
const PAGE: &str = "benchmarks.md";
const BEGIN: &str = "<!-- table -->\n";
const END: &str = "<!-- end -->";

fn verdict(row: &FigureRow) -> &'static str {
    match row.holds {
        Some(true) => "holds",
        Some(false) => "falls short",
        None => "-",
    }
}

fn cells(row: &FigureRow) -> [&str; 5] {
    [
        &row.figure,
        &row.floor,
        &row.measured,
        &row.wanted,
        verdict(row),
    ]
}

/// A row for the terminal.
pub fn plain_line(row: &FigureRow) -> String {
    let [figure, floor, measured, wanted, verdict] = cells(row);
    format!("{figure:<64} {floor:>16} {measured:>13} {wanted:>13}  {verdict}")
}

/// All rows for the terminal, each that falls short with what limits it.
pub fn plain(rows: &[FigureRow]) -> String {
    let [figure, floor, measured, wanted, verdict] = HEADS;
    let mut text = format!("{figure:<64} {floor:>16} {measured:>13} {wanted:>13}  {verdict}\n");
    for row in rows {
        text.push_str(&plain_line(row));
        text.push('\n');
        if !row.limit.is_empty() {
            text.push_str(&format!("  {}\n", row.limit));
        }
    }
    text
}

/// All rows as Markdown.
pub fn markdown(rows: &[FigureRow]) -> String {
    let mut text = format!("| {} |\n|---|---|---|---|---|\n", HEADS.join(" | "));
    for row in rows {
        let line = cells(row).map(|cell| cell.replace('|', "\\|")).join(" | ");
        text.push_str(&format!("| {line} |\n"));
    }
    let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in rows.iter().filter(|row| !row.limit.is_empty()) {
        match told.iter_mut().find(|(limit, _)| *limit == row.limit) {
            Some((_, figures)) => figures.push(row.figure.trim()),
            None => told.push((&row.limit, vec![row.figure.trim()])),
        }
    }
    if !told.is_empty() {
        text.push_str("\nWhat falls short:\n\n");
    }
    for (limit, figures) in told {
        text.push_str(&format!("- **{}**: {limit}\n", figures.join("; ")));
    }
    text
}

/// Prints the table of the run, and writes it into the page together with the machine's description.
pub fn publish() {
    let rows = read_rows();
    println!("\n{}", plain(&rows));
    let page = super::docs().join(PAGE);
    let table = format!("{}\n\n{}", machine(), markdown(&rows));
    // A short run has a folder of its own, without the page.
    let renewed = match std::fs::read_to_string(&page) {
        Ok(text) if text.contains(BEGIN) => renew_page(&text, &table),
        _ => table,
    };
    std::fs::write(&page, renewed).unwrap();
    println!("written to {}", page.display());
}

fn read_rows() -> Vec<FigureRow> {
    let text = std::fs::read_to_string(rows_file()).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn renew_page(page: &str, table: &str) -> String {
    let (head, rest) = page
        .split_once(BEGIN)
        .expect("the page has a place for the table");
    let (_, tail) = rest.split_once(END).expect("the place for the table ends");
    format!("{head}{BEGIN}{table}{END}{tail}")
}

/// Describes the machine and the day, without names of anybody.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map_or_else(
            || "unknown".to_owned(),
            |(_, value)| value.trim().to_owned(),
        )
    };
    let processor = value(&read("/proc/cpuinfo"), "model name");
    let memory = value(&read("/proc/meminfo"), "MemTotal");
    let memory: u64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let commit = Command::new("git")
        .args(["rev-parse", "--short", "HEAD"])
        .output();
    let commit = commit.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    format!(
        "Taken on {} (commit {}): {cores} cores of {processor}, {:.0} GB of memory, Linux {}, data in {}. {}",
        chrono::Utc::now().format("%Y-%m-%d"),
        commit.unwrap_or_default(),
        memory as f64 / 1e6,
        kernel.trim(),
        std::env::temp_dir().display(),
        describe_load(&read("/proc/loadavg"), cores),
    )
}

/// Says whether others used the machine meanwhile: the figures alone keep two cores busy.
fn describe_load(averages: &str, cores: usize) -> String {
    let average = averages.split_whitespace().nth(2);
    let load: f64 = average
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    if load > cores.max(2) as f64 * 1.5 {
        format!(
            "**The machine was busy with other work** (load of the last 15 minutes: {load:.1}), so times and rates are worse than it \
             can do, and floors vary."
        )
    } else {
        format!("Load of the last 15 minutes at the end: {load:.1}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(figure: &str, holds: Option<bool>, limit: &str) -> FigureRow {
        FigureRow {
            figure: figure.to_owned(),
            floor: "-".to_owned(),
            measured: "1".to_owned(),
            wanted: "2".to_owned(),
            holds,
            limit: limit.to_owned(),
        }
    }

    #[test]
    fn what_falls_short_is_told_with_what_limits_it_once() {
        let rows = [
            row("a", Some(true), ""),
            row("b", Some(false), "the disk"),
            row("c", Some(false), "the disk"),
            row("d", None, ""),
        ];
        let text = markdown(&rows);
        assert!(text.contains("| b | - | 1 | 2 | falls short |"), "{text}");
        assert!(text.contains("| d | - | 1 | 2 | - |"), "{text}");
        assert!(text.ends_with("\n- **b; c**: the disk\n"), "{text}");
        assert_eq!(plain(&rows).matches("the disk").count(), 2);
    }

    #[test]
    fn figures_of_a_busy_machine_say_so() {
        assert!(describe_load("9.0 8.0 7.5 3/100 1", 2).contains("busy"));
        assert!(!describe_load("9.0 8.0 2.5 3/100 1", 2).contains("busy"));
        assert!(!describe_load("9.0 8.0 7.5 3/100 1", 8).contains("busy"));
    }

    #[test]
    fn a_page_keeps_what_stands_around_its_table() {
        let page = format!("before\n{BEGIN}old\n{END}\nafter\n");
        let renewed = renew_page(&page, "new\n");
        assert_eq!(renewed, format!("before\n{BEGIN}new\n{END}\nafter\n"));
    }
}
