//! Curves as SVG, readable on light and dark pages: lines differ by their dashes and names, not by their colours alone.

use std::fmt::Write;

/// Lines over a quantity that grows by powers of ten.
#[derive(Debug)]
pub struct Chart {
    pub title: &'static str,
    /// What grows to the right.
    pub x: &'static str,
    /// What is measured, with its unit.
    pub y: &'static str,
    pub y_scale: VerticalScale,
    pub lines: Vec<Line>,
}

/// How values are spread over the height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerticalScale {
    FromZero,
    PowersOfTen,
}

/// Points of one line, from left to right.
#[derive(Debug)]
pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
/// Edges of the area with the lines.
const LEFT: f64 = 70.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 340.0;

const STYLE: &str = "<style>\
    text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}\
    .grid{stroke:#d1d9e0}.axis{stroke:#59636e}.line{fill:none;stroke-width:2}\
    .a{stroke:#0969da}.b{stroke:#bc4c00}.c{stroke:#1a7f37}.d{stroke:#8250df}\
    @media (prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}.axis{stroke:#9198a1}\
    .a{stroke:#58a6ff}.b{stroke:#f0883e}.c{stroke:#56d364}.d{stroke:#bc8cff}}</style>";
/// Class and dashes of each line.
const LOOKS: [(&str, &str); 4] = [("a", "none"), ("b", "7 4"), ("c", "2 3"), ("d", "9 3 2 3")];

impl Chart {
    /// Draws the chart as `benchmarks/NAME.svg` of the documentation.
    pub fn write(&self, name: &str) {
        let folder = super::docs().join("benchmarks");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.svg"));
        std::fs::write(&file, self.draw()).unwrap();
        println!("drawn: {}", file.display());
    }

    fn draw(&self) -> String {
        let title = escape(self.title);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">{STYLE}\n\
             <text class=\"title\" x=\"{LEFT}\" y=\"22\">{title}</text>\n"
        );
        let scale = Scale::of(&self.lines, self.y_scale);
        self.draw_axes(&mut svg, &scale);
        self.draw_lines(&mut svg, &scale);
        svg.push_str("</svg>\n");
        svg
    }

    fn draw_axes(&self, svg: &mut String, scale: &Scale) {
        for (step, value) in scale.marks().into_iter().enumerate() {
            let y = scale.y(value);
            let class = if step == 0 { "axis" } else { "grid" };
            let label = short(value);
            writeln!(
                svg,
                "<path class=\"{class}\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                LEFT - 8.0,
                y + 4.0
            )
            .unwrap();
        }
        for value in self.marks() {
            writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                scale.x(value),
                BOTTOM + 20.0,
                short(value)
            )
            .unwrap();
        }
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text><text x=\"{LEFT}\" y=\"41\">{}</text>",
            f64::midpoint(LEFT, RIGHT),
            BOTTOM + 44.0,
            escape(self.x),
            escape(self.y)
        )
        .unwrap();
    }

    fn draw_lines(&self, svg: &mut String, scale: &Scale) {
        // Names stand at the ends of their lines, apart from one another.
        let mut ends: Vec<(f64, usize)> = Vec::new();
        for (place, line) in self.lines.iter().enumerate() {
            let (class, dashes) = LOOKS[place % LOOKS.len()];
            let corners: Vec<String> = line
                .points
                .iter()
                .map(|(x, y)| format!("{:.1} {:.1}", scale.x(*x), scale.y(*y)))
                .collect();
            writeln!(
                svg,
                "<path class=\"line {class}\" stroke-dasharray=\"{dashes}\" d=\"M{}\"/>",
                corners.join("L")
            )
            .unwrap();
            ends.push((
                line.points.last().map_or(BOTTOM, |(_, y)| scale.y(*y)),
                place,
            ));
        }
        ends.sort_by(|one, other| one.0.total_cmp(&other.0));
        // The last one has room for itself, and the others above it.
        let mut free = BOTTOM - 18.0 * ends.len().saturating_sub(1) as f64;
        let mut taken = TOP - 18.0;
        for (y, place) in ends {
            let (class, dashes) = LOOKS[place % LOOKS.len()];
            let name = escape(&self.lines[place].name);
            taken = y.min(free).max(taken + 18.0);
            free += 18.0;
            let y = taken;
            writeln!(
                svg,
                "<path class=\"line {class}\" stroke-dasharray=\"{dashes}\" d=\"M{} {y:.1}h24\"/><text x=\"{}\" y=\"{:.1}\">{name}</text>",
                RIGHT + 8.0,
                RIGHT + 38.0,
                y + 4.0
            )
            .unwrap();
        }
    }

    /// Values of x that were measured, of all lines.
    fn marks(&self) -> Vec<f64> {
        let mut marks: Vec<f64> = self
            .lines
            .iter()
            .flat_map(|line| line.points.iter().map(|(x, _)| *x))
            .collect();
        marks.sort_by(f64::total_cmp);
        marks.dedup();
        marks
    }
}

/// Where values lie on the picture.
struct Scale {
    left: f64,
    right: f64,
    /// Lowest and highest value that is marked.
    lowest: f64,
    highest: f64,
    vertical: VerticalScale,
}

