//! The table of justified differences in `docs/azure-sources.md`, and the comparison of two bodies with it.

use std::path::Path;

use serde_json::Value;

/// One row of the table.
struct Row {
    path: String,
    recorded: String,
    sent: String,
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/azure-sources.md")).unwrap();
    let section = text.split("## Justified differences").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows: Vec<Row> = section
        .lines()
        .filter(|l| l.starts_with('|') && !l.starts_with("|---") && !l.starts_with("| path"))
        .map(|l| {
            let mut cells = l.trim_matches('|').split('|').map(|c| c.trim().to_owned());
            Row { path: cells.next().unwrap(), recorded: cells.next().unwrap(), sent: cells.next().unwrap() }
        })
        .collect();
    assert!(rows.len() >= 5, "the table of justified differences has {} rows", rows.len());
    rows
}

/// How a body of ours stands to one of Azure's.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The same JSON value (ARM ids without regard to case).
    Equal,
    /// Every difference is in the table; the paths.
    Justified(Vec<String>),
    /// These differences are not.
    Different(Vec<String>),
}

/// Compares `sent` with `recorded`.
pub(crate) fn compare(recorded: &Value, sent: &Value) -> Verdict {
    let mut differences = Vec::new();
    walk(Some(recorded), Some(sent), String::new(), &mut differences);
    if differences.is_empty() {
        return Verdict::Equal;
    }
    let rows = rows();
    let (justified, unjustified): (Vec<_>, Vec<_>) = differences.into_iter().partition(|(path, was, is)| {
        rows.iter().any(|r| r.path == row_of(path) && r.recorded == *was && r.sent == *is)
    });
    if unjustified.is_empty() {
        Verdict::Justified(justified.into_iter().map(|(path, ..)| path).collect())
    } else {
        Verdict::Different(unjustified.into_iter().map(|(path, was, is)| format!("{path}: {was} -> {is}")).collect())
    }
}

/// The path as the table has it: relative to the restore request, wherever the body contains that.
fn row_of(path: &str) -> String {
    path.strip_prefix("restoreRequest.").map_or_else(|| path.to_owned(), |rest| format!("properties.{rest}"))
}

fn walk(was: Option<&Value>, is: Option<&Value>, path: String, out: &mut Vec<(String, String, String)>) {
    match (was, is) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                walk(a.get(key), b.get(key), path, out);
            }
        }
        (Some(Value::String(a)), Some(Value::String(b)))
            if a.eq_ignore_ascii_case(b) && a.to_ascii_lowercase().starts_with("/subscriptions/") => {}
        (a, b) if a == b => {}
        (a, b) => {
            let text = |v: Option<&Value>| v.map_or_else(|| "(absent)".to_owned(), ToString::to_string);
            out.push((path, text(a), text(b)));
        }
    }
}

#[test]
fn an_empty_lun_list_is_never_justified() {
    let all = serde_json::json!({"properties": {"recoveryType": "RestoreDisks"}});
    let os_only = serde_json::json!({"properties": {"recoveryType": "RestoreDisks", "restoreDiskLunList": []}});
    assert!(matches!(compare(&all, &os_only), Verdict::Different(_)));
    assert!(matches!(compare(&os_only, &all), Verdict::Different(_)));
}
