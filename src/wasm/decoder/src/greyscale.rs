//! A picture in grey, and what makes a hard one easier: evening out the light, enlarging the middle. Integers only.

/// Grey values, row by row. Never without a pixel.
#[derive(Clone, Debug)]
pub struct GreyscaleImage {
    /// Pixels in a row.
    pub width: usize,
    /// `0` black to `255` white.
    pub values: Vec<u8>,
}

/// Most pixels in a row: with more, numbers inside the search might no longer fit.
const WIDEST: usize = 1_024;
/// Smallest side in which a code could be seen.
const SMALLEST: usize = 33;

impl GreyscaleImage {
    /// A picture of grey values. Nothing where they are not whole rows of a sensible length.
    pub fn new(values: Vec<u8>, width: usize) -> Option<Self> {
        let height = values.len().checked_div(width)?;
        let sensible = SMALLEST..=WIDEST;
        (values.len().checked_rem(width) == Some(0)
            && sensible.contains(&width)
            && sensible.contains(&height))
        .then_some(Self { width, values })
    }

    /// Makes a picture from red, green, blue and opacity of each pixel (luma of BT.601 in 256ths).
    pub fn of_rgba(rgba: &[u8], width: usize) -> Option<Self> {
        let luma = |pixel: &[u8]| match *pixel {
            [red, green, blue, _] => {
                let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
                u8::try_from(sum >> 8).unwrap_or(u8::MAX)
            }
            _ => 0,
        };
        Self::new(rgba.chunks_exact(4).map(luma).collect(), width)
    }

    /// Pixels in a column.
    pub fn height(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// Black for white.
    pub fn inverted(&self) -> Self {
        Self {
            width: self.width,
            values: self.values.iter().map(|value| !value).collect(),
        }
    }

    /// The middle half of the picture at twice its size, the pixels between being means: a small code gets large enough.
    pub fn doubled(&self) -> Self {
        let (width, height) = (self.width, self.height());
        let (left, top) = (width / 4, height / 4);
        let wide = (width / 2).min(width - left - 1);
        let row = |y: usize| {
            let start = y * width + left;
            self.values.get(start..=start + wide).unwrap_or(&[])
        };
        let mut values = Vec::with_capacity(wide * height * 2);
        for y in top..(top + height / 2).min(height - 1) {
            let upper = widened(row(y));
            let lower = widened(row(y + 1));
            let between = upper.iter().zip(&lower).map(|(a, b)| a.midpoint(*b));
            values.extend(upper.iter().copied().chain(between));
        }
        Self {
            width: wide * 2,
            values,
        }
    }

    /// Black and white, each pixel against the mean of the square around it (`reach` pixels each way): shadows and
    /// mirrored lights no longer count, because they are wider than the square.
    pub fn to_even_light(&self, reach: usize) -> Self {
        let (width, height) = (self.width, self.height());
        // Sums of columns inside the square, which slides down row by row.
        let mut columns = vec![0_u32; width];
        let row = |y: usize| self.values.get(y * width..(y + 1) * width).unwrap_or(&[]);
        for y in 0..reach.min(height) {
            add_row(&mut columns, row(y));
        }
        let mut values = Vec::with_capacity(self.values.len());
        for y in 0..height {
            if y + reach < height {
                add_row(&mut columns, row(y + reach));
            }
            if let Some(gone) = y.checked_sub(reach + 1) {
                for (sum, value) in columns.iter_mut().zip(row(gone)) {
                    *sum -= u32::from(*value);
                }
            }
            let rows = (y + reach).min(height - 1) + 1 - y.saturating_sub(reach);
            against_means(row(y), &columns, rows, reach, &mut values);
        }
        Self { width, values }
    }
}

/// Each pixel, and the mean of it and the next one; the last one only closes the row.
fn widened(row: &[u8]) -> Vec<u8> {
    row.windows(2)
        .flat_map(|pair| match *pair {
            [this, next] => [this, this.midpoint(next)],
            _ => [0, 0],
        })
        .collect()
}

fn add_row(columns: &mut [u32], row: &[u8]) {
    for (sum, value) in columns.iter_mut().zip(row) {
        *sum += u32::from(*value);
    }
}

/// Writes a row in black and white, given the sums of the columns around it.
fn against_means(row: &[u8], columns: &[u32], rows: usize, reach: usize, values: &mut Vec<u8>) {
    let mut sum: u32 = columns.iter().take(reach).sum();
    let width = row.len();
    for (x, value) in row.iter().enumerate() {
        sum += columns.get(x + reach).unwrap_or(&0);
        if let Some(gone) = x.checked_sub(reach + 1) {
            sum -= columns.get(gone).unwrap_or(&0);
        }
        let wide = (x + reach).min(width - 1) + 1 - x.saturating_sub(reach);
        let area = u32::try_from(rows * wide).unwrap_or(u32::MAX);
        values.push(if u32::from(*value) * area < sum {
            0
        } else {
            255
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evening_out_is_the_mean_of_the_square() {
        let (width, height, reach) = (40, 37, 5_usize);
        let values: Vec<u8> = (0..width * height)
            .map(|at| u8::try_from(at * 7_919 % 251).unwrap())
            .collect();
        let even = GreyscaleImage::new(values.clone(), width)
            .unwrap()
            .to_even_light(reach);
        for y in 0..height {
            for x in 0..width {
                let (mut sum, mut area) = (0_u32, 0_u32);
                for j in y.saturating_sub(reach)..=(y + reach).min(height - 1) {
                    for i in x.saturating_sub(reach)..=(x + reach).min(width - 1) {
                        sum += u32::from(values[j * width + i]);
                        area += 1;
                    }
                }
                let dark = u32::from(values[y * width + x]) * area < sum;
                assert_eq!(
                    even.values[y * width + x],
                    if dark { 0 } else { 255 },
                    "{x} {y}"
                );
            }
        }
    }

    #[test]
    fn doubling_takes_the_middle_and_puts_means_between() {
        let values: Vec<u8> = (0..80 * 80)
            .map(|at| u8::try_from(at % 80 * 3).unwrap())
            .collect();
        let double = GreyscaleImage::new(values, 80).unwrap().doubled();
        assert_eq!((double.width, double.height()), (80, 80));
        assert_eq!(double.values[..4], [60, 61, 63, 64]);
        assert_eq!(double.values[79 * 80 + 79], 178);
    }

    #[test]
    fn luma_weighs_the_colours() {
        let grey = GreyscaleImage::of_rgba(&[[255, 255, 255, 255]; 40 * 40].concat(), 40).unwrap();
        assert_eq!(grey.values[0], 255);
        let grey = GreyscaleImage::of_rgba(&[[0, 255, 0, 255]; 40 * 40].concat(), 40).unwrap();
        assert_eq!(grey.values[0], 149);
    }
}
