//! The incident record of a restore: what was done, by whom, why, and what became of it, to be filed where incidents are.
//!
//! Everything in it stands in the [`Tracked`] that is kept; the access token of a cross-region restore does not.

use azure_backup::arm::id::JobId;
use azure_backup::arm::stored::Stored as _;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::tracked::Tracked;

/// `2026-11-23T03:41:07Z`.
pub fn machine_time(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    format!("{}T{:02}:{:02}:{:02}Z", at.date(), at.hour(), at.minute(), at.second())
}

/// Adds a member, if there is one: what is not known is left out.
#[inline(never)]
fn add(record: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        record.insert(name.to_owned(), value.into());
    }
}

/// What is told of a restore: texts by name, then lists; `exchanges` are those with Azure, as far as they are still known.
pub fn record(restore: &Tracked, exchanges: Vec<String>) -> Value {
    let mut record = Map::new();
    let mut tell = |name: &str, value: Option<&str>| add(&mut record, name, value);
    let (job, asked) = (restore.job(), restore.asked.as_ref());
    tell("Virtual machine", Some(&restore.vm));
    tell("State", Some(&restore.state_text()));
    tell("What", Some(restore.what()));
    tell("Effect", Some(restore.effect()));
    tell("Reason", asked.and_then(|asked| asked.reason.as_deref()));
    tell("Started by", asked.and_then(|asked| asked.who.as_deref()));
    tell("Tenant", asked.and_then(|asked| asked.tenant.as_deref()));
    tell("Cloud", Some(&restore.cloud));
    tell("Started", Some(&machine_time(restore.begun)));
    tell("Ended", job.and_then(|job| job.end).map(machine_time).as_deref());
    tell("Recovery point taken", asked.map(|asked| machine_time(asked.point_time)).as_deref());
    tell("Secondary region", restore.secondary.as_ref().map(|region| region.key()).as_deref());
    tell("Vault", Some(restore.vault.as_str()));
    tell("Recovery point", asked.map(|asked| asked.point.as_str()));
    tell("Client request id", asked.map(|_| restore.id.as_str()));
    for (name, id) in &restore.support_ids {
        tell(name, Some(id));
    }
    tell("Job", restore.job_id().map(JobId::as_str));
    tell("Activity id of the job", job.and_then(|job| job.activity_id.as_deref()));
    tell("API version", Some(restore.version.as_str()));
    tell("SHA-256 of the body", asked.map(|asked| asked.sha256.as_str()));
    let timeline = restore.timeline.0.iter().map(|reached| format!("{} {}", machine_time(reached.at), reached.state));
    let created = restore.created().into_iter().map(|(name, value)| format!("{name}: {value}"));
    let lists: [(&str, Vec<String>); 5] = [
        ("Timeline", timeline.collect()),
        ("Errors", errors(restore)),
        ("Created", created.collect()),
        ("Exchanges with Azure", exchanges),
        ("Request body", asked.into_iter().flat_map(|asked| asked.text.lines()).map(str::to_owned).collect()),
    ];
    for (name, lines) in lists {
        record.insert(name.to_owned(), lines.to_stored());
    }
    Value::Object(record)
}

/// Azure's words where something went wrong.
fn errors(restore: &Tracked) -> Vec<String> {
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

/// The records as Markdown: a table of texts and a section for each list. Texts of Azure cannot become markup.
pub fn markdown(records: &[Value]) -> String {
    let mut text = String::new();
    for record in records {
        text += "# Restore\n\n| | |\n|---|---|\n";
        for (name, value) in record.as_object().into_iter().flatten() {
            match value {
                Value::String(value) => text += &format!("| {name} | {} |\n", plain(value)),
                Value::Array(lines) if !lines.is_empty() => {
                    text += &format!("\n## {name}\n\n");
                    for line in lines.iter().filter_map(Value::as_str) {
                        // JSON stands as it is, indented as code.
                        text += &if name == "Request body" {
                            format!("    {line}\n")
                        } else {
                            format!("* {}\n", plain(line))
                        };
                    }
                }
                _ => {}
            }
        }
        text += "\n";
    }
    text
}

/// `text` in one line, with a backslash before whatever Markdown would read.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => plain.push(' '),
            '<' => plain.push_str("&lt;"),
            '&' => plain.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' => plain.extend(['\\', c]),
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use azure_backup::arm::cloud::Cloud;
    use azure_backup::arm::fault::Fault;
    use azure_backup::arm::id::ClientRequestId;
    use time::Duration;

    use crate::restore::plan::plan;
    use crate::restore::sample::{draft, facts};
    use crate::restore::scenario::Scenario;

    fn failed() -> Tracked {
        let (facts, draft) = (facts(), draft(Scenario::RestoreDisks));
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
        let mut restore = Tracked::intent(&plan(&facts, &draft).unwrap(), &facts, &Cloud::public(), id, now);
        let asked = restore.asked.as_mut().unwrap();
        (asked.who, asked.reason) = (Some("ops@contoso.com".to_owned()), Some("INC_1: disk lost".to_owned()));
        restore.note(now);
        restore.sending(now);
        let words = "[click](here) | <img src=x> `a`\nsecond line";
        let mut fault = Fault::reported("POST restore", "UserErrorX", words);
        fault.status = Some(400);
        restore.heard_trigger(Err(&fault), &Cloud::public(), now);
        restore.note(now + Duration::seconds(1));
        restore
    }

    #[test]
    fn a_record_tells_who_why_when_and_what() {
        let restore = failed();
        let value = record(&restore, vec!["2024-10-04T00:00:00Z POST https://x".to_owned()]);
        let text = markdown(std::slice::from_ref(&value));
        for part in [
            "| Reason | INC\\_1: disk lost |",
            "| Started by | ops@contoso.com |",
            "Refused by Azure",
            "* 2024-10-04T00:00:01Z Refused by Azure",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(value["Reason"], "INC_1: disk lost");
        let lines: Vec<&str> =
            value["Request body"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        assert_eq!(lines.join("\n"), restore.asked.unwrap().text);
        assert_eq!(value["Timeline"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn azures_words_are_no_markup() {
        let text = markdown(&[record(&failed(), Vec::new())]);
        assert!(text.contains("* UserErrorX \\[click\\](here) \\| &lt;img src=x> \\`a\\` second line"), "{text}");
    }
}
