//! Chooses the recovery point of each machine of a plan. If the plan's rule allows none, names the nearest points.

use std::rc::Rc;

use azure_backup::backup::recovery_point::{Consistency, RecoveryPoint, Tier};
use azure_backup::backup::threat::ThreatStatus;
use time::{Duration, OffsetDateTime};

use super::plan::{Machine, PointRule};

/// The recovery point of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenPoint {
    /// The point.
    pub point: Rc<RecoveryPoint>,
    /// Whether the operator chose it by hand instead of the rule.
    pub by_hand: bool,
    /// How long before the time limit of the rule it was taken; negative after it, none without a limit.
    pub age: Option<Duration>,
    /// How many later points within the time limit the rule has passed over.
    pub passed_over: usize,
}

impl ChosenPoint {
    /// Azure's report about threats on it.
    pub fn threat(&self) -> ThreatReport {
        threat(&self.point)
    }
}

/// Azure's report about threats on a recovery point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreatReport {
    /// A threat.
    Reported,
    /// That no threat was found.
    NoneFound,
    /// No report: the point may never have been scanned.
    Unknown,
}

/// Azure's report about threats on a recovery point.
pub fn threat(point: &RecoveryPoint) -> ThreatReport {
    match point.reports_threat() {
        true => ThreatReport::Reported,
        false if point.threat_status == Some(ThreatStatus::Healthy) => ThreatReport::NoneFound,
        false => ThreatReport::Unknown,
    }
}

/// Why the rule allows no recovery point of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct NoPoint {
    /// The reason.
    pub why: WhyNone,
    /// The first point after the time limit that meets all other conditions.
    pub first_after: Option<Rc<RecoveryPoint>>,
    /// The latest point within the time limit, which misses a condition.
    pub latest_within: Option<Rc<RecoveryPoint>>,
}

/// Why no recovery point can be restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNone {
    /// The machine has no recovery point.
    Empty,
    /// All were taken after the time limit.
    AllAfter,
    /// Those within the time limit miss a condition; these are the conditions that none of them or only some of them meet.
    Unmet(Vec<Condition>),
    /// The point that the operator chose is no longer listed.
    Gone,
}

/// A condition of a rule besides the time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// [`PointRule::app_consistent`].
    AppConsistent,
    /// [`PointRule::vault_tier`].
    VaultTier,
    /// [`PointRule::skip_threatened`].
    NoThreat,
}

impl Condition {
    const ALL: [Self; 3] = [Self::AppConsistent, Self::VaultTier, Self::NoThreat];

    /// Whether the rule contains it.
    const fn is_asked(self, rule: &PointRule) -> bool {
        match self {
            Self::AppConsistent => rule.app_consistent,
            Self::VaultTier => rule.vault_tier,
            Self::NoThreat => rule.skip_threatened,
        }
    }

    /// Whether a point meets it.
    fn is_met(self, point: &RecoveryPoint) -> bool {
        match self {
            Self::AppConsistent => point.consistency == Consistency::AppConsistent,
            Self::VaultTier => matches!(
                point.tier(),
                Tier::VaultStandard | Tier::SnapshotAndVaultStandard | Tier::VaultStandardRehydrated
            ),
            Self::NoThreat => !point.reports_threat(),
        }
    }

    /// In words that follow "isn't" for a point that misses it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AppConsistent => "app-consistent",
            Self::VaultTier => "in the vault tier",
            Self::NoThreat => "free of reported threats",
        }
    }
}

impl NoPoint {
    /// The reason as a sentence; the remedies are told beside it.
    pub fn sentence(&self) -> String {
        match &self.why {
            WhyNone::Empty => "This VM has no recovery point.".to_owned(),
            WhyNone::AllAfter => "This VM has no recovery point at or before the time you entered.".to_owned(),
            WhyNone::Unmet(conditions) => {
                let words: Vec<&str> = conditions.iter().map(|condition| condition.words()).collect();
                format!("No recovery point in time is {}.", words.join(" and "))
            }
            WhyNone::Gone => "The recovery point you selected is no longer listed. Select another one.".to_owned(),
        }
    }
}

