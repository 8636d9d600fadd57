//! Content of one picture: who holds what before which camera in what light. Numbers are drawn by class and by what is
//! wrong, from a seed.

use std::f32::consts::{PI, TAU};

use fastrand::Rng;

use crate::code;

/// Difficulty of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SceneDifficulty {
    /// A picture as at most tills on most days.
    Ordinary,
    /// A bad day: what is wrong is strong, and something else is wrong beside it.
    Hard,
}

/// Main trouble of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFlaw {
    /// Out of focus.
    Blur,
    /// The hand moves while the shutter is open.
    Motion,
    /// A lamp mirrored in the glass.
    Glare,
    /// A bright room mirrored in the glass.
    Reflection,
    /// Held aslant.
    Tilt,
    /// Held turned.
    Rotation,
    /// The screen's own dots against the sensor's.
    Moire,
    /// Too little light.
    Dim,
    /// Too much light.
    Bright,
    /// A small, cheap sensor.
    Noise,
    /// Far away: small in the picture.
    Small,
    /// A thumb over a part.
    Covered,
    /// A shadow's edge, or a light from one side.
    Shade,
    /// Pressed hard by a web camera.
    Compression,
}

impl PictureFlaw {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 14] = [
        Self::Blur,
        Self::Motion,
        Self::Glare,
        Self::Reflection,
        Self::Tilt,
        Self::Rotation,
        Self::Moire,
        Self::Dim,
        Self::Bright,
        Self::Noise,
        Self::Small,
        Self::Covered,
        Self::Shade,
        Self::Compression,
    ];

    /// Its name in tables.
    pub const fn table_name(self) -> &'static str {
        match self {
            Self::Blur => "blur",
            Self::Motion => "motion",
            Self::Glare => "glare",
            Self::Reflection => "reflection",
            Self::Tilt => "tilt",
            Self::Rotation => "rotation",
            Self::Moire => "moiré",
            Self::Dim => "dim",
            Self::Bright => "bright",
            Self::Noise => "noise",
            Self::Small => "small",
            Self::Covered => "covered",
            Self::Shade => "shade",
            Self::Compression => "compression",
        }
    }
}

/// Something bright that glass mirrors, or a thumb: an ellipse in modules of the code.
#[derive(Clone, Copy, Debug)]
pub struct EllipticSpot {
    /// Middle, from the code's left and top edge.
    pub at: [f32; 2],
    /// Half its width and height.
    pub size: [f32; 2],
    /// Its turn, in radians.
    pub turn: f32,
    /// Its light, where white of the screen is 1.
    pub light: f32,
}

/// A scene. Lengths are pixels of the picture where not said otherwise; light is linear, white of the screen is 1.
#[derive(Clone, Debug)]
pub struct CameraScene {
    /// Digits of the code.
    pub digits: String,
    /// Seed of what lies beside the code.
    pub seed: u64,
    /// Seed of the sensor's noise.
    pub noise: u64,
    /// Printed card instead of a screen.
    pub paper: bool,
    /// Page around the white tile: dark theme.
    pub dark_page: bool,
    /// Everything on the screen turned to its opposite, as some people set their phones.
    pub inverted: bool,
    /// Length of a module.
    pub module: f32,
    /// Middle of the code from the middle of the picture.
    pub offset: [f32; 2],
    /// Turn in the plane, then around the upright and the level axis, in radians.
    pub turns: [f32; 3],
    /// Light of the room, as black of the screen shows it.
    pub ambient: f32,
    /// Lamp in the glass.
    pub glare: Option<EllipticSpot>,
    /// Window in the glass.
    pub window: Option<EllipticSpot>,
    /// Thumb over the code.
    pub thumb: Option<EllipticSpot>,
    /// Dots of the screen: how many a module, how deep the dark between them.
    pub dots: Option<[f32; 2]>,
    /// Bands of a flickering screen: depth, length, phase.
    pub bands: [f32; 3],
    /// Shadow: what is left of the light, where its edge runs (modules from the middle), its direction, its softness.
    pub shade: Option<[f32; 4]>,
    /// Radius of the disc that a point becomes.
    pub defocus: f32,
    /// Line that a point becomes.
    pub motion: [f32; 2],
    /// Share of light that a dirty lens spreads.
    pub veil: f32,
    /// Light is multiplied by it before the sensor measures; above 1 white is cut off.
    pub exposure: f32,
    /// Electrons that a pixel of full light gives: fewer are noisier.
    pub electrons: f32,
    /// Quality of the compression, 1 to 100.
    pub quality: f32,
}

