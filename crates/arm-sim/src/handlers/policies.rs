//! `GET …/backupPolicies` and `…/backupPolicies/{name}`: the one policy of every vault

use super::find;
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::filter::Filter;
use crate::moment::{self, DAY};
use crate::paging;
use crate::seed::vaults::VAULTS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::item::State;

/// The name of the policy.
const NAME: &str = "DefaultPolicy";
const POLICY: &str = r#"{"id":"$0/backupPolicies/DefaultPolicy","name":"DefaultPolicy","type":"Microsoft.RecoveryServices/vaults/backupPolicies","properties":{"backupManagementType":"AzureIaasVM","instantRPDetails":{},"schedulePolicy":{"schedulePolicyType":"SimpleSchedulePolicy","scheduleRunFrequency":"Daily","scheduleRunTimes":["$1"],"scheduleWeeklyFrequency":0},"retentionPolicy":{"retentionPolicyType":"LongTermRetentionPolicy","dailySchedule":{"retentionTimes":["$1"],"retentionDuration":{"count":30,"durationType":"Days"}}},"instantRpRetentionRangeInDays":7,"timeZone":"UTC","protectedItemsCount":@2}}"#;

fn policy(sim: &Simulator, vault: usize) -> String {
    let kept = |state: State| !matches!(state, State::Stopped | State::SoftDeleted);
    let count = sim.world.items.iter().filter(|i| i.vault == vault && kept(i.state)).count();
    // The day is that on which the policy was made; only the hour counts. No fraction, as on the wire.
    let day = moment::iso((sim.world.epoch.div_euclid(DAY) - 400) * DAY);
    let time = format!("{}T22:00:00Z", &day[..10]);
    fill(POLICY, &[&VAULTS[vault].id(), &time, &count.to_string()])
}

pub(super) fn list(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, _) = find::inside(sim, ask)?;
    let filter = Filter::parse(ask.query("$filter"), &["backupManagementType", "workloadType"])?;
    let wanted = filter.admits("backupManagementType", "AzureIaasVM") && filter.admits("workloadType", "VM");
    Ok(paging::whole(wanted.then(|| policy(sim, vault))))
}

pub(super) fn get(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, _) = find::inside(sim, ask)?;
    if same(ask.at(3), NAME) {
        Ok(Answer::ok(policy(sim, vault)))
    } else {
        Err(ArmError::not_in_vault("The backup policy"))
    }
}