/// The conditions of the rule that a point misses.
fn missed(rule: &PointRule, point: &RecoveryPoint) -> Vec<Condition> {
    Condition::ALL.into_iter().filter(|condition| condition.is_asked(rule) && !condition.is_met(point)).collect()
}

/// The recovery point of a machine: the one that was chosen by hand, or the latest that the rule allows.
///
/// # Errors
/// Why there is none, with the points that could be chosen by hand.
pub fn choose(rule: &PointRule, machine: &Machine, points: &[Rc<RecoveryPoint>]) -> Result<ChosenPoint, NoPoint> {
    let is_within = |point: &&Rc<RecoveryPoint>| rule.at_or_before.is_none_or(|limit| point.time <= limit);
    let is_allowed = |point: &&Rc<RecoveryPoint>| missed(rule, point).is_empty();
    let latest = |all: &mut dyn Iterator<Item = &Rc<RecoveryPoint>>| all.max_by_key(|point| point.time).cloned();
    let chosen = |point: Rc<RecoveryPoint>, by_hand: bool| {
        let is_passed_over = |other: &&Rc<RecoveryPoint>| !by_hand && is_within(other) && other.time > point.time;
        ChosenPoint {
            age: rule.at_or_before.map(|limit: OffsetDateTime| limit - point.time),
            passed_over: points.iter().filter(is_passed_over).count(),
            by_hand,
            point,
        }
    };
    let why = match &machine.point {
        Some(name) => match points.iter().find(|point| point.name == *name) {
            Some(point) => return Ok(chosen(point.clone(), true)),
            None => WhyNone::Gone,
        },
        None => {
            if let Some(point) = latest(&mut points.iter().filter(is_within).filter(is_allowed)) {
                return Ok(chosen(point, false));
            }
            let mut within = points.iter().filter(is_within).peekable();
            match within.peek() {
                None if points.is_empty() => WhyNone::Empty,
                None => WhyNone::AllAfter,
                Some(_) => {
                    let missed: Vec<Condition> = within.flat_map(|point| missed(rule, point)).collect();
                    WhyNone::Unmet(Condition::ALL.into_iter().filter(|one| missed.contains(one)).collect())
                }
            }
        }
    };
    let after = points.iter().filter(|point| !is_within(point)).filter(is_allowed);
    Err(NoPoint {
        why,
        first_after: after.min_by_key(|point| point.time).cloned(),
        latest_within: latest(&mut points.iter().filter(is_within)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::regional_id::RegionalId;
    use crate::restore::sample;

    /// A point so many minutes after midnight; `marks`: a = app-consistent, v = in the vault, t = threat reported, h = no threat found.
    fn point(minutes: i64, marks: &str) -> Rc<RecoveryPoint> {
        let mut point = (*sample::facts().point).clone();
        point.time = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::minutes(minutes);
        point.name = format!("{minutes}");
        point.consistency = if marks.contains('a') { Consistency::AppConsistent } else { Consistency::CrashConsistent };
        point.tiers.truncate(if marks.contains('v') { 2 } else { 1 });
        point.threat_status = match (marks.contains('t'), marks.contains('h')) {
            (true, _) => Some(ThreatStatus::UnHealthy),
            (_, true) => Some(ThreatStatus::Healthy),
            _ => None,
        };
        Rc::new(point)
    }

    fn limit(minutes: i64) -> PointRule {
        let at = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::minutes(minutes);
        PointRule { at_or_before: Some(at), ..PointRule::default() }
    }

    fn machine() -> Machine {
        Machine::new(RegionalId::from(sample::facts().item.id.clone()), "web-01")
    }

    fn name(found: &Result<ChosenPoint, NoPoint>) -> &str {
        found.as_ref().map_or("", |chosen| &chosen.point.name)
    }

    #[test]
    fn the_limit_itself_is_within_and_a_second_later_is_not() {
        let points = [point(0, ""), point(130, ""), point(131, "")];
        let found = choose(&limit(130), &machine(), &points);
        assert_eq!(name(&found), "130");
        assert_eq!(found.unwrap().age, Some(Duration::ZERO));
        let mut just = limit(130);
        just.at_or_before = just.at_or_before.map(|at| at - Duration::SECOND);
        assert_eq!(name(&choose(&just, &machine(), &points)), "0");
        let all = choose(&PointRule::default(), &machine(), &points);
        assert_eq!((name(&all), all.clone().unwrap().age), ("131", None));
    }

    #[test]
    fn each_condition_passes_over_the_points_that_miss_it() {
        let points = [point(0, "av"), point(10, "v"), point(20, "a"), point(30, "avt"), point(40, "")];
        let rule = |app_consistent, vault_tier, skip_threatened| PointRule {
            app_consistent,
            vault_tier,
            skip_threatened,
            ..limit(30)
        };
        for (rule, expected, passed_over) in [
            (rule(false, false, false), "30", 0),
            (rule(true, true, false), "30", 0),
            (rule(false, false, true), "20", 1),
            (rule(false, true, true), "10", 2),
            (rule(true, true, true), "0", 3),
        ] {
            let found = choose(&rule, &machine(), &points);
            assert_eq!((name(&found), found.clone().unwrap().passed_over), (expected, passed_over), "{rule:?}");
        }
    }

    #[test]
    fn an_archived_point_is_not_in_the_vault_tier() {
        let mut archived = (*point(0, "v")).clone();
        archived.tiers.remove(0);
        archived.tiers[0].kind = azure_backup::backup::recovery_point::TierKind::ArchivedRP;
        assert_eq!(archived.tier(), Tier::VaultArchive);
        let rule = PointRule { vault_tier: true, ..PointRule::default() };
        let found = choose(&rule, &machine(), &[Rc::new(archived)]).unwrap_err();
        assert_eq!(found.why, WhyNone::Unmet(vec![Condition::VaultTier]));
    }

    #[test]
    fn where_there_is_none_the_nearest_ones_are_named() {
        let none = choose(&limit(130), &machine(), &[]).unwrap_err();
        assert_eq!(none, NoPoint { why: WhyNone::Empty, first_after: None, latest_within: None });
        let points = [point(140, "t"), point(150, ""), point(160, "")];
        let rule = PointRule { skip_threatened: true, ..limit(130) };
        let none = choose(&rule, &machine(), &points).unwrap_err();
        assert_eq!((none.why, none.latest_within), (WhyNone::AllAfter, None));
        assert_eq!(none.first_after.unwrap().name, "150", "the first one that meets the rest");
        let points = [point(0, "a"), point(10, "av"), point(20, "at")];
        let rule = PointRule { app_consistent: true, vault_tier: true, skip_threatened: true, ..limit(5) };
        let none = choose(&rule, &machine(), &points).unwrap_err();
        assert_eq!(none.why, WhyNone::Unmet(vec![Condition::VaultTier]));
        assert_eq!(none.sentence(), "No recovery point in time is in the vault tier.");
        assert_eq!((none.first_after.unwrap().name.as_str(), none.latest_within.unwrap().name.as_str()), ("10", "0"));
    }

    #[test]
    fn what_was_chosen_by_hand_counts_even_against_the_rule() {
        let points = [point(0, ""), point(140, "t")];
        let rule = PointRule { skip_threatened: true, ..limit(130) };
        let by_hand = |name: &str| Machine { point: Some(name.to_owned()), ..machine() };
        let found = choose(&rule, &by_hand("140"), &points).unwrap();
        assert!(found.by_hand);
        assert_eq!((found.age, found.threat()), (Some(Duration::minutes(-10)), ThreatReport::Reported));
        let gone = choose(&rule, &by_hand("7"), &points).unwrap_err();
        assert_eq!((gone.why, gone.latest_within.unwrap().name.as_str()), (WhyNone::Gone, "0"));
    }

    #[test]
    fn no_report_is_not_no_threat() {
        let report = |marks| threat(&point(0, marks));
        assert_eq!(
            [report(""), report("h"), report("t")],
            [ThreatReport::Unknown, ThreatReport::NoneFound, ThreatReport::Reported]
        );
    }
}
