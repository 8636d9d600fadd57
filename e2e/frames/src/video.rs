//! A second of film: the hand trembles, the lens looks for its focus, the lamp in the glass wanders.

use std::f32::consts::TAU;

use fastrand::Rng;

use crate::camera_scene::{CameraScene, SceneDifficulty, normal_around, uniform_between};

/// Pictures in a second: as often as the till's page looks.
pub const RATE: usize = 10;

/// The scenes of one second that begins with this one.
pub fn scenes_of_second(class: SceneDifficulty, first: &CameraScene) -> Vec<CameraScene> {
    let mut chance = Rng::with_seed(first.noise);
    let restless = if class == SceneDifficulty::Hard {
        1.6
    } else {
        1.0
    };
    let drift = [
        normal_around(&mut chance, 14.0 * restless),
        normal_around(&mut chance, 14.0 * restless),
    ];
    let turning = [0.05, 0.05, 0.05].map(|spread| normal_around(&mut chance, spread * restless));
    let nearer = normal_around(&mut chance, 0.04 * restless);
    // The lens goes to and fro around the right distance.
    let (focus, phase) = (
        uniform_between(&mut chance, 0.1, 0.5),
        uniform_between(&mut chance, 0.0, TAU),
    );
    let pace = uniform_between(&mut chance, 0.5, 2.0);
    (0..RATE)
        .map(|at| {
            let time = at as f32 / RATE as f32;
            let mut scene = first.clone();
            scene.noise = chance.u64(..);
            let tremor = [
                normal_around(&mut chance, 2.0 * restless),
                normal_around(&mut chance, 2.0 * restless),
            ];
            for axis in 0..2 {
                scene.offset[axis] += drift[axis] * time + tremor[axis];
                // A thirtieth of a second of it is in each picture.
                scene.motion[axis] = scene.motion[axis] * uniform_between(&mut chance, 0.3, 1.2)
                    + drift[axis] / 30.0
                    + tremor[axis] * 0.2;
            }
            for (axis, turn) in turning.iter().enumerate() {
                let shake = turn * time + normal_around(&mut chance, 0.012 * restless);
                scene.turns[axis] += shake;
                // What a mirror shows moves twice as fast as the mirror.
                for spot in [&mut scene.glare, &mut scene.window].into_iter().flatten() {
                    spot.at[axis % 2] += 2.0 * 20.0 * shake;
                }
            }
            scene.module *= 1.0 + nearer * time;
            scene.defocus *= 1.0 + focus * (time * pace * TAU + phase).sin();
            scene.bands[2] += 2.1 * at as f32;
            scene.exposure *= uniform_between(&mut chance, 0.93, 1.07);
            scene
        })
        .collect()
}
