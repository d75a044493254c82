//! The incident record of a restore: what was done, by whom, why, and with what result, to be filed with the incident.
//!
//! Everything in it comes from the stored [`RestoreRun`]; the access token of a cross-region restore is not in there. A record
//! may come from a file, and names and errors come from Azure, so they are shown as quoted text: nothing in them can
//! become a heading, a link or another line of the record.

use azure_backup::arm::id::JobId;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::effect_sentence::plain;
use super::run::RestoreRun;
use super::visible::visible;

/// Title of the section with the request, line by line.
const BODY: &str = "Request body";

/// The time in UTC. The last hours of year 9999 in another zone have no UTC time that can be represented; they stay as they are.
pub fn in_utc(at: OffsetDateTime) -> OffsetDateTime {
    at.checked_to_offset(time::UtcOffset::UTC).unwrap_or(at)
}

/// `2026-11-23T03:41:07Z`.
pub fn machine_time(at: OffsetDateTime) -> String {
    let at = in_utc(at);
    format!("{}T{:02}:{:02}:{:02}Z", at.date(), at.hour(), at.minute(), at.second())
}

/// Adds a member unless the value is missing.
#[inline(never)]
fn add(record: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        record.insert(name.to_owned(), value.into());
    }
}

/// The content of a record: texts by name, then lists; `exchanges` are the exchanges with Azure that are still in memory.
///
/// All member names come from this program. What a file or Azure has named is inside a list, where it cannot
/// replace another member.
pub fn record(restore: &RestoreRun, exchanges: Vec<String>) -> Value {
    let mut record = Map::new();
    let mut tell = |name: &str, value: Option<&str>| add(&mut record, name, value);
    let (job, asked) = (restore.job(), restore.submitted.as_ref());
    tell("Virtual machine", Some(&restore.vm));
    tell("State", Some(&restore.state_text()));
    tell("What", Some(restore.what_is_restored()));
    tell("Effect", Some(&plain(&restore.effect_sentence())));
    tell("Reason", asked.and_then(|asked| asked.reason.as_deref()));
    let brought = restore.imported.as_ref().map(|imported| {
        let by = imported.by.as_deref().unwrap_or("an unknown account");
        format!("{} by {by}. Who started it, when and why come from the file", machine_time(imported.at))
    });
    tell("Imported from a file", brought.as_deref());
    let started_by = if brought.is_some() { "Started by, according to the file" } else { "Started by" };
    tell(started_by, asked.and_then(|asked| asked.who.as_deref()));
    tell("Tenant", asked.and_then(|asked| asked.tenant.as_deref()));
    tell("Cloud", Some(&restore.cloud));
    tell("Started", Some(&machine_time(restore.started)));
    tell("Ended", job.and_then(|job| job.end).map(machine_time).as_deref());
    tell("Recovery point time", asked.map(|asked| machine_time(asked.point_time)).as_deref());
    tell("Secondary region", restore.secondary.as_ref().map(|region| region.key()).as_deref());
    tell("Vault", Some(restore.vault.as_str()));
    tell("Recovery point", asked.map(|asked| asked.point.as_str()));
    tell("Client request ID", asked.map(|_| restore.id.as_str()));
    tell("Job", restore.job_id().map(JobId::as_str));
    tell("Job activity ID", job.and_then(|job| job.activity_id.as_deref()));
    tell("API version", Some(restore.version.as_str()));
    tell("Request body SHA-256", asked.map(|asked| asked.sha256.as_str()));
    let ids = restore.support_ids.iter().map(|(name, id)| format!("{name}: {id}"));
    let timeline = restore.timeline.0.iter().map(|reached| format!("{} {}", machine_time(reached.at), reached.state));
    let created = restore.created().into_iter().map(|(name, value)| format!("{name}: {value}"));
    let lists: [(&str, Vec<String>); 6] = [
        ("Azure response IDs", ids.collect()),
        ("Timeline", timeline.collect()),
        ("Errors", errors(restore)),
        ("Created", created.collect()),
        ("Requests to Azure", exchanges),
        (BODY, asked.into_iter().flat_map(|asked| asked.text.lines()).map(str::to_owned).collect()),
    ];
    for (name, lines) in lists {
        record.insert(name.to_owned(), Value::from(lines));
    }
    Value::Object(record)
}

