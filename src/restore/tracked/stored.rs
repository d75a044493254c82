//! A restore between two visits.

use azure_backup::arm::stored::{Stored, member, object, tag, tagged};
use azure_backup::{stored_record, stored_words};
use serde_json::Value;

use super::{Found, Search, Stage, Tracked};

stored_record!(Tracked {
    id "id",
    cloud "cloud",
    owner "owner",
    hidden "hidden",
    vault "vault",
    secondary "secondary",
    vm "vm",
    version "version",
    asked "asked",
    begun "begun",
    stage "stage",
    support_ids "support_ids",
    timeline "timeline",
    imported "imported",
});

stored_record!(Search { since "since", looks "looks", listed "listed", unclear "unclear", next "next", last "last", trouble "trouble" });

stored_words!(Found { Operation "operation", Activity "activity", VmAndTime "vmAndTime", List "list" });

impl Stored for Stage {
    fn missing() -> Self {
        Self::Intent
    }

    fn to_stored(&self) -> Value {
        let (name, content) = match self {
            Self::Intent => return Value::from("intent"),
            Self::Sending => return Value::from("sending"),
            Self::Preparing { identified, search } => {
                ("preparing", vec![("identified", identified.to_stored()), ("search", search.to_stored())])
            }
            Self::Unknown { fault, search } => {
                ("unknown", vec![("fault", fault.to_stored()), ("search", search.to_stored())])
            }
            Self::Operation { operation } => ("operation", vec![("operation", operation.to_stored())]),
            Self::Searching { search } => ("searching", vec![("search", search.to_stored())]),
            Self::Job { tracker, found } => {
                ("job", vec![("tracker", tracker.to_stored()), ("found", found.to_stored())])
            }
            Self::Refused { fault } => ("refused", vec![("fault", fault.to_stored())]),
            Self::OperationFailed { fault } => ("operationFailed", vec![("fault", fault.to_stored())]),
            Self::NotSent { fault, search } => {
                ("notSent", vec![("fault", fault.to_stored()), ("search", search.to_stored())])
            }
        };
        tagged(name, object(content))
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let (name, content) = tag(value)?;
        Some(match name {
            "intent" => Self::Intent,
            "sending" => Self::Sending,
            "preparing" => {
                // Older versions kept the answer itself, as `properties`.
                let identified = member::<Option<bool>>(content, "identified")?.unwrap_or_default();
                Self::Preparing { identified, search: member(content, "search")? }
            }
            "unknown" => Self::Unknown { fault: member(content, "fault")?, search: member(content, "search")? },
            "operation" => Self::Operation { operation: member(content, "operation")? },
            "searching" => Self::Searching { search: member(content, "search")? },
            "job" => Self::Job { tracker: member(content, "tracker")?, found: member(content, "found")? },
            "refused" => Self::Refused { fault: member(content, "fault")? },
            "operationFailed" => Self::OperationFailed { fault: member(content, "fault")? },
            "notSent" => Self::NotSent { fault: member(content, "fault")?, search: member(content, "search")? },
            _ => return None,
        })
    }
}
