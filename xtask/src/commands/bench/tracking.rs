//! Restores, followed.

use super::{
    goal::Goal,
    measurements::{Followed, Hour, Hours, Reads, Side, Tracking},
    spread::{cell, grouped, spread},
};

/// Chromium remembers no preflight of an address as long as this (`kMaxKeyLength` of its preflight cache; tried out with 156).
const REMEMBERED: u32 = 1_024;

/// By so many MiB what a page holds may differ from an hour ago: the last exchanges with Azure are kept, up to a limit.
const FLAT: f64 = 5.0;

const INTRO: &str = "\
## Following restores

In virtual time, as docs/reliability.md has it: jobs of one to two hours in one vault, 150 reads of jobs allowed an hour. Beside the program one poller per
job, which asks each 30 s. *Reads* are the most within an hour, *latest* is the longest time between the end of a job and the moment that it is known.
";

pub(super) fn section(tracking: &Tracking) -> String {
    let reads: Vec<String> = tracking.reads.iter().map(read).collect();
    let (product, sdk) = (rows("VM Restore", &tracking.product), rows("SDK", &tracking.sdk));
    let hours: Vec<String> = tracking.hours.iter().map(hour).collect();
    format!(
        "{INTRO}\n| restores | reads | refused | latest | reads, one poller a job | refused | latest |\n|---:|---:|---:|---:|---:|---:|---:|\n{}\n\n\
         Over the network, from the trigger of one restore to the end of its job; the SDK follows the operation only. The simulator allows a preflight to be remembered for an hour, \
         and Chromium does, but for addresses of {} characters and more, whoever asks, such as Azure's of operations.\n\n\
         | client | address | characters | calls | preflights |\n|---|---|---:|---:|---:|\n{product}\n{sdk}\n\n\
         An hour of the page's own time with the list of restores on screen, all jobs in progress and listed in pages of 200, after ten minutes that do not count: \
         what the page's process computes, in seconds, and by how many MiB the page's heap and WebAssembly's memory are larger after it.\n\n\
         | restores | computing, s | pages of jobs read | larger by, MiB |\n|---:|---:|---:|---:|\n{}\n",
        reads.join("\n"),
        grouped(REMEMBERED),
        hours.join("\n"),
    )
}

fn hour(Hours { restores, runs }: &Hours) -> String {
    let of = |value: fn(&Hour) -> f64, digits| cell(spread(runs.iter().map(value)), digits);
    let (cpu, reads, grown) = (of(|it| it.cpu / 1_000.0, 1), of(|it| it.reads, 0), of(|it| it.grown, 1));
    format!("| {} | {cpu} | {reads} | {grown} |", grouped(*restores))
}

fn read(row: &Reads) -> String {
    let side = |Side { reads, throttled, latest }: &Side| format!("{reads} | {throttled} | {latest:.0} s");
    format!("| {} | {} | {} |", row.restores, side(&row.here), side(&row.alone))
}

fn rows(client: &str, followed: &Followed) -> String {
    let one = |url: &super::measurements::Url| {
        format!("| {client} | …/{} | {} | {} | {} |", kind(&url.path), grouped(url.length), url.calls, url.preflights)
    };
    let mut rows: Vec<String> = followed.urls.iter().map(one).collect();
    rows.push(format!("| {client} | in all | | {} | {} |", followed.calls, followed.preflights));
    rows.join("\n")
}

/// What of an address says what it is: the last part that is not an id.
fn kind(path: &str) -> &str {
    let named = |part: &&str| !part.contains(|c: char| c.is_ascii_digit() || c == ';' || c == '%');
    path.rsplit('/').find(named).unwrap_or(path)
}

pub(super) fn goals(tracking: &Tracking) -> Vec<Goal> {
    let short = tracking.product.urls.iter().filter(|url| url.length < REMEMBERED);
    let preflights = short.map(|url| f64::from(url.preflights)).max_by(f64::total_cmp);
    let grown = tracking.hours.iter().filter_map(|it| spread(it.runs.iter().map(|run| run.grown)));
    let grown = grown.map(|it| it.median).max_by(f64::total_cmp);
    vec![
        Goal::at_most(
            format!("One preflight for each address of fewer than {} characters that is followed", grouped(REMEMBERED)),
            preflights,
            1.0,
            " at most",
        ),
        Goal::at_most(format!("An hour of following leaves at most {FLAT} MiB behind"), grown, FLAT, " MiB"),
    ]
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn an_address_by_what_it_is() {
        assert_eq!(kind("/subscriptions/a1/vaults/v/backupJobs/0f-1"), "backupJobs");
        assert_eq!(kind("/a/recoveryPoints/582/restore"), "restore");
    }
}