/// Azure's messages about what went wrong.
pub(crate) fn errors(restore: &RestoreRun) -> Vec<String> {
    let fault = restore.fault().map(|fault| format!("{} {}", fault.code, fault.message));
    let of_job = restore.job().into_iter().flat_map(|job| &job.errors).map(|error| {
        let mut words = error.title.clone().unwrap_or_default();
        for part in error.text.iter().chain(&error.recommendations) {
            words += " ";
            words += part;
        }
        words
    });
    fault.into_iter().chain(of_job).collect()
}

/// The records as Markdown: a list of texts, and a section for each list.
///
/// Every text from outside is written as code, where neither CommonMark nor the extensions of GitHub and others (bare
/// addresses, mentions, emoji, formulas) interpret anything, and where backslashes and entities have no meaning.
pub fn markdown(records: &[Value]) -> String {
    let mut text = String::new();
    for record in records {
        text += "# Restore\n\n";
        let members = || record.as_object().into_iter().flatten();
        for (name, value) in members() {
            if let Value::String(value) = value {
                text += &format!("* {}: {}\n", label(name), code(value));
            }
        }
        for (name, value) in members() {
            let lines: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if lines.is_empty() {
                continue;
            }
            text += &format!("\n## {}\n\n", label(name));
            if name == BODY {
                text += &block(&lines);
            } else {
                for line in lines {
                    text += &format!("* {}\n", code(line));
                }
            }
        }
        text += "\n";
    }
    text
}

/// A member's name; a name that does not come from this program is written like any other text.
fn label(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | ',' | '\'');
    let ours = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain) && !name.ends_with(' ');
    if ours { name.to_owned() } else { code(name) }
}

/// `text` as inline code, fenced by more backticks than it contains in a row. Line ends become spaces, and
/// invisible characters become visible.
pub(crate) fn code(text: &str) -> String {
    let ends = ['\n', '\r', '\t', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let line = text.replace("\r\n", " ").replace(ends, " ");
    let line = visible(line.trim_matches(' '));
    if line.is_empty() {
        return "(empty)".to_owned();
    }
    let fence = "`".repeat(longest_run(&line) + 1);
    // A space at each end belongs to the fence; without it a backtick of the text would join the fence.
    format!("{fence} {line} {fence}")
}

/// `lines` as a code block, fenced by more backticks than they contain in a row.
fn block(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| visible_line(line)).collect();
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}json\n{}\n{fence}\n", lines.join("\n"))
}

/// One line of a block, with characters that would end the line made visible.
fn visible_line(line: &str) -> String {
    visible(&line.replace('\n', "⟨U+000A⟩")).into_owned()
}

