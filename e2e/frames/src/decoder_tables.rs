//! The tables of docs/camera.md: which share of pictures each decoder reads, by what is wrong, and how many films of one
//! second.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::camera_scene::{CameraScene, PictureFlaw, SceneDifficulty};
use crate::camera_sensor;
use crate::picture::CameraPicture;
use crate::readers::{self, FilmReader, PictureReader};
use crate::video;

/// Pictures of each flaw in each class: 420 in all.
pub const PICTURES: u64 = 15;
/// Films of each flaw in each class: 210 in each.
pub const FILMS: u64 = 15;

/// A picture with the digits that are in it.
pub struct PictureSample {
    /// Difficulty of the picture.
    pub class: SceneDifficulty,
    /// Main trouble of the picture.
    pub flaw: PictureFlaw,
    /// Digits that a decoder must read.
    pub digits: String,
    /// The picture.
    pub picture: CameraPicture,
}

/// The pictures, the same ones each time; with all colours of the screen inverted where asked.
pub fn samples(of_each: u64, inverted: bool) -> Vec<PictureSample> {
    let sample = |class, flaw, number| {
        let scene = scene_of(class, flaw, number, inverted);
        PictureSample {
            class,
            flaw,
            picture: camera_sensor::take_picture(&scene),
            digits: scene.digits,
        }
    };
    everything(of_each)
        .map(|(class, flaw, number)| sample(class, flaw, number))
        .collect()
}

/// Each class, flaw and number.
fn everything(of_each: u64) -> impl Iterator<Item = (SceneDifficulty, PictureFlaw, u64)> {
    [SceneDifficulty::Ordinary, SceneDifficulty::Hard]
        .into_iter()
        .flat_map(move |class| {
            PictureFlaw::ALL
                .into_iter()
                .flat_map(move |flaw| (0..of_each).map(move |number| (class, flaw, number)))
        })
}

fn scene_of(class: SceneDifficulty, flaw: PictureFlaw, number: u64, inverted: bool) -> CameraScene {
    let mut scene = CameraScene::draw_scene(class, flaw, seed_of(class, flaw, number));
    if inverted {
        scene.inverted = true;
        scene.paper = false;
    }
    scene
}

/// The seed of a picture or film: its own place in the order of all.
pub fn seed_of(class: SceneDifficulty, flaw: PictureFlaw, number: u64) -> u64 {
    let flaw = PictureFlaw::ALL
        .iter()
        .position(|other| *other == flaw)
        .unwrap_or(0) as u64;
    (number * 100 + flaw) * 2 + u64::from(class == SceneDifficulty::Hard) + 1
}

/// Results of a decoder.
pub struct DecoderScore {
    /// Flag of each sample: true if it was read.
    pub read: Vec<bool>,
    /// Samples of which something else was read.
    pub wrong: usize,
    /// Time for all samples.
    pub took: Duration,
}

/// Returns the time for which this thread has had a processor: a busy machine doesn't make a decoder look slow. Where the
/// system doesn't tell, the clock on the wall.
fn thread_time() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(
        || BEGAN.get_or_init(Instant::now).elapsed(),
        Duration::from_nanos,
    )
}

/// Lets a decoder read the samples.
pub fn score_decoder(samples: &[PictureSample], reader: PictureReader) -> DecoderScore {
    let mut score = DecoderScore {
        read: Vec::with_capacity(samples.len()),
        wrong: 0,
        took: Duration::ZERO,
    };
    for sample in samples {
        let started = thread_time();
        let found = reader(&sample.picture);
        score.took += thread_time().saturating_sub(started);
        let right = found.as_deref() == Some(sample.digits.as_str());
        score.wrong += usize::from(found.is_some() && !right);
        score.read.push(right);
    }
    score
}

/// Results of a decoder with the films of a class.
pub struct FilmDecoderScore {
    /// The picture at which each was read, counted from 0; nothing where a second was not enough.
    pub at: Vec<(PictureFlaw, Option<usize>)>,
    /// Films of which something else was read.
    pub wrong: usize,
}

impl FilmDecoderScore {
    /// Films read within this many pictures.
    pub fn within(&self, pictures: usize) -> usize {
        let soon = |at: &Option<usize>| at.is_some_and(|at| at < pictures);
        self.at.iter().filter(|(_, at)| soon(at)).count()
    }
}

