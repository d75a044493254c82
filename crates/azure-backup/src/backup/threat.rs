//! What Microsoft Defender for Cloud reports about a recovery point. Azure sends it since api-version 2026-07-01;
//! model `ThreatInfo` of `azure-mgmt-recoveryservicesbackup` 11.2.0.

use crate::{arm::json::NodeRef, arm::open_enum::open_enum};
use ::time::OffsetDateTime;
use http::{Uri, uri::Scheme};

open_enum! {
    /// Whether threats were found in a recovery point: `threatStatus`. A point may lack the field, which is none of these words.
    ThreatStatus {
        /// Azure does not know.
        Unknown = "Unknown",
        /// No threat was found.
        Healthy = "Healthy",
        /// Threats were found.
        UnHealthy = "UnHealthy",
        /// Something was found that may be a threat.
        Warning = "Warning",
        /// The machine is not scanned.
        NotAvailable = "NotAvailable",
    }
}

open_enum! {
    /// The state of an alert: `threatState`.
    ThreatState {
        /// Nobody has dealt with it.
        Active = "Active",
        /// Somebody is dealing with it.
        InProgress = "InProgress",
        /// Somebody decided to ignore it.
        Ignored = "Ignored",
        /// It is resolved.
        Resolved = "Resolved",
    }
}

open_enum! {
    /// The severity of an alert: `threatSeverity`. Azure also sends words that its definition does not have, such as `Medium`.
    ThreatSeverity {
        /// Critical.
        Critical = "Critical",
        /// High.
        High = "High",
        /// Worth a look.
        Warning = "Warning",
        /// For information.
        Informational = "Informational",
    }
}

/// An alert about a recovery point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Threat {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its state.
    pub state: Option<ThreatState>,
    /// Its severity.
    pub severity: Option<ThreatSeverity>,
    /// When it began, UTC.
    pub start: Option<OffsetDateTime>,
    /// When it ended, UTC.
    pub end: Option<OffsetDateTime>,
    /// When it was last updated, UTC.
    pub updated: Option<OffsetDateTime>,
    /// Azure's URL of the details, verbatim. Offer [`Threat::link`] to people instead.
    pub uri: Option<String>,
}

/// The portals of the public cloud, of US Government and of China.
const PORTALS: [&str; 3] = ["portal.azure.com", "portal.azure.us", "portal.azure.cn"];

impl Threat {
    /// The URL of the details if it leads to the Azure portal. The URL is text that others can write, so no other one is offered as a link.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        let text = self.uri.as_deref()?;
        // A browser reads `\` as `/` and drops control characters: it would see another host than the parser below.
        if text.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace()) {
            return None;
        }
        // Defender for Cloud writes the portal's routes after `#`, which `http::Uri` does not allow.
        let uri: Uri = text.split('#').next()?.parse().ok()?;
        let portal = uri.authority().is_some_and(|a| PORTALS.iter().any(|host| a.as_str().eq_ignore_ascii_case(host)));
        (uri.scheme() == Some(&Scheme::HTTPS) && portal).then_some(text)
    }

    /// Whether it is over: resolved or ignored.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, Some(ThreatState::Resolved | ThreatState::Ignored))
    }

    pub(crate) fn read(node: &NodeRef<'_>) -> Threat {
        let state = node.word("threatState", &["Active", "InProgress", "Ignored", "Resolved"]);
        let severity = node.word("threatSeverity", &["Critical", "High", "Warning", "Informational"]);
        Threat {
            title: node.text("threatTitle"),
            description: node.text("threatDescription"),
            state: state.map(ThreatState::from),
            severity: severity.map(ThreatSeverity::from),
            start: node.time("threatStartTime"),
            end: node.time("threatEndTime"),
            updated: node.time("lastUpdatedTime"),
            uri: node.text("threatURI"),
        }
    }
}

impl ThreatStatus {
    /// From the word or its number in Azure's enum: api-versions before 2026-07-01 send 0 for every point.
    pub(crate) fn read(properties: &NodeRef<'_>) -> Option<ThreatStatus> {
        let names = ["Unknown", "Healthy", "UnHealthy", "Warning", "NotAvailable"];
        properties.word("threatStatus", &names).map(ThreatStatus::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_the_portal_is_a_link() {
        let link = |uri: &str| {
            let threat = Threat { uri: Some(uri.to_owned()), ..Threat::default() };
            threat.link().is_some()
        };
        for good in [
            "https://portal.azure.com/#blade/Microsoft_Azure_Security/AlertBlade/alertId/1",
            "https://PORTAL.azure.us/x?y=z",
            "https://portal.azure.cn",
        ] {
            assert!(link(good), "{good}");
        }
        for bad in [
            "",
            "portal.azure.com/x",
            "//portal.azure.com/x",
            "http://portal.azure.com/x",
            "javascript:alert(1)//portal.azure.com",
            "https://portal.azure.com.example.org/x",
            "https://portal.azure.example/x",
            "https://user@portal.azure.com/x",
            "https://portal.azure.com@example.org/x",
            "https://portal.azure.com:8443/x",
            "https://example.org/https://portal.azure.com",
            "https://example.org#https://portal.azure.com",
            "https://example.org\\@portal.azure.com/",
            "https://portal.azure.com\\.example.org/",
            "https:\n//portal.azure.com/",
            "https://pörtal.azure.com/",
        ] {
            assert!(!link(bad), "{bad}");
        }
    }
}
