use super::*;
use proptest::prelude::*;

fn local() -> Cloud {
    Cloud {
        name: "Local".to_owned(),
        arm: "http://127.0.0.1:8080".parse().unwrap(),
        admitted: vec!["https://*.example.test".parse().unwrap()],
        portal: None,
    }
}

#[test]
fn azures_own_urls_are_kept_verbatim() {
    let cloud = Cloud::public();
    let signature = "A-_%2B%2f".repeat(400);
    for url in [
        format!(
            "https://management.azure.com/subscriptions/s/x;y/operationsStatus/o?api-version=2024-04-01&t=6&s={signature}"
        ),
        "https://centraluseuap.management.azure.com/subscriptions/s?a=b&%24skiptoken=%3Cx%3E".to_owned(),
        "https://management.azure.com:443/subscriptions/s".to_owned(),
        "https://Management.Azure.com/subscriptions/s".to_owned(),
        "https://management.azure.com/subscriptions//subscriptions/s".to_owned(),
    ] {
        assert_eq!(cloud.verbatim(&url).map(|uri| uri.to_string()), Ok(url));
    }
    assert!(local().verbatim("http://127.0.0.1:8080/a").is_ok());
    assert!(local().verbatim("https://west.example.test/a").is_ok());
}

#[test]
fn other_hosts_are_refused_and_named() {
    let refused = Cloud::public().verbatim("https://evil.test/subscriptions/s?sig=secret").unwrap_err();
    assert!(matches!(&refused, RefusedUrl::OtherHost { host, .. } if host == "evil.test"));
    assert!(refused.to_string().contains("evil.test") && !refused.to_string().contains("secret"));
    for url in [
        "https://management.azure.com.evil.test/",
        "https://evilmanagement.azure.com/",
        "https://azure.com/",
        "https://a.b.management.azure.com/",
        "https://.management.azure.com/",
        "https://management.azure.com./",
        "https://xn--mnagement-x2a.management.azure.com/",
        "https://management.azure.com:444/",
        "https://management.azure.com:/",
        "https://management.azure.com:[::1]:443/",
        "https://management.azure.com:+443/",
        "https://user@management.azure.com/",
        "https://user:pass@management.azure.com/",
        "https://management.azure.com@evil.test/",
        "https://evil.test#@management.azure.com/",
        "https://evil.test\\@management.azure.com/",
        "https:\\\\management.azure.com/",
        "https:/management.azure.com/",
        "https:management.azure.com/",
        "//management.azure.com/",
        "/subscriptions/s",
        "http://management.azure.com/",
        "ftp://management.azure.com/",
        "HTTPS://management.azure.com/",
        "https://m\u{430}nagement.azure.com/",
        "https://management\u{3002}azure.com/",
        "https://management%2eazure.com/",
        "https://%6danagement.azure.com/",
        "https://management.azure.com%2eevil.test/",
        "https://management.azure.com%00.evil.test/",
        "https://management.azure.com%40evil.test/",
        "https://MANAGEMENT.AZURE.COM.EVIL.TEST/",
        "https://west.management.azure.com:8443/",
        "https://west.management.azure.com./",
        "https://management.azure.com\\.evil.test/",
        "https://management\t.azure.com/",
        "https://management.azure.com:443@evil.test/",
        "https://[::1]/",
        "https://2130706433/",
        "https://management.azure.com/a#b",
        "https://management.azure.com/a b",
        "https://management.azure.com/\ta",
        " https://management.azure.com/",
        "https://management.azure.com/a/../b",
        "https://management.azure.com/%2e%2E/b",
        "https://management.azure.com",
        "",
        "http://localhost:8080/",
    ] {
        assert!(Cloud::public().verbatim(url).is_err(), "{url}");
    }
    let user = Cloud::public().verbatim("https://user:pass@management.azure.com/").unwrap_err();
    assert_eq!(user, RefusedUrl::UserInfo("management.azure.com".into()));
    assert!(local().verbatim("http://127.0.0.1:8081/a").is_err());
    assert!(local().verbatim("http://west.example.test/a").is_err());
}

#[test]
fn origins_are_strict() {
    for good in ["https://management.azure.com", "http://localhost:3000", "http://127.0.0.9", "http://[::1]:80"] {
        assert_eq!(good.parse::<Origin>().unwrap().to_string(), good);
    }
    assert_eq!(
        "https://*.example.test:8443".parse::<OriginPattern>().unwrap().to_string(),
        "https://*.example.test:8443"
    );
    for bad in [
        "http://management.azure.com",
        "https://",
        "https://a@b",
        "https://a/b",
        "https://a?b",
        "management.azure.com",
        "https://a..b",
        "https://a:99999",
        "https://*.a.test",
        "https://A.test",
        "http://0x7f.1",
        "https://0x7f.1",
        "https://1.2.3",
        "https://management.azure.com.1",
        "https://a b",
    ] {
        assert!(bad.parse::<Origin>().is_err(), "{bad}");
    }
    for bad in ["https://*.com", "https://*", "https://a.*.test", "https://*.*.test"] {
        assert!(bad.parse::<OriginPattern>().is_err(), "{bad}");
    }
}

