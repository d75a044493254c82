//! The table in docs/export.md: what each tool sent of what the page exported for it.

use std::fmt::Write as _;

use super::results::{Export, Results};
use super::table::cell;

/// The tools of the table's columns.
const TOOLS: [&str; 4] = ["az rest", "az backup", "curl", "HTTP file"];

/// Everything that the command writes.
pub(super) fn section(results: &Results) -> String {
    let mut text = format!("{}\n\n| restore | {} |\n|---|---|---|---|---|\n", summary(results), TOOLS.join(" | "));
    let has_column = |export: &&Export| TOOLS.contains(&export.tool.as_str());
    let mut names: Vec<&str> = results.exports.iter().filter(has_column).map(|export| export.name.as_str()).collect();
    names.dedup();
    let of = |name: &str, tool: &str| results.exports.iter().find(|it| it.name == name && it.tool == tool);
    for name in names {
        let cells = TOOLS.map(|tool| of(name, tool).map_or_else(|| "–".to_owned(), outcome_cell));
        let _ = writeln!(text, "| {} | {} |", cell(name), cells.join(" | "));
    }
    for script in results.exports.iter().filter(|export| !has_column(export)) {
        let _ = writeln!(text, "\nThe {} of {} sent {} as its manifest.", script.tool, script.name, script.was);
    }
    text
}

fn outcome_cell(export: &Export) -> String {
    match export.was.as_str() {
        "not offered" => format!("not offered: {}", cell(&export.words)),
        was => was.to_owned(),
    }
}

/// How many exports were run, and with which azure-cli.
pub(super) fn summary(results: &Results) -> String {
    let of = |was: &str| results.exports.iter().filter(|export| export.was == was).count();
    format!(
        "{} exports were run, with azure-cli {}: {} sent the bytes that were exported, {} the same values. {} aren't offered.",
        of("the same bytes") + of("the same values"),
        results.version,
        of("the same bytes"),
        of("the same values"),
        of("not offered"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_what_each_tool_sent_and_why_one_is_not_offered() {
        let export = |name: &str, tool: &str, was: &str, words: &str| {
            format!(
                r#"{{"name": "{name}", "tool": "{tool}", "was": "{was}", "as": "{words}", "right": true, "wanted": ""}}"#
            )
        };
        let all = [
            export("disks", "az rest", "the same values", ""),
            export("disks", "az backup", "not offered", "No a|b."),
            export("disks", "curl", "the same bytes", ""),
            export("a recovery plan", "script", "the same values", ""),
        ]
        .join(",");
        let text = format!(r#"{{"version": "2.91.0", "restores": [], "exports": [{all}], "reading": [], "sdk": []}}"#);
        let text = section(&Results::read(&text).unwrap());
        for part in [
            "3 exports were run, with azure-cli 2.91.0: 1 sent the bytes that were exported, 2 the same values. 1 aren't offered.",
            "| disks | the same values | not offered: No a\\|b. | the same bytes | – |\n",
            "The script of a recovery plan sent the same values as its manifest.",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(!text.contains("| a recovery plan |"), "a script has a line of its own: {text}");
    }
}
