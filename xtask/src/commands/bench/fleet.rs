//! The machines of a large tenant: until they are there, and a key in their search.

use super::{
    goal::Goal,
    measurements::{Fleet, FleetKeys, FleetRead, FleetRun},
    spread::{Spread, cell, grouped, percentile, spread},
};

fn read(what: &str, runs: &[FleetRun], of: fn(&FleetRun) -> &FleetRead, memory: fn(&FleetRun) -> f64) -> String {
    let column = |value: fn(&FleetRead) -> f64| cell(spread(runs.iter().map(of).map(value)), 0);
    let machines = runs.first().map_or_else(|| "–".to_owned(), |run| grouped(of(run).machines));
    let (first, all, requests) = (column(|it| it.first), column(|it| it.all), column(|it| f64::from(it.requests)));
    format!("| {what} | {machines} | {first} | {all} | {requests} | {} |", cell(spread(runs.iter().map(memory)), 0))
}

/// The value that 95 of 100 keys of all runs do not exceed.
fn painted(runs: &[FleetRun], of: fn(&FleetRun) -> &FleetKeys, percent: usize) -> Option<f64> {
    percentile(runs.iter().flat_map(|run| of(run).painted.iter().copied()), percent)
}

fn keys(what: &str, runs: &[FleetRun], of: fn(&FleetRun) -> &FleetKeys) -> String {
    let at = |percent| painted(runs, of, percent).map_or_else(|| "–".to_owned(), |ms| format!("{ms:.1}"));
    let column = |value: fn(&FleetKeys) -> f64, digits| cell(spread(runs.iter().map(of).map(value)), digits);
    let (computed, longest) = (column(|it| it.computed, 1), column(|it| it.longest, 0));
    format!("| {what} | {} | {} | {} | {computed} | {longest} |", at(50), at(95), at(100))
}

pub(super) fn section(Fleet { runs }: &Fleet) -> String {
    let longest = cell(spread(runs.iter().map(|run| run.product.list.longest)), 0);
    format!(
        "## The machines of a large tenant\n\nFifty subscriptions with 400 vaults, from a simulator that answers at once: until the first machine is there, until all are, in ms, and by how many MiB \
         the page's process grew at its peak. The *SDK* asks vault after vault, and draws nothing. The page's longest task meanwhile: {longest} ms.\n\n\
         | client | machines | first | all | requests | memory |\n|---|---:|---:|---:|---:|---:|\n{}\n{}\n\n\
         A name is typed into the search and taken back: from a key to the picture in which what it found stands still, and what the main thread computes for a key \
         without waiting for a core, in ms. The *floor* is a page with a field alone.\n\n\
         | page | median | 95 % | slowest | computed | longest task |\n|---|---:|---:|---:|---:|---:|\n{}\n{}\n",
        read("VM Restore", runs, |run| &run.product.list, |run| run.product.memory),
        read("SDK", runs, |run| &run.sdk, |run| run.sdk.memory),
        keys("VM Restore", runs, |run| &run.product.keys),
        keys("floor", runs, |run| &run.floor),
    )
}

pub(super) fn goals(Fleet { runs }: &Fleet) -> Vec<Goal> {
    let median = |spread: Option<Spread>| spread.map(|it| it.median);
    let requests = median(spread(runs.iter().map(|run| f64::from(run.product.list.requests))));
    let (page, floor) = (painted(runs, |run| &run.product.keys, 95), painted(runs, |run| &run.floor, 95));
    let longest = median(spread(runs.iter().map(|run| run.product.keys.longest)));
    vec![
        Goal::at_most("All machines of a large tenant by at most 12 requests", requests, 12.0, " requests"),
        Goal::at_most(
            "95 of 100 keys in their search painted within 16 ms above the floor",
            page.zip(floor).map(|(page, floor)| page - floor),
            16.0,
            " ms",
        ),
        Goal::at_most("No task longer than 50 ms while somebody searches them", longest, 50.0, " ms"),
    ]
}
