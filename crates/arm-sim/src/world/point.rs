//! Recovery points. They are not stored: each is derived from its item and its number.

use super::World;
use super::item::{Item, Plan, Traits};
use crate::moment::{DAY, HOUR, MINUTE, Millis};
use crate::pseudo_random;

/// How long a point takes to reach the secondary region; Azure promises 36 h.
const LAG: Millis = 14 * HOUR;

/// The state of a point in one tier; the numbers are those of old api-versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    Absent = 0,
    Valid = 1,
    Disabled = 2,
    Deleted = 3,
    Rehydrated = 4,
}

impl Tier {
    /// As newer api-versions spell it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "Invalid",
            Self::Valid => "Valid",
            Self::Disabled => "Disabled",
            Self::Deleted => "Deleted",
            Self::Rehydrated => "Rehydrated",
        }
    }
}

/// A recovery point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    /// Its name: up to 19 digits.
    pub(crate) id: String,
    pub(crate) time: Millis,
    pub(crate) consistency: &'static str,
    pub(crate) snapshot: Tier,
    /// The snapshot is one of instant access.
    pub(crate) instant: bool,
    pub(crate) vault: Tier,
    pub(crate) archive: Tier,
    /// Until when a rehydrated point can be read.
    pub(crate) rehydrated_until: Option<Millis>,
    pub(crate) rule: &'static str,
    pub(crate) expires: Millis,
}

impl Point {
    /// In the archive only: it has to be rehydrated first.
    pub(crate) fn needs_rehydration(&self) -> bool {
        self.archive == Tier::Valid && self.snapshot != Tier::Valid && self.vault != Tier::Valid
    }

    /// Can be read from a snapshot.
    pub(crate) fn has_snapshot(&self) -> bool {
        self.snapshot == Tier::Valid
    }

    /// In the vault and nowhere else.
    pub(crate) fn is_vault_only(&self) -> bool {
        self.vault == Tier::Valid
            && self.snapshot != Tier::Valid
            && matches!(self.archive, Tier::Absent | Tier::Deleted)
    }

    /// Not (yet) transferred to the vault.
    pub(crate) fn is_snapshot_only(&self) -> bool {
        self.snapshot == Tier::Valid && self.vault != Tier::Valid && self.archive == Tier::Absent
    }

    /// The point as the secondary region has it at `now`: only in the vault tier, and only once it has arrived.
    pub(crate) fn replicated(mut self, now: Millis) -> Option<Self> {
        if self.vault != Tier::Valid || now < self.time + LAG {
            return None;
        }
        (self.snapshot, self.archive, self.rehydrated_until) = (Tier::Absent, Tier::Absent, None);
        Some(self)
    }

    /// Cannot be read from any tier.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.snapshot != Tier::Valid
            && self.vault != Tier::Valid
            && !matches!(self.archive, Tier::Valid | Tier::Rehydrated)
    }
}

/// The tiers of the `n`-th newest point: snapshot, vault, archive.
fn tiers(plan: Plan, n: u32) -> (Tier, Tier, Tier) {
    use Tier::{Absent, Deleted, Disabled, Rehydrated, Valid};
    let usual = match n {
        0..7 => (Valid, Valid, Absent),
        _ => (Deleted, Valid, Absent),
    };
    match (plan, n) {
        (Plan::Fresh | Plan::SnapshotOnly | Plan::Instant, 0) | (Plan::Everything, 1) => (Valid, Absent, Absent),
        (Plan::SnapshotOnly, _) => (Valid, Absent, Absent),
        (Plan::VaultOnly, _) => (Absent, Valid, Absent),
        (Plan::Archive, 13) | (Plan::Everything, 200) => (Valid, Deleted, Valid),
        (Plan::Everything, 50) => (Disabled, Disabled, Absent),
        (Plan::Archive, 14..) if n % 5 == 3 => (Deleted, Deleted, Rehydrated),
        (Plan::Archive, 14..) => (Deleted, Deleted, Valid),
        (Plan::Everything, 120..) if n % 37 == 5 => (Deleted, Deleted, Rehydrated),
        (Plan::Everything, 120..) if n.is_multiple_of(30) => (Deleted, Deleted, Valid),
        _ => usual,
    }
}

