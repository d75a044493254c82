//! `size`: what a visitor downloads, against the budget.

use std::{fs, io::Write as _, path::Path};

use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;

use crate::{args::Args, build, failure::Failure, output, workspace};

/// Kind of file, how its name begins and ends. A file is of the first kind that fits.
const KINDS: [(&str, &str, &str); 8] = [
    ("simulator (demo only)", "arm-sim-page", ""),
    ("sign-in (live only)", "sign-in-", ""),
    ("MSAL.js (live only)", "msal-", ""),
    ("WebAssembly", "", ".wasm"),
    ("styles", "", ".css"),
    ("JavaScript", "", ".js"),
    ("page", "", ".html"),
    ("other", "", ""),
];

/// What each kind may weigh: the budget file, of which a kind without a line has no limit.
const BUDGET: &str = "xtask/size-budget.json";
/// The growth of a kind, in percent, that needs no reason.
const GROWTH: usize = 3;

/// A kind of file in the budget. Weights are gzip bytes; KB are 1,000 bytes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    what: String,
    most: usize,
    /// Where the limit comes from.
    because: String,
    /// What it weighed and why that was right, the last one at the end.
    accepted: Vec<Accepted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    gzip: usize,
    why: String,
}

/// Prints the tables. Fails if a kind is over its budget, or has grown without a reason in the budget file.
pub(super) fn run(args: Args) -> Result<(), Failure> {
    args.nothing_left()?;
    let mut weights = vec![(0, 0); KINDS.len()];
    weigh(&build::page_if_stale()?, &mut weights)?;
    let limits =
        limits(&fs::read_to_string(workspace::root().join(BUDGET)).map_err(Failure::io("Reading the budget"))?)?;
    let (table, wrong) = table(&weights, &limits);
    output::result(&table);
    if wrong.is_empty() { Ok(()) } else { Err(Failure::FellShort(wrong.join(" "))) }
}

fn limits(text: &str) -> Result<Vec<Limit>, Failure> {
    let wrong = |problem: String| Failure::Content { path: BUDGET.into(), problem };
    let limits: Vec<Limit> = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    for Limit { what, because, accepted, .. } in &limits {
        if because.trim().is_empty() {
            return Err(wrong(format!("the limit of “{what}” has no reason")));
        }
        if !KINDS.iter().any(|(name, ..)| name == what) {
            return Err(wrong(format!("there is no kind “{what}”")));
        }
        if accepted.iter().any(|accepted| accepted.why.trim().is_empty()) {
            return Err(wrong(format!("a weight of “{what}” has no reason")));
        }
    }
    Ok(limits)
}

fn weigh(folder: &Path, weights: &mut [(usize, usize)]) -> Result<(), Failure> {
    let reading = || Failure::io(format!("Reading {}", folder.display()));
    for entry in fs::read_dir(folder).map_err(reading())? {
        let path = entry.map_err(reading())?.path();
        if path.is_dir() {
            weigh(&path, weights)?;
            continue;
        }
        let bytes = fs::read(&path).map_err(reading())?;
        let kind = kind(path.file_name().and_then(|name| name.to_str()).unwrap_or_default());
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        let packed = gzip.write_all(&bytes).and_then(|()| gzip.finish()).map_err(reading())?;
        weights[kind].0 += bytes.len();
        weights[kind].1 += packed.len();
    }
    Ok(())
}

fn kind(name: &str) -> usize {
    let fits = |(_, begins, ends): &(_, &str, &str)| name.starts_with(begins) && name.ends_with(ends);
    KINDS.iter().position(fits).unwrap_or(KINDS.len() - 1)
}

