//! The site's files are embedded into the program: build again when they change.

fn main() {
    println!("cargo:rerun-if-changed=../target/site");
    println!("cargo:rerun-if-changed=../target/modules");
}
