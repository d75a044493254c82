//! The start of each run: a page on which the operator has filled in some restores.

use std::collections::BTreeMap;
use std::num::NonZeroU16;
use std::rc::Rc;

use arm_sim::Simulator;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use time::{Duration, OffsetDateTime};
use vm_restore::app::msg::Msg;
use vm_restore::app::plans::PlanMsg;
use vm_restore::app::route::Route;
use vm_restore::app::session::Secret;
use vm_restore::app::state::State;
use vm_restore::recovery::plan::{Advance, Group, Machine, RecoveryPlan};
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, find, open, open_secondary, page};
use crate::page::{Page, Records};
use crate::world::OPERATORS;

/// The beginning.
pub(crate) struct Template {
    pub(crate) state: State,
    pub(crate) sim: Simulator,
    pub(crate) now: OffsetDateTime,
    pub(crate) storage: BTreeMap<String, String>,
    pub(crate) records: Records,
    pub(crate) places: Vec<RegionalId>,
    pub(crate) plan: RecoveryPlan,
}

/// Machines of one vault and what is restored of them.
const HERE: [(&str, Scenario); 6] = [
    ("web-01", Scenario::SelectedDisks),
    ("web-02", Scenario::RestoreDisks),
    ("sql-01", Scenario::AnotherVm),
    ("sql-02", Scenario::ReplaceDisks),
    ("fault-lost-answer", Scenario::RestoreDisks),
    ("fault-poll-errors", Scenario::RestoreDisks),
];
/// Machines of the same vault that a plan restores, in its groups.
const PLANNED: [[&str; 3]; 2] =
    [["web-03", "app-linux-02", "app-linux-04"], ["db-linux-01", "app-linux-01", "trusted-01"]];
/// One whose copies are restored.
const ELSEWHERE: (&str, &str, Scenario) = ("contoso-vault-neu", "erp-01", Scenario::RestoreDisks);

impl Template {
    pub(crate) fn new() -> Self {
        let mut page = page();
        // Of the first operator; it expires in the year 2096.
        let claims =
            Base64UrlUnpadded::encode_string(format!(r#"{{"exp":3999999999,"upn":"{}"}}"#, OPERATORS[0]).as_bytes());
        page.say(Msg::Connect(Secret::new(format!("e30.{claims}.c2ln"))));
        let mut places = Vec::new();
        for (vm, scenario) in HERE {
            let place = open(&mut page, vm);
            choose(&mut page, &place, scenario);
            places.push(place);
        }
        let (vault, vm, scenario) = ELSEWHERE;
        let place = open_secondary(&mut page, vault, vm);
        choose(&mut page, &place, scenario);
        places.push(place);
        let plan = plan(&mut page);
        let mut sim = page.simulator;
        sim.set_require_token(true);
        // A run does not need the exchanges so far, and would copy them.
        page.state.activity = Rc::default();
        Self { state: page.state, sim, now: page.now, storage: page.storage, records: page.records, places, plan }
    }
}

/// A plan of two groups, whose machines are spelled out.
fn plan(page: &mut Page) -> RecoveryPlan {
    let shown = page.state.route.clone();
    let machine = |page: &mut Page, name: &str| Machine::new(RegionalId::from(find(page, name).id.clone()), name);
    let groups = PLANNED.map(|names| names.map(|name| machine(page, name)).to_vec());
    page.say(Msg::Plan(PlanMsg::New(groups.concat())));
    let record = page.state.plans.iter().next().cloned();
    let Some(mut plan) = record.map(|record| record.plan.clone()) else { unreachable!("a plan was made") };
    plan.mapping.scenario = Some(Scenario::RestoreDisks);
    plan.mapping.staging_accounts =
        page.state.drafts.iter().find_map(|(_, draft)| draft.staging_account.clone()).into_iter().collect();
    let group = |machines| Group { name: "Group".to_owned(), advance: Advance::WhenRestored, machines };
    plan.groups = groups.into_iter().map(group).collect();
    // Small enough to be reached.
    (plan.pacing.per_vault, plan.pacing.in_all) =
        (NonZeroU16::MIN.saturating_add(1), NonZeroU16::MIN.saturating_add(2));
    page.say(Msg::Plan(PlanMsg::Put(Box::new(plan.clone()))));
    page.say(Msg::Go(Route::PlanReview(plan.id.clone())));
    let wanted = PLANNED.concat().len();
    let id = plan.id.clone();
    page.wait_until(Duration::minutes(2), |state| {
        state.plans.get(&id).is_some_and(|record| state.to_confirm(record).len() == wanted)
    });
    page.say(Msg::Go(shown));
    plan
}
