//! What Microsoft Defender for Cloud has reported about a recovery point and its machine. Azure sends it since api-version 2026-07-01;
//! model `ThreatInfo` of `azure-mgmt-recoveryservicesbackup` 11.2.0.

use crate::{arm::json::Node, arm::word::words};
use ::time::OffsetDateTime;
use http::{Uri, uri::Scheme};

words! {
    /// What is known of threats in a recovery point: `threatStatus`. A point without the field says nothing at all, which is none of these.
    ThreatStatus {
        /// Azure says that it does not know.
        Unknown = "Unknown",
        /// No threat was found.
        Healthy = "Healthy",
        /// Threats were found.
        UnHealthy = "UnHealthy",
        /// Something was found that may be one.
        Warning = "Warning",
        /// Nobody looks: the machine is not scanned.
        NotAvailable = "NotAvailable",
    }
}

words! {
    /// How far a threat is dealt with.
    ThreatState {
        /// It is there.
        Active = "Active",
        /// Somebody works on it.
        InProgress = "InProgress",
        /// Somebody decided to leave it.
        Ignored = "Ignored",
        /// It is gone.
        Resolved = "Resolved",
    }
}

words! {
    /// How bad a threat is. Azure also sends words outside of its own definition, such as `Medium`.
    ThreatSeverity {
        /// The worst.
        Critical = "Critical",
        /// Bad.
        High = "High",
        /// Less so.
        Warning = "Warning",
        /// To be known.
        Informational = "Informational",
    }
}

/// A threat in a recovery point: an alert of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Threat {
    /// What it is.
    pub title: Option<String>,
    /// The same at length.
    pub description: Option<String>,
    /// How far it is dealt with.
    pub state: Option<ThreatState>,
    /// How bad it is.
    pub severity: Option<ThreatSeverity>,
    /// When it began.
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    pub end: Option<OffsetDateTime>,
    /// When Azure last heard of it.
    pub updated: Option<OffsetDateTime>,
    /// Where Azure says that details are, as it came. [`Threat::link`] is what may be followed.
    pub uri: Option<String>,
}

/// The portals of the public cloud, of US Government and of China.
const PORTALS: [&str; 3] = ["portal.azure.com", "portal.azure.us", "portal.azure.cn"];

impl Threat {
    /// Where details are, if it is a page of the Azure portal: the address is text that somebody else wrote, and nothing else is offered as a link.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        let text = self.uri.as_deref()?;
        // A browser reads a backslash as a slash and drops control characters: such text names another host to it than to us.
        if text.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace()) {
            return None;
        }
        // Defender for Cloud writes the portal's routes behind `#`, which an `http` address has no place for.
        let uri: Uri = text.split('#').next()?.parse().ok()?;
        let portal = uri.authority().is_some_and(|a| PORTALS.iter().any(|host| a.as_str().eq_ignore_ascii_case(host)));
        (uri.scheme() == Some(&Scheme::HTTPS) && portal).then_some(text)
    }

    /// Whether it is over: resolved, or left on purpose.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, Some(ThreatState::Resolved | ThreatState::Ignored))
    }

    pub(crate) fn read(node: &Node<'_>) -> Threat {
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
    /// From the word, or from its place in Azure's enum: api-versions before 2026-07-01 send the number 0 for every point.
    pub(crate) fn read(properties: &Node<'_>) -> Option<ThreatStatus> {
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
