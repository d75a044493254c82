use super::*;

const SHIPPED: &str = include_str!("../../../www/config.json");

fn wrong(text: &str) -> String {
    Config::parse(text).unwrap_err().to_string()
}

#[test]
fn an_empty_object_is_the_public_cloud() {
    assert_eq!(Config::parse("{}"), Ok(Config::default()));
}

#[test]
fn the_shipped_configuration_is_the_public_cloud_and_knows_the_others() {
    let shipped = Config::parse(SHIPPED).unwrap();
    assert_eq!(shipped.cloud, Cloud::public());
    assert_eq!(
        shipped.sign_in,
        SignIn { tenant: ANY_TENANT.to_owned(), protocol: "AAD".to_owned(), ..Config::default().sign_in }
    );
    for (cloud, arm, scope) in [
        (
            "AzureUSGovernment",
            "https://management.usgovcloudapi.net",
            "https://management.core.usgovcloudapi.net/user_impersonation",
        ),
        (
            "AzureChinaCloud",
            "https://management.chinacloudapi.cn",
            "https://management.core.chinacloudapi.cn/user_impersonation",
        ),
    ] {
        let text = SHIPPED.replace("\"cloud\": \"AzureCloud\"", &format!("\"cloud\": \"{cloud}\""));
        let config = Config::parse(&text.replace("\"clientId\": \"\"", "\"clientId\": \"app\"")).unwrap();
        assert_eq!((config.cloud.name.as_str(), config.cloud.arm.to_string().as_str()), (cloud, arm));
        assert_eq!(config.sign_in.scope, scope);
    }
}

