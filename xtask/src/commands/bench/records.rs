//! A browser with thousands of finished restores.

use super::{
    goal::Goal,
    measurements::{Opened, Polls, Records, Stored},
    spread::{cell, grouped, spread},
};

fn row(Stored { restores, runs }: &Stored) -> String {
    let of = |value: fn(&Opened) -> Option<f64>| cell(spread(runs.iter().filter_map(value)), 0);
    let (started, shown, key) = (of(|it| Some(it.started)), of(|it| Some(it.shown)), of(|it| it.key));
    format!("| {} | {started} | {shown} | {key} |", grouped(*restores))
}

pub(super) fn section(records: &Records) -> String {
    let rows: Vec<String> = records.sizes.iter().map(row).collect();
    let Polls { among, reads, records, transactions } = records.polls;
    format!(
        "## Finished restores\n\nThe page is opened again in a browser that holds so many finished restores: until its first page is drawn, from the link to the list \
         until that is painted, and from a key in the list's search until what it finds is painted; in milliseconds.\n\n\
         | restores | first page | list | key |\n|---:|---:|---:|---:|\n{}\n\n\
         One restore runs among {}: {reads} polls of its job wrote {records} records in {transactions} transactions.\n",
        rows.join("\n"),
        grouped(among),
    )
}

pub(super) fn goals(records: &Records) -> Vec<Goal> {
    let Polls { reads, records: written, .. } = records.polls;
    let each = (reads > 0).then(|| f64::from(written) / f64::from(reads));
    let most = records.sizes.iter().filter_map(|size| spread(size.runs.iter().filter_map(|it| it.key)));
    let most = most.map(|it| it.median).max_by(f64::total_cmp);
    vec![
        Goal::at_most("A poll of one restore among 1,000 writes one record", each, 1.0, " records"),
        Goal::at_most("A key in the search of 10,000 restores is painted within 50 ms", most, 50.0, " ms"),
    ]
}
