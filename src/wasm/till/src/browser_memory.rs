//! Small things that a tab or the device remembers as text. What a browser refuses to remember is not remembered.

use web_sys::Storage;

/// Place in which something is remembered.
#[derive(Debug, Clone, Copy)]
pub enum BrowserMemory {
    /// This tab, as long as it is open.
    Tab,
    /// This device.
    Device,
}

impl BrowserMemory {
    fn storage(self) -> Option<Storage> {
        let window = web_sys::window()?;
        match self {
            Self::Tab => window.session_storage(),
            Self::Device => window.local_storage(),
        }
        .ok()?
    }

    /// Returns what is remembered under a name.
    pub fn read_value(self, name: &str) -> Option<String> {
        self.storage()?.get_item(name).ok()?
    }

    /// Remembers something under a name.
    pub fn write_value(self, name: &str, value: &str) {
        if let Some(storage) = self.storage() {
            drop(storage.set_item(name, value));
        }
    }

    /// Forgets what is remembered under a name.
    pub fn forget_value(self, name: &str) {
        if let Some(storage) = self.storage() {
            drop(storage.remove_item(name));
        }
    }

    /// Returns what is remembered under a name, and forgets it.
    pub fn take_value(self, name: &str) -> Option<String> {
        let value = self.read_value(name);
        self.forget_value(name);
        value
    }
}
