//! The dependencies between layers that ARCHITECTURE.md describes, as far as the compiler does not enforce them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::{code, paths, spliced_items, views};

pub(crate) fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no sources");
    found
}

/// The lines of code with one of `words`, without comments.
fn mentions(folder: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources(folder) {
        for (number, line) in text.lines().enumerate() {
            let code = code(line);
            if words.iter().any(|w| code.contains(w)) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    found
}

const IMPURE: [&str; 12] = [
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "gloo",
    "yew::",
    "now_utc",
    "SystemTime",
    "Instant::now",
    "std::fs",
    "std::net::Tcp",
    "rand::",
    "async ",
];

#[test]
fn below_screen_and_shell_nobody_knows_of_clock_chance_or_browser() {
    for folder in ["crates/azure-backup/src", "src/restore", "src/readiness", "src/export", "src/recovery", "src/app"] {
        let mut found = mentions(folder, &IMPURE);
        // Exports are tested by running them, in a folder.
        found.retain(|line| !line.starts_with("src/export/tests/"));
        assert_eq!(found, Vec::<String>::new());
    }
    let core: Vec<String> = mentions("crates/arm-sim/src", &IMPURE)
        .into_iter()
        .filter(|line| !line.starts_with("crates/arm-sim/src/server") && !line.starts_with("crates/arm-sim/src/bin"))
        .collect();
    assert_eq!(core, Vec::<String>::new());
}

#[test]
fn layers_know_only_those_below() {
    for (folder, strangers) in [
        ("crates/azure-backup/src", &["vm_restore", "arm_sim"][..]),
        ("crates/azure-backup/src/arm", &["crate::backup"]),
        ("crates/arm-sim/src", &["azure_backup", "vm_restore"]),
        (
            "src/restore",
            &[
                "crate::readiness",
                "crate::export",
                "crate::recovery",
                "crate::app",
                "crate::ui",
                "crate::web",
                "arm_sim",
            ],
        ),
        ("src/readiness", &["crate::export", "crate::recovery", "crate::app", "crate::ui", "crate::web", "arm_sim"]),
        ("src/export", &["crate::readiness", "crate::recovery", "crate::app", "crate::ui", "crate::web", "arm_sim"]),
        ("src/recovery", &["crate::export", "crate::app", "crate::ui", "crate::web", "arm_sim"]),
        ("src/app", &["crate::ui", "crate::web", "arm_sim"]),
        ("src/ui", &["crate::web", "arm_sim"]),
        ("src/web", &["crate::ui", "arm_sim"]),
        ("crates/arm-sim-page/src", &["azure_backup", "vm_restore"]),
    ] {
        for (file, text) in sources(folder) {
            let stranger = |path: &&String| {
                strangers
                    .iter()
                    .any(|s| path.strip_prefix(s).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
            };
            // The tests of `call` use calls of the layer above as examples.
            if file.ends_with("arm/call/tests.rs") {
                continue;
            }
            let named = paths(&file, &text);
            assert_eq!(named.iter().filter(stranger).collect::<Vec<_>>(), Vec::<&String>::new(), "{}", file.display());
        }
    }
}

#[test]
fn text_never_becomes_markup_or_code() {
    let words = [
        "inner_html",
        "outer_html",
        "insert_adjacent_html",
        "from_html_unchecked",
        "VRaw",
        "create_contextual_fragment",
        "document.write",
        "eval(",
        "Function::new",
    ];
    for folder in ["src", "crates/arm-sim-page/src"] {
        assert_eq!(mentions(folder, &words), Vec::<String>::new());
    }
}

#[test]
fn every_component_returns_texts_that_a_translator_may_replace() {
    let mut components = 0;
    for (file, text) in sources("src") {
        for view in views(&file, &text) {
            components += 1;
            assert!(view.is_translatable, "{}: {} returns html without `translatable`", file.display(), view.name);
        }
    }
    assert!(components >= 3, "{components} components were found");
}

#[test]
fn the_token_is_taken_out_of_its_wrapping_twice() {
    // To read when it expires, and to attach it.
    let places: Vec<String> =
        mentions("src", &[".reveal()"]).iter().map(|l| l.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(
        BTreeSet::from_iter(places),
        ["src/app/update/connect.rs", "src/web/shell/calls.rs"].map(str::to_owned).into()
    );
}

#[test]
fn requests_leave_in_one_place_and_go_where_they_were_sent() {
    let ways = [
        "RequestBuilder::new",
        "Request::get",
        "fetch_with_",
        "XmlHttpRequest",
        "send_beacon",
        "WebSocket",
        "EventSource",
    ];
    let places = mentions("src", &ways);
    assert!(places.len() == 1 && places[0].starts_with("src/web/fetch.rs"), "{places:?}");
    let (_, fetch) = sources("src/web").into_iter().find(|(path, _)| path.ends_with("fetch.rs")).unwrap();
    for rule in ["RequestRedirect::Error)", "RequestCredentials::Omit)", "ReferrerPolicy::NoReferrer)"] {
        assert!(fetch.contains(rule), "{rule}");
    }
}

/// Yew would replace the elements beside such items when their number changes, and with them what has the focus: see `ui::kit::each`.
#[test]
fn items_are_one_node_among_their_siblings() {
    for (file, text) in sources("src/ui") {
        assert_eq!(
            spliced_items(&text),
            0,
            "{}: write `{{ each(items) }}` instead of `{{ for items }}`",
            file.display()
        );
    }
}

#[test]
fn files_are_short() {
    let mut lengths = Vec::new();
    for folder in ["src", "crates", "xtask/src"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            assert!(lines <= 500, "{} has {lines} lines", path.display());
            lengths.push(lines);
        }
    }
    lengths.sort_unstable();
    println!(
        "files: {}, median {} lines, longest {}",
        lengths.len(),
        lengths[lengths.len() / 2],
        lengths[lengths.len() - 1]
    );
    assert!(lengths[lengths.len() / 2] <= 120);
}
