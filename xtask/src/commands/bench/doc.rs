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

/// The whole page.
pub(super) fn page(told: &Told) -> String {
    format!("{INTRO}\n{}", tables(told))
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
