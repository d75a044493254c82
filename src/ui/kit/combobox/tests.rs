use super::super::select::Choice;
use super::super::test::html_of_component;
use super::*;

const ACCOUNT: ResourceKind = ResourceKind("Microsoft.Storage/storageAccounts");

fn shown(count: usize, value: &'static str, touch: bool, kind: Option<ResourceKind>) -> String {
    let choices = (0..count).map(|n| Choice::named(format!("/accounts/{n}"), &[&format!("account{n}"), "westeurope"]));
    let select = Select {
        id: "account".into(),
        label: "Staging storage account".into(),
        choices: choices.collect(),
        value: value.into(),
        none: Some("Choose a storage account".into()),
        required: true,
        ..Select::default()
    };
    html_of_component::<Picker>(PickerProps { select, kind, touch })
}

#[test]
fn few_options_and_a_finger_get_the_browsers_own_list() {
    for html in [shown(FEW, "", false, None), shown(FEW + 1, "", true, None)] {
        assert!(html.contains("<select") && !html.contains("role=\"combobox\""), "{html}");
        assert!(!html.contains("Enter a resource ID"), "{html}");
    }
    let html = shown(2, "", true, Some(ACCOUNT));
    assert!(html.contains("<option value=\"by-id\">Enter a resource ID…</option></select>"), "{html}");
}

#[test]
fn an_id_can_be_given_where_nothing_is_listed() {
    let html = shown(0, "", false, Some(ACCOUNT));
    assert!(html.contains("role=\"combobox\"") && html.contains("Choose a storage account"), "{html}");
    assert!(shown(0, "", false, None).contains("<select"));
    assert!(shown(0, "", true, Some(ACCOUNT)).contains("Enter a resource ID…"));
}

#[test]
fn many_options_can_be_searched() {
    let html = shown(FEW + 1, "/ACCOUNTS/3", false, Some(ACCOUNT));
    for part in [
        "role=\"combobox\" id=\"account\"",
        "value=\"account3 · westeurope\"",
        "aria-expanded=\"false\" aria-controls=\"account-list\"",
        "aria-autocomplete=\"list\"",
        "placeholder=\"Choose a storage account\"",
        "<label for=\"account\">Staging storage account</label>",
        " tabindex=\"-1\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("role=\"option\"") && !html.contains("aria-activedescendant"), "closed: {html}");
}

#[test]
fn a_value_that_the_list_lacks_is_shown() {
    assert!(shown(FEW + 1, "/accounts/gone", false, None).contains("value=\"gone (not in the list)\""));
}
