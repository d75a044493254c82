//! docs/performance.md: what was measured, written by the command that measured it.

use super::{
    list, start,
    told::{Machine, Told},
    tracking, typing,
};

const INTRO: &str = "\
# Performance

Written by `cargo xtask bench`; do not edit. Numbers are medians with the least and the most of all runs: 12 (10–15).
";

/// What was found in the way to these numbers. Each pair was measured in one run, on the machine of its day.
const CHANGED: &str = "\
## What was changed for it

Found with the browser's profiler and its tracing; before and after by this command, of the same kind of machine.

| what took the time | what was done | before | after |
|---|---|---:|---:|
| each answer had the page rendered, each page of a list the whole list anew | what Azure answers is shown once a frame, pages of a list are put together at intervals that grow with it, fifty rows are drawn | longest task 117 to 178 ms | 54 to 74 ms |
| answers were parsed into a tree, every string of it allocated | one list of parts that point into the answer | 1.7 s for 100,000 points | 1.5 s |
| the whole page was rendered between the click and the request | what the operator does is shown at once, the request leaves before it | 14 ms | 4.7 ms |
| with a thousand restores each message looked all of them up, one by one, and asked the budget of each | whoever waits for a list is not looked at before it has come | 31 to 34 s of computing an hour | 17 to 22 s |

## Where a goal is missed

* **Decoding.** `JSON.parse` is native code that keeps nothing but what it parsed. The program also tells places in an answer for its errors, checks every
  identifier and copies what it keeps into WebAssembly's memory. Where pages are short, the operator sees the first of them at once and more now and then: a
  drawing takes 40 to 60 ms, and the next answer waits for it.
* **The longest task** is the drawing of the timeline and the fifty rows by Yew in one piece.
* **Cold start.** Seven tenths of the program's code are the product's own rules, texts and screens; the demo loads the simulator, too. Compiling is not the
  time (72 ms after the last byte): the download is. A second module for the later screens was not tried.
* **The click** is at the border: 5.4 ms here, 3.8 and 4.7 ms in other runs.
* **A key, painted.** The text of the preview changes within 8 ms; up to 16.7 ms more go by until a screen of 60 Hz shows its next picture.
";

/// The whole page.
pub(super) fn page(told: &Told) -> String {
    format!("{INTRO}\n{}\n{CHANGED}", tables(told))
}

/// Machine, goals and every case.
pub(super) fn tables(told: &Told) -> String {
    let Told { machine, runs, list, start, typing, tracking, trigger } = told;
    let Machine { cpu, cores, memory, system, browser, node, date } = machine;
    let mut goals = Vec::new();
    let mut sections = Vec::new();
    if let Some(lists) = list {
        goals.extend(list::goals(lists));
        sections.push(list::section(lists));
    }
    if let Some(starts) = start {
        goals.extend(start::goals(starts));
        sections.push(start::section(starts));
    }
    if let Some(typed) = typing {
        goals.extend(typing::goals(typed));
        sections.push(typing::section(typed));
    }
    if let Some(followed) = tracking {
        goals.extend(tracking::goals(followed));
        sections.push(tracking::section(followed));
    }
    if let Some(took) = trigger {
        goals.extend(typing::trigger_goals(took));
        sections.push(typing::trigger(took));
    }
    let runs =
        if *runs == 1 { "One run".to_owned() } else { format!("{runs} runs of each, of the longest lists 3 at least") };
    let goals: Vec<String> = goals.iter().map(super::goal::Goal::row).collect();
    format!(
        "{cores} cores of {cpu}, {memory} GiB, {system}; {browser}, headless; Node {node}; {date}. {runs}; servers and browser share the machine. Everything is on \
         loopback: no network and no Azure is part of these numbers.\n\n\
         ## Goals\n\nMedians of all runs, of the worst size where there are several.\n\n| goal | measured | |\n|---|---:|---|\n{}\n\n{}",
        goals.join("\n"),
        sections.join("\n"),
    )
}
