//! Surface before the camera: the code as the product draws it, in its white tile, on a page, on a phone, over a counter;
//! thumb, shadow and mirrored lights included. Everything is asked by place, in modules from the code's upper left corner.

use fastrand::Rng;

use crate::camera_scene::{CameraScene, EllipticSpot};
use crate::code;

/// Modules on a side.
const SIDE: usize = code::MODULES as usize;

/// A scene that can be asked for its light.
pub struct SceneSurface<'a> {
    scene: &'a CameraScene,
    dark: [[bool; SIDE]; SIDE],
    // Bars of text below and above the tile: left, top, width.
    text: Vec<[f32; 3]>,
    // Things on the counter: left, top, width, height, light.
    things: Vec<[f32; 5]>,
    counter: f32,
}

impl<'a> SceneSurface<'a> {
    /// Lays the scene out.
    pub fn new(scene: &'a CameraScene) -> Self {
        let mut chance = Rng::with_seed(scene.seed ^ 0x5eed);
        let text = (0..24)
            .map(|line| {
                let top = if line < 4 {
                    -9.0 + line as f32 * 1.3
                } else {
                    30.5 + (line - 4) as f32 * 1.6
                };
                [-4.0, top, 6.0 + 24.0 * chance.f32()]
            })
            .collect();
        let things = (0..10)
            .map(|_| {
                [
                    -110.0 + 220.0 * chance.f32(),
                    -80.0 + 160.0 * chance.f32(),
                    4.0 + 40.0 * chance.f32(),
                    3.0 + 25.0 * chance.f32(),
                    0.9 * chance.f32(),
                ]
            })
            .collect();
        Self {
            scene,
            dark: code_modules(&scene.digits),
            text,
            things,
            counter: 0.1 + 0.5 * chance.f32(),
        }
    }

    /// Light that comes from a place, white of the screen being 1.
    pub fn light_at(&self, u: f32, v: f32) -> f32 {
        let scene = self.scene;
        let held = self.held_brightness(u, v);
        let mut light = match held {
            Some(white) if scene.paper => 0.05 + 0.9 * white,
            Some(white) => {
                let white = if scene.inverted { 1.0 - white } else { white };
                white * self.pixel_grid(u, v) + scene.ambient + self.mirrored_light(u, v)
            }
            None => self.counter_light(u, v) * (0.5 + scene.ambient),
        };
        if let Some(thumb) = &scene.thumb
            && inside(thumb, u, v) < 1.0
        {
            // Round: darker towards its edge.
            light = thumb.light * (1.2 - 0.6 * inside(thumb, u, v));
        }
        if let Some([left, edge, way, soft]) = scene.shade {
            let along = (u - 12.5) * way.cos() + (v - 12.5) * way.sin() - edge;
            let lit = (along / soft + 0.5).clamp(0.0, 1.0);
            light *= left + (1.0 - left) * lit;
        }
        light
    }

    /// White (1) to black (0) of what is held before the camera; nothing beside it.
    fn held_brightness(&self, u: f32, v: f32) -> Option<f32> {
        let (top, bottom) = if self.scene.paper {
            (-14.0, 39.0)
        } else {
            (-18.0, 66.0)
        };
        let margin = if self.scene.paper { 20.0 } else { 6.0 };
        if u < -margin || u > 25.0 + margin || v < top || v > bottom {
            return None;
        }
        if (0.0..25.0).contains(&u) && (0.0..25.0).contains(&v) {
            return Some(if self.dark[v as usize][u as usize] {
                0.0
            } else {
                1.0
            });
        }
        let quiet = code::QUIET as f32;
        if (-quiet..25.0 + quiet).contains(&u) && (-quiet..25.0 + quiet).contains(&v) {
            return Some(1.0);
        }
        let edge = 0.6;
        if !self.scene.paper && (u < edge - margin || u > 25.0 + margin - edge) {
            // The phone's own rim.
            return Some(0.0);
        }
        let (page, ink) = if self.scene.dark_page && !self.scene.paper {
            (0.02, 0.75)
        } else {
            (0.93, 0.08)
        };
        let written = self.text.iter().any(|[left, top, width]| {
            (*left..left + width).contains(&u)
                && (*top..top + 0.8).contains(&v)
                // Words.
                && (u * 0.7 + top).sin() > -0.7
        });
        Some(if written { ink } else { page })
    }

    /// The screen's dots: dark lines between them, both ways.
    fn pixel_grid(&self, u: f32, v: f32) -> f32 {
        let Some([count, depth]) = self.scene.dots else {
            return 1.0;
        };
        let wave = |place: f32| 0.5 + 0.5 * (place * count * std::f32::consts::TAU).cos();
        1.0 - depth * (1.0 - wave(u) * wave(v))
    }

    /// Returns the light that the glass mirrors.
    fn mirrored_light(&self, u: f32, v: f32) -> f32 {
        let mut light = 0.0;
        if let Some(lamp) = &self.scene.glare {
            light += lamp.light * (-inside(lamp, u, v)).exp();
        }
        if let Some(window) = &self.scene.window {
            let [x, y] = turn_to_spot(window, u, v);
            // Two casements with a bar between them.
            if x.abs() < 1.0 && y.abs() < 1.0 && x.abs() > 0.06 && (y - 0.3).abs() > 0.04 {
                light += window.light * (0.8 + 0.2 * y);
            }
        }
        light
    }

    /// The counter beneath.
    fn counter_light(&self, u: f32, v: f32) -> f32 {
        let thing = self
            .things
            .iter()
            .rev()
            .find(|[left, top, width, height, _]| {
                (*left..left + width).contains(&u) && (*top..top + height).contains(&v)
            });
        thing.map_or_else(
            || self.counter * (1.0 + 0.15 * (u * 0.21).sin() * (v * 0.13 + u * 0.05).sin()),
            |thing| thing[4],
        )
    }
}

/// Square of the distance from a spot's middle, 1 at its edge.
fn inside(spot: &EllipticSpot, u: f32, v: f32) -> f32 {
    let [x, y] = turn_to_spot(spot, u, v);
    x * x + y * y
}

fn turn_to_spot(spot: &EllipticSpot, u: f32, v: f32) -> [f32; 2] {
    let (sin, cos) = spot.turn.sin_cos();
    let (x, y) = (u - spot.at[0], v - spot.at[1]);
    [
        (x * cos + y * sin) / spot.size[0],
        (y * cos - x * sin) / spot.size[1],
    ]
}

/// The dark modules, read from the very path that the product draws.
fn code_modules(digits: &str) -> [[bool; SIDE]; SIDE] {
    let mut dark = [[false; SIDE]; SIDE];
    let quiet = code::QUIET as usize;
    for run in code::path(digits).unwrap_or_default().split('M').skip(1) {
        let numbers: Vec<usize> = run
            .split(|sign: char| !sign.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect();
        for column in numbers[0]..numbers[0] + numbers[2] {
            dark[numbers[1] - quiet][column - quiet] = true;
        }
    }
    dark
}
