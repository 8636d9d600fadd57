//! A result is heard and said: a short tone, and its words once more for a screen reader, which passes over what was in
//! the page from its start.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AudioContext, OscillatorType};

use kopilka_browser::{device_clock, page};

/// Tells the page's result, where there is one.
pub fn play_page_result() {
    if let Some(words) = page::find_element("#told") {
        words.set_inner_html(&words.inner_html());
    }
    if let Some(tone) = page::find_element(".result").and_then(|bar| bar.get_attribute("data-tone"))
    {
        play_tone(&tone);
    }
}

/// Plays the tone of a result: `good`, `warn` or `bad`.
pub fn play_tone(tone: &str) {
    let (pitch, length) = match tone {
        "good" => (880.0, 120),
        "warn" => (440.0, 220),
        "bad" => (196.0, 380),
        _ => return,
    };
    spawn_local(async move {
        // A browser that forbids sound stays silent.
        drop(sound_pitch(pitch, length).await);
    });
}

async fn sound_pitch(pitch: f32, length: i32) -> Result<(), JsValue> {
    let audio = AudioContext::new()?;
    let (voice, volume) = (audio.create_oscillator()?, audio.create_gain()?);
    voice.set_type(OscillatorType::Triangle);
    voice.frequency().set_value(pitch);
    volume.gain().set_value(0.15);
    voice.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&audio.destination())?;
    voice.start()?;
    device_clock::sleep(length).await;
    drop(audio.close()?);
    Ok(())
}
