//! An operation between two visits.

use super::{Ending, Operation, Way, reading::SignedUrl};
use crate::arm::{
    fault::Fault,
    stored::{Stored, member, object, tag, tagged},
};
use crate::{stored_record, stored_words};
use serde_json::Value;

stored_words!(Way {
    AsyncOperation "AsyncOperation",
    Location "Location",
    BackupOperations "BackupOperations",
    JobList "JobList",
});

stored_record!(Operation {
    vault "vault",
    version "version",
    id "id",
    async_url "async_url",
    location "location",
    way "way",
    refusals "refusals",
    undoubled "undoubled",
    renewed "renewed",
    status "status",
    pulse "pulse",
    ending "ending",
});

impl Stored for Ending {
    fn missing() -> Self {
        Self::Cancelled
    }

    fn to_stored(&self) -> Value {
        match self {
            Ending::Succeeded { job_ids, properties } => {
                let content = vec![("job_ids", job_ids.to_stored()), ("properties", properties.to_stored())];
                tagged("Succeeded", object(content))
            }
            Ending::Failed(fault) => tagged("Failed", fault.to_stored()),
            Ending::Cancelled => Value::from("Cancelled"),
            Ending::Unknown(status) => tagged("Unknown", status.to_stored()),
            Ending::LookInJobList => Value::from("LookInJobList"),
        }
    }

    fn from_stored(value: &Value) -> Option<Self> {
        Some(match tag(value)? {
            ("Succeeded", content) => {
                Ending::Succeeded { job_ids: member(content, "job_ids")?, properties: member(content, "properties")? }
            }
            ("Failed", fault) => Ending::Failed(Fault::from_stored(fault)?),
            ("Cancelled", _) => Ending::Cancelled,
            ("Unknown", status) => Ending::Unknown(String::from_stored(status)?),
            ("LookInJobList", _) => Ending::LookInJobList,
            _ => return None,
        })
    }
}

impl Stored for SignedUrl {
    fn missing() -> Self {
        Self(String::new())
    }

    fn to_stored(&self) -> Value {
        self.0.to_stored()
    }

    fn from_stored(value: &Value) -> Option<Self> {
        String::from_stored(value).map(SignedUrl)
    }
}
