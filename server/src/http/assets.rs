//! Styles, scripts and icons from memory, compressed once: modules by the build, the rest after the start, so that nobody waits
//! for it. A hashed name never changes its contents, so browsers keep
//! it for a year; the few files with fixed names are asked for again.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kopilka::api::visitor::AssetPaths;
use kopilka_core::entropy;
use rust_embed::RustEmbed;

use super::ServerState;

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct EmbeddedSite;

/// Modules that only the till loads.
#[derive(RustEmbed)]
#[folder = "../target/modules"]
#[allow_missing = true]
struct EmbeddedTillModules;

/// Starts the till's module.
const TILL_LOADER: &[u8] = include_bytes!("../../../src/wasm/till/loader.js");
/// Answers at the till when there is no link.
const TILL_WORKER: &[u8] = include_bytes!("../../../src/wasm/till/worker.js");
/// Script with what both service workers do alike.
const SHARED_WORKER_SCRIPT: &[u8] = include_bytes!("../../../src/wasm/browser/keeping.js");

/// Rules by which browsers fetch a page beforehand.
const SPECULATION_RULES: &str = "speculation-rules.json";

/// One file, plain and compressed.
#[derive(Debug)]
struct CompressedFile {
    kind: HeaderValue,
    cache: HeaderValue,
    plain: Bytes,
    /// `None` = it would not become smaller.
    brotli: Option<OnceLock<Bytes>>,
}

/// All files by path.
#[derive(Debug)]
pub struct StaticAssets {
    files: HashMap<String, CompressedFile>,
    /// Paths with hashes, for pages.
    pub paths: Arc<AssetPaths>,
}

/// Niceness of the thread that compresses, where threads have one each.
#[cfg(target_os = "linux")]
const LOW_NICENESS: i32 = 10;

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "public, max-age=3600";
const ASK_ALWAYS: &str = "no-cache";

impl StaticAssets {
    /// Reads the embedded files; the stylesheet gets the programme's colour.
    pub fn load_embedded(brand: &str) -> Self {
        if EmbeddedTillModules::get("till.wasm").is_none() {
            tracing::warn!("the till's module is not built: make release");
        }
        let mut files = HashMap::new();
        let mut hashed = |name: &str, contents: Vec<u8>| {
            let path = hashed_path(name, &contents);
            files.insert(path.clone(), CompressedFile::new(name, contents, FOREVER));
            path
        };
        let (css, till_css) = stylesheets(brand);
        let paths = AssetPaths {
            css: hashed("kopilka.css", css),
            till_css: hashed("till.css", till_css),
            loader: hashed(
                "loader.js",
                without_comments(&read_site_file("loader.js")).into_bytes(),
            ),
            js: hashed("kopilka.js", read_site_file("pkg/kopilka.js")),
            wasm: hashed("kopilka.wasm", read_wasm()),
            till_loader: hashed("till-loader.js", without_comments(TILL_LOADER).into_bytes()),
            till_js: hashed("till.js", read_till_module("till.js")),
            till_wasm: hashed("till.wasm", read_till_module("till.wasm")),
            decoder_js: hashed("decoder.js", read_till_module("decoder.js")),
            decoder_wasm: hashed("decoder.wasm", read_till_module("decoder.wasm")),
            icons: hashed("icons.svg", read_site_file("icons.svg")),
            speculation_rules: hashed(SPECULATION_RULES, read_site_file(SPECULATION_RULES)),
        };
        for name in EmbeddedSite::iter() {
            let fixed = !name.starts_with("pkg/")
                && !["loader.js", "sw.js", "icons.svg", SPECULATION_RULES].contains(&name.as_ref())
                && ![".br", ".gz"].iter().any(|end| name.ends_with(end));
            if fixed {
                files.insert(
                    format!("/{name}"),
                    CompressedFile::new(&name, read_site_file(&name), ASK_AGAIN),
                );
            }
        }
        let AssetPaths { css, icons, .. } = &paths;
        let pages: &[&String] = &[css, &paths.loader, &paths.js, &paths.wasm, icons];
        let till: &[&String] = &[
            css,
            &paths.till_css,
            &paths.till_loader,
            &paths.till_js,
            &paths.till_wasm,
            icons,
        ];
        for (name, source, list) in [
            ("sw.js", read_site_file("sw.js"), pages),
            ("till-sw.js", TILL_WORKER.to_vec(), till),
        ] {
            let file = CompressedFile::new(name, fill_service_worker(&source, list), ASK_ALWAYS);
            files.insert(format!("/{name}"), file);
        }
        Self {
            files,
            paths: Arc::new(paths),
        }
    }

