//! News from the server while the page is seen. A hidden page listens to nothing; a broken line is taken up again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, EventSource};

use super::{clock, get, listen, page};

/// The first pause before a line that the server closed is tried again, in milliseconds; it doubles each time.
const PAUSE: i32 = 5_000;
/// The longest pause.
const LONGEST: i32 = 600_000;

/// A stream of server-sent events.
pub struct Stream {
    address: &'static str,
    event: &'static str,
    listener: Closure<dyn FnMut(Event)>,
    source: RefCell<Option<EventSource>>,
    pause: Cell<i32>,
}

impl Stream {
    /// Calls `news` with the data of every event of this name, for as long as the document lives.
    pub fn listen(
        address: &'static str,
        event: &'static str,
        news: impl Fn(String) + 'static,
    ) -> Rc<Self> {
        let listener = Closure::new(move |message: Event| {
            if let Some(data) = get(&message, "data").and_then(|data| data.as_string()) {
                news(data);
            }
        });
        let stream = Rc::new(Self {
            address,
            event,
            listener,
            source: RefCell::default(),
            pause: Cell::new(PAUSE),
        });
        stream.clone().follow_visibility();
        stream
    }

    fn follow_visibility(self: Rc<Self>) {
        self.clone().open();
        page::on_visibility(move |visible| {
            if visible {
                self.pause.set(PAUSE);
                self.clone().open();
            } else if let Some(source) = self.source.take() {
                source.close();
            }
        });
    }

    fn open(self: Rc<Self>) {
        if self.source.borrow().is_some() || !page::is_visible() {
            return;
        }
        let Ok(source) = EventSource::new(self.address) else {
            return;
        };
        listen(&source, self.event, self.listener.as_ref());
        let stream = self.clone();
        // The browser itself takes up a line that broke, but not one that the server answered with an error.
        let failed = Closure::<dyn FnMut()>::new(move || {
            let ended = stream
                .source
                .borrow()
                .as_ref()
                .and_then(|source| get(source, "readyState"))
                .is_some_and(|state| state == EventSource::CLOSED);
            if ended {
                stream.source.take();
                let pause = stream.pause.get();
                stream.pause.set((pause * 2).min(LONGEST));
                let stream = stream.clone();
                spawn_local(async move {
                    clock::sleep(pause).await;
                    stream.open();
                });
            }
        });
        listen(&source, "error", &failed.into_js_value());
        self.source.replace(Some(source));
    }
}