/// Pieces of which URLs that fool a parser are made.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "https://",
        "http://",
        "management.azure.com",
        "west.",
        "evil.test",
        "127.0.0.1",
        "example.test",
        "@",
        ":",
        ":443",
        ":8080",
        "/",
        "//",
        "\\",
        "?",
        "#",
        "%2f",
        "%40",
        "..",
        ".",
        ";",
        "\t",
        "\n",
        " ",
        "[::1]",
        "xn--",
        "\u{ff0e}",
        "\u{2024}",
        "a",
        "*",
        "|",
        "\"",
        "{",
    ]);
    prop::collection::vec(piece, 0..9).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]
    /// What we admit, a browser takes for the same host, port and path, without a user.
    #[test]
    fn a_browser_goes_where_we_checked(url in prop_oneof![pieces(), pieces().prop_map(|tail| format!("https://management.azure.com{tail}"))], text in "\\PC{0,40}") {
        for (cloud, url) in [(Cloud::public(), &url), (local(), &url), (Cloud::public(), &text)] {
            // A link is encoded first; the browser takes the link as it came to the same place.
            if let Ok(link) = cloud.link(url) {
                let (theirs, ours) = (url::Url::parse(url).unwrap(), url::Url::parse(&link.to_string()).unwrap());
                prop_assert_eq!(theirs.origin(), ours.origin());
                prop_assert!(ours.fragment().is_none() && cloud.verbatim(&link.to_string()).is_ok());
            }
            let Ok(ours) = cloud.verbatim(url) else { continue };
            let browsers = url::Url::parse(url).unwrap();
            prop_assert_eq!(browsers.host_str().map(str::to_owned), ours.host().map(str::to_ascii_lowercase));
            prop_assert_eq!(browsers.port(), ours.port_u16().filter(|port| *port != 443));
            prop_assert_eq!(browsers.scheme(), ours.scheme_str().unwrap());
            prop_assert!(browsers.username().is_empty() && browsers.password().is_none());
            prop_assert_eq!(&ours.to_string(), url);
            // The browser may escape a few characters; it may not go elsewhere.
            prop_assert_eq!(browsers.path().matches('/').count(), ours.path().matches('/').count());
        }
    }
}

/// What a browser makes of such a link is the reference: the crate `url` implements its standard.
#[test]
fn a_link_with_blanks_quotes_and_letters_is_encoded_as_a_browser_would_and_stays_within_the_cloud() {
    let cloud = Cloud::public();
    for link in [
        "https://management.azure.com/a?api-version=1&$filter=kind eq 'AzureIaasVM'&$skipToken=2",
        "https://management.azure.com/a?t=\"x\"<>",
        "https://management.azure.com/resourceGroups/Größe \"1\"/a?t=日本",
        "https://management.azure.com/a?t=%3Cdone%3E&s=a+b%2B",
        "https://management.azure.com/a?t={\"a\":[1,2]}|`^",
    ] {
        let ours = cloud.link(link).unwrap();
        let browsers = |text: &str| url::Url::parse(text).unwrap().to_string();
        assert_eq!(
            browsers(&ours.to_string()),
            browsers(link),
            "the browser sends what it would have made of the link"
        );
        assert!(ours.to_string().is_ascii() && !ours.to_string().contains([' ', '"', '<']), "{ours}");
    }
    let same = "https://management.azure.com/a?t=%3Cdone%3E&s=a+b%2B";
    assert_eq!(cloud.link(same).unwrap(), same, "what is encoded already is not encoded twice");
    let hash = cloud.link("https://management.azure.com/a?t=a#b\\c").unwrap();
    assert_eq!(hash, "https://management.azure.com/a?t=a%23b%5Cc", "a token is not cut");
    for other in [
        "https://evil.test/a b",
        "https://evil.test?x=https://management.azure.com/ a",
        "https://management.azure.com evil.test/a",
        "https://management.azure.com\\@evil.test/a",
        "https://mänagement.azure.com/a",
        "https://management.azure.com/a\nb",
        "https://management.azure.com/a\\..\\b",
        "https://management.azure.com#/a",
        "/a b",
        "",
        "ü",
    ] {
        assert!(cloud.link(other).is_err(), "{other}");
    }
}
