//! Effect of a lens and a moving hand on light before it is measured: all of it on light itself, not on grey values, so that
//! something too bright eats what is dark beside it, as it does in a camera.

use crate::picture::{HEIGHT, WIDTH};

/// Sums along each row, so that a run's sum is one subtraction.
fn row_sums(light: &[f32]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(HEIGHT * (WIDTH + 1));
    for row in light.chunks(WIDTH) {
        let mut sum = 0.0;
        sums.push(sum);
        for value in row {
            sum += f64::from(*value);
            sums.push(sum);
        }
    }
    sums
}

/// The sum of a row from the left edge to a place between two pixels.
fn sum_until(row: &[f64], place: f32) -> f64 {
    let place = place.clamp(0.0, WIDTH as f32);
    let whole = (place as usize).min(WIDTH - 1);
    let rest = f64::from(place - whole as f32);
    row[whole] + (row[whole + 1] - row[whole]) * rest
}

/// Out of focus: each point becomes a disc of this radius in pixels.
pub fn blur_defocus(light: &[f32], radius: f32) -> Vec<f32> {
    if radius < 0.3 {
        return light.to_vec();
    }
    let sums = row_sums(light);
    let reach = radius.floor() as isize;
    let spans: Vec<(isize, f32)> = (-reach..=reach)
        .map(|dy| {
            (
                dy,
                (radius * radius - (dy * dy) as f32)
                    .max(0.0)
                    .sqrt()
                    .max(0.3),
            )
        })
        .collect();
    let mut seen = vec![0.0; light.len()];
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (mut sum, mut area) = (0.0, 0.0);
            for (dy, half) in &spans {
                let from = y as isize + dy;
                if from < 0 || from >= HEIGHT as isize {
                    continue;
                }
                let row = &sums[from as usize * (WIDTH + 1)..][..=WIDTH];
                let middle = x as f32 + 0.5;
                let (left, right) = ((middle - half).max(0.0), (middle + half).min(WIDTH as f32));
                sum += sum_until(row, right) - sum_until(row, left);
                area += f64::from(right - left);
            }
            seen[y * WIDTH + x] = (sum / area) as f32;
        }
    }
    seen
}

/// The hand or the phone moves while the shutter is open: each point becomes a line, this many pixels right and down.
pub fn blur_motion(light: &[f32], dx: f32, dy: f32) -> Vec<f32> {
    let length = dx.hypot(dy);
    if length < 0.5 {
        return light.to_vec();
    }
    let taps = (length * 1.5).ceil() as isize;
    let steps: Vec<(isize, isize)> = (0..=taps)
        .map(|tap| {
            let part = tap as f32 / taps as f32 - 0.5;
            ((dx * part).round() as isize, (dy * part).round() as isize)
        })
        .collect();
    let mut seen = vec![0.0; light.len()];
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let sum: f32 = steps
                .iter()
                .map(|(dx, dy)| {
                    let x = (x as isize + dx).clamp(0, WIDTH as isize - 1) as usize;
                    let y = (y as isize + dy).clamp(0, HEIGHT as isize - 1) as usize;
                    light[y * WIDTH + x]
                })
                .sum();
            seen[y * WIDTH + x] = sum / steps.len() as f32;
        }
    }
    seen
}

/// Side of the blocks in which spread light is reckoned, in pixels: it is too smooth to need more.
const BLOCK: usize = 16;
const ACROSS: usize = WIDTH / BLOCK;
const DOWN: usize = HEIGHT / BLOCK;

/// Dust and grease on the lens spread a share of all light over its surroundings.
pub fn spread_veil(light: &mut [f32], share: f32) {
    if share <= 0.0 {
        return;
    }
    let mut blocks = vec![0.0; ACROSS * DOWN];
    for (at, value) in light.iter().enumerate() {
        let (x, y) = (at % WIDTH / BLOCK, at / WIDTH / BLOCK);
        blocks[y * ACROSS + x] += value / (BLOCK * BLOCK) as f32;
    }
    let spread: Vec<f32> = (0..blocks.len()).map(|at| around(&blocks, at)).collect();
    for (at, value) in light.iter_mut().enumerate() {
        let x = ((at % WIDTH) as f32 / BLOCK as f32 - 0.5).clamp(0.0, ACROSS as f32 - 1.001);
        let y = ((at / WIDTH) as f32 / BLOCK as f32 - 0.5).clamp(0.0, DOWN as f32 - 1.001);
        let corner = y as usize * ACROSS + x as usize;
        let (right, down) = (x.fract(), y.fract());
        let upper = spread[corner] * (1.0 - right) + spread[corner + 1] * right;
        let lower = spread[corner + ACROSS] * (1.0 - right) + spread[corner + ACROSS + 1] * right;
        *value += (upper * (1.0 - down) + lower * down - *value) * share;
    }
}

/// Light of the blocks around one, the near ones counting most.
fn around(blocks: &[f32], at: usize) -> f32 {
    let place = |at: usize| ((at % ACROSS) as f32, (at / ACROSS) as f32);
    let (x, y) = place(at);
    let (mut sum, mut weights) = (0.0, 0.0);
    for (other, value) in blocks.iter().enumerate() {
        let (i, j) = place(other);
        let weight = (-(x - i).hypot(y - j) / 3.0).exp();
        sum += value * weight;
        weights += weight;
    }
    sum / weights
}
