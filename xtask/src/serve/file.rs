//! Which file a path means, and of what kind it is.

use std::path::{Path, PathBuf};

/// The file of a percent-encoded path, if it lies within `root`.
pub(super) fn within(root: &Path, path: &str) -> Option<PathBuf> {
    let path = decode(path.strip_prefix('/')?)?;
    if path.split(['/', '\\']).any(|part| part == "..") {
        return None;
    }
    let file = root.join(path.trim_end_matches('/'));
    let file = if file.is_dir() { file.join("index.html") } else { file };
    // Links are followed before the folder is compared.
    let file = file.canonicalize().ok()?;
    file.starts_with(root.canonicalize().ok()?).then_some(file)
}

/// The media type by the file's ending.
pub(super) fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "webmanifest") => "application/json; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first == b'%' {
            let digits = after.get(..2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}