    /// Compresses, on a thread of its own, what the build has not compressed. Until then it is sent as it is.
    pub fn compress_in_background(self: &Arc<Self>) {
        let assets = Arc::clone(self);
        let thread = std::thread::Builder::new().name("assets".to_owned());
        let started = thread.spawn(move || {
            lower_priority();
            for file in assets.files.values() {
                file.compress();
            }
        });
        if let Err(error) = started {
            tracing::warn!(%error, "styles and icons are sent without compression");
        }
    }

    fn respond(&self, path: &str, headers: &HeaderMap) -> Response {
        let Some(file) = self.files.get(path) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let accepts_brotli = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.split(',').any(|each| each.trim().starts_with("br")));
        let brotli = file.brotli.as_ref().and_then(OnceLock::get);
        let compressed = brotli.filter(|_| accepts_brotli);
        let mut response = compressed.unwrap_or(&file.plain).clone().into_response();
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, file.kind.clone());
        answer.insert(header::CACHE_CONTROL, file.cache.clone());
        if file.brotli.is_some() {
            answer.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        // Named even when it is plain, so that no layer outside compresses it a second time.
        let encoding = if compressed.is_some() {
            "br"
        } else {
            "identity"
        };
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        response
    }
}

impl CompressedFile {
    fn new(name: &str, contents: Vec<u8>, cache: &'static str) -> Self {
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let text = matches!(
            kind.essence_str(),
            "text/css" | "text/javascript" | "application/wasm" | "image/svg+xml"
        );
        let brotli = text.then(|| precompressed(name).map_or_else(OnceLock::new, OnceLock::from));
        let kind = match kind.essence_str() {
            "text/javascript" | "text/css" => format!("{kind}; charset=utf-8"),
            // Browsers read them in no other type.
            _ if name == SPECULATION_RULES => "application/speculationrules+json".to_owned(),
            other => other.to_owned(),
        };
        Self {
            kind: HeaderValue::from_str(&kind)
                .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream")),
            cache: HeaderValue::from_static(cache),
            plain: contents.into(),
            brotli,
        }
    }

    fn compress(&self) {
        let Some(brotli) = self.brotli.as_ref().filter(|brotli| brotli.get().is_none()) else {
            return;
        };
        if let Some(compressed) = compress_brotli(&self.plain) {
            brotli.get_or_init(|| compressed);
        }
    }
}

/// Lets requests go first. On Linux each thread has a niceness of its own; elsewhere it is the whole process's and stays.
#[cfg(target_os = "linux")]
fn lower_priority() {
    if let Err(error) = rustix::process::setpriority_process(None, LOW_NICENESS) {
        tracing::debug!(%error, "files are compressed at the usual priority");
    }
}

#[cfg(not(target_os = "linux"))]
const fn lower_priority() {}

/// Returns a file that the build compressed already: the modules, whose compression takes a second.
fn precompressed(name: &str) -> Option<Bytes> {
    let file = match name {
        "kopilka.wasm" if EmbeddedSite::get("pkg/kopilka.wasm").is_some() => {
            EmbeddedSite::get("pkg/kopilka.wasm.br")
        }
        "kopilka.wasm" => EmbeddedSite::get("pkg/kopilka_bg.wasm.br"),
        "kopilka.js" => EmbeddedSite::get("pkg/kopilka.js.br"),
        name => EmbeddedTillModules::get(&format!("{name}.br")),
    };
    file.map(|file| match file.data {
        Cow::Borrowed(embedded) => Bytes::from_static(embedded),
        Cow::Owned(read) => Bytes::from(read),
    })
}

