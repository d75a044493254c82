//! Whether a subscription may use a resource provider.

use crate::arm::{
    call::{ApiVersion, Call},
    id::{SubscriptionId, percent_encoded},
    open_enum::open_enum,
};

open_enum! {
    /// How far the registration of a resource provider is.
    Registration {
        /// The subscription can use it.
        Registered = "Registered",
        /// It cannot.
        NotRegistered = "NotRegistered",
        /// It soon can.
        Registering = "Registering",
        /// It soon cannot any more.
        Unregistering = "Unregistering",
    }
}

/// The registration of the provider `namespace`, such as `Microsoft.Compute`, in a subscription.
#[must_use]
pub fn registration(subscription: &SubscriptionId, namespace: &str) -> Call<Registration> {
    let namespace = percent_encoded(namespace);
    let path = format!("/subscriptions/{subscription}/providers/{namespace}?api-version={}", ApiVersion::RESOURCES);
    Call::get("Get resource provider", "Microsoft.Resources/subscriptions/providers/read", path, |node| {
        node.need_text("registrationState").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{ok, survives};
    use serde_json::json;

    #[test]
    fn a_state_that_is_not_known_is_kept() {
        let call = registration(&SubscriptionId::parse("s").unwrap(), "Microsoft.Compute");
        assert_eq!(call.line(), "GET /subscriptions/s/providers/Microsoft.Compute");
        let state = |text: &str| call.read(&ok(&json!({ "registrationState": text }))).unwrap();
        assert_eq!(state("registered"), Registration::Registered);
        assert_eq!(state("Moving"), Registration::from("Moving".to_owned()));
        let (read, refused) = survives(&call, &json!({ "namespace": "n", "registrationState": "Registered" }));
        assert!(read > 2 && refused > 2, "{read} {refused}");
    }
}
