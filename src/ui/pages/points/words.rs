//! A recovery point in words, and as the timeline shows it.

use azure_backup::backup::recovery_point::{Consistency, RecoveryPoint, Tier, TierKind, TierStatus};

use crate::ui::kit::timeline::{Lane, Lanes, Mark, Shape};
use crate::ui::text;

/// Every consistency with its words.
pub const CONSISTENCIES: [(Consistency, &str); 3] = [
    (Consistency::AppConsistent, "App-consistent"),
    (Consistency::FileSystemConsistent, "File-system-consistent"),
    (Consistency::CrashConsistent, "Crash-consistent"),
];

/// Every tier with its words.
pub const TIERS: [(Tier, &str); 8] = [
    (Tier::InstantAccess, "Instant access snapshot"),
    (Tier::Snapshot, "Snapshot"),
    (Tier::SnapshotAndVaultStandard, "Snapshot and vault"),
    (Tier::VaultStandard, "Vault"),
    (Tier::SnapshotAndVaultArchive, "Snapshot and archive"),
    (Tier::VaultArchive, "Archive"),
    (Tier::VaultStandardRehydrated, "Archive, rehydrated"),
    (Tier::Unknown, "Tier unknown"),
];

/// The consistency in words; an unknown one as Azure spells it.
pub fn consistency(of: &Consistency) -> String {
    CONSISTENCIES.iter().find(|(c, _)| c == of).map_or_else(|| of.to_string(), |(_, words)| (*words).to_owned())
}

/// The tier in words.
pub fn tier(of: Tier) -> &'static str {
    TIERS.iter().find(|(t, _)| *t == of).map_or("", |(_, words)| words)
}

/// `3 of 4 disks`, as far as Azure says.
pub fn disks(point: &RecoveryPoint) -> String {
    let Some(disks) = &point.disks else { return "All".to_owned() };
    match (disks.included_count, disks.attached_count) {
        (Some(included), Some(attached)) if included != attached => format!("{included} of {attached}"),
        (Some(included), _) => included.to_string(),
        _ => "All".to_owned(),
    }
}

/// The lanes of the timeline that show a point: every tier that it can be restored from.
pub fn lanes(point: &RecoveryPoint) -> Lanes {
    let kinds = [
        (TierKind::InstantRP, Lane::Snapshot),
        (TierKind::InstantAccess, Lane::Snapshot),
        (TierKind::HardenedRP, Lane::Vault),
        (TierKind::ArchivedRP, Lane::Archive),
    ];
    let there = |kind: &TierKind| {
        point.tiers.iter().any(|t| t.kind == *kind && matches!(t.status, TierStatus::Valid | TierStatus::Rehydrated))
    };
    let lanes: Lanes = kinds.iter().filter(|(kind, _)| there(kind)).map(|(_, lane)| *lane).collect();
    if lanes.is_empty() { Lanes::from_iter([Lane::Unknown]) } else { lanes }
}

/// The shape of a point's mark.
pub fn shape(of: &Consistency) -> Shape {
    match of {
        Consistency::AppConsistent => Shape::Filled,
        Consistency::FileSystemConsistent => Shape::Square,
        Consistency::CrashConsistent => Shape::Ring,
        _ => Shape::Diamond,
    }
}

/// The timeline in a sentence.
pub fn summary(marks: &[Mark]) -> String {
    let newest = marks.iter().map(|m| m.at).max();
    let oldest = marks.iter().map(|m| m.at).min();
    let (Some(newest), Some(oldest)) = (newest, oldest) else { return String::new() };
    let places: Vec<String> = [
        (Lane::Snapshot, "as a snapshot"),
        (Lane::Vault, "in the vault"),
        (Lane::Archive, "in the archive"),
        (Lane::Unknown, "in an unknown tier"),
    ]
    .into_iter()
    .map(|(lane, words)| (marks.iter().filter(|m| m.lanes.contains(lane)).count(), words))
    .filter(|(n, _)| *n > 0)
    .map(|(n, words)| format!("{n} {words}"))
    .collect();
    let reported = match marks.iter().filter(|m| m.threat).count() {
        0 => String::new(),
        n => format!(" {n} of them have a reported threat."),
    };
    format!(
        "{} from {} to {}: {}.{reported}",
        text::count(marks.len(), "recovery point"),
        oldest.date(),
        text::utc(newest),
        places.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use azure_backup::backup::recovery_point::TierDetail;

    use super::*;
    use crate::restore::sample;

    #[test]
    fn a_point_whose_tier_azure_does_not_tell_is_not_put_into_the_vault() {
        let point = sample::facts().point;
        for status in [None, Some(TierStatus::Deleted)] {
            let kind = point.tiers[0].kind.clone();
            let mut point = (*point).clone();
            point.tiers = status.map(|status| TierDetail::new(kind, status)).into_iter().collect();
            assert_eq!(lanes(&point), Lanes::from_iter([Lane::Unknown]));
            let mark = Mark { at: point.time, lanes: lanes(&point), shape: Shape::Filled, threat: false };
            let said = summary(&[mark]);
            assert!(!said.contains("in the vault") && said.contains("1 in an unknown tier"), "{said}");
        }
    }
}
