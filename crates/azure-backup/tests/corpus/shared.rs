//! Where the data is, and how it looks.

use bytes::Bytes;
use http::Response;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use time::{Duration, OffsetDateTime};

pub(crate) fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The items of one of the corpora.
pub(crate) fn items(dir: &Path, name: &str) -> Vec<Value> {
    let mut value = json(&dir.join("corpus/corpora").join(name));
    match value["items"].take() {
        Value::Array(items) => items,
        other => panic!("{name} has no items but {other}"),
    }
}

/// All scenario files, by name.
pub(crate) fn scenarios(dir: &Path) -> Vec<(String, Vec<Exchange>)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(dir.join("corpus")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path: &PathBuf| {
        let exchanges = json(path)["exchanges"].as_array().unwrap().iter().map(Exchange::new).collect();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), exchanges)
    };
    paths.iter().map(read).collect()
}

/// One recorded call and its answer.
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) status: u16,
    pub(crate) request: Value,
    pub(crate) body: Value,
    pub(crate) answer: Response<Bytes>,
    /// How often the same answer came again.
    pub(crate) repeated: u64,
}

impl Exchange {
    pub(crate) fn new(value: &Value) -> Exchange {
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let status = u16::try_from(value["status"].as_u64().unwrap()).unwrap();
        let body = value["response_body"].clone();
        Exchange {
            method: text("method"),
            url: text("url"),
            status,
            request: value["request_body"].clone(),
            answer: answer(status, &value["response_headers"], &body),
            repeated: value["repeat_omitted"].as_u64().unwrap_or(0),
            body,
        }
    }

    /// The path, decoded where it matters.
    pub(crate) fn path(&self) -> String {
        let path = self.url.split('?').next().unwrap();
        let path = path.split_once("://").map_or(path, |(_, rest)| &rest[rest.find('/').unwrap_or(rest.len())..]);
        path.replace("%3B", ";").replace("%3D", "=")
    }
}

/// An answer as the client gets it. `null` and, of the recorder's making, `{}` on a 202 stand for an empty body.
pub(crate) fn answer(status: u16, headers: &Value, body: &Value) -> Response<Bytes> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers.as_object().into_iter().flatten() {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for value in values.iter().filter_map(Value::as_str) {
            builder = builder.header(name.as_str(), value);
        }
    }
    let text = if body.is_null() || (status == 202 && *body == serde_json::json!({})) {
        String::new()
    } else {
        body.to_string()
    };
    builder.body(Bytes::from(text)).unwrap()
}

pub(crate) fn ok(body: &Value) -> Response<Bytes> {
    answer(200, &Value::Null, body)
}

pub(crate) fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_715_000_000).unwrap() + Duration::seconds(seconds)
}
