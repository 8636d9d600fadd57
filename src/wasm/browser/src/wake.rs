//! Keeps the screen awake while the page is seen. A refusal (battery saver, old browser) is silent.

use wasm_bindgen_futures::spawn_local;

use super::{get, global, method, page, settled};

/// Asks for the wake lock now and again each time the page comes back, since leaving it ends the lock.
pub fn stay_awake() {
    ask();
    page::on_visibility(|visible| {
        if visible {
            ask();
        }
    });
}

fn ask() {
    spawn_local(async {
        let _refused = request().await.is_none();
    });
}

async fn request() -> Option<()> {
    let lock = get(&global("navigator")?, "wakeLock")?;
    let promise = method(&lock, "request")?.call1(&lock, &"screen".into());
    settled(promise.ok()?).await.map(drop)
}
