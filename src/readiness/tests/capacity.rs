//! Sizes, quotas and addresses: for one machine and for several together.

use azure_backup::backup::lookups::Restriction;

use super::*;

fn sized(size: VmSize) -> Fake {
    Fake::new().with(Question::VmSizes(subscription(), region()), Value::Sizes(vec![size]))
}

fn d2() -> VmSize {
    VmSize::new("standard_d2S_v3", "standardDSv3Family", 2)
}

fn used(fake: Fake, usages: &[(&str, i64, i64)]) -> Fake {
    let usages = usages.iter().map(|(name, used, limit)| ComputeUsage::new(name, *used, *limit)).collect();
    fake.with(Question::ComputeUsages(subscription(), region()), Value::Usages(usages))
}

#[test]
fn a_size_is_a_problem_where_it_is_missing_or_restricted() {
    let restored = new_vm();
    assert_eq!(findings("vm-size", &[restored.machine()], &sized(d2())).outcomes, [Outcome::NothingFound]);
    let other = VmSize::new("Standard_D4s_v3", "standardDSv3Family", 4);
    let found = problems("vm-size", &restored, &sized(other));
    assert!(found[0].ends_with("isn't offered in westeurope."), "{found:?}");
    let restricted = |zones: Option<&[&str]>| {
        let zones = zones.map(|zones| zones.iter().map(|&zone| zone.to_owned()).collect());
        let mut size = d2();
        size.restrictions.push(Restriction::new(zones, "NotAvailableForSubscription"));
        sized(size)
    };
    assert_eq!(problems("vm-size", &restored, &restricted(None)).len(), 1);
    assert_eq!(problems("vm-size", &restored, &restricted(Some(&["2"]))).len(), 0, "no zone is asked for");
    let mut zonal = new_vm();
    zonal.plan.request.zones = Some(vec!["2".to_owned()]);
    let found = problems("vm-size", &zonal, &restricted(Some(&["2"])));
    assert!(found[0].ends_with("can't use in zone 2 of westeurope."), "{found:?}");
    assert_eq!(problems("vm-size", &zonal, &restricted(Some(&["1"]))).len(), 0);
    let sizeless = Restored::new(Scenario::AnotherVm, |_| {});
    let found = findings("vm-size", &[sizeless.machine()], &sized(d2()));
    assert_eq!((found.problems().count(), found.unknowns().count()), (0, 1));
}

#[test]
fn vcpus_are_needed_of_the_region_and_of_the_family() {
    let restored = new_vm();
    let check = |cores: i64, family: i64| {
        let answers = used(sized(d2()), &[("cores", cores, 40), ("StandardDSv3Family", family, 10)]);
        findings("vcpu-quota", &[restored.machine()], &answers)
    };
    let fine = check(32, 8);
    assert_eq!((fine.problems().count(), fine.note.as_deref()), (0, Some("8 of 40 vCPUs free")));
    assert_eq!(
        check(39, 8).problems().next().unwrap().0,
        "Needs 2 vCPUs; the quota `cores` in westeurope has 1 of 40 free."
    );
    assert_eq!(check(32, 9).problems().count(), 1);
    assert_eq!(check(45, 12).problems().count(), 2, "more may be used than the limit: a limit can be lowered");
    let unlisted = findings("vcpu-quota", &[restored.machine()], &used(sized(d2()), &[("cores", 0, 10)]));
    assert_eq!(unlisted.unknowns().count(), 1);
}

#[test]
fn machines_are_summed_up_and_the_first_that_no_longer_fits_is_named() {
    let mut all: Vec<Restored> = (0..4).map(|_| new_vm()).collect();
    for (nth, restored) in all.iter_mut().enumerate() {
        restored.plan.request.source_resource_id =
            Some(id(&format!("rg/providers/Microsoft.Compute/virtualMachines/vm-{nth}")));
    }
    let machines: Vec<Machine<'_>> = all.iter().map(Restored::machine).collect();
    let subnet = network().child("subnets", "default");
    let addresses = |free: i64| {
        let usage = SubnetUsage::new(subnet.clone(), 10, 10 + free);
        Fake::new().with(Question::SubnetUsages(network()), Value::Addresses(vec![usage]))
    };
    let answers = used(sized(d2()), &[("cores", 35, 40), ("standardDSv3Family", 0, 10), ("PremiumDiskCount", 40, 50)]);
    let found = findings("vcpu-quota", &machines, &answers);
    let (sentence, _) = found.problems().next().unwrap();
    assert!(sentence.starts_with("Needs 8 vCPUs; the quota `cores` in westeurope has 5 of 40 free."), "{sentence}");
    assert!(sentence.ends_with("`vm-2` is the first VM that no longer fits."), "{sentence}");
    let found = findings("disk-quota", &machines, &answers);
    let (sentence, _) = found.problems().next().unwrap();
    assert!(
        sentence.starts_with("Needs 12 disks; the quota `PremiumDiskCount` in westeurope has 10 of 50 free.")
            && sentence.contains("`vm-3`"),
        "{sentence}"
    );
    let found = findings("addresses", &machines, &addresses(3));
    let (sentence, _) = found.problems().next().unwrap();
    assert_eq!(
        sentence,
        "The subnet `default` has 3 free addresses for 4 new VMs. `vm-3` is the first VM that no longer fits."
    );
    let found = findings("addresses", &machines, &addresses(4));
    assert_eq!((found.problems().count(), found.note.as_deref()), (0, Some("4 of 14 free")));
}

#[test]
fn disks_of_an_unknown_kind_are_unknown() {
    let untold = Restored::new(Scenario::RestoreDisks, |_| {});
    let answers = used(Fake::new(), &[("PremiumDiskCount", 50_000, 50_000)]);
    let found = findings("disk-quota", &[untold.machine()], &answers);
    assert_eq!((found.problems().count(), found.unknowns().count()), (0, 1));
    // Of selected disks only those are counted, and the OS disk.
    let mut some = new_vm();
    some.plan.request.restore_disk_lun_list = Some(vec![0]);
    let found = problems("disk-quota", &some, &answers);
    assert!(found == ["Needs 2 disks; the quota `PremiumDiskCount` in westeurope has 0 of 50000 free."], "{found:?}");
}

#[test]
fn a_subnet_whose_addresses_are_not_counted_is_unknown() {
    let restored = new_vm();
    let mut usage = SubnetUsage::new(network().child("subnets", "default"), 0, 0);
    (usage.used, usage.limit) = (None, None);
    let answers = Fake::new().with(Question::SubnetUsages(network()), Value::Addresses(vec![usage]));
    let found = findings("addresses", &[restored.machine()], &answers);
    assert_eq!((found.problems().count(), found.unknowns().count()), (0, 1));
}
