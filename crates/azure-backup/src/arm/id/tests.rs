use super::*;
use crate::arm::cloud::Cloud;
use proptest::prelude::*;
use std::collections::HashSet;

const POINT: &str = "/Subscriptions/s-1/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/Azure/\
                     protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;vm/protectedItems/VM;iaasvmcontainerv2;rg;vm/\
                     recoveryPoints/2261197147500459276";

#[test]
fn parts_of_an_id() {
    let point = ArmId::parse(POINT).unwrap();
    assert_eq!(point.name(), "2261197147500459276");
    assert_eq!((point.subscription(), point.resource_group()), (Some("s-1"), Some("rg")));
    assert_eq!(point.provider(), Some("Microsoft.RecoveryServices"));
    let kind = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints";
    assert_eq!(point.resource_type(), kind);
    assert_eq!(point.up_to("vaults").unwrap().name(), "v");
    assert_eq!(point.group_id().unwrap().as_str(), "/Subscriptions/s-1/resourceGroups/rg");
    assert_eq!(point.parent().unwrap().name(), "VM;iaasvmcontainerv2;rg;vm");
    assert_eq!(point.parent().unwrap().child("recoveryPoints", "2261197147500459276"), point);
    assert_eq!(point.segment_after("nothing"), None);
    assert!(point.path().contains("VM%3Biaasvmcontainerv2%3Brg%3Bvm"));
    let group = ArmId::parse("/subscriptions/s/resourceGroups/rg").unwrap();
    assert_eq!((group.provider(), group.resource_type().as_str()), (None, ""));
    assert_eq!(ArmId::parse("/subscriptions/s").unwrap().parent(), None);
    assert_eq!(ArmId::parse("/subscriptions/s/").unwrap().as_str(), "/subscriptions/s");
}

#[test]
fn case_does_not_matter_and_is_kept() {
    let (one, two) = (ArmId::parse(POINT).unwrap(), ArmId::parse(&POINT.to_lowercase()).unwrap());
    assert_eq!(one, two);
    assert_eq!(one.cmp(&two), Ordering::Equal);
    assert_eq!(HashSet::from([one.clone(), two]).len(), 1);
    assert_eq!(one.as_str(), POINT);
    assert_eq!(Region::new("West US"), Region::new("westus"));
}

proptest! {
    #[test]
    fn the_order_is_that_of_the_lower_cased_text(
        start in "[a-bA-B]{0,40}", one in "[a-bA-B]{1,3}[a-zA-Z]{0,20}", two in "[a-bA-B]{1,3}[a-zA-Z]{0,20}", folded: bool,
    ) {
        let (one, two) = (format!("/{start}{one}"), format!("/{start}{two}"));
        let two = if folded { two.to_lowercase() } else { two };
        let ids = (ArmId::parse(&one).unwrap(), ArmId::parse(&two).unwrap());
        prop_assert_eq!(ids.0.cmp(&ids.1), one.to_lowercase().cmp(&two.to_lowercase()));
    }
}

#[test]
fn what_would_bend_a_path_is_no_id() {
    for bad in [
        "",
        "/",
        "//",
        "subscriptions/s",
        "/a//b",
        "/a/../b",
        "/a/./b",
        "/a/ /b",
        "/a?b",
        "/a#b",
        "/a%2fb",
        "/a\\b",
        "https://host/a",
        "/a\nb",
        "/a/\u{7f}",
    ] {
        assert!(ArmId::parse(bad).is_err(), "{bad:?}");
    }
    for bad in ["", ".", "..", "a/b", "a?b", "a b", "ü", &"x".repeat(129)] {
        assert!(JobId::parse(bad).is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC*", key in "[a-z]{0,6}") {
        if let Ok(id) = ArmId::parse(&text) {
            let _ = (id.name(), id.subscription(), id.provider(), id.resource_type(), id.parent(), id.up_to(&key), id.segment_after(&key));
        }
    }

    /// Whatever we take for an id stays one path of the same segments for a browser, and nothing else.
    #[test]
    fn an_id_is_one_path(segments in prop::collection::vec("\\PC{1,12}", 1..6), slashes in "[/.;%?#\\\\ a@:]{0,12}") {
        for text in [format!("/{}", segments.join("/")), format!("/{slashes}")] {
            let Ok(id) = ArmId::parse(&text) else { continue };
            prop_assert_eq!(&ArmId::parse(id.as_str()).unwrap(), &id);
            prop_assert_eq!(serde_json::from_value::<ArmId>(serde_json::to_value(&id).unwrap()).unwrap(), id.clone());
            let ours = Cloud::public().absolute(&id.path()).unwrap();
            let browsers = url::Url::parse(&ours.to_string()).unwrap();
            prop_assert_eq!(browsers.path(), ours.path());
            prop_assert_eq!(browsers.path_segments().unwrap().count(), id.as_str().split('/').count() - 1);
            prop_assert!(browsers.query().is_none() && browsers.fragment().is_none());
            prop_assert_eq!(browsers.host_str(), Some("management.azure.com"));
        }
    }
}
