//! Keeps the screen awake while the page is seen. A refusal (battery saver, old browser) is silent.

use wasm_bindgen_futures::spawn_local;

use super::{await_promise, get_global, get_method, get_property, page};

/// Asks for the wake lock now and again each time the page comes back, since leaving it ends the lock.
pub fn stay_awake() {
    ask_for_wake_lock();
    page::on_visibility(|visible| {
        if visible {
            ask_for_wake_lock();
        }
    });
}

fn ask_for_wake_lock() {
    spawn_local(async {
        let _refused = request_wake_lock().await.is_none();
    });
}

async fn request_wake_lock() -> Option<()> {
    let lock = get_property(&get_global("navigator")?, "wakeLock")?;
    let promise = get_method(&lock, "request")?.call1(&lock, &"screen".into());
    await_promise(promise.ok()?).await.map(drop)
}
