//! The key of the turning code: HMAC-SHA-256 in WebCrypto, not extractable, so that nothing on the page can read it.
//! A server secret is handed out once; a device that has lost its key asks for a new one, and the old one's codes end
//! after two steps.

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::{CryptoKey, SubtleCrypto};

use kopilka_browser::{await_promise, get_global, get_method, get_property, page, set_property};

use super::card_storage::OfflineCardRecord;

/// Key that a page asks for.
#[derive(Debug, Clone)]
pub struct WantedDeviceKey {
    /// The signed-in device.
    pub device: String,
    /// Number of the device's secret that the server had when it answered the page.
    pub turn: i64,
    /// Time of that answer, by the server's clock, in milliseconds since 1970.
    pub at: i64,
}

/// The key of this device.
#[derive(Debug, Clone)]
pub struct DeviceCodeKey(JsValue);

impl DeviceCodeKey {
    /// The stored key, whichever it is: for a card without a link.
    pub async fn load_stored() -> Option<Self> {
        OfflineCardRecord::Key.read_record().await.map(Self)
    }

    /// The stored key, if it is still the one that the server knows.
    pub async fn load_valid(wanted: &WantedDeviceKey) -> Option<Self> {
        Self::load_stored()
            .await
            .filter(|key| key.fits_wanted(wanted))
    }

    /// The valid key, or a new one. One tab asks at a time: the second finds what the first has stored.
    pub async fn load_or_renew(wanted: &WantedDeviceKey) -> Option<Self> {
        let wanted = wanted.clone();
        let work = Closure::once_into_js(move || {
            future_to_promise(async move {
                let key = match Self::load_valid(&wanted).await {
                    Some(key) => Some(key),
                    None => fetch_new_key(&wanted.device).await,
                };
                Ok(key.map_or(JsValue::UNDEFINED, |key| key.0))
            })
        });
        let navigator = get_global("navigator")?;
        let answer = match get_property(&navigator, "locks") {
            Some(locks) => {
                get_method(&locks, "request")?.call2(&locks, &"kopilka-key".into(), &work)
            }
            None => work
                .unchecked_ref::<js_sys::Function>()
                .call0(&JsValue::NULL),
        };
        let key = await_promise(answer.ok()?).await?;
        key.is_object().then_some(Self(key))
    }

    /// A page answered before a renewal knows an older turn than the device; one answered after it never does, unless
    /// the server itself has gone back to a copy of its database.
    fn fits_wanted(&self, wanted: &WantedDeviceKey) -> bool {
        let number = |name| {
            get_property(&self.0, name)
                .and_then(|value| value.as_string())
                .and_then(|value| value.parse::<i64>().ok())
                .unwrap_or(-1)
        };
        let device = get_property(&self.0, "device").and_then(|value| value.as_string());
        let turn = number("turn");
        device.is_some_and(|device| device == wanted.device)
            && (turn == wanted.turn || (turn > wanted.turn && number("at") >= wanted.at))
    }

    /// The signature of a step of 30 seconds, counted from 1970 (RFC 6238).
    pub async fn sign_step(&self, step: i64) -> Option<Vec<u8>> {
        let key: CryptoKey = get_property(&self.0, "key")?.unchecked_into();
        let promise = subtle_crypto()?
            .sign_with_str_and_u8_array("HMAC", &key, &step.to_be_bytes())
            .ok()?;
        let signature = await_promise(promise).await?;
        Some(Uint8Array::new(&signature).to_vec())
    }
}

/// A new key from the server, stored where the device lets us. The answer is `turn at secret`, the secret in hex.
async fn fetch_new_key(device: &str) -> Option<DeviceCodeKey> {
    // Without WebCrypto (an origin without https) a new secret would only end the codes of the page itself.
    let subtle = subtle_crypto()?;
    let answer = page::fetch_text("/api/card/key", true).await?;
    let mut parts = answer.trim_matches('"').split(' ');
    let (turn, at, secret) = (parts.next()?, parts.next()?, parts.next()?);
    let algorithm = Object::new();
    set_property(&algorithm, "name", &"HMAC".into());
    set_property(&algorithm, "hash", &"SHA-256".into());
    let secret = Uint8Array::from(decode_hex(secret)?.as_slice());
    let promise = subtle
        .import_key_with_object(
            "raw",
            &secret,
            &algorithm,
            false,
            &Array::of1(&"sign".into()),
        )
        .ok()?;
    let record = Object::new();
    set_property(&record, "device", &device.into());
    set_property(&record, "turn", &turn.into());
    set_property(&record, "at", &at.into());
    set_property(&record, "key", &await_promise(promise).await?);
    OfflineCardRecord::Key.write_record(&record).await;
    Some(DeviceCodeKey(record.into()))
}

fn subtle_crypto() -> Option<SubtleCrypto> {
    get_property(&get_global("crypto")?, "subtle").map(JsCast::unchecked_into)
}

fn decode_hex(hex: &str) -> Option<Vec<u8>> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
