//! What tests/clients/run.mjs tells.

use serde::Deserialize;
use serde_json::Value;

use crate::failure::Failure;

/// Everything that was done.
#[derive(Debug, Deserialize)]
pub(super) struct Results {
    /// The version of azure-cli, if it was run.
    #[serde(default)]
    pub(super) version: String,
    /// Restores by azure-cli.
    pub(super) restores: Vec<Journey>,
    /// What each export of the page sent.
    #[serde(default)]
    pub(super) exports: Vec<Export>,
    /// Everything else that azure-cli did.
    pub(super) reading: Vec<Journey>,
    /// What the Python SDK did.
    pub(super) sdk: Vec<Journey>,
}

/// An export of a restore and what it sent.
#[derive(Debug, Deserialize)]
pub(super) struct Export {
    /// The journey of the restore.
    pub(super) name: String,
    /// What it was exported for.
    pub(super) tool: String,
    /// What was sent, beside the body that was exported.
    pub(super) was: String,
    /// Why it is not offered, or what went wrong.
    #[serde(rename = "as")]
    pub(super) words: String,
    /// Whether that is what must come.
    pub(super) right: bool,
    /// What must come.
    pub(super) wanted: String,
}

/// A journey and what came of it.
#[derive(Debug, Deserialize)]
pub(super) struct Journey {
    #[serde(default)]
    pub(super) section: String,
    pub(super) name: String,
    /// How it ended: one of [`ENDS`], or something that no journey is to do.
    pub(super) was: String,
    /// The words of whoever ended it.
    #[serde(rename = "as")]
    pub(super) words: String,
    /// Whether that is what must come.
    pub(super) right: bool,
    /// What must come.
    pub(super) wanted: String,
    /// Why it does not come to its end.
    pub(super) why: Option<String>,
    /// The body of the request that restores.
    pub(super) body: Option<Value>,
    /// What the page does for the same restore.
    pub(super) page: Option<Page>,
}

/// What the page does for the same restore, besides the choices.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    /// The member that the page cannot make.
    pub(super) cannot: Option<String>,
    /// The rule by which it refuses.
    pub(super) refuses: Option<String>,
    /// Why it does otherwise than azure-cli.
    pub(super) why: Option<String>,
}

impl Results {
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text)
            .map_err(|error| Failure::FellShort(format!("What the clients did cannot be read: {error}.")))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Journey> {
        self.restores.iter().chain(&self.reading).chain(&self.sdk)
    }

    /// # Errors
    /// [`Failure::FellShort`] with every journey that did not do what it must, or when nothing was done.
    pub(super) fn unexpected(&self) -> Result<(), Failure> {
        let (mut done, mut wrong) = (0, Vec::new());
        for journey in self.all() {
            done += 1;
            if !journey.right {
                let Journey { name, was, words, wanted, .. } = journey;
                wrong.push(format!("  {name}: {was}, not {wanted}: {words}"));
            }
        }
        for Export { name, tool, was, words, right, wanted } in &self.exports {
            done += 1;
            if !right {
                wrong.push(format!("  {name}, {tool}: {was}, not {wanted}: {words}"));
            }
        }
        match (done, wrong.len()) {
            (0, _) => Err(Failure::FellShort("No journey has that name.".to_owned())),
            (_, 0) => Ok(()),
            (done, count) => Err(Failure::FellShort(format!(
                "{count} of {done} journeys and exports did not end as they must:\n{}\n\
                 Either the simulator or an export is wrong, or Azure's clients have changed and tests/clients/journeys has to say so.",
                wrong.join("\n")
            ))),
        }
    }

    /// How many journeys ended in which way.
    pub(super) fn summary(&self) -> String {
        format!(
            "Restores by azure-cli {}: {}. Its other journeys: {}. Steps of the Python SDK: {}.",
            self.version,
            counted(&self.restores),
            counted(&self.reading),
            counted(&self.sdk)
        )
    }
}

/// The ways in which a journey may end, in words; `run.mjs` knows no other that could be right.
const ENDS: [(&str, &str); 6] = [
    ("restored", "accepted"),
    ("works", "came to their end"),
    ("refused", "refused by a rule of the service"),
    ("stopped", "ended by a check of the client"),
    ("cut off", "cut off by the network"),
    ("broken", "ended by a fault of the client"),
];

/// `9 (7 accepted, 2 refused by a rule of the service)`.
fn counted(journeys: &[Journey]) -> String {
    let count = |was: &str| journeys.iter().filter(|it| it.was == was).count();
    let parts: Vec<String> =
        ENDS.iter().filter(|(was, _)| count(was) > 0).map(|(was, words)| format!("{} {words}", count(was))).collect();
    format!("{} ({})", journeys.len(), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journey_that_ends_otherwise_is_reported_with_its_words() {
        let journey = |right: bool| {
            format!(
                r#"{{"name": "in place", "was": "refused", "as": "400 X: no", "right": {right}, "wanted": "restored"}}"#
            )
        };
        let results = |journeys: &str| {
            Results::read(&format!(r#"{{"restores": [{journeys}], "reading": [], "sdk": []}}"#)).unwrap().unexpected()
        };
        assert!(results(&journey(true)).is_ok());
        let report = results(&format!("{},{}", journey(true), journey(false))).unwrap_err().to_string();
        assert!(report.starts_with("1 of 2 journeys and exports"), "{report}");
        assert!(report.contains("in place: refused, not restored: 400 X: no"), "{report}");
        assert!(results("").is_err(), "no journey at all proves nothing");
        let export = r#"{"name": "disks", "tool": "curl", "was": "another body", "as": "differs in zones", "right": false, "wanted": "the same bytes"}"#;
        let all = format!(r#"{{"restores": [], "exports": [{export}], "reading": [], "sdk": []}}"#);
        let report = Results::read(&all).unwrap().unexpected().unwrap_err().to_string();
        assert!(report.contains("disks, curl: another body, not the same bytes: differs in zones"), "{report}");
    }

    #[test]
    fn journeys_are_counted_by_their_ends() {
        let of = |was: &str| format!(r#"{{"name": "a", "was": "{was}", "as": "", "right": true, "wanted": ""}}"#);
        let text = format!(
            r#"{{"version": "2", "restores": [{}, {}, {}], "reading": [{}], "sdk": []}}"#,
            of("restored"),
            of("broken"),
            of("restored"),
            of("works")
        );
        assert_eq!(
            Results::read(&text).unwrap().summary(),
            "Restores by azure-cli 2: 3 (2 accepted, 1 ended by a fault of the client). Its other journeys: 1 (1 came to their end). \
             Steps of the Python SDK: 0 ()."
        );
    }
}
