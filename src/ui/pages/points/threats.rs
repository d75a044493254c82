//! What Azure says about threats in a recovery point. *Not reported*, *Healthy* and *Unknown* are three different answers.

use azure_backup::backup::recovery_point::RecoveryPoint;
use azure_backup::backup::threat::{Threat, ThreatSeverity, ThreatState, ThreatStatus};
use yew::prelude::*;

use crate::ui::kit::Tone;
use crate::ui::kit::badge::badge;
use crate::ui::kit::each;
use crate::ui::kit::name::name;
use crate::ui::kit::table::{columns, row, small, table};
use crate::ui::kit::when::maybe_when;
use crate::ui::pages::PageContext;
use crate::ui::text;

/// Whether Azure says anything about threats in the point. Older api-versions send *Unknown* for every one.
pub fn has_threat_state(point: &RecoveryPoint) -> bool {
    !point.threats.is_empty() || !matches!(point.threat_status, None | Some(ThreatStatus::Unknown))
}

/// Whether no threat is reported. A status that is not known here does not count as none.
pub fn none_reported(point: &RecoveryPoint) -> bool {
    !point.reports_threat() && !matches!(point.threat_status, Some(ThreatStatus::Other(_)))
}

/// What Azure says, in a word, and its tone.
pub fn state(point: &RecoveryPoint) -> (Tone, String) {
    let (tone, word) = match &point.threat_status {
        Some(ThreatStatus::UnHealthy) => (Tone::Bad, "Threats reported"),
        Some(ThreatStatus::Warning) => (Tone::Warning, "Possible threat reported"),
        _ if point.reports_threat() => (Tone::Warning, "Threats reported"),
        Some(ThreatStatus::Healthy) => (Tone::Good, "Healthy"),
        Some(ThreatStatus::Unknown) => (Tone::Neutral, "Unknown"),
        Some(ThreatStatus::NotAvailable) => (Tone::Neutral, "Not available"),
        Some(other) => (Tone::Neutral, other.as_str()),
        None => (Tone::Neutral, "Not reported"),
    };
    (tone, word.to_owned())
}

/// The cell of the table.
pub fn cell(point: &RecoveryPoint) -> Html {
    let (tone, word) = state(point);
    let counted = (!point.threats.is_empty()).then(|| small(text::count(point.threats.len(), "alert")));
    html! { <>{ badge(tone, word) }{ each(counted) }</> }
}

/// The alerts one by one, for the review.
pub fn section(view: &PageContext, point: &RecoveryPoint) -> Option<Html> {
    let threats = &point.threats;
    (!threats.is_empty()).then(|| {
        let rows = threats.iter().enumerate().map(|(at, threat)| alert(view, at, threat));
        let names = columns(["Threat", "Severity", "State", "Started"]);
        let caption = html! { text::count(threats.len(), "alert") };
        html! {
            <section class="vmr-panel">
                <h2>{ "Threats reported for this recovery point" }</h2>
                <p>{ "Microsoft Defender for Cloud monitors the VM, not the backup. These are its alerts at the time the recovery point was taken." }</p>
                { table("Threats", caption, &names, false, html! { <>{ each(rows) }</> }) }
            </section>
        }
    })
}

fn alert(view: &PageContext, at: usize, threat: &Threat) -> Html {
    let title = threat.title.as_deref().unwrap_or("No title");
    // Title and link were written by somebody else. Only a link to the portal becomes a link.
    let title = match threat.link() {
        Some(href) => html! { <a href={href.to_owned()} target="_blank" rel="noreferrer">{ name(title) }</a> },
        None => name(title),
    };
    let about = threat.description.as_deref().map(|about| html! { <small>{ name(about) }</small> });
    let (tone, severity) = match &threat.severity {
        Some(level @ (ThreatSeverity::Critical | ThreatSeverity::High)) => (Tone::Bad, level.to_string()),
        Some(level @ ThreatSeverity::Informational) => (Tone::Info, level.to_string()),
        Some(level) => (Tone::Warning, level.to_string()),
        None => (Tone::Neutral, "Unknown".to_owned()),
    };
    let state = threat.state.as_ref().map_or("Unknown".into(), |state| match state {
        ThreatState::InProgress => "In progress".to_owned(),
        state => state.to_string(),
    });
    let ended = threat.end.map(|end| small(format!("until {}", text::utc(end))));
    let cells = vec![
        badge(tone, severity),
        html! { name(&state) },
        html! { <>{ maybe_when(threat.start, view.state.now, "Unknown") }{ each(ended) }</> },
    ];
    row(&at.to_string(), html! { <>{ title }{ each(about) }</> }, cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::sample;

    fn point(status: Option<&str>, threats: &[(&str, &str)]) -> RecoveryPoint {
        let threat = |(state, uri): &(&str, &str)| {
            let mut threat = Threat::default();
            threat.title = Some("T".to_owned());
            threat.state = Some(ThreatState::from((*state).to_owned()));
            threat.severity = Some(ThreatSeverity::from("Medium".to_owned()));
            threat.uri = Some((*uri).to_owned());
            threat
        };
        let mut point = (*sample::facts().point).clone();
        point.threat_status = status.map(|status| ThreatStatus::from(status.to_owned()));
        point.threats = threats.iter().map(threat).collect();
        point
    }

    #[test]
    fn not_reported_healthy_and_unknown_are_three_things() {
        for (status, threats, tone, word, none) in [
            (None, &[][..], Tone::Neutral, "Not reported", true),
            (Some("Unknown"), &[], Tone::Neutral, "Unknown", true),
            (Some("NotAvailable"), &[], Tone::Neutral, "Not available", true),
            (Some("Healthy"), &[], Tone::Good, "Healthy", true),
            (Some("unhealthy"), &[], Tone::Bad, "Threats reported", false),
            (Some("Warning"), &[], Tone::Warning, "Possible threat reported", false),
            (Some("AddedLater"), &[], Tone::Neutral, "AddedLater", false),
            // An alert that is not over counts more than the status; one that is over does not.
            (Some("Healthy"), &[("Active", "")], Tone::Warning, "Threats reported", false),
            (None, &[("SomethingNew", "")], Tone::Warning, "Threats reported", false),
            (Some("Healthy"), &[("Resolved", ""), ("Ignored", "")], Tone::Good, "Healthy", true),
        ] {
            let point = point(status, threats);
            assert_eq!(
                (state(&point), none_reported(&point)),
                ((tone, word.to_owned()), none),
                "{status:?} {threats:?}"
            );
        }
        assert!(
            !has_threat_state(&point(None, &[])) && !has_threat_state(&point(Some("Unknown"), &[])),
            "nothing is said"
        );
        assert!(
            has_threat_state(&point(Some("NotAvailable"), &[])) && has_threat_state(&point(None, &[("Active", "")]))
        );
    }
}