/// Strength of the first trouble of a hard picture. Set so that `quircs` alone reads about 94 % of ordinary pictures and 57
/// % of hard ones, as it did when decoders were chosen; never so that a decoder of ours looks better.
const HARD: f32 = 0.4;
/// Greatest strength of its second trouble.
const SECOND: f32 = 0.4;

/// A number between two.
pub fn uniform_between(chance: &mut Rng, low: f32, high: f32) -> f32 {
    low + (high - low) * chance.f32()
}

/// A number around 0 with this spread, bell-shaped.
pub fn normal_around(chance: &mut Rng, spread: f32) -> f32 {
    // Four even ones added up have a variance of a third.
    let sum: f32 = (0..4).map(|_| chance.f32()).sum();
    (sum - 2.0) * 3.0_f32.sqrt() * spread
}

fn either(chance: &mut Rng, low: f32, high: f32) -> f32 {
    let size = uniform_between(chance, low, high);
    if chance.bool() { size } else { -size }
}

/// Digits of a turning code of this chance.
pub fn random_digits(chance: &mut Rng) -> String {
    let mut card = String::from("4");
    for _ in 0..15 {
        card.push(chance.digit(10));
    }
    let signature: Vec<u8> = (0..32).map(|_| chance.u8(..)).collect();
    code::turning(&card, &signature).unwrap_or_default()
}

impl CameraScene {
    /// Draws a scene.
    pub fn draw_scene(class: SceneDifficulty, flaw: PictureFlaw, seed: u64) -> Self {
        let mut chance = Rng::with_seed(seed);
        let hard = class == SceneDifficulty::Hard;
        let mut scene = Self::calm_scene(hard, &mut chance);
        scene.apply_flaw(flaw, if hard { HARD } else { 0.0 }, &mut chance);
        if hard {
            // Troubles come together: another one, about as strong as on an ordinary day or a little stronger.
            let second = PictureFlaw::ALL[chance.usize(..PictureFlaw::ALL.len())];
            if second != flaw {
                let strength = uniform_between(&mut chance, 0.0, SECOND);
                scene.apply_flaw(second, strength, &mut chance);
            }
        }
        scene
    }

    /// A scene in which nothing is wrong yet beyond what always is.
    fn calm_scene(hard: bool, chance: &mut Rng) -> Self {
        let (turn, tilt) = if hard { (0.5, 0.25) } else { (0.3, 0.17) };
        Self {
            digits: random_digits(chance),
            seed: chance.u64(..),
            noise: chance.u64(..),
            paper: chance.f32() < 0.15,
            dark_page: chance.bool(),
            inverted: false,
            module: if hard {
                uniform_between(chance, 3.6, 7.0)
            } else {
                uniform_between(chance, 4.4, 9.0)
            },
            offset: [normal_around(chance, 35.0), normal_around(chance, 25.0)],
            turns: [
                normal_around(chance, turn),
                normal_around(chance, tilt),
                normal_around(chance, tilt),
            ],
            ambient: uniform_between(chance, 0.02, 0.12),
            glare: None,
            window: None,
            thumb: None,
            dots: None,
            bands: [0.0, 60.0, 0.0],
            shade: None,
            defocus: if hard {
                uniform_between(chance, 0.7, 1.5)
            } else {
                uniform_between(chance, 0.5, 1.1)
            },
            motion: [normal_around(chance, 0.7), normal_around(chance, 0.7)],
            veil: uniform_between(chance, 0.0, 0.08),
            exposure: uniform_between(chance, 0.65, 1.1),
            electrons: uniform_between(chance, 900.0, 3_000.0),
            quality: uniform_between(chance, 75.0, 95.0),
        }
    }