fn compress_brotli(contents: &[u8]) -> Option<Bytes> {
    // Debug builds start often and compress slowly.
    let quality = if cfg!(debug_assertions) { 1 } else { 11 };
    // A window that holds the whole file, and no more: the compressor sets aside memory for all of it.
    let window = usize::BITS - contents.len().leading_zeros();
    let mut writer =
        brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, window.clamp(10, 22));
    writer.write_all(contents).ok()?;
    writer.flush().ok()?;
    Some(Bytes::from(writer.into_inner()))
}

fn read_site_file(name: &str) -> Vec<u8> {
    EmbeddedSite::get(name).map_or_else(Vec::new, |file| file.data.into_owned())
}

fn read_till_module(name: &str) -> Vec<u8> {
    EmbeddedTillModules::get(name).map_or_else(Vec::new, |file| file.data.into_owned())
}

/// A script of ours without its comments, which are for its readers: each has a line of its own.
fn without_comments(source: &[u8]) -> String {
    let lines = String::from_utf8_lossy(source);
    let code = lines
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| [line, "\n"]).collect()
}

fn read_wasm() -> Vec<u8> {
    let named = read_site_file("pkg/kopilka.wasm");
    if named.is_empty() {
        read_site_file("pkg/kopilka_bg.wasm")
    } else {
        named
    }
}

/// Beginning of the till's layer, the last one of the stylesheet.
const TILL_LAYER: &[u8] = b"@layer till";

/// The stylesheet of all pages, with the programme's colour at its end, where it wins over the default; and what the till
/// loads besides.
fn stylesheets(brand: &str) -> (Vec<u8>, Vec<u8>) {
    let mut css = read_site_file("pkg/kopilka.css");
    let layer = css
        .windows(TILL_LAYER.len())
        .position(|window| window == TILL_LAYER);
    let till = css.split_off(layer.unwrap_or(css.len()));
    let plain = brand.starts_with('#')
        && brand.len() <= 9
        && brand.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit());
    if plain {
        css.extend_from_slice(format!(":root{{--brand:{brand}}}").as_bytes());
    }
    (css, till)
}

fn hashed_path(name: &str, contents: &[u8]) -> String {
    let hash = entropy::short_hash(contents);
    match name.rsplit_once('.') {
        Some((stem, end)) => format!("/pkg/{stem}.{hash}.{end}"),
        None => format!("/pkg/{name}.{hash}"),
    }
}

/// The service worker of exactly these files: when one of them changes, so does the worker.
fn fill_service_worker(source: &[u8], list: &[&String]) -> Vec<u8> {
    let assets = serde_json::to_string(&list).unwrap_or_default();
    let build = entropy::short_hash(assets.as_bytes());
    [source, SHARED_WORKER_SCRIPT]
        .map(without_comments)
        .concat()
        .replace("__ASSETS__", &assets)
        .replace("__BUILD__", &build)
        .into_bytes()
}

/// Routes of the files.
pub fn router() -> Router<ServerState> {
    Router::new()
        .route("/pkg/{name}", get(hashed_file))
        .route("/sw.js", get(fixed_file))
        .route("/till-sw.js", get(fixed_file))
        .route("/favicon.svg", get(fixed_file))
        .route("/icon.svg", get(fixed_file))
        .route("/icon-maskable.svg", get(fixed_file))
        .route("/icon-192.png", get(fixed_file))
        .route("/icon-512.png", get(fixed_file))
        .route("/icon-maskable-512.png", get(fixed_file))
        .route("/apple-touch-icon.png", get(fixed_file))
}

async fn hashed_file(
    State(app): State<ServerState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    app.assets.respond(&format!("/pkg/{name}"), &headers)
}

async fn fixed_file(
    State(app): State<ServerState>,
    uri: axum::http::Uri,
    headers: HeaderMap,
) -> Response {
    app.assets.respond(uri.path(), &headers)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_sent_as_it_is_until_it_has_been_compressed() {
        let assets = Arc::new(StaticAssets::load_embedded("#123456"));
        let headers = HeaderMap::from_iter([(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, br"),
        )]);
        let encoding = || {
            let answer = assets.respond(&assets.paths.css, &headers);
            assert_eq!(answer.headers()[header::VARY], "Accept-Encoding");
            answer.headers()[header::CONTENT_ENCODING].clone()
        };
        assert_eq!(encoding(), "identity");
        assets.compress_in_background();
        while encoding() != "br" {
            std::thread::yield_now();
        }
    }
}
