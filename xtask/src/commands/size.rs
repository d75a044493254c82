//! `size`: what a visitor downloads, against the budget.

use std::{fs, io::Write as _, path::Path};

use flate2::{Compression, write::GzEncoder};

use crate::{args::Args, build, failure::Failure, say};

/// Kind of file, how its name begins and ends, and the most its gzip may weigh, in bytes; KB are 1,000 bytes. A file is
/// of the first kind that fits.
const BUDGET: [(&str, &str, &str, Option<usize>); 8] = [
    ("simulator (demo only)", "arm-sim-page", "", Some(150_000)),
    ("sign-in (live only)", "sign-in-", "", Some(60_000)),
    ("MSAL.js (live only)", "msal-", "", Some(85_000)),
    ("WebAssembly", "", ".wasm", Some(300_000)),
    ("styles", "", ".css", Some(14_000)),
    ("JavaScript", "", ".js", None),
    ("page", "", ".html", None),
    ("other", "", "", None),
];

/// Prints the table; fails over budget.
pub(super) fn run(args: Args) -> Result<(), Failure> {
    args.nothing_left()?;
    let mut weights = vec![(0, 0); BUDGET.len()];
    weigh(&build::page_if_stale()?, &mut weights)?;
    let (table, over) = table(&weights);
    say::result(&table);
    if over.is_empty() { Ok(()) } else { Err(Failure::FellShort(format!("Over budget: {}.", over.join(", ")))) }
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
    let fits = |(_, begins, ends, _): &(_, &str, &str, _)| name.starts_with(begins) && name.ends_with(ends);
    BUDGET.iter().position(fits).unwrap_or(BUDGET.len() - 1)
}

/// The table, and which kinds are over their budget.
fn table(weights: &[(usize, usize)]) -> (String, Vec<&'static str>) {
    let kb = |bytes: usize| format!("{:.1}", bytes as f64 / 1000.0);
    let mut lines = vec!["| what | KB | KB gzip | budget |".to_owned(), "|---|---:|---:|---:|".to_owned()];
    let mut over = Vec::new();
    for ((name, .., budget), (raw, gzip)) in BUDGET.iter().zip(weights) {
        let allowed = budget.map_or_else(|| "–".to_owned(), kb);
        lines.push(format!("| {name} | {} | {} | {allowed} |", kb(*raw), kb(*gzip)));
        if budget.is_some_and(|budget| *gzip > budget) {
            over.push(*name);
        }
    }
    let total = weights.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    lines.push(format!("| **total** | {} | {} | – |", kb(total.0), kb(total.1)));
    (lines.join("\n"), over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_budget_is_named() {
        let (text, over) =
            table(&[(0, 0), (0, 0), (0, 0), (900_000, 300_000), (60_000, 14_001), (0, 0), (0, 0), (5, 5)]);
        assert_eq!(over, ["styles"]);
        assert!(text.contains("| WebAssembly | 900.0 | 300.0 | 300.0 |"), "{text}");
        assert!(text.ends_with("| **total** | 960.0 | 314.0 | – |"), "{text}");
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
