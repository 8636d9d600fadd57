//! The only Rust that reaches the browser, a file each. Props are public and small; words come finished as props.