#[test]
fn an_application_is_all_that_sign_in_needs() {
    let sign_in = Config::parse(r#"{"signIn": {"clientId": "app"}}"#).unwrap().sign_in;
    assert_eq!(sign_in.authority, "https://login.microsoftonline.com");
    assert_eq!(sign_in.scope, "https://management.azure.com/user_impersonation");
    assert_eq!((sign_in.tenant.as_str(), sign_in.protocol.as_str()), ("organizations", "AAD"));
}

#[test]
fn loopback_may_be_plain_and_nothing_else() {
    let of = |arm: &str| format!("{{\"cloud\": \"T\", \"clouds\": [{{\"name\": \"T\",\n \"arm\": \"{arm}\"}}]}}");
    assert!(Config::parse(&of("http://127.0.0.1:8080")).is_ok());
    assert!(wrong(&of("http://arm.example.com")).contains("line 2"));
}

#[test]
fn a_wrong_value_is_told_with_its_key_and_line() {
    let cloud = |members: &str| format!("{{\"cloud\": \"T\",\n\"clouds\": [\n{{\"name\": \"T\",\n{members}}}]}}");
    let two =
        "{\"clouds\": [\n {\"name\": \"a\", \"arm\": \"https://a.example\"},\n {\"name\": \"b\",\n  \"arm\": 5}]}";
    for (text, key, line) in [
        (two, "`clouds[1].arm`: invalid type: ", 4),
        ("{\"clouds\": [\n {\"arm\":\n \"https://a.example\"}]}", "missing field `name`", 3),
        (&cloud("\"arm\": \"ftp://a.example\""), "`clouds[0].arm`: ", 4),
        (&cloud("\"arm\": \"https://a.example/\""), "`clouds[0].arm`: write it as https://a.example, with nothing", 4),
        (
            &cloud("\"arm\": \"https://a.example:443\""),
            "`clouds[0].arm`: write it as https://a.example, with nothing",
            4,
        ),
        (&cloud("\"arm\": \"https://a.example/path\""), "`clouds[0].arm`: ", 4),
        (&cloud("\"arm\": \"HTTPS://a.example\""), "`clouds[0].arm`: ", 4),
        (&cloud("\"arm\": \"https://a.example\",\n\"arm\": \"https://b.example\""), "duplicate field `arm`", 5),
        (
            &cloud("\"arm\": \"https://a.example\",\n\"admitted\": [\n\"http://x.example\"]"),
            "`clouds[0].admitted[0]`: ",
            6,
        ),
        (&cloud("\"arm\": \"https://a.example\",\n\"admitted\": {}"), "`clouds[0].admitted`: invalid type: map", 5),
        (&cloud("\"arm\": \"https://a.example\",\n\"admitted\": [\"https://*.com\"]"), "`clouds[0].admitted[0]`: ", 5),
        (&cloud("\"arm\": \"https://a.example\",\n\"portal\": \"javascript:alert(1)//\""), "`clouds[0].portal`: ", 5),
        (&cloud("\"arm\": \"https://a.example\",\n\"portal\": null"), "`clouds[0].portal`: invalid type: null", 5),
        (&cloud("\"arm\": \"https://a.example\",\n\"scope\": \"a b\""), "`clouds[0].scope`: expected one scope", 5),
        (
            &cloud("\"arm\": \"https://a.example\"},\n{\"name\": \"T\", \"arm\": \"https://b.example\""),
            "two clouds are named T",
            5,
        ),
        (
            "{\"clouds\": [\n{\"name\": \"Demo\", \"arm\": \"https://a.example\"}]}",
            "`clouds[0].name`: this name is reserved for the demo",
            2,
        ),
        ("{\"clouds\": {}}", "`clouds`: invalid type: map", 1),
        ("{\n\"cloud\": \"Mars\"}", "`cloud`: `clouds` has no cloud named Mars", 2),
        ("{\n\"cloud\": \"AzureCloud\",\n\"cloud\": \"AzureCloud\"}", "duplicate field `cloud`", 3),
        (
            "{\n\"signIn\": {\"clientId\": \"a\",\n\"protocol\": \"SAML\"}}",
            "`signIn.protocol`: unknown variant `SAML`",
            3,
        ),
        ("{\n\"signIn\": {\"tenant\": \"../x?y=#\"}}", "`signIn.tenant`: expected a tenant's ID", 2),
        (
            "{\"cloud\": \"T\", \"clouds\": [{\"name\": \"T\", \"arm\": \"https://a.example\"}],\n\"signIn\": {\"clientId\": \"a\"}}",
            "`signIn`: the cloud T has no `authority`",
            2,
        ),
        (
            "{\"embedding\": {\n\"parents\": [\"https://portal.example/\"]}}",
            "`embedding.parents[0]`: write it as https://portal.example",
            2,
        ),
        ("{\"embedding\": {\n\"parents\": [\"*\"]}}", "`embedding.parents[0]`: ", 2),
        ("{\"allow\": {\n\"demo\": \"no\"}}", "`allow.demo`: invalid type: string", 2),
        ("{\"allow\": {\n\"pastedToken\": false}}", "unknown field `pastedToken`", 2),
        ("{\"allow\":\n[false]}", "`allow`: invalid type: sequence, expected an object", 2),
        ("{}\n{}", "trailing characters", 2),
    ] {
        let told = wrong(text);
        assert!(told.contains(key) && told.ends_with(&format!("line {line}")), "{key}, line {line}: {told}");
    }
    for text in ["", "{", "5", "null", "[]", "\u{feff}{}", "{\"cloud\"", "{\"cloud\": null}"] {
        assert!(wrong(text).contains("line 1"), "{text}");
    }
}

#[test]
fn a_misspelt_key_is_named() {
    let error = wrong("{\n  \"cluods\": {}\n}");
    assert!(error.contains("`cluods`") && error.contains("line 2"), "{error}");
}

#[test]
fn the_policy_and_the_frame_are_made_of_what_was_read() {
    let told = |text: &str| serde_json::from_str::<serde_json::Value>(&bounds(text)).unwrap();
    let public = serde_json::json!({
        "connect": ["https://management.azure.com", "https://*.management.azure.com", "https://login.microsoftonline.com"],
        "frame": ["https://login.microsoftonline.com"],
        "parents": [],
        "signsIn": false,
        "error": null,
    });
    assert_eq!(told("{}"), public, "what the program takes for valid, the policy admits");
    assert_eq!(told(SHIPPED), public);
    assert_eq!(told(r#"{"signIn": {"clientId": "app"}}"#)["signsIn"], true);
    let own = told(
        r#"{"cloud": "T", "clouds": [{"name": "T", "arm": "http://127.0.0.1:8080"}], "embedding": {"parents": ["https://portal.example"]}}"#,
    );
    assert_eq!(
        (&own["connect"], &own["frame"]),
        (&serde_json::json!(["http://127.0.0.1:8080"]), &serde_json::json!([]))
    );
    assert_eq!(own["parents"], serde_json::json!(["https://portal.example"]));
    for text in ["", "null", r#"{"clouds": [{"name": "T", "arm": "https://a.example; connect-src *"}]}"#] {
        let wrong = told(text);
        assert!(wrong["error"].as_str().is_some_and(|error| error.contains("line 1")), "{wrong}");
        assert_eq!((&wrong["connect"], &wrong["parents"]), (&serde_json::json!([]), &serde_json::json!([])));
    }
}

#[test]
fn the_page_around_chooses_a_cloud_where_that_is_allowed() {
    let listed = r#""clouds": [{"name": "AzureCloud", "arm": "https://management.azure.com"}, {"name": "T", "arm": "https://a.example"}]"#;
    let name = |text: &str, choice: &str| Config::chosen(text, Some(choice)).map(|config| config.cloud.name);
    let other = r#"{"name": "O", "arm": "https://o.example"}"#;
    let free = format!("{{{listed}}}");
    assert_eq!(name(&free, "\"T\""), Ok("T".to_owned()));
    assert_eq!(name(&free, other), Ok("O".to_owned()));
    assert_eq!(name("{}", "\"AzureCloud\""), Ok("AzureCloud".to_owned()));
    let bound = format!("{{{listed}, \"allow\": {{\"otherClouds\": false}}}}");
    assert_eq!(name(&bound, "\"T\""), Ok("T".to_owned()));
    assert!(name(&bound, other).is_err_and(|error| error.to_string().contains("`allow.otherClouds` is false")));
    let unlisted =
        r#"{"cloud": "T", "clouds": [{"name": "T", "arm": "https://a.example"}], "allow": {"otherClouds": false}}"#;
    assert!(name(unlisted, "\"AzureCloud\"").is_err(), "known without being listed is not configured");
    assert!(name(&free, "5").is_err() && name(&free, r#"{"name": "O", "arm": "https://o.example/"}"#).is_err());
}

#[test]
fn support_is_named_and_reached_by_nothing_that_runs() {
    let of = |text: &str| Config::parse(&format!("{{\"support\": {text}}}"));
    let whole = of(r#"{"name": "Backup team", "url": "https://contoso.example/backup", "phone": "+1 (555) 010-0"}"#);
    let line = whole.unwrap().support.line();
    assert_eq!(line.as_deref(), Some("Backup team · +1 (555) 010-0 · https://contoso.example/backup"));
    assert_eq!(of(r#"{"name": "Desk", "url": "mailto:desk@contoso.example"}"#).unwrap().support.phone, "");
    assert_eq!(Config::default().support.line(), None);
    for bad in [
        r#"{"name": "x", "url": "javascript:alert(1)"}"#,
        r#"{"phone": "1"}"#,
        r#"{"name": "x", "phone": "now"}"#,
        "[]",
    ] {
        assert!(of(bad).unwrap_err().to_string().contains("`support`"), "{bad}");
    }
}
