//! The camera: where each pixel looks, then lens, hand, sensor and compression.

use std::f32::consts::TAU;

use fastrand::Rng;

use crate::camera_scene::{CameraScene, normal_around};
use crate::compression::compress;
use crate::lens;
use crate::picture::{CameraPicture, HEIGHT, WIDTH};
use crate::surface::SceneSurface;

/// Distance of the camera in modules: what is aslant looks smaller at its far end.
const DISTANCE: f32 = 75.0;
/// Samples of light on each side of a pixel.
const FINE: usize = 2;

/// Takes the picture.
pub fn take_picture(scene: &CameraScene) -> CameraPicture {
    let mut light = expose(scene);
    lens::spread_veil(&mut light, scene.veil);
    let light = lens::blur_defocus(&light, scene.defocus);
    let light = lens::blur_motion(&light, scene.motion[0], scene.motion[1]);
    let mut grey = measure(scene, &light);
    compress(&mut grey, scene.quality);
    CameraPicture {
        grey: grey
            .into_iter()
            .map(|value| value.round().clamp(0.0, 255.0) as u8)
            .collect(),
    }
}

/// Light that falls on each pixel of a perfect camera.
fn expose(scene: &CameraScene) -> Vec<f32> {
    let surface = SceneSurface::new(scene);
    let look = line_of_sight(scene);
    let mut light = Vec::with_capacity(WIDTH * HEIGHT);
    for y in 0..HEIGHT {
        let [depth, length, phase] = scene.bands;
        let band = 1.0 - depth * (0.5 + 0.5 * (y as f32 / length * TAU + phase).sin());
        for x in 0..WIDTH {
            let mut sum = 0.0;
            for part in 0..FINE * FINE {
                let across = ((part % FINE) as f32 + 0.5) / FINE as f32;
                let down = ((part / FINE) as f32 + 0.5) / FINE as f32;
                let [u, v] = look(x as f32 + across, y as f32 + down);
                sum += surface.light_at(u, v);
            }
            light.push(sum / (FINE * FINE) as f32 * band);
        }
    }
    light
}

/// Returns which place, in modules, is seen at a place of the picture: a plane turned in space, seen through a pinhole.
fn line_of_sight(scene: &CameraScene) -> impl Fn(f32, f32) -> [f32; 2] + use<> {
    let [roll, yaw, pitch] = scene.turns.map(f32::sin_cos);
    // Columns of the turn: where the code's right and its down point to.
    let right = [
        roll.1 * yaw.1 - roll.0 * pitch.0 * yaw.0,
        roll.0 * pitch.1,
        -roll.1 * yaw.0 - roll.0 * pitch.0 * yaw.1,
    ];
    let down = [
        -roll.0 * yaw.1 - roll.1 * pitch.0 * yaw.0,
        roll.1 * pitch.1,
        roll.0 * yaw.0 - roll.1 * pitch.0 * yaw.1,
    ];
    let zoom = scene.module * DISTANCE;
    let middle = [
        WIDTH as f32 / 2.0 + scene.offset[0],
        HEIGHT as f32 / 2.0 + scene.offset[1],
    ];
    move |x, y| {
        let ray = [(x - middle[0]) / zoom, (y - middle[1]) / zoom];
        // a·right + b·down + (0, 0, DISTANCE) lies on the ray: two equations for a and b.
        let (a1, b1) = (right[0] - ray[0] * right[2], down[0] - ray[0] * down[2]);
        let (a2, b2) = (right[1] - ray[1] * right[2], down[1] - ray[1] * down[2]);
        let (c1, c2) = (ray[0] * DISTANCE, ray[1] * DISTANCE);
        let det = a1 * b2 - a2 * b1;
        [
            (c1 * b2 - c2 * b1) / det + 12.5,
            (a1 * c2 - a2 * c1) / det + 12.5,
        ]
    }
}

/// Grey values: light is counted in electrons with their noise, cut off where the sensor is full, and bent for the eye.
fn measure(scene: &CameraScene, light: &[f32]) -> Vec<f32> {
    let mut chance = Rng::with_seed(scene.noise);
    // Electronic amplification lifts a dim picture half-way, noise and all.
    let gain = scene.exposure.min(1.0).powf(-0.5);
    light
        .iter()
        .map(|light| {
            let electrons = (light * scene.exposure).min(1.0) * scene.electrons;
            let noise = normal_around(&mut chance, (electrons + 9.0).sqrt());
            let value = ((electrons + noise) / scene.electrons * gain).clamp(0.0, 1.0);
            value.powf(1.0 / 2.2) * 255.0
        })
        .collect()
}
