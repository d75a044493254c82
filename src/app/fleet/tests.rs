use azure_backup::arm::id::ArmId;
use proptest::prelude::*;
use time::{Duration, OffsetDateTime};

use super::*;

/// The `n`-th machine of a fleet of many.
fn machine(n: usize) -> Rc<MachineRow> {
    let (subscription, vault) = (n / 200 % 50, n / 25 % 400);
    let (name, group) = (format!("Orders-{}-{:05}", ["web", "db", "app"][n % 3], n), format!("rg-team-{:02}", n % 40));
    let place = format!("/subscriptions/00000000-0000-0000-0000-{subscription:012}/resourceGroups");
    let id = format!(
        "{place}/rg-backup/providers/Microsoft.RecoveryServices/vaults/vault-{vault:03}/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;{group};{name}/protectedItems/VM;iaasvmcontainerv2;{group};{name}"
    );
    let mut row = MachineRow::new(ArmId::parse(&id).unwrap());
    row.source = ArmId::parse(&format!("{place}/{group}/providers/Microsoft.Compute/virtualMachines/{name}")).ok();
    row.subscription_name = Some(format!("Contoso {subscription:02}"));
    row.region = Some(Region::new(["westeurope", "North Europe", "eastus"][n % 3]));
    row.health =
        (!n.is_multiple_of(4)).then(|| [Health::Passed, Health::Passed, Health::ActionRequired][n % 3].clone());
    row.last_recovery_point =
        (!n.is_multiple_of(5)).then(|| OffsetDateTime::UNIX_EPOCH + Duration::hours(i64::try_from(n % 97).unwrap()));
    row.tags = [("env", ["prod", "test"][n % 2]), ("app", "Shop")].map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
    Rc::new(row)
}

fn fleet(count: usize) -> Fleet {
    Fleet::of(&(0..count).map(machine).collect::<Vec<_>>())
}

fn text(text: &str) -> Filter {
    Filter { text: text.to_owned(), values: Vec::new() }
}

fn found(fleet: &Fleet, filter: &Filter) -> Vec<u32> {
    fleet.find(filter, &fleet.order(Column::Name, false))
}

#[test]
fn words_are_found_in_every_part_that_the_list_shows() {
    let fleet = fleet(600);
    for (words, count) in [
        ("orders-web-00003", 1),
        ("WEB 00003", 1),
        ("rg-team-07", 15),
        ("vault-003 contoso", 25),
        ("vault-003", 25),
        ("northeurope", 200),
        ("env=prod", 300),
        ("app=shop eastus", 200),
        ("  ", 600),
        ("web eastus", 0),
        // A word is not found across two parts.
        ("00003rg", 0),
        ("ü", 0),
    ] {
        assert_eq!(found(&fleet, &text(words)).len(), count, "{words}");
    }
}

#[test]
fn an_id_finds_its_machine_or_what_is_below_it() {
    let fleet = fleet(600);
    let row = &fleet.rows()[7];
    for id in [row.id.as_str(), row.source.as_ref().unwrap().as_str()] {
        assert_eq!(found(&fleet, &text(&format!(" {} ", id.to_uppercase()))), [7]);
    }
    let subscription = "/subscriptions/00000000-0000-0000-0000-000000000001";
    assert_eq!(found(&fleet, &text(subscription)).len(), 200);
    assert_eq!(found(&fleet, &text("/subscriptions/ü")).len(), 0);
}