impl World {
    /// The `n`-th newest recovery point of an item.
    fn point_at(&self, index: usize, n: u32) -> Point {
        let item: &Item = &self.items[index];
        let dice = pseudo_random::hash(self.seed, &format!("{}#{}#{n}", item.vault, item.name));
        let days = i64::from(n) * if item.plan == Plan::Archive { 7 } else { 1 };
        // Backups run during the preceding night, some minutes apart.
        let night = self.epoch.div_euclid(DAY) * DAY - 2 * HOUR;
        let minutes = i64::try_from(pseudo_random::hash(self.seed, &item.name) % 90 + dice % 7).unwrap_or_default();
        let time = night - days * DAY + minutes * MINUTE + i64::try_from(dice % 60_000).unwrap_or_default();
        let (snapshot, vault, archive) = tiers(item.plan, n);
        let rule = if days % 28 == 0 {
            "Monthly"
        } else if days % 7 == 0 {
            "Weekly"
        } else {
            "Daily"
        };
        // Names have 12 to 14 digits, some 19: more than a JavaScript number can hold.
        let id = if dice % 11 == 3 {
            dice % 9_000_000_000_000_000_000 + 1_000_000_000_000_000_000
        } else {
            dice % 899_000_000_000_000 + 1_000_000_000_000
        };
        let mut point = Point {
            id: id.to_string(),
            time,
            consistency: match dice % 9 {
                4 => "CrashConsistent",
                _ if item.traits.has(Traits::LINUX) => "FileSystemConsistent",
                _ => "AppConsistent",
            },
            snapshot,
            instant: item.plan == Plan::Instant && n == 0,
            vault,
            archive,
            rehydrated_until: (archive == Tier::Rehydrated).then_some(self.epoch + 9 * DAY),
            rule,
            expires: (time.div_euclid(DAY) + if rule == "Daily" { 30 } else { 400 }).max(self.epoch / DAY + 2) * DAY,
        };
        if let Some((_, _, until)) = self.changes.rehydrated.iter().find(|(i, id, _)| *i == index && *id == point.id) {
            (point.archive, point.rehydrated_until) = (Tier::Rehydrated, Some(*until));
        }
        point
    }

    /// All recovery points of an item, the newest first.
    pub(crate) fn points(&self, item: usize) -> impl Iterator<Item = Point> {
        (0..self.items[item].points).map(move |n| self.point_at(item, n))
    }

    /// The recovery point of an item with that name.
    pub(crate) fn point(&self, item: usize, id: &str) -> Option<Point> {
        self.points(item).find(|p| p.id == id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Plan, Tier, tiers};
    use crate::world::World;

    #[test]
    fn ids_are_unique_and_dates_are_past() {
        let world = World::new(1, 1_700_000_000_000, crate::seed::grown::TenantSize::Small);
        let mut wide = 0;
        for item in 0..world.items.len() {
            let points: Vec<_> = world.points(item).collect();
            let ids: HashSet<_> = points.iter().map(|p| &p.id).collect();
            assert_eq!(ids.len(), points.len());
            assert!(points.iter().all(|p| p.time < world.epoch && p.expires > world.epoch));
            assert!(points.windows(2).all(|w| w[0].time > w[1].time));
            wide += ids.iter().filter(|id| id.len() == 19).count();
        }
        assert!(wide > 0, "some names exceed 2^53");
    }

    #[test]
    fn every_tier_occurs() {
        let all: Vec<_> = (0..1_000).map(|n| tiers(Plan::Everything, n)).collect();
        for wanted in [
            (Tier::Valid, Tier::Valid, Tier::Absent),
            (Tier::Valid, Tier::Absent, Tier::Absent),
            (Tier::Deleted, Tier::Valid, Tier::Absent),
            (Tier::Deleted, Tier::Deleted, Tier::Valid),
            (Tier::Deleted, Tier::Deleted, Tier::Rehydrated),
            (Tier::Valid, Tier::Deleted, Tier::Valid),
            (Tier::Disabled, Tier::Disabled, Tier::Absent),
        ] {
            assert!(all.contains(&wanted), "{wanted:?}");
        }
    }
}
