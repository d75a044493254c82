//! Errors with the messages and shapes of ARM and of Azure Backup.

use crate::answer::Answer;
use crate::text::{array, fill, member, quote};
use crate::version::Version;

/// Which side failed, for the header `x-ms-failure-cause`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// ARM itself.
    Gateway,
    /// The resource provider behind it.
    Service,
}

/// An error that becomes an answer. Boxed, because most results are not errors.
pub(crate) type Refused = Box<ArmError>;

/// An error that becomes `{"error":{…}}`.
#[derive(Debug, Clone)]
pub(crate) struct ArmError {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) target: Option<String>,
    /// The JSON of the errors below this one.
    pub(crate) details: Vec<String>,
    pub(crate) cause: Cause,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl ArmError {
    /// An error of ARM's own.
    pub(crate) fn gateway(status: u16, code: &'static str, message: impl Into<String>) -> Refused {
        Box::new(Self {
            status,
            code,
            message: message.into(),
            target: None,
            details: Vec::new(),
            cause: Cause::Gateway,
            headers: Vec::new(),
        })
    }

    /// An error of Azure Backup.
    pub(crate) fn service(status: u16, code: &'static str, message: impl Into<String>) -> Refused {
        let mut refused = Self::gateway(status, code, message);
        refused.cause = Cause::Service;
        refused
    }

    /// Azure Backup's 400 for a request that it cannot parse.
    pub(crate) fn invalid_input(message: &str, target: &str) -> Refused {
        let mut refused = Self::service(400, "BMSUserErrorInvalidInput", message);
        refused.target = Some(target.to_owned());
        refused
    }

    pub(crate) fn no_subscription(id: &str) -> Refused {
        Self::gateway(404, "SubscriptionNotFound", format!("The subscription '{id}' could not be found."))
    }

    pub(crate) fn no_group(name: &str) -> Refused {
        Self::gateway(404, "ResourceGroupNotFound", format!("Resource group '{name}' could not be found."))
    }

    pub(crate) fn no_resource(kind: &str, name: &str, group: &str) -> Refused {
        let text = "The Resource '$0/$1' under resource group '$2' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix";
        Self::gateway(404, "ResourceNotFound", fill(text, &[kind, name, group]))
    }

    /// Azure Backup's 404 for something inside a vault.
    pub(crate) fn not_in_vault(what: &str) -> Refused {
        Self::service(404, "ResourceNotFound", format!("{what} was not found in the Recovery Services vault."))
    }

    /// ARM's 429, with the wait in the header and in the text.
    pub(crate) fn throttled(action: &str, limit: u32, seconds: i64) -> Refused {
        let text = "Number of requests for action '$0' exceeded the limit of '$1' for time interval '01:00:00'. Please try again after '$2' seconds.";
        let seconds = seconds.to_string();
        Self::gateway(429, "ResourceRequestsThrottled", fill(text, &[action, &limit.to_string(), &seconds]))
            .with("retry-after", seconds)
    }

    /// The answer for everything that the simulator does not implement.
    pub(crate) fn not_simulated(what: &str) -> Refused {
        Self::gateway(
            501,
            "NotSimulated",
            format!("The simulator does not know {what}. See docs/simulator-differences.md."),
        )
    }

    /// ARM's refusal of an api-version that a type does not support.
    pub(crate) fn no_provider(region: &str, version: &Version, kind: &str) -> Refused {
        let message = format!(
            "No registered resource provider found for location '{region}' and API version '{version}' for type '{kind}'."
        );
        Self::gateway(400, "NoRegisteredProviderFound", message)
    }

    /// ARM's refusal of a call that a type does not support in an api-version.
    pub(crate) fn no_call(version: &Version, kind: &str) -> Refused {
        let text = "The resource type '$0' with this operation could not be found in the namespace 'Microsoft.RecoveryServices' for api version '$1'.";
        Self::gateway(404, "InvalidResourceType", fill(text, &[kind, &version.to_string()]))
    }

    /// ARM's 503 while a region is down.
    pub(crate) fn region_down(region: &str) -> Refused {
        let message =
            format!("The service 'Microsoft.RecoveryServices' is not available in '{region}'. Try again later.");
        Self::gateway(503, "ServiceUnavailable", message)
    }

    /// Adds a header.
    pub(crate) fn with(mut self: Box<Self>, name: &'static str, value: impl Into<String>) -> Refused {
        self.headers.push((name, value.into()));
        self
    }
}

impl From<Refused> for Answer {
    fn from(e: Refused) -> Self {
        let target = e.target.map(|t| format!(",\"target\":{}", quote(&t))).unwrap_or_default();
        let details = if e.details.is_empty() { None } else { Some(array(e.details)) };
        let details = member("details", details);
        let body = fill(r#"{"error":{"code":"$0","message":"$1"@2@3}}"#, &[e.code, &e.message, &target, &details]);
        let mut answer = Self::json(e.status, body);
        answer.headers = e.headers;
        answer.with("x-ms-failure-cause", if e.cause == Cause::Gateway { "gateway" } else { "service" })
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, ArmError};

    #[test]
    fn has_the_shape_of_arm() {
        let answer = Answer::from(ArmError::invalid_input("no \"x\"", "properties.zones"));
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.body,
            r#"{"error":{"code":"BMSUserErrorInvalidInput","message":"no \"x\"","target":"properties.zones"}}"#
        );
        let answer = Answer::from(ArmError::throttled("a/read", 150, 324));
        assert!(answer.headers.contains(&("retry-after", "324".to_owned())));
    }
}
