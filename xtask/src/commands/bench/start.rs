//! The first visit: a slow computer on a slow line.

use super::{
    goal::Goal,
    measurements::{File, Start, Starts, Stream},
    spread::{Spread, cell, spread},
};

const INTRO: &str = "\
## The first visit

Nothing cached, the processor slowed down to a quarter, 1.6 Mbit/s with 150 ms there and back (as Chromium simulates them), files compressed by brotli
beforehand. The demo is started as soon as its button has been painted. *Bytes* are those of the files as sent.
";

type Measure = (&'static str, fn(&Start) -> f64);

const TIMES: [Measure; 4] = [
    ("first paint", |start| start.first_paint),
    ("first contentful paint", |start| start.first_contentful_paint),
    ("*Start the demo* can be clicked", |start| start.interactive),
    ("the demo's virtual machines are shown", |start| start.shown),
];

fn of(starts: &Starts, measure: fn(&Start) -> f64) -> Option<Spread> {
    spread(starts.runs.iter().map(measure))
}

fn kb(bytes: f64) -> f64 {
    bytes / 1_000.0
}

pub(super) fn section(starts: &Starts) -> String {
    let times: Vec<String> =
        TIMES.iter().map(|(what, measure)| format!("| {what} | {} |", cell(of(starts, *measure), 0))).collect();
    let files: Vec<String> = starts.files.iter().map(file).collect();
    let before: f64 = starts.files.iter().filter(|file| file.before_click).map(|file| file.bytes).sum();
    format!(
        "{INTRO}\n| until | ms |\n|---|---:|\n{}\n\n\
         In all {} KB until the demo's virtual machines are shown ({} KB with headers), {:.1} KB of them before the click. Afterwards the service worker asks for what it keeps: \
         a visit with it fetches {:.1} KB in {} requests in all; the times are without it, because Chromium does not slow it down. The files of the last start:\n\n\
         | file | KB | begun, ms | there, ms | |\n|---|---:|---:|---:|---|\n{}\n\n{}\n",
        times.join("\n"),
        cell(of(starts, |start| kb(start.bytes)), 1),
        cell(of(starts, |start| kb(start.wire)), 1),
        kb(before),
        kb(starts.with_worker.bytes),
        starts.with_worker.requests,
        files.join("\n"),
        compiled(starts),
    )
}

fn file(file: &File) -> String {
    let File { file, bytes, begun, ended, before_click } = file;
    let when = if *before_click { "" } else { "after the click" };
    format!("| {file} | {:.1} | {begun:.0} | {ended:.0} | {when} |", kb(*bytes))
}

/// How WebAssembly was compiled, and whether that began before its last byte was there.
fn compiled(starts: &Starts) -> String {
    let whole =
        |stream: &&Stream| starts.files.iter().any(|file| file.file == stream.file && stream.begun >= file.ended);
    let late = starts.wasm.streams.iter().filter(whole).count();
    let kinds: Vec<&str> = starts.wasm.streams.iter().filter_map(|stream| stream.kind.as_deref()).collect();
    let why = if late > 0 {
        " An answer whose hash is checked is given out at its end, so that nothing is compiled while it arrives."
    } else {
        ""
    };
    format!(
        "WebAssembly: {} modules were handed to `instantiateStreaming` (as {}), {} compiled from bytes; {late} had arrived as a whole before that.{why}",
        starts.wasm.streamed,
        kinds.join(", "),
        starts.wasm.compiled,
    )
}

pub(super) fn goals(starts: &Starts) -> Vec<Goal> {
    let median = |measure| of(starts, measure).map(|it| it.median);
    vec![
        Goal::at_most(
            "First contentful paint within 800 ms",
            median(|start| start.first_contentful_paint),
            800.0,
            " ms",
        ),
        Goal::at_most(
            "*Start the demo* can be clicked within 3,200 ms",
            median(|start| start.interactive),
            3_200.0,
            " ms",
        ),
    ]
}
