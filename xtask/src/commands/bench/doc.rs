//! docs/performance.md: what was measured, written by the command that measured it.

use super::{
    fleet, list,
    measurements::{Machine, Measurements},
    plan, records, start, tracking, typing,
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
| a page was read, then the next one asked for: Azure had nothing to do meanwhile | the link is found at the page's end, the next request leaves, then the page is read | 10,000 points by 200: 1,404 ms (floor: 1,086) | 1,088 ms |
| answers were drawn sixty times a second while others were on their way | five times a second | 1,000 points by 200: 352 ms, with the row above | 201 ms |
| a member's name and value were stepped over one by one, an id was gone through more than once | one step, one pass | reading 10,000 points: 270 ms | 147 ms |
| the browser's layout and painting of fifty rows, and reading a page in the task of its arrival | twenty rows; a task of its own | longest task 62 to 73 ms | below 50 ms for most sizes |
| room for more parts of an answer than it has left holes in the memory, which the next page did not fit into | less room at first | 100,000 points: 394 to 481 MiB | 300 to 374 MiB |
| picture, filter and table each went through all points of a list, fetching each from memory | one pass for the three, kept as long as the list | 100,000 points: last drawing 46 ms, *Show more* 61 to 63 ms | 24 to 32 ms, 31 to 35 ms |
| the loading page waited for its style sheet, one more round trip | its few rules are in the page, the style sheet comes after them | first contentful paint 940 ms | 724 ms |
| the browser changed the address, for 4 ms, before the request's turn came | the request leaves first | click: 8.2 ms | 5.0 ms |
| a member of an object was looked up by calls, which the browser has not optimized when the first page is read | a loop | 1,000 points by 1,000: 168 ms (floor: 83) | 139 ms; no difference with 10,000 |

## Reading answers: our reader or serde's derive

Lists of recovery points of 1.3 kB, decoded into the same structs by `arm/json` and by serde's derive with helpers for the forms in which Azure
writes numbers, words, flags and times. Whether serde tracks the place of a field (`serde_path_to_error`) always or in a second pass after a failure
makes the two columns. All in turns, in one run, on two cores that had other work; milliseconds, median and least.

| where | points | pages of | our reader | serde, place after a failure | serde, place always |
|---|---:|---:|---:|---:|---:|
| WebAssembly, new instance, as released | 1,000 | 1,000 | 36.3 (12.2) | 46.1 (11.5) | 67.2 (33.5) |
| | 10,000 | 1,000 | 238.8 (75.1) | 302.3 (97.7) | 531.5 (160.6) |
| WebAssembly, new instance, `opt-level = 3` | 1,000 | 1,000 | 36.7 (9.3) | 45.2 (19.8) | 61.6 (14.9) |
| | 10,000 | 1,000 | 86.2 (59.6) | 132.5 (82.9) | 178.7 (121.8) |
| WebAssembly, optimized by the engine, as released | 1,000 | 1,000 | 7.5 (5.3) | 9.4 (5.4) | 14.3 (13.0) |
| | 5,000 | 5,000 | 40.1 (38.7) | 39.7 (34.8) | 72.3 (65.2) |
| native, as released | 1,000 | 1,000 | 7.5 (3.5) | 6.8 (2.7) | 8.0 (3.9) |
| | 5,000 | 5,000 | 28.5 (14.0) | 20.0 (15.0) | 28.3 (19.8) |

The engine was V8 (Node 20). A list is read once, soon after a start, so the new instance decides: our reader stays. A client that runs natively
would choose serde.

## What the program's WebAssembly is made of

Bytes of functions before `wasm-opt`, by their names, of the release of 2026-11-30 (2,748,413 bytes in 9,099 functions, and 250,795 of data). A library's generic code that
names one of our types counts as ours, where it was inlined or not.

| what | KB | share |
|---|---:|---:|
| `ui`: pages 397, their parts 89 | 501 | 18.2 % |
| `app`: 241 of them `update` | 466 | 17.0 % |
| `restore`, `recovery`, `export`, `readiness` | 348 | 12.7 % |
| `web` | 69 | 2.5 % |
| `azure-backup` | 186 | 6.8 % |
| `core`, `alloc`, `std`: 195 of them sort | 595 | 21.6 % |
| Yew | 286 | 10.4 % |
| `serde_json`, `serde`, `serde_path_to_error` | 201 | 7.3 % |
| everything else: `time`, `hashbrown`, `http`, bindings to the browser, the allocator | 97 | 3.5 % |

Seen across these rows:

| what | KB | why it is there |
|---|---:|---|
| serde, with what it makes of our types | 390 | records, plans, drafts, settings, links and files; each type once for each form of JSON that it is read from |
| Yew's part of 49 components that is not their own rendering | 97 | scope, properties and life of each, 2 KB a component. A part of a page that needs neither is a function |
| sorting | 195 | 41 copies of the stable sort and 11 of the other, 3.6 KB each at `opt-level = \"z\"`. One copy for all would need a sort of our own instead of the standard one |
| iterators | 125 | closures of `map`, `filter` and `chain`, compiled where they are used |
| what drops values | 71 | 1,443 functions |
| maps and sets | 49 | `BTreeMap` 37, hash maps of Yew and `serde_json` 12 |
| floating-point numbers | 18, and 12 of tables | `serde_json`'s words for a number that does not fit. We compute with none |
| `Debug` | 3 | panics and a few messages |
| paths of panics | 11 | 219 names of files |

As sent, functions are 89 % and data 9 % (106 of 1,120 KB gzip): texts of the page are half of the data.

## Where a goal is missed

* **Decoding.** Where there are many pages, reading them costs nothing any more while Azure answers. A single page, or five, have little to hide behind: `JSON.parse` is
  native code that keeps nothing but what it parsed, the browser compiles each function of WebAssembly when it is called first and optimizes it later, and the program also tells places in an answer for its errors, checks every
  identifier and copies what it keeps into WebAssembly's memory.
* **The longest task** and **the click** lie at the border: whole runs of this command, a few bytes of style sheet and text apart, had 60 ms and 4.1 ms, then 0 (none above 50)
  and 5.1 ms. Reading and drawing a first page of 1,000 points are one task each of 40 to 60 ms, before the browser has optimized what they call. Fifteen other runs of the
  size with the 60 ms had a median below 50, and at most 67. To read the page apart from the task of its arrival made no difference in those (15 of each), and was undone.
* **A key, painted.** The floor alone has 95 of 100 keys painted within 16 ms; the text of the preview comes some 5 to 7 ms after the key, and may miss the frame.
";

/// The whole page.
pub(super) fn page(measurements: &Measurements) -> String {
    format!("{INTRO}\n{}\n{CHANGED}", tables(measurements))
}

/// Machine, goals and every case.
pub(super) fn tables(measurements: &Measurements) -> String {
    let Measurements { machine, runs, list, start, fleet, plan, typing, tracking, records, trigger } = measurements;
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
    if let Some(machines) = fleet {
        goals.extend(fleet::goals(machines));
        sections.push(fleet::section(machines));
    }
    if let Some(plans) = plan {
        goals.extend(plan::goals(plans));
        sections.push(plan::section(plans));
    }
    if let Some(typed) = typing {
        goals.extend(typing::goals(typed));
        sections.push(typing::section(typed));
    }
    if let Some(followed) = tracking {
        goals.extend(tracking::goals(followed));
        sections.push(tracking::section(followed));
    }
    if let Some(stored) = records {
        goals.extend(records::goals(stored));
        sections.push(records::section(stored));
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
