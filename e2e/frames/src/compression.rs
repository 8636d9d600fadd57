//! Effect of a web camera's JPEG on a picture: blocks of 8 × 8, turned into waves, the fine ones rounded away.

use std::f32::consts::PI;

use crate::picture::{HEIGHT, WIDTH};

/// Steps of the waves for brightness at quality 50 (ITU-T T.81, table K.1).
const STEPS: [f32; 64] = [
    16., 11., 10., 16., 24., 40., 51., 61., 12., 12., 14., 19., 26., 58., 60., 55., 14., 13., 16.,
    24., 40., 57., 69., 56., 14., 17., 22., 29., 51., 87., 80., 62., 18., 22., 37., 56., 68., 109.,
    103., 77., 24., 35., 55., 64., 81., 104., 113., 92., 49., 64., 78., 87., 103., 121., 120.,
    101., 72., 92., 95., 98., 112., 100., 103., 99.,
];

/// Compresses grey values at this quality (1 to 100) and unpacks them again.
pub fn compress(grey: &mut [f32], quality: f32) {
    let scale = if quality < 50.0 {
        50.0 / quality
    } else {
        2.0 - quality / 50.0
    };
    let mut waves = [[0.0_f32; 8]; 8];
    for (wave, row) in waves.iter_mut().enumerate() {
        let height = if wave == 0 { 0.125_f32.sqrt() } else { 0.5 };
        for (at, value) in row.iter_mut().enumerate() {
            *value = height * ((2 * at + 1) as f32 * wave as f32 * PI / 16.0).cos();
        }
    }
    for top in (0..HEIGHT).step_by(8) {
        for left in (0..WIDTH).step_by(8) {
            squeeze(grey, top * WIDTH + left, &waves, scale);
        }
    }
}

fn squeeze(grey: &mut [f32], corner: usize, waves: &[[f32; 8]; 8], scale: f32) {
    let mut block = [[0.0_f32; 8]; 8];
    for (y, row) in block.iter_mut().enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            *value = grey[corner + y * WIDTH + x] - 128.0;
        }
    }
    let rows = |block: &[[f32; 8]; 8]| {
        let mut out = [[0.0_f32; 8]; 8];
        for y in 0..8 {
            for u in 0..8 {
                // Written turned over, so that the second time does the columns.
                out[u][y] = (0..8).map(|x| block[y][x] * waves[u][x]).sum();
            }
        }
        out
    };
    let mut shares = rows(&rows(&block));
    for (v, row) in shares.iter_mut().enumerate() {
        for (u, share) in row.iter_mut().enumerate() {
            let step = (STEPS[v * 8 + u] * scale).max(1.0);
            *share = (*share / step).round() * step;
        }
    }
    let back = |shares: &[[f32; 8]; 8]| {
        let mut out = [[0.0_f32; 8]; 8];
        for v in 0..8 {
            for x in 0..8 {
                out[x][v] = (0..8).map(|u| shares[v][u] * waves[u][x]).sum();
            }
        }
        out
    };
    let block = back(&back(&shares));
    for (y, row) in block.iter().enumerate() {
        for (x, value) in row.iter().enumerate() {
            grey[corner + y * WIDTH + x] = value + 128.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_quality_changes_nothing_to_see() {
        let before: Vec<f32> = (0..WIDTH * HEIGHT)
            .map(|at| (at * 7 % 256) as f32)
            .collect();
        let mut after = before.clone();
        compress(&mut after, 100.0);
        assert!(before.iter().zip(&after).all(|(a, b)| (a - b).abs() < 8.0));
    }

    #[test]
    fn a_flat_picture_stays_flat() {
        let mut grey = vec![200.0; WIDTH * HEIGHT];
        compress(&mut grey, 10.0);
        assert!(grey.iter().all(|value| (value - 200.0).abs() < 11.0));
    }
}
