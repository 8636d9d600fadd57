//! `kopilka-frames table` prints the tables of docs/camera.md; `film DIGITS FILE` makes a film for a browser's camera;
//! `picture CLASS FLAW NUMBER FILE` one picture to look at.
#![allow(
    clippy::float_arithmetic,
    reason = "the physics of pictures, never part of the product"
)]

use std::fs::File;
use std::io::{BufWriter, Error, Result, Write};
use std::process::ExitCode;

use kopilka_frames::scene::{Class, Flaw, Scene};
use kopilka_frames::{camera, picture, table, video};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["table"] => {
            table::print();
            Ok(())
        }
        ["film", digits, file] => film(digits, file),
        ["picture", class, flaw, number, file] => show(class, flaw, number, file),
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
fn film(digits: &str, file: &str) -> Result<()> {
    let mut first = Scene::draw(Class::Ordinary, Flaw::Tilt, 7);
    digits.clone_into(&mut first.digits);
    first.paper = false;
    let mut pictures = Vec::new();
    for scene in video::second(Class::Ordinary, &first) {
        let mut away = scene.clone();
        // Out of the picture, to the right.
        away.offset[0] += 2_000.0;
        pictures.push((away, scene));
    }
    let (away, there): (Vec<_>, Vec<_>) = pictures.into_iter().unzip();
    let pictures: Vec<_> = away.iter().chain(&there).map(camera::take).collect();
    let mut to = BufWriter::new(File::create(file)?);
    picture::write_y4m(&pictures, 10, &mut to)?;
    to.flush()
}

fn show(class: &str, flaw: &str, number: &str, file: &str) -> Result<()> {
    let class = match class {
        "hard" => Class::Hard,
        _ => Class::Ordinary,
    };
    let flaw = Flaw::ALL
        .into_iter()
        .find(|each| each.name() == flaw)
        .ok_or_else(|| Error::other(format!("flaws: {}", Flaw::ALL.map(Flaw::name).join(", "))))?;
    let number = number.parse().map_err(Error::other)?;
    let mut to = BufWriter::new(File::create(file)?);
    camera::take(&Scene::draw(class, flaw, table::seed(class, flaw, number))).write_pgm(&mut to)?;
    to.flush()
}
