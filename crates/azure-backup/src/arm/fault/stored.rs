//! A fault between two visits.

use super::{Fault, FaultDetail, FaultKind};
use crate::arm::stored::{Stored, member, tag, tagged};
use crate::stored_record;
use serde_json::Value;

stored_record!(Fault {
    kind "kind",
    status "status",
    code "code",
    message "message",
    target "target",
    details "details",
    request_id "request_id",
    correlation_id "correlation_id",
    failure_cause "failure_cause",
    retry_after "retry_after",
    call "call",
    challenge "claims",
    additional "additional",
});

stored_record!(FaultDetail { code "code", message "message", target "target" });

impl Stored for FaultKind {
    fn missing() -> Self {
        Self::Status
    }

    fn to_stored(&self) -> Value {
        Value::from(match self {
            FaultKind::Body { path } => return tagged("Body", tagged("path", path.to_stored())),
            FaultKind::Refused => "Refused",
            FaultKind::NoUrl => "NoUrl",
            FaultKind::NoToken => "NoToken",
            FaultKind::TokenLate => "TokenLate",
            FaultKind::Network => "Network",
            FaultKind::TimedOut => "TimedOut",
            FaultKind::Aborted => "Aborted",
            FaultKind::Status => "Status",
            FaultKind::Unexpected => "Unexpected",
            FaultKind::TooLarge => "TooLarge",
        })
    }

    fn from_stored(value: &Value) -> Option<Self> {
        Some(match tag(value)? {
            ("Body", content) => FaultKind::Body { path: member(content, "path")? },
            ("Refused", _) => FaultKind::Refused,
            ("NoUrl", _) => FaultKind::NoUrl,
            ("NoToken", _) => FaultKind::NoToken,
            ("TokenLate", _) => FaultKind::TokenLate,
            ("Network", _) => FaultKind::Network,
            ("TimedOut", _) => FaultKind::TimedOut,
            ("Aborted", _) => FaultKind::Aborted,
            ("Status", _) => FaultKind::Status,
            ("Unexpected", _) => FaultKind::Unexpected,
            ("TooLarge", _) => FaultKind::TooLarge,
            _ => return None,
        })
    }
}
