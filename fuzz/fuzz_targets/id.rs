//! Ids and names: kept verbatim, compared without case, and one path whatever they hold.
#![no_main]

use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId, Region, SubscriptionId, TenantId};
use libfuzzer_sys::fuzz_target;
use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

fn hash(id: &ArmId) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

fuzz_target!(|text: &str| {
    for text in [text.to_owned(), format!("/subscriptions/{text}")] {
        let Ok(id) = ArmId::parse(&text) else { continue };
        assert_eq!(id.to_string(), id.as_str());
        assert_eq!(ArmId::parse(id.as_str()).map(|again| again.to_string()), Ok(id.to_string()));
        assert_eq!(serde_json::from_value::<ArmId>(serde_json::json!(id.as_str())).ok().as_ref(), Some(&id));
        for other in [id.as_str().to_ascii_uppercase(), id.as_str().to_ascii_lowercase()] {
            let other = ArmId::parse(&other).expect("case decides nothing");
            assert!(other == id && other.cmp(&id) == Ordering::Equal && hash(&other) == hash(&id));
        }
        let _ = (id.name(), id.subscription(), id.resource_group(), id.provider(), id.resource_type(), id.group_id());
        for part in [id.parent(), id.up_to("vaults"), id.up_to("subscriptions")].into_iter().flatten() {
            assert!(id.as_str().starts_with(part.as_str()), "{part} of {id}");
        }
        let ours = Cloud::public().absolute(&id.path()).expect("an id is a path");
        let browsers = url::Url::parse(&ours.to_string()).expect("a path is a URL");
        assert_eq!((browsers.host_str(), browsers.path()), (Some("management.azure.com"), ours.path()));
        assert!(browsers.query().is_none() && browsers.fragment().is_none());
    }
    if let Ok(id) = JobId::parse(text) {
        assert_eq!(id.to_string(), text);
        assert!(SubscriptionId::parse(text).is_ok() && TenantId::parse(text).is_ok());
        let id = ClientRequestId::parse(text).expect("the same rule");
        assert!(http::HeaderValue::from_str(id.as_str()).is_ok());
    }
    let region = Region::new(text);
    assert_eq!(region.as_str(), text);
    assert_eq!(region, Region::new(&region.key()));
});
