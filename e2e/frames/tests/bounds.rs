//! What the till's camera must read, on fewer films than the tables of docs/camera.md are made of.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use kopilka_decoder::greyscale::GreyscaleImage;
use kopilka_decoder::passes;
use kopilka_frames::camera_scene::{CameraScene, PictureFlaw, SceneDifficulty};
use kopilka_frames::picture::WIDTH;
use kopilka_frames::readers;
use kopilka_frames::{camera_sensor, decoder_tables};

#[test]
fn every_ordinary_code_is_read_within_a_second() {
    let films = decoder_tables::score_films(
        SceneDifficulty::Ordinary,
        2,
        false,
        readers::read_film_picture,
    );
    assert_eq!((films.at.len(), films.wrong), (28, 0));
    assert_eq!(films.within(10), 28, "{:?}", films.at);
    assert!(films.within(3) >= 26, "{:?}", films.at);
}

#[test]
fn nine_of_ten_hard_codes_are_read_within_a_second() {
    let films =
        decoder_tables::score_films(SceneDifficulty::Hard, 3, false, readers::read_film_picture);
    assert_eq!((films.at.len(), films.wrong), (42, 0));
    assert!(
        films.within(10) * 10 >= films.at.len() * 9,
        "{:?}",
        films.at
    );
}

#[test]
fn a_phone_in_inverted_colours_is_read_within_a_second() {
    let films = decoder_tables::score_films(
        SceneDifficulty::Ordinary,
        1,
        true,
        readers::read_film_picture,
    );
    assert_eq!((films.at.len(), films.wrong), (14, 0));
    assert!(films.within(10) >= 13, "{:?}", films.at);
}

#[test]
fn nothing_is_read_where_there_is_no_code() {
    for flaw in PictureFlaw::ALL {
        let mut scene = CameraScene::draw_scene(SceneDifficulty::Hard, flaw, 3);
        scene.offset[0] += 2_000.0;
        let picture = camera_sensor::take_picture(&scene);
        for look in 0..passes::WAYS {
            assert_eq!(readers::read_film_picture(&picture, look), None, "{flaw:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_picture() {
    let take = || {
        camera_sensor::take_picture(&CameraScene::draw_scene(
            SceneDifficulty::Hard,
            PictureFlaw::Glare,
            5,
        ))
    };
    assert_eq!(take(), take());
}

#[test]
fn nonsense_of_any_size_is_searched_without_a_fault() {
    let mut chance = fastrand::Rng::with_seed(11);
    for turn in 0..300 {
        let (width, height) = (chance.usize(1..300), chance.usize(1..300));
        // Noise, stripes of many widths, and codes cut to pieces.
        let (across, down) = (chance.usize(1..30), chance.usize(1..30));
        let values = (0..width * height)
            .map(|at| match turn % 3 {
                0 => chance.u8(..),
                1 => u8::from((at % width / across + at / width / down) % 2 == 0) * 255,
                _ => u8::from(chance.usize(..across * 4) > at % (across * 7)) * 200,
            })
            .collect();
        if let Some(grey) = GreyscaleImage::new(values, width) {
            for look in 0..passes::WAYS {
                assert_eq!(passes::search_film_picture(&grey, look), None);
            }
        }
    }
}

#[test]
fn a_code_cut_to_pieces_is_searched_without_a_fault() {
    let mut chance = fastrand::Rng::with_seed(13);
    let picture = camera_sensor::take_picture(&CameraScene::draw_scene(
        SceneDifficulty::Ordinary,
        PictureFlaw::Rotation,
        9,
    ));
    for _ in 0..60 {
        let mut values = picture.grey.clone();
        for _ in 0..chance.usize(1..40) {
            let (from, to) = (chance.usize(..values.len()), chance.usize(..values.len()));
            let rows = WIDTH * chance.usize(1..20);
            let piece: Vec<u8> = values[from..].iter().take(rows).copied().collect();
            for (value, new) in values[to..].iter_mut().zip(piece) {
                *value = new;
            }
        }
        let grey = GreyscaleImage::new(values, WIDTH).unwrap();
        for look in 0..passes::WAYS {
            // What survived the cutting may be read; nothing else may come out.
            let found = passes::search_film_picture(&grey, look);
            assert!(found.is_none_or(|digits| kopilka_decoder::is_card(digits.as_bytes())));
        }
    }
}