/// The length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use azure_backup::arm::cloud::Cloud;
    use azure_backup::arm::fault::Fault;
    use azure_backup::arm::id::ClientRequestId;
    use comrak::nodes::NodeValue;
    use proptest::prelude::*;
    use time::Duration;

    use crate::restore::owner::Owner;
    use crate::restore::plan::plan;
    use crate::restore::sample::{draft, facts};
    use crate::restore::scenario::Scenario;

    fn failed() -> RestoreRun {
        let (facts, draft) = (facts(), draft(Scenario::RestoreDisks));
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
        let mut restore = RestoreRun::intent(&plan(&facts, &draft).unwrap(), &facts, &Cloud::public(), id, now);
        let asked = restore.submitted.as_mut().unwrap();
        (asked.who, asked.reason) = (Some("ops@contoso.com".to_owned()), Some("INC_1: disk lost".to_owned()));
        restore.note(now);
        restore.on_sending(now);
        let words = "[click](here) | <img src=x> `a`\nsecond line";
        let mut fault = Fault::reported("POST restore", "UserErrorX", words);
        fault.status = Some(400);
        restore.on_trigger_response(Err(&fault), &Cloud::public(), now);
        restore.note(now + Duration::seconds(1));
        restore
    }

    #[test]
    fn a_record_tells_who_why_when_and_what() {
        let restore = failed();
        let value = record(&restore, vec!["2024-10-04T00:00:00Z POST https://x".to_owned()]);
        let text = markdown(std::slice::from_ref(&value));
        for part in [
            "* Reason: ` INC_1: disk lost `",
            "* Started by: ` ops@contoso.com `",
            "* State: ` Rejected by Azure `",
            "* ` 2024-10-04T00:00:01Z Rejected by Azure `",
            "\n```json\n{\n  \"properties\": {\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(value["Reason"], "INC_1: disk lost");
        let lines: Vec<&str> =
            value["Request body"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        assert_eq!(lines.join("\n"), restore.submitted.unwrap().text.as_str());
        assert_eq!(value["Timeline"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn azures_words_are_no_markup() {
        let text = markdown(&[record(&failed(), Vec::new())]);
        assert!(text.contains("* `` UserErrorX [click](here) | <img src=x> `a` second line ``"), "{text}");
    }

    #[test]
    fn nothing_ends_a_line_of_the_body_or_hides_in_it() {
        let record = serde_json::json!({ BODY: ["{\r# Forged\u{2028}", "a\nb", "\u{202e}}"] });
        let text = markdown(&[record]);
        assert!(text.ends_with("```json\n{⟨U+000D⟩# Forged⟨U+2028⟩\na⟨U+000A⟩b\n⟨U+202E⟩}\n```\n\n"), "{text}");
    }

    #[test]
    fn an_answers_id_takes_no_other_members_place() {
        let mut restore = failed();
        restore.support_ids = vec![("Started by".to_owned(), "somebody else".to_owned())];
        let value = record(&restore, Vec::new());
        assert_eq!(value["Started by"], "ops@contoso.com");
        assert_eq!(value["Azure response IDs"], serde_json::json!(["Started by: somebody else"]));
    }

    #[test]
    fn an_imported_record_says_that_a_file_names_the_sender_and_who_brought_it() {
        let mut restore = failed();
        restore.on_imported(Owner::new(Some("me@contoso.com"), None), restore.started + Duration::hours(1));
        let value = record(&restore, Vec::new());
        assert_eq!(value.get("Started by"), None, "that is not known");
        assert_eq!(value["Started by, according to the file"], "ops@contoso.com");
        let brought = "2024-10-04T01:00:00Z by me@contoso.com. Who started it, when and why come from the file";
        assert_eq!(value["Imported from a file"], brought);
        let text = markdown(&[value]);
        assert!(text.contains("* Started by, according to the file: ` ops@contoso.com `"), "{text}");
    }

    /// Text that Markdown, GitHub and others would interpret.
    const MARKS: [&str; 40] = [
        "\n",
        "\r",
        "\r\n",
        "\u{2028}",
        "\u{85}",
        "\u{b}",
        "\t",
        "    ",
        " ",
        "|",
        "\\",
        "\\|",
        "`",
        "``",
        "```",
        "~~~",
        "````json",
        "# Restore",
        "## Errors",
        "===",
        "---",
        "> q",
        "* item",
        "1. item",
        "- [ ] task",
        "[Approve](https://evil.example)",
        "![i](x)",
        "[^1]",
        "<b>",
        "<!-- ",
        "<https://evil.example>",
        "https://evil.example/a",
        "www.evil.example",
        "a@evil.example",
        "@channel",
        ":skull:",
        "$x$",
        "$`x`$",
        "&lt;&#10;",
        "| Started by | x |",
    ];

    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => prop::sample::select(&MARKS[..]).prop_map(str::to_owned),
            1 => "[a-z]{1,4}",
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    /// The document's nodes as a parser for GitHub's Markdown reads them; an unexpected node is named.
    fn outline(markdown: &str) -> Vec<String> {
        let mut options = comrak::Options::default();
        let with = &mut options.extension;
        (with.autolink, with.table, with.strikethrough, with.tasklist) = (true, true, true, true);
        (with.footnotes, with.math_dollars, with.math_code, with.superscript) = (true, true, true, true);
        let arena = comrak::Arena::new();
        let root = comrak::parse_document(&arena, markdown, &options);
        root.descendants()
            .filter_map(|node| match &node.data().value {
                NodeValue::Document | NodeValue::List(_) | NodeValue::Item(_) | NodeValue::Paragraph => None,
                NodeValue::Heading(heading) => Some(format!("h{}", heading.level)),
                NodeValue::Text(text) => Some(format!("text {text}")),
                NodeValue::Code(code) => Some(format!("code {}", code.literal)),
                NodeValue::CodeBlock(block) => Some(format!("block {}", block.literal)),
                other => Some(format!("FORGED {other:?}")),
            })
            .collect()
    }

    proptest! {
        /// A parser that knows GitHub's extensions finds the headings, items and blocks of the template, in order, and
        /// each text as code: no link, image, table, formula or markup, whatever the texts contain.
        #[test]
        fn no_text_forges_anything(texts in prop::collection::vec(text(), 10), ids in prop::collection::vec((text(), text()), 0..3)) {
            let mut restore = failed();
            let mut texts = texts.into_iter();
            let mut next = || texts.next().unwrap();
            (restore.vm, restore.cloud, restore.support_ids) = (next(), next(), ids);
            restore.timeline.0[0].state = next();
            let asked = restore.submitted.as_mut().unwrap();
            (asked.who, asked.tenant, asked.reason) = (Some(next()), Some(next()), Some(next()));
            (asked.effect, asked.text, asked.sha256) = (next(), next().into(), next());
            let value = record(&restore, vec![next()]);
            let mut expected = vec!["h1".to_owned(), "text Restore".to_owned()];
            let in_one_line = |text: &str| {
                let ends = ['\n', '\r', '\t', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
                visible(text.replace("\r\n", " ").replace(ends, " ").trim_matches(' ')).into_owned()
            };
            for (name, text) in value.as_object().unwrap().iter().filter_map(|(name, value)| Some((name, value.as_str()?))) {
                match in_one_line(text).as_str() {
                    "" => expected.push(format!("text {name}: (empty)")),
                    text => expected.extend([format!("text {name}: "), format!("code {text}")]),
                }
            }
            for (name, lines) in value.as_object().unwrap().iter().filter_map(|(name, value)| Some((name, value.as_array()?))) {
                let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
                if lines.is_empty() {
                    continue;
                }
                expected.extend(["h2".to_owned(), format!("text {name}")]);
                if name == BODY {
                    let lines: Vec<String> = lines.iter().map(|line| visible_line(line)).collect();
                    expected.push(format!("block {}\n", lines.join("\n")));
                } else {
                    let item = |line: &&str| match in_one_line(line).as_str() {
                        "" => "text (empty)".to_owned(),
                        line => format!("code {line}"),
                    };
                    expected.extend(lines.iter().map(item));
                }
            }
            prop_assert_eq!(outline(&markdown(&[value])), expected);
        }

        /// The same for member names, although they all come from this program.
        #[test]
        fn no_name_forges_anything(name in text()) {
            let one = |value: Value| outline(&markdown(&[Value::Object([(name.clone(), value)].into_iter().collect())]));
            for line in one("x".into()).iter().chain(&one(Value::Array(vec!["x".into()]))) {
                prop_assert!(!line.starts_with("FORGED"), "{line}");
            }
        }
    }
}
