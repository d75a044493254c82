//! Staging accounts by region: an account serves the machines of its region only, so a plan over several regions needs several.

use azure_backup::arm::id::{ArmId, Region};

use super::expansion::{Expanded, Prospect};
use super::mapping::without_lists;
use super::plan::RecoveryPlan;
use crate::restore::field::Field;
use crate::restore::rules::{Reason, account_reasons};

/// Machines of a region that have no staging account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithoutAccount {
    /// The region.
    pub region: Region,
    /// Their names.
    pub machines: Vec<String>,
    /// The accounts that fit: those that break no rule, else those that only warn. Looked up for the first of the machines.
    pub fitting: Vec<ArmId>,
}

/// The machines that lack an account, by region.
pub fn without_account(plan: &RecoveryPlan, machines: &[Expanded]) -> Vec<WithoutAccount> {
    let mut found: Vec<WithoutAccount> = Vec::new();
    for machine in machines {
        let Prospect::Blocked(blocked) = &machine.state else { continue };
        if !blocked.reasons.iter().any(|reason| reason.field == Field::StagingAccount && reason.blocks()) {
            continue;
        }
        let Some(of) = plan.machine(&machine.id) else { continue };
        let facts = &blocked.facts;
        let draft = without_lists(&plan.mapping, of, facts);
        let Some(region) = facts.region(&draft) else { continue };
        if let Some(known) = found.iter_mut().find(|known| known.region == *region) {
            known.machines.push(machine.name.clone());
            continue;
        }
        let listed = || facts.lookups.storage_accounts.iter().flat_map(|all| all.iter());
        let judged: Vec<(&ArmId, Vec<Reason>)> =
            listed().map(|account| (&account.id, account_reasons(facts, &draft, account))).collect();
        let fits = |is_fine: fn(&[Reason]) -> bool| -> Vec<ArmId> {
            judged.iter().filter(|(_, reasons)| is_fine(reasons)).map(|(id, _)| (*id).clone()).collect()
        };
        let mut fitting = fits(<[Reason]>::is_empty);
        if fitting.is_empty() {
            fitting = fits(|reasons| !reasons.iter().any(Reason::blocks));
        }
        found.push(WithoutAccount { region: region.clone(), machines: vec![machine.name.clone()], fitting });
    }
    found
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use azure_backup::backup::lookups::StorageAccount;

    use super::*;
    use crate::recovery::expansion::expand;
    use crate::recovery::sample::{plan, world};
    use crate::restore::sample;

    fn account(name: &str, region: &str, sku: &str) -> Rc<StorageAccount> {
        let id = sample::id(&format!("rg/providers/Microsoft.Storage/storageAccounts/{name}"));
        Rc::new(StorageAccount::new(id, Region::new(region), "StorageV2", sku))
    }

    #[test]
    fn each_region_names_its_machines_without_an_account_and_what_fits_there() {
        let names = ["a", "b", "north"];
        let (of, mut world) = (plan(&names), world(&names));
        let accounts: Rc<[_]> = [
            account("west1", "westeurope", "Standard_LRS"),
            account("west2", "westeurope", "Standard_LRS"),
            account("north1", "northeurope", "Standard_LRS"),
        ]
        .into();
        for name in names {
            world.of(name).lookups.storage_accounts = Some(accounts.clone());
        }
        Rc::make_mut(&mut world.of("north").vault).location = Region::new("northeurope");
        let found = |of: &RecoveryPlan| without_account(of, &expand(of, &world));
        let told = found(&of);
        let names = |one: &WithoutAccount| one.fitting.iter().map(|id| id.name().to_owned()).collect::<Vec<_>>();
        let west = told.iter().find(|one| one.region.as_str() == "westeurope").unwrap();
        assert_eq!((west.machines.join(" "), names(west).join(" ")), ("a b".to_owned(), "west1 west2".to_owned()));

        let mut chosen = of.clone();
        chosen.mapping.staging_accounts = vec![accounts[0].id.clone()];
        let told = found(&chosen);
        assert_eq!(told.len(), 1, "an account of one region is none of another: {told:?}");
        assert_eq!((told[0].machines.join(" "), names(&told[0]).join(" ")), ("north".to_owned(), "north1".to_owned()));
        chosen.mapping.staging_accounts.push(accounts[2].id.clone());
        assert_eq!(found(&chosen), []);
    }
}
