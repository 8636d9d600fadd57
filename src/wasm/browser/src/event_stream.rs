//! News from the server while the page is seen. A hidden page listens to nothing; a broken line is taken up again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::StreamExt;
use gloo_net::eventsource::futures::{EventSource, EventSourceSubscription};
use wasm_bindgen_futures::spawn_local;

use super::{device_clock, page};

/// The first pause before a line that the server closed is tried again, in milliseconds; it doubles each time.
const PAUSE: i32 = 5_000;
/// The longest pause.
const LONGEST: i32 = 600_000;

/// A stream of server-sent events.
pub struct EventStream {
    address: &'static str,
    event: &'static str,
    news: Box<dyn Fn(String)>,
    source: RefCell<Option<EventSource>>,
    pause: Cell<i32>,
}

impl EventStream {
    /// Calls `news` with the data of every event of this name, for as long as the document lives.
    pub fn listen(address: &'static str, event: &'static str, news: impl Fn(String) + 'static) {
        let stream = Rc::new(Self {
            address,
            event,
            news: Box::new(news),
            source: RefCell::default(),
            pause: Cell::new(PAUSE),
        });
        stream.follow_visibility();
    }

    fn follow_visibility(self: Rc<Self>) {
        self.clone().open_stream();
        page::on_visibility(move |visible| {
            if visible {
                self.pause.set(PAUSE);
                self.clone().open_stream();
            } else {
                // What is dropped is closed.
                self.source.take();
            }
        });
    }

    fn open_stream(self: Rc<Self>) {
        if self.source.borrow().is_some() || !page::is_visible() {
            return;
        }
        let Ok(mut source) = EventSource::new(self.address) else {
            return;
        };
        let Ok(messages) = source.subscribe(self.event) else {
            return;
        };
        self.source.replace(Some(source));
        spawn_local(self.read_events(messages));
    }

    /// Reads until the line is closed. The browser itself takes up a line that broke, but not one that the server answered
    /// with an error: that is tried again after a pause.
    async fn read_events(self: Rc<Self>, mut messages: EventSourceSubscription) {
        while let Some(Ok((_, message))) = messages.next().await {
            if let Some(data) = message.data().as_string() {
                (self.news)(data);
            }
        }
        drop(messages);
        // A page that is hidden has closed it.
        if self.source.take().is_some() {
            let pause = self.pause.get();
            self.pause.set((pause * 2).min(LONGEST));
            device_clock::sleep(pause).await;
            self.open_stream();
        }
    }
}