    /// Adds what is wrong: strength 0 as on an ordinary day, 1 as on a hard one.
    fn apply_flaw(&mut self, flaw: PictureFlaw, strength: f32, chance: &mut Rng) {
        // From the ordinary day's range towards the hard one's.
        let mut range = |ordinary: [f32; 2], hard: [f32; 2]| {
            let low = ordinary[0] + (hard[0] - ordinary[0]) * strength;
            let high = ordinary[1] + (hard[1] - ordinary[1]) * strength;
            uniform_between(chance, low, high)
        };
        match flaw {
            // In modules, because a lens is out of focus by the code's own measure.
            PictureFlaw::Blur => self.defocus = self.module * range([0.2, 0.52], [0.42, 0.78]),
            PictureFlaw::Motion => {
                let length = self.module * range([0.4, 1.05], [0.7, 1.45]);
                let way = range([0.0, TAU], [0.0, TAU]);
                self.motion = [length * way.cos(), length * way.sin()];
            }
            PictureFlaw::Glare => {
                self.paper = false;
                self.glare = Some(EllipticSpot {
                    at: [
                        range([-6.0, 31.0], [2.0, 23.0]),
                        range([-6.0, 31.0], [2.0, 23.0]),
                    ],
                    size: [range([1.0, 2.5], [1.2, 3.2]), range([1.0, 3.0], [1.5, 3.5])],
                    turn: range([0.0, TAU], [0.0, TAU]),
                    light: range([0.8, 3.0], [1.5, 5.0]),
                });
                self.veil += range([0.02, 0.08], [0.04, 0.12]);
            }
            PictureFlaw::Reflection => {
                self.paper = false;
                self.ambient += range([0.05, 0.15], [0.08, 0.25]);
                self.window = Some(EllipticSpot {
                    at: [
                        range([-8.0, 33.0], [2.0, 23.0]),
                        range([-8.0, 33.0], [2.0, 23.0]),
                    ],
                    size: [
                        range([6.0, 14.0], [6.0, 16.0]),
                        range([6.0, 18.0], [6.0, 20.0]),
                    ],
                    turn: range([-0.3, 0.3], [-0.5, 0.5]),
                    light: range([0.08, 0.28], [0.15, 0.6]),
                });
            }
            PictureFlaw::Tilt => {
                let tilt = range([0.3, 0.65], [0.65, 1.1]);
                let way = range([0.0, TAU], [0.0, TAU]);
                self.turns[1] = tilt * way.cos();
                self.turns[2] = tilt * way.sin();
            }
            PictureFlaw::Rotation => {
                let turn = range([0.2, PI], [0.3, PI]);
                self.turns[0] = if chance.bool() { turn } else { -turn };
            }
            PictureFlaw::Moire => {
                self.paper = false;
                self.dots = Some([
                    self.module * range([0.7, 1.1], [0.55, 1.05]),
                    range([0.3, 0.7], [0.6, 0.95]),
                ]);
                self.bands = [
                    range([0.0, 0.25], [0.2, 0.7]),
                    range([60.0, 200.0], [25.0, 120.0]),
                    range([0.0, TAU], [0.0, TAU]),
                ];
            }
            PictureFlaw::Dim => {
                self.exposure = range([0.08, 0.25], [0.04, 0.12]);
                self.electrons *= range([0.25, 0.6], [0.12, 0.35]);
                self.ambient += range([0.0, 0.1], [0.03, 0.2]);
            }
            PictureFlaw::Bright => {
                self.exposure = range([1.4, 2.6], [2.2, 6.0]);
                self.veil += range([0.0, 0.05], [0.02, 0.09]);
            }
            PictureFlaw::Noise => self.electrons = range([30.0, 120.0], [14.0, 40.0]),
            PictureFlaw::Small => {
                self.module = range([2.6, 3.6], [1.9, 2.6]);
                self.defocus = self.defocus.min(range([0.5, 0.9], [0.5, 0.9]));
            }
            PictureFlaw::Covered => self.thumb = Some(thumb_spot(strength, chance)),
            PictureFlaw::Shade => {
                self.shade = Some([
                    range([0.42, 0.75], [0.2, 0.5]),
                    range([-12.0, 12.0], [-10.0, 10.0]),
                    range([0.0, TAU], [0.0, TAU]),
                    range([3.0, 20.0], [0.5, 12.0]),
                ]);
            }
            PictureFlaw::Compression => self.quality = range([14.0, 40.0], [3.5, 10.0]),
        }
    }
}

/// A thumb that comes from one of the four sides and reaches into the code.
fn thumb_spot(strength: f32, chance: &mut Rng) -> EllipticSpot {
    let depth = uniform_between(chance, -2.5, 1.0) + strength * uniform_between(chance, 0.5, 3.0);
    let along = uniform_between(chance, 0.0, 25.0);
    let length = 22.0;
    let (at, turn) = match chance.u8(..4) {
        0 => ([along, 25.0 + length - depth], 0.0),
        1 => ([25.0 + length - depth, along], TAU / 4.0),
        2 => ([depth - length, along], TAU / 4.0),
        _ => ([along, depth - length], 0.0),
    };
    EllipticSpot {
        at,
        size: [uniform_between(chance, 2.5, 4.0), length],
        turn: turn + either(chance, 0.0, 0.3),
        light: uniform_between(chance, 0.08, 0.35),
    }
}
