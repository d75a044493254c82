//! What the operator does with the disks of a restore: which machine, which LUN, the request, and how far it is.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId, SubscriptionId};
use azure_backup::backup::lookups::ManagedDisk;
use azure_backup::backup::machine::Machine;

use super::follower::Follower;
use super::identity::Identity;
use super::key::Key;
use super::shown_request::ShownRequest;
use super::state::State;
use crate::restore::action::Action;
use crate::restore::run::RestoreRun;

/// What the operator is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// To attach this disk as a data disk.
    Attach(ArmId),
    /// To make this disk the OS disk.
    SwapOsDisk(ArmId),
    /// To start the machine that was restored.
    Start,
}

impl Aim {
    /// The disk that it is about.
    pub const fn disk(&self) -> Option<&ArmId> {
        match self {
            Self::Attach(disk) | Self::SwapOsDisk(disk) => Some(disk),
            Self::Start => None,
        }
    }
}

/// The choices of the operator, before a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionPanel {
    /// The restore on whose page it stands.
    pub restore: ClientRequestId,
    /// What for.
    pub aim: Aim,
    /// The machine that was chosen; none = the suggested one.
    pub machine: Option<ArmId>,
    /// The LUN as it was typed; none = the suggested one.
    pub lun: Option<String>,
}

/// A message about it.
#[derive(Clone, Debug)]
pub enum ActionMsg {
    /// Show the choices.
    Open(ClientRequestId, Aim),
    /// Hide them.
    Close,
    /// Choose the machine.
    Machine(Option<ArmId>),
    /// Type the LUN.
    Lun(String),
    /// Send the request that the screen shows.
    Send {
        /// The restore on whose page it stands.
        restore: ClientRequestId,
        /// What it does.
        action: Action,
        /// SHA-256 of the request on the screen.
        sha256: String,
    },
}

/// A change of a machine under way, or over. What is saved of it is a [`super::sent::SentRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct RunningAction {
    /// What is done.
    pub action: Action,
    /// The restore from whose page it was asked for.
    pub restore: ClientRequestId,
    /// Who has asked for it: nobody else follows it.
    pub identity: Identity,
    /// How far it is.
    pub stage: ActionStage,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionStage {
    /// The request has left, and is followed.
    Following(Follower),
    /// Azure says that it is done.
    Done,
    /// Azure has accepted it, and its end cannot be followed.
    Lost,
    /// It failed.
    Failed {
        /// Why.
        fault: Rc<Fault>,
        /// Whether nobody knows if Azure has heard of the request.
        unknown: bool,
    },
}

impl RunningAction {
    /// Whether something is still to come.
    pub const fn runs(&self) -> bool {
        matches!(self.stage, ActionStage::Following(_))
    }
}

/// What Azure says of the machine since.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// It is being read.
    Reading,
    /// It cannot be read.
    Unreadable,
    /// It is as the action makes it.
    So,
    /// It is not.
    NotSo,
}

impl State {
    /// The panel on the page of a restore.
    pub fn action_panel(&self, run: &RestoreRun) -> Option<&ActionPanel> {
        self.action_panel.as_ref().filter(|panel| panel.restore == run.id)
    }

    /// The machine that is changed: the chosen one, else the one that the restore is of or has made.
    pub fn action_machine(&self, run: &RestoreRun, panel: &ActionPanel) -> Option<ArmId> {
        let source = || Some(run.submitted.as_ref()?.text.read().ok()?.source.clone());
        panel.machine.clone().or_else(|| run.restored_machine()).or_else(source)
    }

    /// A machine as Azure said last.
    pub fn machine_now(&self, id: &ArmId) -> Option<Rc<Machine>> {
        self.catalog.get::<Machine>(&Key::MachineNow(id.clone()))
    }

    /// The restored disk that the panel is about.
    pub fn action_disk(&self, run: &RestoreRun, panel: &ActionPanel) -> Option<Rc<ManagedDisk>> {
        let id = panel.aim.disk()?;
        self.restored_disks(run)?.into_iter().find(|disk| disk.id == *id)
    }

    /// What the choices of the panel amount to; none while the machine is unknown or no LUN is free.
    pub fn action_chosen(&self, run: &RestoreRun, panel: &ActionPanel) -> Option<Action> {
        let machine = self.action_machine(run, panel)?;
        let now = self.machine_now(&machine)?;
        Some(match panel.aim.clone() {
            Aim::Attach(disk) => {
                let there = now.data_disks.iter().find(|(_, at)| at.id.as_ref() == Some(&disk)).map(|(lun, _)| *lun);
                // What is no number is no LUN that Azure has, and is told so.
                let typed = || panel.lun.as_ref().map(|text| text.trim().parse().unwrap_or(-1));
                Action::Attach { disk, machine, lun: there.or_else(typed).or_else(|| now.free_lun())? }
            }
            Aim::SwapOsDisk(disk) => Action::SwapOsDisk { disk, machine },
            Aim::Start => Action::Start { machine },
        })
    }

    /// Why Azure would refuse it, as far as is known; none while the machine or the disk is not known.
    pub fn action_obstacles(&self, action: &Action) -> Option<Vec<String>> {
        let now = self.machine_now(action.machine())?;
        let disk = match action.disk() {
            Some(id) => Some(self.listed_disk(id)?),
            None => None,
        };
        Some(action.obstacles(&now, disk.as_deref()))
    }

    fn listed_disk(&self, id: &ArmId) -> Option<Rc<ManagedDisk>> {
        let group =
            ArmId::parse(&format!("/subscriptions/{}/resourceGroups/{}", id.subscription()?, id.resource_group()?));
        let all = self.catalog.get::<[Rc<ManagedDisk>]>(&Key::Disks(group.ok()?))?;
        all.iter().find(|disk| disk.id == *id).cloned()
    }

    /// The request, as it is shown.
    pub fn action_request(&self, action: &Action) -> ShownRequest {
        ShownRequest::of(action.call(), &self.cloud())
    }

    /// What is done to a machine, or was done last.
    pub fn action_on(&self, machine: &ArmId) -> Option<&RunningAction> {
        self.actions.iter().find(|one| one.action.machine() == machine)
    }

    /// What Azure says of the machine since an action has ended.
    pub fn seen_since(&self, action: &Action) -> Seen {
        let key = Key::MachineNow(action.machine().clone());
        let Some(entry) = self.catalog.entry(&key).filter(|entry| !entry.is_loading()) else { return Seen::Reading };
        match self.machine_now(action.machine()) {
            _ if entry.fault.is_some() => Seen::Unreadable,
            Some(now) if action.is_so(&now) => Seen::So,
            Some(_) => Seen::NotSo,
            None => Seen::Reading,
        }
    }

    /// What the page of a restore that has ended shows: its disks, and the machine that something is done to.
    pub(super) fn keys_after(&self, run: &RestoreRun) -> Vec<Key> {
        let Some(disks) = self.restored_disks_key(run) else { return Vec::new() };
        let mut keys = vec![disks];
        keys.extend(self.deploy_keys(run));
        keys.extend(self.actions.iter().filter(|one| one.restore == run.id).map(|one| machine_key(&one.action)));
        if let Some(panel) = self.action_panel(run) {
            keys.extend(self.action_machine(run, panel).map(Key::MachineNow));
            let subscription = panel.aim.disk().and_then(|disk| SubscriptionId::parse(disk.subscription()?).ok());
            keys.extend(subscription.map(Key::Machines));
        }
        keys
    }
}

fn machine_key(action: &Action) -> Key {
    Key::MachineNow(action.machine().clone())
}
