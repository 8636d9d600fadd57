//! Pictures of the card's code as a till's camera may see them, made of a seed: the same seed gives the same picture on
//! every machine. Each step is one thing that happens to light between the code and the file: screen, pose, thumb,
//! reflections, lens, shaking hand, sensor, compression.
#![allow(
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "the physics of pictures: no money, no points, and never part of the product"
)]

pub mod camera_scene;
pub mod camera_sensor;
#[path = "../../../src/components/code.rs"]
pub mod code;
mod compression;
pub mod decoder_tables;
mod lens;
pub mod picture;
pub mod readers;
mod surface;
pub mod video;
