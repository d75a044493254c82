//! The first visit: a slow computer on a slow line.

use super::{
    goal::Goal,
    measurements::{File, Start, Starts},
    spread::{Spread, cell, spread},
};

const INTRO: &str = "\
## The first visit

Nothing cached, the processor slowed down to a quarter, 1.6 Mbit/s with 150 ms there and back (as Chromium simulates them), files compressed by brotli
beforehand. The page offers the demo by a link while the program is on its way, and by a button once the program has started; it is started by either
as soon as that has been painted. *Bytes* are those of the files as sent.
";

type Measure = (&'static str, fn(&Start) -> f64);

const TIMES: [Measure; 6] = [
    ("first paint", |start| start.first_paint),
    ("first contentful paint", |start| start.first_contentful_paint),
    ("the link *Start the demo* can be clicked", |start| start.offered),
    ("the demo's virtual machines are shown, by the link", |start| start.shown_early),
    ("the program's button *Start the demo* can be clicked", |start| start.interactive),
    ("the demo's virtual machines are shown, by the button", |start| start.shown),
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
         | file | KB | begun, ms | there, ms | |\n|---|---:|---:|---:|---|\n{}\n",
        times.join("\n"),
        cell(of(starts, |start| kb(start.bytes)), 1),
        cell(of(starts, |start| kb(start.wire)), 1),
        kb(before),
        kb(starts.with_worker.bytes),
        starts.with_worker.requests,
        files.join("\n"),
    )
}

fn file(file: &File) -> String {
    let File { file, bytes, begun, ended, before_click } = file;
    let when = if *before_click { "" } else { "after the click" };
    format!("| {file} | {:.1} | {begun:.0} | {ended:.0} | {when} |", kb(*bytes))
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
            "The link *Start the demo* can be clicked within 1,000 ms",
            median(|start| start.offered),
            1_000.0,
            " ms",
        ),
        Goal::at_most(
            "The demo's virtual machines are shown within 5,000 ms, by the link",
            median(|start| start.shown_early),
            5_000.0,
            " ms",
        ),
        Goal::at_most(
            "The program's button can be clicked within 3,200 ms",
            median(|start| start.interactive),
            3_200.0,
            " ms",
        ),
    ]
}
