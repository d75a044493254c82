//! A plan and what Azure tells about its machines, in which everything is ready; tests change one thing at a time.

use std::cell::Cell;
use std::rc::Rc;

use azure_backup::arm::id::{ArmId, ClientRequestId};
use azure_backup::backup::recovery_point::RecoveryPoint;
use time::OffsetDateTime;

use super::expansion::{Answer, Known};
use super::plan::{Advance, FormatVersion, Group, Machine, Mapping, Mode, Pacing, PlanId, PointRule, RecoveryPlan};
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::owner::Owner;
use crate::restore::regional_id::RegionalId;
use crate::restore::sample;
use crate::restore::scenario::Scenario;
use crate::restore::suggest::Sources;

/// What Azure tells.
pub(crate) struct World {
    /// The facts of each machine; their point is its only one.
    pub machines: Vec<Facts>,
    /// The subnet of every source.
    pub subnet: Option<Option<ArmId>>,
    /// Names of machines that exist.
    pub taken: Vec<String>,
    /// Whether the lists to choose from are complete.
    pub complete: bool,
    /// Whether all has been read.
    pub settled: bool,
    /// What is known of the points.
    pub points: Answer<()>,
    /// How often facts were asked for.
    pub asked: Cell<usize>,
}

/// The protected item of a machine.
fn item(name: &str) -> ArmId {
    let text = sample::facts().item.id.as_str().replace("web-01", name);
    ArmId::parse(&text).unwrap()
}

/// The facts of a machine of this name, as those of the sample.
pub(crate) fn facts(name: &str) -> Facts {
    let mut facts = sample::facts();
    let id = item(name);
    let source = facts.item.source_resource_id.as_ref().unwrap().as_str().replace("web-01", name);
    let own = Rc::make_mut(&mut facts.item);
    (own.id, own.friendly_name) = (id.clone(), name.to_owned());
    own.source_resource_id = ArmId::parse(&source).ok();
    let point = Rc::make_mut(&mut facts.point);
    point.id = id.child("recoveryPoints", &point.name);
    facts
}

pub(crate) fn machine(name: &str) -> Machine {
    Machine::new(RegionalId::from(item(name)), name)
}

/// A world with machines of these names.
pub(crate) fn world(names: &[&str]) -> World {
    let network = sample::id("rg/providers/Microsoft.Network/virtualNetworks/net");
    World {
        machines: names.iter().map(|name| facts(name)).collect(),
        subnet: Some(Some(network.child("subnets", "default"))),
        taken: Vec::new(),
        complete: true,
        settled: true,
        points: Answer::Read(()),
        asked: Cell::new(0),
    }
}

/// A plan of one group with machines of these names, which creates new ones.
pub(crate) fn plan(names: &[&str]) -> RecoveryPlan {
    let machines = names.iter().map(|name| machine(name)).collect();
    RecoveryPlan {
        version: FormatVersion,
        id: PlanId::from(ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap()),
        name: "rg-app".to_owned(),
        reason: String::new(),
        mode: Mode::Recovery,
        owner: Owner::default(),
        cloud: "Azure".to_owned(),
        created: OffsetDateTime::UNIX_EPOCH,
        point_rule: PointRule::default(),
        mapping: Mapping {
            scenario: Some(Scenario::AnotherVm),
            resource_group: super::plan::GroupRule::One(sample::id("target")),
            name_pattern: "{name}-clean".to_owned(),
            ..Mapping::default()
        },
        connected_networks: Vec::new(),
        groups: vec![Group { name: "All".to_owned(), advance: Advance::default(), machines }],
        pacing: Pacing::default(),
        stop_after_failures: None,
    }
}

impl World {
    /// The facts of a machine of that name.
    pub(crate) fn of(&mut self, name: &str) -> &mut Facts {
        self.machines.iter_mut().find(|facts| facts.item.friendly_name == name).unwrap()
    }
}

impl Known for World {
    fn points(&self, item: &RegionalId) -> Answer<Rc<[Rc<RecoveryPoint>]>> {
        match self.points {
            Answer::Reading => Answer::Reading,
            Answer::Failed => Answer::Failed,
            Answer::Read(()) => {
                let of = self.machines.iter().filter(|facts| facts.item.id == item.id);
                Answer::Read(of.map(|facts| facts.point.clone()).collect())
            }
        }
    }

    fn facts(&self, point: &RegionalId, _: &Draft) -> Answer<Facts> {
        self.asked.set(self.asked.get() + 1);
        let found = self.machines.iter().find(|facts| facts.point.id == point.id).cloned();
        found.map_or(Answer::Failed, |facts| {
            Answer::Read(Facts { secondary: point.secondary.clone(), name_taken: None, ..facts })
        })
    }

    fn with_sources(&self, _: &Facts, _: &Draft, then: &mut dyn FnMut(&Sources<'_>)) {
        then(&Sources {
            subnet: self.subnet.clone(),
            account: None,
            is_taken: &|id| Some(self.taken.iter().any(|name| name == id.name())),
            is_complete: &|_: Field| self.complete,
        });
    }

    fn is_settled(&self, _: &Facts, _: &Draft) -> bool {
        self.settled
    }
}