/// Lets a decoder read films of one second.
pub fn score_films(
    class: SceneDifficulty,
    of_each: u64,
    inverted: bool,
    reader: FilmReader,
) -> FilmDecoderScore {
    let mut score = FilmDecoderScore {
        at: Vec::new(),
        wrong: 0,
    };
    for (_, flaw, number) in everything(of_each).filter(|(each, ..)| *each == class) {
        let first = scene_of(class, flaw, 10_000 + number, inverted);
        let mut at = None;
        for (look, scene) in video::scenes_of_second(class, &first).iter().enumerate() {
            let Some(found) = reader(&camera_sensor::take_picture(scene), look) else {
                continue;
            };
            if found == scene.digits {
                at = Some(look);
            } else {
                score.wrong += 1;
            }
            break;
        }
        score.at.push((flaw, at));
    }
    score
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.1} %", part as f32 * 100.0 / whole as f32)
}

/// Prints every table, in Markdown.
pub fn print_tables() {
    let samples = samples(PICTURES, false);
    let turned = self::samples(5, true);
    let scores: Vec<(&str, DecoderScore, DecoderScore)> = readers::ALL
        .iter()
        .map(|(name, reader)| {
            (
                *name,
                score_decoder(&samples, *reader),
                score_decoder(&turned, *reader),
            )
        })
        .collect();
    println!("| decoder | ordinary | hard | inverted colours | read wrongly | ms a picture |");
    println!("|---|--:|--:|--:|--:|--:|");
    for (name, score, inverted) in &scores {
        let share = |class| {
            let all = samples
                .iter()
                .zip(&score.read)
                .filter(|(sample, _)| sample.class == class);
            percent(all.clone().filter(|(_, read)| **read).count(), all.count())
        };
        println!(
            "| {name} | {} | {} | {} | {} | {:.1} |",
            share(SceneDifficulty::Ordinary),
            share(SceneDifficulty::Hard),
            percent(
                inverted.read.iter().filter(|read| **read).count(),
                inverted.read.len()
            ),
            score.wrong + inverted.wrong,
            score.took.as_secs_f32() * 1_000.0 / samples.len() as f32,
        );
    }
    println!(
        "\nRead of {PICTURES} ordinary and {PICTURES} hard pictures, by what is wrong with them first of all:\n"
    );
    print!("| |");
    scores.iter().for_each(|(name, ..)| print!(" {name} |"));
    println!("\n|---|{}", "--:|".repeat(scores.len()));
    for flaw in PictureFlaw::ALL {
        print!("| {} |", flaw.table_name());
        for (_, score, _) in &scores {
            let count = |class| {
                samples
                    .iter()
                    .zip(&score.read)
                    .filter(|(sample, read)| sample.class == class && sample.flaw == flaw && **read)
                    .count()
            };
            print!(
                " {} · {} |",
                count(SceneDifficulty::Ordinary),
                count(SceneDifficulty::Hard)
            );
        }
        println!();
    }
    print_films();
}

fn print_films() {
    println!("\nFilms of one second, ten pictures each, read until then:\n");
    println!(
        "| decoder | scenes | films | first picture | 0.3 s | 0.5 s | 1 s | read wrongly | not read |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|---|");
    for (name, reader) in readers::OF_FILMS {
        for (scenes, class, of_each, inverted) in [
            ("ordinary", SceneDifficulty::Ordinary, FILMS, false),
            ("hard", SceneDifficulty::Hard, FILMS, false),
            (
                "ordinary, inverted colours",
                SceneDifficulty::Ordinary,
                3,
                true,
            ),
        ] {
            let score = score_films(class, of_each, inverted, reader);
            let whole = score.at.len();
            print!("| {name} | {scenes} | {whole} |");
            for pictures in [1, 3, 5, video::RATE] {
                print!(" {} |", percent(score.within(pictures), whole));
            }
            println!(" {} | {} |", score.wrong, missed_flaws(&score));
        }
    }
}

/// Returns what was wrong with the films that were not read.
fn missed_flaws(score: &FilmDecoderScore) -> String {
    let counted = PictureFlaw::ALL.into_iter().filter_map(|flaw| {
        let not_read = |(each, at): &&(PictureFlaw, Option<usize>)| *each == flaw && at.is_none();
        let count = score.at.iter().filter(not_read).count();
        (count > 0).then(|| format!("{} {count}", flaw.table_name()))
    });
    counted.collect::<Vec<_>>().join(", ")
}