#[test]
fn the_machine_that_was_searched_for_by_its_name_comes_first() {
    let named = |(n, name): (usize, &str)| {
        let mut row = (*machine(n)).clone();
        row.name = name.to_owned();
        Rc::new(row)
    };
    let rows: Vec<_> = ["a-web-1", "web-10", "web-1", "web-2"].into_iter().enumerate().map(named).collect();
    let fleet = Fleet::of(&rows);
    let best = |words: &str| {
        let mut found = found(&fleet, &text(words));
        fleet.best_first(words, &mut found);
        found.into_iter().map(|at| fleet.rows()[at as usize].name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(best(" WEB-1 "), ["web-1", "web-10", "a-web-1"]);
    assert_eq!(best("web"), ["web-1", "web-10", "web-2", "a-web-1"]);
    assert_eq!(best(""), ["a-web-1", "web-1", "web-10", "web-2"]);
}

#[test]
fn values_of_a_facet_are_alternatives_and_facets_all_count() {
    let fleet = fleet(600);
    let counts =
        |facet| fleet.values(facet).into_iter().map(|value| (value.label.as_str(), value.count)).collect::<Vec<_>>();
    assert_eq!(counts(Facet::Subscription), [("Contoso 00", 200), ("Contoso 01", 200), ("Contoso 02", 200)]);
    assert_eq!(counts(Facet::Tag), [("app=Shop", 600), ("env=prod", 300), ("env=test", 300)]);
    assert_eq!(counts(Facet::Region), [("eastus", 200), ("northeurope", 200), ("westeurope", 200)]);
    assert_eq!(counts(Facet::Health), [("Passed", 300), ("ActionRequired", 150)]);
    assert_eq!((counts(Facet::Vault).len(), counts(Facet::Group).len()), (24, 40));
    let with = |values: &[(Facet, &str)]| {
        let values = values.iter().map(|(facet, key)| (*facet, (*key).to_owned())).collect();
        found(&fleet, &Filter { text: "orders".to_owned(), values }).len()
    };
    assert_eq!(with(&[(Facet::Region, "eastus")]), 200);
    assert_eq!(with(&[(Facet::Region, "eastus"), (Facet::Region, "westeurope")]), 400);
    assert_eq!(with(&[(Facet::Region, "eastus"), (Facet::Tag, "env=prod")]), 100);
    assert_eq!(with(&[(Facet::Tag, "app=shop"), (Facet::Health, "actionrequired")]), 150);
    assert_eq!(
        with(&[(Facet::Vault, "gone since")]),
        0,
        "a value that no machine has any longer hides all, rather than none"
    );
    for value in fleet.values(Facet::Vault) {
        assert_eq!(with(&[(Facet::Vault, &value.key)]), value.count);
    }
}

#[test]
fn the_list_is_sorted_and_what_is_unknown_comes_last() {
    let fleet = fleet(300);
    let names = |order: &[u32]| order.iter().map(|at| fleet.rows()[*at as usize].name.clone()).collect::<Vec<_>>();
    let by_name = fleet.order(Column::Name, false);
    assert!(names(&by_name).is_sorted());
    assert_eq!(fleet.order(Column::Name, true), by_name.iter().copied().rev().collect::<Vec<_>>());
    for descending in [false, true] {
        let points: Vec<_> = fleet.order(Column::LatestPoint, descending);
        let times: Vec<_> = points.iter().map(|at| fleet.rows()[*at as usize].last_recovery_point).collect();
        let (known, unknown) = times.split_at(240);
        assert!(known.iter().all(Option::is_some) && unknown.iter().all(Option::is_none));
        assert!(if descending { known.iter().rev().is_sorted() } else { known.is_sorted() });
        let healths = fleet.order(Column::Facet(Facet::Health), descending);
        let healths: Vec<_> = healths.iter().map(|at| fleet.rows()[*at as usize].health.clone()).collect();
        let first = if descending { Health::Passed } else { Health::ActionRequired };
        assert_eq!((healths[0].as_ref(), healths[299].as_ref()), (Some(&first), None));
    }
    // What is equal is sorted by name.
    let regions = fleet.order(Column::Facet(Facet::Region), false);
    assert!(names(&regions[..100]).is_sorted());
    let filtered = fleet.find(&text("eastus"), &regions);
    assert_eq!(filtered, regions[..100], "what is found keeps the order");
}

#[test]
fn machines_that_were_read_again_make_the_same_list_as_if_they_were_read_first() {
    let mut rows: Vec<_> = (0..300).map(machine).collect();
    let before = Fleet::of(&rows);
    let mut changed = (*rows[7]).clone();
    (changed.name, changed.soft_deleted) = ("renamed".to_owned(), true);
    changed.tags.push(("new".to_owned(), "tag".to_owned()));
    rows[7] = Rc::new(changed);
    let (again, first) = (before.read_again(&rows).unwrap(), Fleet::of(&rows));
    for facet in Facet::ALL {
        assert_eq!(again.values(facet), first.values(facet), "{facet:?}");
    }
    for words in ["renamed", "new=tag", "orders-db-00007", "web"] {
        assert_eq!(found(&again, &text(words)), found(&first, &text(words)), "{words}");
    }
    assert!(Rc::ptr_eq(&again.rows()[7], &rows[7]));
    assert!(before.read_again(&rows[1..]).is_none(), "one has gone");
    rows.swap(3, 4);
    assert!(before.read_again(&rows).is_none());
}

#[test]
fn pages_that_come_later_make_the_same_list() {
    let rows: Vec<_> = (0..300).map(machine).collect();
    let (whole, mut grown) = (Fleet::of(&rows), Fleet::default());
    rows.chunks(70).for_each(|page| grown.extend(page));
    for facet in Facet::ALL {
        assert_eq!(whole.values(facet), grown.values(facet));
    }
    let filter = Filter { text: "web".to_owned(), values: vec![(Facet::Tag, "env=prod".to_owned())] };
    assert_eq!(found(&whole, &filter), found(&grown, &filter));
}

proptest! {
    #[test]
    fn the_index_finds_what_reading_every_row_finds(words in prop::collection::vec("[a-f0-9-]{1,4}|web|team|CONTOSO|=|ü", 0..3)) {
        let fleet = fleet(150);
        let contains = |row: &MachineRow, word: &str| {
            let tags = row.tags.iter().map(|(name, value)| format!("{name}={value}"));
            let parts = [row.name.clone(), row.resource_group.clone().unwrap(), row.subscription_name.clone().unwrap(),
                row.vault_name().unwrap().to_owned(), row.region.as_ref().unwrap().key()];
            parts.into_iter().chain(tags).any(|part| part.to_lowercase().contains(&word.to_lowercase()))
        };
        let expected = (0..150_u32).filter(|at| words.iter().all(|word| contains(&fleet.rows()[*at as usize], word)));
        let mut found = found(&fleet, &text(&words.join(" ")));
        found.sort_unstable();
        prop_assert_eq!(found, expected.collect::<Vec<_>>());
    }
}
