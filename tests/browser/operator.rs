//! An operator's steps up to the click on *Start restore*.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::recovery_point::{RecoveryPoint, Tier};
use vm_restore::app::fleet::status;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::route::Route;
use vm_restore::app::session::Secret;
use vm_restore::app::state::State;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::rules;
use vm_restore::restore::scenario::Scenario;
use vm_restore::web::shell::Shell;

use crate::{Seen, until};

/// A machine of the simulator without faults.
const MACHINE: &str = "web-01";

fn item(state: &State) -> Option<ArmId> {
    status::rows(&state.catalog).iter().find(|row| row.name == MACHINE).map(|row| row.id.clone())
}

fn points(state: &State, item: &ArmId) -> Option<Rc<[Rc<RecoveryPoint>]>> {
    state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(item.clone()))
}

/// Connects with a token and reviews a restore of disks; returns the click on *Start restore*, with or without saving.
pub(crate) async fn review(shell: &Shell, seen: &Seen) -> impl Fn(bool) -> Msg + use<> {
    shell.say(Msg::Connect(Secret::new("opaque".to_owned())));
    shell.say(Msg::Go(Route::Vms(Default::default())));
    until(seen, |s| item(s).is_some()).await;
    let item = item(&shell.state()).unwrap();
    shell.say(Msg::Go(Route::Points(item.clone().into())));
    until(seen, |s| points(s, &item).is_some()).await;
    let points = points(&shell.state(), &item).unwrap();
    let point = RegionalId::from(points.iter().find(|p| p.tier() != Tier::VaultArchive).unwrap().id.clone());
    let form = Route::Form(point.clone());
    shell.say(Msg::Go(form.clone()));
    until(seen, |s| s.route == form).await;
    shell.say(Msg::Edit(Edit::Scenario(Scenario::RestoreDisks)));
    let known = |s: &State| {
        let facts = s.facts(&point, &s.draft(&point))?;
        (facts.lookups.groups.is_some() && facts.lookups.storage_accounts.is_some()).then_some(facts)
    };
    until(seen, |s| known(s).is_some() && s.facts_missing(&point).is_empty()).await;
    let (facts, draft) = (known(&shell.state()).unwrap(), shell.state().draft(&point));
    let fits = |reasons: Vec<rules::Reason>| reasons.iter().all(|reason| !reason.blocks());
    let accounts = facts.lookups.storage_accounts.clone().unwrap();
    let account =
        accounts.iter().find(|a| fits(rules::account_reasons(&facts, &draft, a)) && a.sku.starts_with("Standard"));
    shell.say(Msg::Edit(Edit::StagingAccount(account.map(|a| a.id.clone()))));
    let groups = facts.lookups.groups.clone().unwrap();
    let group = groups.iter().find(|g| fits(rules::group_reasons(&facts, &draft, g)));
    shell.say(Msg::Edit(Edit::TargetGroup(group.map(|g| g.id.clone()))));
    shell.say(Msg::Go(Route::Review(point.clone())));
    let reviewed = Route::Review(point.clone());
    until(seen, |s| s.route == reviewed && s.plan(&point).is_ok() && s.facts_missing(&point).is_empty()).await;
    let sha256 = shell.state().plan(&point).unwrap().sha256.clone();
    move |unsaved| Msg::Start { place: point.clone(), sha256: sha256.clone(), unsaved }
}
