//! `kopilka-frames table` prints the tables of docs/camera.md; `film DIGITS FILE` makes a film for a browser's camera;
//! `picture CLASS FLAW NUMBER FILE` one picture to look at.
#![allow(
    clippy::float_arithmetic,
    reason = "the physics of pictures, never part of the product"
)]

use std::fs::File;
use std::io::{BufWriter, Error, Result, Write};
use std::process::ExitCode;

use kopilka_frames::camera_scene::{CameraScene, PictureFlaw, SceneDifficulty};
use kopilka_frames::{camera_sensor, decoder_tables, picture, video};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["table"] => {
            decoder_tables::print_tables();
            Ok(())
        }
        ["film", digits, file] => write_film(digits, file),
        ["picture", class, flaw, number, file] => write_picture(class, flaw, number, file),
        _ => Err(Error::other(
            "usage: kopilka-frames table | film DIGITS FILE.y4m | picture ordinary|hard FLAW NUMBER FILE.pgm",
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Two seconds: a hand brings a phone that shows these digits and holds it aslant before the camera.
fn write_film(digits: &str, file: &str) -> Result<()> {
    let mut first = CameraScene::draw_scene(SceneDifficulty::Ordinary, PictureFlaw::Tilt, 7);
    digits.clone_into(&mut first.digits);
    first.paper = false;
    let mut pictures = Vec::new();
    for scene in video::scenes_of_second(SceneDifficulty::Ordinary, &first) {
        let mut away = scene.clone();
        // Out of the picture, to the right.
        away.offset[0] += 2_000.0;
        pictures.push((away, scene));
    }
    let (away, there): (Vec<_>, Vec<_>) = pictures.into_iter().unzip();
    let pictures: Vec<_> = away
        .iter()
        .chain(&there)
        .map(camera_sensor::take_picture)
        .collect();
    let mut to = BufWriter::new(File::create(file)?);
    picture::write_y4m(&pictures, 10, &mut to)?;
    to.flush()
}

fn write_picture(class: &str, flaw: &str, number: &str, file: &str) -> Result<()> {
    let class = match class {
        "hard" => SceneDifficulty::Hard,
        _ => SceneDifficulty::Ordinary,
    };
    let flaw = PictureFlaw::ALL
        .into_iter()
        .find(|each| each.table_name() == flaw)
        .ok_or_else(|| {
            Error::other(format!(
                "flaws: {}",
                PictureFlaw::ALL.map(PictureFlaw::table_name).join(", ")
            ))
        })?;
    let number = number.parse().map_err(Error::other)?;
    let mut to = BufWriter::new(File::create(file)?);
    camera_sensor::take_picture(&CameraScene::draw_scene(
        class,
        flaw,
        decoder_tables::seed_of(class, flaw, number),
    ))
    .write_pgm(&mut to)?;
    to.flush()
}