/// The table, and what is wrong with the weights.
fn table(weights: &[(usize, usize)], limits: &[Limit]) -> (String, Vec<String>) {
    let kb = |bytes: usize| format!("{:.1}", bytes as f64 / 1000.0);
    let or_none = |bytes: Option<usize>| bytes.map_or_else(|| "–".to_owned(), kb);
    let mut lines =
        vec!["| what | KB | KB gzip | accepted | budget |".to_owned(), "|---|---:|---:|---:|---:|".to_owned()];
    let mut wrong = Vec::new();
    for ((name, ..), (raw, gzip)) in KINDS.iter().zip(weights) {
        let limit = limits.iter().find(|limit| limit.what == *name);
        let accepted = limit.and_then(|limit| limit.accepted.last()).map(|accepted| accepted.gzip);
        let most = limit.map(|limit| limit.most);
        lines.push(format!("| {name} | {} | {} | {} | {} |", kb(*raw), kb(*gzip), or_none(accepted), or_none(most)));
        if most.is_some_and(|most| *gzip > most) {
            wrong.push(format!("{name} is over budget."));
        } else if let Some(accepted) = accepted
            && gzip * 100 > accepted * (100 + GROWTH)
        {
            wrong.push(format!(
                "{name} has grown from {} to {} KB, by more than {GROWTH} %: make it smaller, or add {gzip} with the reason to {BUDGET}.",
                kb(accepted),
                kb(*gzip)
            ));
        }
    }
    let total = weights.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    lines.push(format!("| **total** | {} | {} | – | – |", kb(total.0), kb(total.1)));
    (lines.join("\n"), wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: &str = r#"[
        { "what": "WebAssembly", "most": 300000, "because": "time", "accepted": [{ "gzip": 1, "why": "small" }, { "gzip": 291263, "why": "more" }] },
        { "what": "styles", "most": 14000, "because": "round trips", "accepted": [{ "gzip": 13900, "why": "all of it" }] }
    ]"#;

    fn weighed(wasm: usize, styles: usize) -> (String, Vec<String>) {
        let weights = [(0, 0), (0, 0), (0, 0), (900_000, wasm), (60_000, styles), (0, 0), (0, 0), (5, 5)];
        table(&weights, &limits(LIMITS).unwrap())
    }

    #[test]
    fn over_budget_is_named() {
        let (text, wrong) = weighed(300_000, 14_001);
        assert_eq!(wrong, ["styles is over budget."]);
        assert!(text.contains("| WebAssembly | 900.0 | 300.0 | 291.3 | 300.0 |"), "{text}");
        assert!(text.ends_with("| **total** | 960.0 | 314.0 | – | – |"), "{text}");
    }

    #[test]
    fn what_grows_wants_a_reason() {
        assert!(weighed(299_999, 13_900).1.is_empty(), "three per cent");
        let weights = [(0, 0), (0, 0), (0, 0), (0, 100_100), (0, 0), (0, 0), (0, 0), (0, 0)];
        let small = LIMITS.replace("291263", "97100");
        let (_, wrong) = table(&weights, &limits(&small).unwrap());
        assert!(
            wrong.len() == 1 && wrong[0].contains("from 97.1 to 100.1 KB") && wrong[0].contains("add 100100"),
            "{wrong:?}"
        );
        for (from, to) in
            [("\"more\"", "\" \""), ("\"styles\"", "\"stiles\""), ("\"most\"", "\"mots\""), ("\"time\"", "\"\"")]
        {
            assert!(limits(&LIMITS.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn the_budget_file_can_be_read() {
        let text = fs::read_to_string(workspace::root().join(BUDGET)).unwrap();
        assert!(limits(&text).unwrap().iter().all(|limit| !limit.accepted.is_empty()));
    }

    #[test]
    fn files_by_kind() {
        let names = [
            "arm-sim-page-0a_bg.wasm",
            "sign-in-0b_bg.wasm",
            "msal-browser.min-0c.js",
            "vm-restore-1f_bg.wasm",
            "app-2e.css",
            "boot-3d.js",
            "index.html",
            "config.json",
        ];
        assert_eq!(names.map(kind), [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