impl Scale {
    fn of(lines: &[Line], vertical: VerticalScale) -> Self {
        let points = || lines.iter().flat_map(|line| &line.points);
        let left = points()
            .map(|(x, _)| x.log10())
            .fold(f64::INFINITY, f64::min);
        let right = points()
            .map(|(x, _)| x.log10())
            .fold(f64::NEG_INFINITY, f64::max);
        let most = points().map(|(_, y)| *y).fold(0.0, f64::max);
        let least = points().map(|(_, y)| *y).fold(f64::INFINITY, f64::min);
        let (lowest, highest) = match vertical {
            VerticalScale::FromZero => (0.0, round_up(most)),
            VerticalScale::PowersOfTen => (power_below(least), 10.0 * power_below(most)),
        };
        Self {
            left,
            right,
            lowest,
            highest,
            vertical,
        }
    }

    fn x(&self, value: f64) -> f64 {
        let width = (self.right - self.left).max(f64::MIN_POSITIVE);
        LEFT + (value.log10() - self.left) / width * (RIGHT - LEFT)
    }

    fn y(&self, value: f64) -> f64 {
        let height = |value: f64| match self.vertical {
            VerticalScale::FromZero => value,
            VerticalScale::PowersOfTen => value.max(self.lowest).log10(),
        };
        let share =
            (height(value) - height(self.lowest)) / (height(self.highest) - height(self.lowest));
        BOTTOM - share * (BOTTOM - TOP)
    }

    /// Values that have a line across the picture.
    fn marks(&self) -> Vec<f64> {
        match self.vertical {
            VerticalScale::FromZero => (0..=4)
                .map(|step| self.highest * f64::from(step) / 4.0)
                .collect(),
            VerticalScale::PowersOfTen => {
                let powers = std::iter::successors(Some(self.lowest), |value| Some(value * 10.0));
                powers
                    .take_while(|value| *value < self.highest * 2.0)
                    .collect()
            }
        }
    }
}

/// The power of ten at or below a value.
fn power_below(value: f64) -> f64 {
    10_f64.powf(value.max(1e-6).log10().floor())
}

/// The next of 1, 2, 4, 8 and their tenfolds.
fn round_up(value: f64) -> f64 {
    let power = power_below(value);
    let steps = [1.0, 2.0, 4.0, 8.0, 10.0];
    steps
        .into_iter()
        .map(|step| step * power)
        .find(|step| *step >= value)
        .unwrap_or(value)
}

fn short(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{}M", value / 1e6),
        value if value >= 1e4 => format!("{}k", value / 1e3),
        value => format!("{}", (value * 1_000.0).round() / 1_000.0),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(y_scale: VerticalScale) -> String {
        let line = |name: &str, points: &[(f64, f64)]| Line {
            name: name.to_owned(),
            points: points.to_vec(),
        };
        let lines = vec![
            line(
                "quote",
                &[(10_000.0, 0.5), (100_000.0, 0.6), (1_000_000.0, 0.7)],
            ),
            line("commit <SQLite>", &[(10_000.0, 1.0), (1_000_000.0, 3.0)]),
        ];
        Chart {
            title: "Growth",
            x: "members",
            y: "ms",
            y_scale,
            lines,
        }
        .draw()
    }

    #[test]
    fn powers_of_ten_lie_at_equal_distances_and_the_highest_value_inside() {
        let svg = chart(VerticalScale::FromZero);
        // 0.5, 0.6 and 0.7 of 4: an eighth of 290 above the bottom, and so on.
        assert!(
            svg.contains("d=\"M70.0 303.8L315.0 296.5L560.0 289.2\""),
            "{svg}"
        );
        assert!(svg.contains("L560.0 122.5\""), "{svg}");
        for label in [">10k<", ">100k<", ">1M<", ">4<", ">members<", ">ms<"] {
            assert!(svg.contains(label), "{label} in {svg}");
        }
    }

    #[test]
    fn a_chart_can_be_read_aloud_and_without_colours() {
        let svg = chart(VerticalScale::FromZero);
        assert!(svg.contains("role=\"img\" aria-label=\"Growth\""), "{svg}");
        assert!(svg.contains(">commit &lt;SQLite&gt;<"), "{svg}");
        assert!(svg.contains("prefers-color-scheme:dark"), "{svg}");
        assert_eq!(svg.matches("stroke-dasharray=\"7 4\"").count(), 2);
    }

    #[test]
    fn powers_of_ten_lie_at_equal_distances_upwards_too_where_wanted() {
        let svg = chart(VerticalScale::PowersOfTen);
        for label in [">0.1<", ">1<", ">10<"] {
            assert!(svg.contains(label), "{label} in {svg}");
        }
        // 1 of 0.1 to 10 is half of the height.
        assert!(svg.contains("d=\"M70.0 195.0L560.0 "), "{svg}");
    }

    #[test]
    fn the_highest_label_is_round() {
        assert_eq!(
            [0.7, 3.0, 8.5, 100.0].map(round_up),
            [0.8, 4.0, 10.0, 100.0]
        );
    }
}
