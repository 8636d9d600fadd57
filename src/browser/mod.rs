//! Typed wrappers of browser APIs that islands need.
