use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::Value;
use time::OffsetDateTime;

use super::cell::Cell;
use super::evaluate::{Rows, Unresolved, run};
use super::index::{Index, Indexed};
use super::lexer::{Failure, Place};
use super::parser::parse;
use super::tables::{Entity, View};
use crate::TenantSize;
use crate::bodies::machine;
use crate::seed::places::{PRODUCTION, TEST};
use crate::simulator::Simulator;
use crate::version::Version;
use crate::world::World;

fn simulator() -> Simulator {
    Simulator::of_size(TenantSize::Small, 1, OffsetDateTime::from_unix_timestamp(1_772_359_200).unwrap())
}

fn ask(query: &str) -> Result<Rows, Unresolved> {
    let sim = simulator();
    let subscriptions = sim.world.subscriptions().iter().map(|s| s.id).collect();
    let version = Version::parse("2026-10-01").unwrap();
    run(&parse(query).unwrap(), &View { sim: &sim, subscriptions, indexed: Indexed::default(), version })
}

/// The rows as text, cells separated by spaces.
fn rows(query: &str) -> Vec<String> {
    let line = |cells: Vec<Cell>| cells.iter().map(|cell| cell.as_text().into_owned()).collect::<Vec<_>>().join(" ");
    ask(query).unwrap_or_else(|e| panic!("{e:?}: {query}")).cells.into_iter().map(line).collect()
}

fn failure(query: &str) -> (usize, usize, String) {
    let Failure { place: Place { line, character }, token } = parse(query).unwrap_err();
    (line, character, token)
}

#[test]
fn a_failure_is_where_azure_says_it_is() {
    // Recorded.
    assert_eq!(failure("where where"), (1, 11, "<EOF>".to_owned()));
    for (query, line, character, token) in [
        ("", 1, 0, "<EOF>"),
        ("nothing | project id", 1, 0, "nothing"),
        ("resources\n| summarize count() by type", 2, 2, "summarize"),
        ("resources | where name has 'x'", 1, 23, "has"),
        ("resources | where strlen(name) == 1", 1, 18, "strlen"),
        ("resources | where name == 'x", 1, 26, "'"),
        ("resources | where name == 'x' project id", 1, 30, "project"),
        ("resources | join kind=inner (resources) on id", 1, 22, "inner"),
        ("resources | project id,", 1, 23, "<EOF>"),
        ("resources | limit 99999999999999999999", 1, 18, "99999999999999999999"),
        ("resources; resources", 1, 9, ";"),
        ("resources | where tolower(name, type) == 'x'", 1, 36, ")"),
    ] {
        assert_eq!(failure(query), (line, character, token.to_owned()), "{query}");
    }
}

#[test]
fn what_is_no_column_is_told() {
    for (query, name) in [
        ("resources | project name | where id == 'x'", "id"),
        ("resources | extend a = properties.x | project b", "b"),
        ("resources | join kind=leftouter (resources | project name) on id", "id"),
        ("resources | order by Name asc", "Name"),
        ("resources | project id, id", "id"),
    ] {
        assert_eq!(ask(query), Err(Unresolved(name.to_owned())), "{query}");
    }
}

#[test]
fn rows_are_filtered_compared_and_sorted() {
    let subscriptions = "resourcecontainers | where type =~ 'Microsoft.Resources/Subscriptions'";
    let names =
        |condition: &str| rows(&format!("{subscriptions} | where {condition} | project name | order by name asc"));
    assert_eq!(rows(&format!("{subscriptions} | project name | order by name")).len(), 4);
    assert_eq!(rows(&format!("{subscriptions} | project name | sort by name | take 1")), ["Fabrikam Operations"]);
    for (condition, found) in [
        ("name == 'contoso test'", &[][..]),
        ("name =~ 'contoso test'", &["Contoso Test"]),
        ("name !~ 'contoso test' and name contains 'CONTOSO'", &["Contoso Production", "Contoso Sandbox"]),
        ("name in ('Contoso Test', 'x')", &["Contoso Test"]),
        ("name in~ ('contoso test', 'CONTOSO SANDBOX')", &["Contoso Sandbox", "Contoso Test"]),
        ("name !in~ ('contoso test', 'fabrikam operations')", &["Contoso Production", "Contoso Sandbox"]),
        ("name startswith 'fab' or name !contains 'o'", &["Fabrikam Operations"]),
        ("not(name startswith 'con')", &["Fabrikam Operations"]),
        ("isnotempty(location) or isnull(plan) and name !startswith 'c'", &["Fabrikam Operations"]),
        ("isempty(location) and (name =~ 'contoso test' or isnotnull(plan))", &["Contoso Test"]),
        ("name == 'it\\'s'", &[]),
    ] {
        assert_eq!(names(condition), found, "{condition}");
    }
}

#[test]
fn a_join_keeps_rows_without_a_match_and_tells_equal_names_apart() {
    let query = "recoveryservicesresources
        | where properties.friendlyName in~ ('WEB-01', 'gone-01')
        | extend key = tolower(tostring(properties.sourceResourceId))
        | join kind=leftouter (resources | where type =~ 'microsoft.compute/virtualmachines' | project name, key = tolower(id)) on key
        | project friendly = properties.friendlyName, machine = name1, same = tostring(key == key1)
        | order by friendly asc";
    assert_eq!(rows(query), ["gone-01  false", "web-01 web-01 true"]);
}

