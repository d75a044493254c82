//! What the timeline, the filter and the order of the table need to know about all points of a list.

use std::cmp::Reverse;
use std::rc::Rc;

use azure_backup::backup::recovery_point::{Consistency, RecoveryPoint, Tier};
use time::Date;
use yew::AttrValue;

use super::{threats, words};
use crate::app::local_time::Clocks;
use crate::ui::kit::timeline::Mark;
use crate::ui::shared::Shared;

/// Computed in one pass, once for each list: with a hundred thousand points, reading each from memory takes longer than anything that is
/// computed from it.
pub struct PointsSummary {
    /// Each point as the timeline shows it.
    pub marks: Shared<[Mark]>,
    /// The timeline in a sentence.
    pub summary: AttrValue,
    /// The indexes of all points, newest first.
    pub newest_first: Vec<usize>,
    /// The days of the oldest and the newest point.
    pub days: Option<(Date, Date)>,
    /// The tiers of the points, without duplicates.
    pub tiers: Vec<Tier>,
    /// The consistencies of the points, without duplicates.
    pub kinds: Vec<Consistency>,
    /// Whether Azure says anything about threats in any point.
    pub tells_of_threats: bool,
}

impl PointsSummary {
    /// Computes it, with the days of the zone that is shown.
    pub fn of(points: &[Rc<RecoveryPoint>], clocks: &Clocks) -> Self {
        let (mut tiers, mut kinds, mut tells_of_threats) = (Vec::new(), Vec::new(), false);
        let mark = |point: &Rc<RecoveryPoint>| {
            let tier = point.tier();
            if !tiers.contains(&tier) {
                tiers.push(tier);
            }
            if !kinds.contains(&point.consistency) {
                kinds.push(point.consistency.clone());
            }
            tells_of_threats |= threats::has_threat_state(point);
            let (lanes, shape) = (words::lanes(point), words::shape(&point.consistency));
            Mark { at: clocks.shown(point.time), lanes, shape, threat: point.reports_threat() }
        };
        let marks: Rc<[Mark]> = points.iter().map(mark).collect();
        let mut newest_first: Vec<usize> = (0..marks.len()).collect();
        newest_first.sort_by_key(|&index| Reverse(marks[index].at));
        let day = |index: Option<&usize>| index.map(|&index| marks[index].at.date());
        let days = day(newest_first.last()).zip(day(newest_first.first()));
        let summary = words::summary(&marks).into();
        Self { marks: marks.into(), summary, newest_first, days, tiers, kinds, tells_of_threats }
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;
    use crate::restore::sample;

    #[test]
    fn a_list_in_any_order_is_seen_as_a_whole() {
        let point = sample::facts().point; // 2026-05-14, app-consistent, snapshot and vault
        let aged = |days: i64| {
            let mut aged = (*point).clone();
            aged.time -= Duration::days(days);
            aged
        };
        let mut crashed = aged(3);
        crashed.consistency = Consistency::CrashConsistent;
        crashed.tiers.clear();
        let points = [aged(1), crashed, aged(0)].map(Rc::new);
        let glance = PointsSummary::of(&points, &Clocks::default());
        assert_eq!(glance.newest_first, [2, 0, 1]);
        assert_eq!(glance.days, Some(((point.time - Duration::days(3)).date(), point.time.date())));
        assert_eq!(glance.tiers, [Tier::SnapshotAndVaultStandard, Tier::Unknown]);
        assert_eq!(glance.kinds, [Consistency::AppConsistent, Consistency::CrashConsistent]);
        assert_eq!(glance.marks[1].at, points[1].time);
        assert!(glance.summary.starts_with("3 recovery points from 2026-05-11 to 2026-05-14"), "{}", glance.summary);
        assert_eq!(PointsSummary::of(&[], &Clocks::default()).days, None);
    }
}
