//! Typing while the preview follows, and the way from the click to the request.

use super::{
    goal::Goal,
    measurements::{Key, Trigger, Typed, Typing},
    spread::{cell, grouped, percentile, spread},
};

fn all(runs: &[Typed], of: fn(&Key) -> f64) -> Vec<f64> {
    runs.iter().flat_map(|run| &run.keys).map(of).collect()
}

fn row(what: &str, values: &[f64]) -> String {
    let at =
        |percent| percentile(values.iter().copied(), percent).map_or_else(|| "–".to_owned(), |ms| format!("{ms:.1}"));
    format!("| {what} | {} | {} | {} |", at(50), at(95), at(100))
}

pub(super) fn section(typing: &Typing) -> String {
    let (text, painted) = (all(&typing.runs, |key| key.text), all(&typing.runs, |key| key.painted));
    let least = all(&typing.floor, |key| key.painted);
    let events = typing.runs.iter().flat_map(|run| &run.events);
    let slowest = events.copied().max_by(f64::total_cmp).map_or_else(|| "none".to_owned(), |ms| format!("{ms:.0} ms"));
    format!(
        "## Typing\n\nA name of a new virtual machine, with {} protected items loaded: from the key to the request's preview, {} keys. A picture waits for the next frame \
         of the screen, which alone takes up to 16.7 ms: the *floor* is a page that does nothing but repeat the field's text beside it.\n\n\
         | until | median, ms | 95 %, ms | slowest, ms |\n|---|---:|---:|---:|\n{}\n{}\n{}\n\n\
         The slowest by the browser's own Event Timing, which counts in steps of 8 ms: {slowest}.\n",
        grouped(typing.items),
        text.len(),
        row("the preview's text is there", &text),
        row("it has been painted", &painted),
        row("the floor has been painted", &least),
    )
}

pub(super) fn goals(typing: &Typing) -> Vec<Goal> {
    let painted = percentile(all(&typing.runs, |key| key.painted), 95);
    vec![Goal::at_most("95 of 100 keys painted within 16 ms", painted, 16.0, " ms")]
}

/// From the click on *Start restore* to the request.
pub(super) fn trigger(clicks: &[Trigger]) -> String {
    let of = |value: fn(&Trigger) -> f64| cell(spread(clicks.iter().map(value)), 1);
    let (took, committing, own) = (of(|it| it.took), of(|it| it.committing), of(own));
    format!(
        "## From the click to the request\n\nFrom the moment at which the page hears of the click on *Start restore* to the one at which the request is handed to the browser: {took} ms. \
         The record is saved twice in between, and the request waits until each transaction has committed, which the browser takes {committing} ms for; the rest, {own} ms, is the page's own. \
         The CORS preflight, one round trip, comes after that. `az backup restore restore-disks` sends ten requests one after another before its own and two after it, 0.65 s in all against a server \
         that answers at once.\n"
    )
}

/// What is not the browser's.
fn own(click: &Trigger) -> f64 {
    click.took - click.committing
}

pub(super) fn trigger_goals(clicks: &[Trigger]) -> Vec<Goal> {
    let median = spread(clicks.iter().map(own)).map(|it| it.median);
    vec![Goal::at_most(
        "The request leaves within 5 ms of the click, without the browser's commits",
        median,
        5.0,
        " ms",
    )]
}
