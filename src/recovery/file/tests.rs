use proptest::prelude::*;
use serde_json::json;
use time::Duration;

use super::*;
use crate::recovery::across::check;
use crate::recovery::expansion::expand;
use crate::recovery::sample::{World, plan, world};

const NAMES: [&str; 3] = ["a", "b", "c"];

fn at() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn exported(of: &RecoveryPlan, world: &World) -> PlanFile {
    let machines = expand(of, world);
    export(of, &machines, &check(&machines), Owner::new(Some("ops@contoso.com"), Some("1111")), at())
}

fn changes(file: &PlanFile, of: &RecoveryPlan, world: &World) -> Vec<Change> {
    let machines = expand(of, world);
    compare(file, &machines, &check(&machines)).into_iter().map(|(_, change)| change).collect()
}

#[test]
fn a_file_is_read_back_and_whoever_reads_it_sees_the_same_hashes() {
    let (of, world) = (plan(&NAMES), world(&NAMES));
    let file = exported(&of, &world);
    let read = PlanFile::read(&file.text()).unwrap();
    assert_eq!(read, file);
    let machines = expand(&read.plan, &world);
    assert_eq!(read.manifest_sha256(), manifest(&of, &starting(&machines, &check(&machines))).sha256);
    assert_eq!(changes(&read, &read.plan, &world), [Change::Same, Change::Same, Change::Same]);
}

#[test]
fn what_has_changed_is_told_machine_by_machine() {
    let (mut of, mut world) = (plan(&NAMES), world(&NAMES));
    of.groups[0].machines[2].skipped = Some("later".to_owned());
    let file = exported(&of, &world);
    of.groups[0].machines[2].skipped = None;
    of.groups[0].machines[0].exceptions.vm_name = "other".to_owned();
    std::rc::Rc::make_mut(&mut world.of("b").item).soft_deleted = true;
    assert_eq!(
        changes(&file, &of, &world),
        [Change::Different(vec!["New virtual machine name".to_owned()]), Change::NoLonger, Change::New]
    );
    world.settled = false;
    assert_eq!(changes(&file, &of, &world), [Change::Reading, Change::Reading]);
}

#[test]
fn a_file_that_was_changed_is_refused_with_a_sentence() {
    let file = exported(&plan(&NAMES), &world(&NAMES));
    let refused = |change: &dyn Fn(&mut PlanFile)| {
        let mut file = file.clone();
        change(&mut file);
        PlanFile::read(&file.text()).unwrap_err()
    };
    assert_eq!(refused(&|file| file.requests[0].body += " "), PlanFault::Changed);
    assert_eq!(refused(&|file| file.requests[0].sha256 = "0".repeat(64)), PlanFault::Changed);
    assert_eq!(refused(&|file| file.manifest += "more\n"), PlanFault::Changed);
    assert_eq!(refused(&|file| file.requests.swap(0, 1)), PlanFault::Changed);
    assert_eq!(refused(&|file| drop(file.plan.groups[0].machines.remove(0))), PlanFault::Changed);
    assert_eq!(
        refused(&|file| {
            let again = file.plan.groups[0].machines[1].clone();
            file.plan.groups[0].machines.push(again);
        }),
        PlanFault::Twice("b".to_owned())
    );
    assert_eq!(
        refused(&|file| {
            let machine = &mut file.plan.groups[0].machines[0];
            machine.item = machine.item.up_to("vaults").unwrap();
        }),
        PlanFault::Item("a".to_owned())
    );
    assert_eq!(refused(&|file| file.plan.name = "x".repeat(1001)), PlanFault::Long);
    assert_eq!(refused(&|file| file.plan.reason = "x".repeat(MAX_BYTES)), PlanFault::Large);
    let many: Vec<String> = (0..=MAX_MACHINES).map(|n| format!("m{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(refused(&|file| file.plan = plan(&many)), PlanFault::Machines(MAX_MACHINES + 1));
}

#[test]
fn another_format_names_the_place_where_it_differs() {
    let file = exported(&plan(&NAMES), &world(&NAMES));
    let mut value = serde_json::to_value(&file).unwrap();
    value["format"] = json!("other");
    let fault = PlanFile::read(&serde_json::to_string_pretty(&value).unwrap()).unwrap_err();
    assert!(matches!(fault, PlanFault::Format(2, _)), "{fault:?}");
    assert!(fault.to_string().contains("(line 2, column "), "{fault}");
    for text in ["", "[]", "null", "{}", "{\"format\":\"vm-restore-plan\"}", &"[".repeat(100_000)] {
        assert!(matches!(PlanFile::read(text), Err(PlanFault::Format(..))));
    }
}

proptest! {
    /// Whatever one byte of a file is changed to, it is refused with a sentence or read as a plan that can be used.
    #[test]
    fn no_changed_byte_breaks_anything(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (of, world) = (plan(&["a"]), world(&["a"]));
        let mut bytes = exported(&of, &world).text().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes) {
            match PlanFile::read(&text) {
                Ok(file) => prop_assert!(file.plan.check().is_ok() && expand(&file.plan, &world).len() == 1),
                Err(fault) => prop_assert!(fault.to_string().ends_with('.')),
            }
        }
    }
}
