//! What is set among the advanced settings, in a line.

use crate::restore::draft::{Draft, StagingAccess, ZoneChoice};
use crate::restore::field::Field;
use crate::restore::rules::Reason;

/// `zone, encryption, staging access: defaults`, or what is set instead. A setting that stops the restore says so.
pub fn summary(draft: &Draft, reasons: &[Reason], asked: &[Field]) -> String {
    let is_set = |field: &Field| value(draft, *field).is_some();
    let (set, defaults): (Vec<Field>, Vec<Field>) = asked.iter().partition(|field| is_set(field));
    let mut parts: Vec<String> = Vec::new();
    for field in set {
        let wrong = reasons.iter().any(|reason| reason.field == field && reason.blocks());
        let wrong = if wrong { " (not possible)" } else { "" };
        parts.push(format!("{}: {}{wrong}", name(field), value(draft, field).unwrap_or_default()));
    }
    if !defaults.is_empty() {
        let names: Vec<&str> = defaults.into_iter().map(name).collect();
        parts.push(format!("{}: {}", names.join(", "), if names.len() == 1 { "default" } else { "defaults" }));
    }
    parts.join(" · ")
}

const fn name(field: Field) -> &'static str {
    match field {
        Field::Zone => "zone",
        Field::EncryptionSet => "encryption",
        Field::StagingAccess => "staging access",
        _ => "edge zone",
    }
}

/// The value of a setting; none for the default.
fn value(draft: &Draft, field: Field) -> Option<String> {
    match field {
        Field::Zone => match &draft.zone {
            ZoneChoice::Unset => None,
            ZoneChoice::NoZone => Some("none".to_owned()),
            ZoneChoice::Zone(zone) => Some(zone.clone()),
        },
        Field::EncryptionSet => draft.encryption_set.as_ref().map(|set| set.name().to_owned()),
        Field::StagingAccess => match &draft.staging_access {
            StagingAccess::Key => None,
            StagingAccess::SystemAssigned => Some("system-assigned identity".to_owned()),
            StagingAccess::UserAssigned(id) => Some(id.name().to_owned()),
        },
        _ => draft.edge_zone.then(|| "original".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::rules::draft_reasons;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;

    #[test]
    fn the_line_names_what_is_set_and_what_is_as_usual() {
        let asked = [Field::Zone, Field::EncryptionSet, Field::StagingAccess];
        let (facts, mut draft) = (sample::facts(), sample::draft(Scenario::RestoreDisks));
        let of = |draft: &Draft| summary(draft, &draft_reasons(&facts, draft), &asked);
        assert_eq!(of(&draft), "zone, encryption, staging access: defaults");
        draft.staging_access = StagingAccess::SystemAssigned;
        assert_eq!(of(&draft), "staging access: system-assigned identity · zone, encryption: defaults");
        draft.zone = ZoneChoice::Zone("2".to_owned());
        let line = of(&draft);
        assert!(line.starts_with("zone: 2 (not possible) · ") && line.ends_with(" · encryption: default"), "{line}");
    }
}
