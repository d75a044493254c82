//! The table in docs/simulator-differences.md.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use super::results::{Journey, Results};
use crate::failure::Failure;

/// A difference of bodies that is meant to be.
#[derive(Debug, Deserialize)]
pub(super) struct Difference {
    journeys: Vec<String>,
    path: String,
    az: Value,
    page: Value,
    why: String,
}

/// The rows of tests/clients/differences.json.
pub(super) fn differences(text: &str) -> Result<Vec<Difference>, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::FellShort(format!("tests/clients/differences.json cannot be read: {error}.")))
}

/// Everything that the command writes.
pub(super) fn section(results: &Results, differences: &[Difference]) -> String {
    let mut text = format!("{}\n\n### Restores by azure-cli\n\n", results.summary());
    text.push_str("| journey | azure-cli | the page's body | why |\n|---|---|---|---|\n");
    rows(
        &mut text,
        &results.restores,
        |it| format!("{} | {} | {}", ended(it, "azure-cli"), page(it, differences), why(it)),
        4,
    );
    text.push_str(
        "\n### Differences of bodies\n\n| journeys | member | azure-cli | page | why |\n|---|---|---|---|---|\n",
    );
    for Difference { journeys, path, az, page, why } in differences {
        let value =
            |value: &Value| if value == "(absent)" { "absent".to_owned() } else { format!("`{}`", short(value)) };
        let _ = writeln!(
            text,
            "| {} | `{path}` | {} | {} | {} |",
            cell(&journeys.join("; ")),
            value(az),
            value(page),
            cell(why)
        );
    }
    text.push_str("\n### Other journeys of azure-cli\n\n| journey | azure-cli | why |\n|---|---|---|\n");
    rows(&mut text, &results.reading, |it| format!("{} | {}", ended(it, "azure-cli"), why(it)), 3);
    text.push_str("\n### Steps of the Python SDK\n\n| step | SDK | why |\n|---|---|---|\n");
    rows(&mut text, &results.sdk, |it| format!("{} | {}", ended(it, "the SDK"), why(it)), 3);
    text
}

fn rows(text: &mut String, journeys: &[Journey], cells: impl Fn(&Journey) -> String, columns: usize) {
    let mut section = "";
    for journey in journeys {
        if journey.section != section {
            section = &journey.section;
            let _ = writeln!(text, "| **{section}** |{}", " |".repeat(columns - 1));
        }
        let _ = writeln!(text, "| {} | {} |", cell(&journey.name), cells(journey));
    }
}

/// How it ended, and by whom.
fn ended(journey: &Journey, client: &str) -> String {
    match journey.was.as_str() {
        "restored" => "accepted".to_owned(),
        "works" => "works".to_owned(),
        // The status and the code; the service's text follows a colon.
        "refused" => format!("refused: {}", cell(journey.words.split(':').next().unwrap_or_default())),
        "stopped" => format!("ended by a check of {client}"),
        "cut off" => "cut off by the network".to_owned(),
        _ => format!("fault of {client}"),
    }
}

fn page(journey: &Journey, differences: &[Difference]) -> String {
    let Some(page) = &journey.page else { return "–".to_owned() };
    if let Some(member) = &page.cannot {
        return format!("not offered: `{member}`");
    }
    if let Some(rule) = &page.refuses {
        return format!("refused by the rule `{rule}`");
    }
    let differing: Vec<String> = differences
        .iter()
        .filter(|row| row.journeys.contains(&journey.name))
        .map(|row| format!("`{}`", row.path))
        .collect();
    if differing.is_empty() { "equal".to_owned() } else { format!("differs: {}", differing.join(", ")) }
}

fn why(journey: &Journey) -> String {
    let page = journey.page.as_ref().and_then(|page| page.why.as_deref());
    let all: Vec<&str> = journey.why.as_deref().into_iter().chain(page).collect();
    cell(&all.join(" "))
}

/// An id by its last part: the table is to be read.
fn short(value: &Value) -> String {
    match value.as_str().and_then(|id| id.strip_prefix("/subscriptions/")).and_then(|id| id.rsplit('/').next()) {
        Some(name) => format!("…/{name}"),
        None => value.to_string(),
    }
}

/// A text that stays within its cell.
pub(super) fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_who_has_ended_a_journey_and_why() {
        let journey = |extra: &str| {
            format!(
                r#"{{"section": "S", "name": "a|b", "as": "400 Code: text", "right": true, "wanted": "", {extra}}}"#
            )
        };
        let results = Results::read(&format!(
            r#"{{"version": "2.91.0", "restores": [{}, {}, {}], "reading": [{}], "sdk": [{}]}}"#,
            journey(r#""was": "restored", "page": {}"#),
            journey(r#""was": "refused", "why": "Azure's rule.""#),
            journey(r#""was": "restored", "page": {"cannot": "zones", "why": "None."}"#),
            journey(r#""was": "stopped", "why": "W.""#),
            journey(r#""was": "broken", "why": "W.""#),
        ))
        .unwrap();
        let text = section(&results, &[]);
        for row in [
            "| **S** | | | |\n| a\\|b | accepted | equal |  |",
            "| a\\|b | refused: 400 Code | – | Azure's rule. |",
            "| a\\|b | accepted | not offered: `zones` | None. |",
            "| a\\|b | ended by a check of azure-cli | W. |",
            "| a\\|b | fault of the SDK | W. |",
        ] {
            assert!(text.contains(row), "{row} in\n{text}");
        }
        let rows = r#"[{"journeys": ["a|b"], "path": "l", "az": ["0"], "page": [0], "why": "W."}]"#;
        let text = section(&results, &differences(rows).unwrap());
        assert!(text.contains("| a\\|b | accepted | differs: `l` |  |"), "{text}");
        assert!(text.contains("| a\\|b | `l` | `[\"0\"]` | `[0]` | W. |"), "{text}");
    }
}
