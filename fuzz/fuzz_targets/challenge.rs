//! `WWW-Authenticate`: read to the end, nothing made up, and what is a claims request is a JSON object.
#![no_main]

use azure_backup::arm::challenge::{Claims, challenges};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &str| {
    for challenge in challenges(header) {
        assert!(!challenge.scheme.is_empty() && header.contains(challenge.scheme));
        assert!(challenge.token68.is_none_or(|text| !text.is_empty() && header.contains(text)));
        for (name, value) in &challenge.params {
            assert!(!name.is_empty() && header.contains(name));
            assert!(value.len() <= header.len());
            assert!(challenge.param(&name.to_ascii_uppercase()).is_some());
        }
    }
    if let Some(claims) = Claims::from_challenge(header) {
        let json: serde_json::Value = serde_json::from_str(claims.as_str()).expect("claims are JSON");
        assert!(json.is_object() && header.to_ascii_lowercase().contains("bearer"));
    }
    // A challenge before or after changes nothing about one that is whole.
    let whole = r#"Bearer claims="eyJhIjoxfQ==""#;
    let found = Claims::from_challenge(&format!("Basic realm=\"a,b\", {whole}, {header}"));
    assert_eq!(found.as_ref().map(Claims::as_str), Some(r#"{"a":1}"#));
});
