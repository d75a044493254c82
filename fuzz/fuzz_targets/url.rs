//! A URL that may see the token goes, by the parser that browsers use, to the origin that was checked, and nowhere else.
#![no_main]

use azure_backup::arm::cloud::{Cloud, Origin, OriginPattern};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// Another port and a second pattern, so that neither is taken for granted.
static LOCAL: LazyLock<Cloud> = LazyLock::new(|| Cloud {
    name: "Local".to_owned(),
    arm: "http://127.0.0.1:8080".parse::<Origin>().expect("an origin"),
    admitted: vec!["https://*.example.test:8443".parse::<OriginPattern>().expect("a pattern")],
    portal: None,
});
static PUBLIC: LazyLock<Cloud> = LazyLock::new(Cloud::public);

/// Whether these are an origin of the cloud, said anew in other words than the product's.
fn is_admitted(cloud: &Cloud, scheme: &str, host: &str, port: u16) -> bool {
    let below = |parent: &str| {
        host.strip_suffix(parent).is_some_and(|label| {
            let label = label.strip_suffix('.').unwrap_or("");
            !label.is_empty() && !label.contains('.') && !label.starts_with("xn--")
        })
    };
    match cloud.name.as_str() {
        "Local" => {
            (scheme, host, port) == ("http", "127.0.0.1", 8080)
                || scheme == "https" && port == 8443 && below("example.test")
        }
        _ => scheme == "https" && port == 443 && (host == "management.azure.com" || below("management.azure.com")),
    }
}

fn check(cloud: &Cloud, text: &str) {
    let Ok(ours) = cloud.verbatim(text) else { return };
    let browsers = url::Url::parse(text).expect("what is admitted, a browser can read");
    let host = browsers.host_str().unwrap_or_default();
    let port = browsers.port_or_known_default().unwrap_or_default();
    assert!(is_admitted(cloud, browsers.scheme(), host, port), "{text} goes to {browsers}");
    assert!(browsers.username().is_empty() && browsers.password().is_none() && browsers.fragment().is_none());
    assert_eq!(ours.to_string(), text, "it is sent as it stands");
    assert_eq!(browsers.path().matches('/').count(), ours.path().matches('/').count());
    assert!(cloud.admits(&ours).is_ok());
}

fuzz_target!(|text: &str| {
    for cloud in [&*PUBLIC, &*LOCAL] {
        check(cloud, text);
        // Most of what is made up has no origin at all; these begin like one.
        check(cloud, &format!("https://management.azure.com{text}"));
        check(cloud, &format!("https://{text}management.azure.com/"));
        check(cloud, &format!("http://127.0.0.1:8080{text}"));
        check(cloud, &format!("https://{text}.example.test:8443/"));
        if let Ok(uri) = text.parse::<http::Uri>()
            && cloud.admits(&uri).is_ok()
        {
            let browsers = url::Url::parse(&uri.to_string()).expect("what is admitted, a browser can read");
            let port = browsers.port_or_known_default().unwrap_or_default();
            assert!(is_admitted(cloud, browsers.scheme(), browsers.host_str().unwrap_or_default(), port));
        }
        if let Ok(uri) = cloud.absolute(text) {
            check(cloud, &uri.to_string());
        }
        // What is encoded on the way stays on the same origin.
        for link in
            [text.to_owned(), format!("https://management.azure.com{text}"), format!("http://127.0.0.1:8080{text}")]
        {
            if let Ok(uri) = cloud.link(&link) {
                check(cloud, &uri.to_string());
            }
        }
    }
    if let Ok(origin) = text.parse::<Origin>() {
        let printed = origin.to_string();
        assert_eq!(printed.parse::<Origin>().as_ref(), Ok(&origin));
        // A browser knows more names that are none (`xn--`); it may refuse an origin, but not go to another.
        if let Ok(browsers) = url::Url::parse(&printed) {
            let host = browsers.host_str().unwrap_or_default();
            assert!(
                printed.strip_prefix(browsers.scheme()).is_some_and(|rest| rest[3..].starts_with(host)),
                "{printed}: {browsers}"
            );
            assert!(browsers.username().is_empty() && browsers.path() == "/" && browsers.query().is_none());
        }
    }
    if let Ok(pattern) = text.parse::<OriginPattern>() {
        assert_eq!(pattern.to_string().parse::<OriginPattern>(), Ok(pattern));
    }
});