#[test]
fn properties_of_an_item_are_the_same_one_by_one_and_as_a_whole() {
    for name in [
        "friendlyName",
        "sourceResourceId",
        "virtualMachineId",
        "healthStatus",
        "protectionState",
        "lastBackupStatus",
        "lastBackupTime",
        "lastRecoveryPoint",
        "isScheduledForDeferredDelete",
        "sourceLocation",
        "backupManagementType",
        "currentProtectionState",
        "softDeleteRetentionPeriod",
        "softDeleteRetentionPeriodInDays",
        "deferredDeleteTimeInUTC",
    ] {
        let query = |properties: &str| {
            format!(
                "recoveryservicesresources | where id !contains 'fleet' {properties} | project id, it = tostring(whole.{name}) | order by id asc"
            )
        };
        let one = query("| extend whole = properties");
        let direct = one.replace("| extend whole = properties", "").replace("whole.", "properties.");
        let (whole, direct) = (rows(&one), rows(&direct));
        assert!(whole.len() > 60, "{}", whole.len());
        // An item without a backup has a time that means never.
        let differ = whole.iter().zip(&direct).filter(|(a, b)| a != b && !a.contains("2001-01-01"));
        assert_eq!(differ.collect::<Vec<_>>(), [], "{name}");
    }
}

#[test]
fn tags_of_a_machine_are_those_that_it_is_read_with() {
    let sim = Simulator { world: World::new(1, 1_772_359_200_000, TenantSize::Demo), ..simulator() };
    let version = Version::parse("2026-10-01").unwrap();
    let view = View { sim: &sim, subscriptions: Vec::new(), indexed: Indexed::default(), version };
    let tagged = (0..sim.world.items.len()).filter(|&index| {
        let body: Value = serde_json::from_str(&machine::source(&sim, index)).unwrap();
        let tags = view.column(Entity::Machine(index), "tags");
        assert_eq!(tags, Cell::of(body["tags"].clone()), "{}", sim.world.items[index].name);
        tags != Cell::of(serde_json::json!({}))
    });
    assert_eq!(tagged.count(), 3_000);
}

#[test]
fn only_the_subscriptions_of_the_scope_have_rows() {
    let sim = simulator();
    let count = |subscriptions: Vec<&'static str>, query: &str| {
        let version = Version::parse("2026-10-01").unwrap();
        run(&parse(query).unwrap(), &View { sim: &sim, subscriptions, indexed: Indexed::default(), version })
            .unwrap()
            .cells
            .len()
    };
    for table in ["resources", "resourcecontainers", "recoveryservicesresources"] {
        let query = format!("{table} | project id, subscriptionId");
        let (production, test) = (count(vec![PRODUCTION], &query), count(vec![TEST], &query));
        assert!(production > 0 && test > 0, "{table}");
        assert_eq!(count(vec![PRODUCTION, TEST], &query), production + test, "{table}");
    }
}

#[test]
fn a_quota_comes_back_and_changes_are_found_later() {
    let mut index = Index::default();
    let left: Vec<_> = (0..17).map(|_| index.spend(12_345).0).collect();
    assert_eq!((left[0], left[14], left[15], left[16]), (Some(14), Some(0), None, None));
    assert_eq!(index.spend(12_345).1, 3);
    assert_eq!(index.spend(15_000), (Some(14), 5));

    let mut changes = crate::world::changes::Changes::default();
    changes.undeleted.push(7);
    index.note(20_000, &changes);
    index.note(21_000, &changes);
    changes.undeleted_vaults.push(1);
    index.note(22_000, &changes);
    let found = |index: &mut Index, now| {
        let Indexed { undeleted, undeleted_vaults, .. } = index.indexed(now);
        (undeleted, undeleted_vaults)
    };
    assert_eq!([24_999, 25_000, 26_999, 27_000].map(|now| found(&mut index, now)), [(0, 0), (1, 0), (1, 0), (1, 1)]);
}

/// Words and signs of the language, in any order.
fn query() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "resources",
            "recoveryservicesresources",
            "|",
            "where",
            "extend",
            "project",
            "join",
            "kind",
            "=",
            "leftouter",
            "(",
            ")",
            "on",
            "order",
            "by",
            "asc",
            ",",
            "limit",
            "3",
            "id",
            "name",
            "properties",
            ".",
            "==",
            "=~",
            "in~",
            "!in",
            "contains",
            "and",
            "or",
            "not",
            "tolower",
            "coalesce",
            "isempty",
            "'x'",
            "\"y",
            "\\",
            "\n",
            "true",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::vec(word, 0..30).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn nothing_makes_the_parser_panic(query in prop_oneof![query(), any::<String>(), Just("(".repeat(100_000)), Just(format!("where true{}", " or true".repeat(50_000))), Just(format!("where {}", "not(".repeat(50_000)))]) {
        match parse(&query) {
            Ok(parsed) => prop_assert!(!parsed.steps.is_empty() || !query.trim().is_empty()),
            Err(Failure { place, .. }) => prop_assert!(place.line <= query.matches('\n').count() + 1),
        }
    }

    #[test]
    fn a_literal_is_read_as_it_was_meant(text in r#"([ -~]|['\\"|]|\PC){0,20}"#) {
        let literal = text.replace('\\', r"\\").replace('\'', r"\'");
        let query = format!("resourcecontainers | extend it = '{literal}' | project it | limit 1");
        prop_assert_eq!(rows(&query), [text]);
    }
}
