use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;

const P1: &str = r#"{"access_token": {"acrs":{"essential":true,"values":["p1"]}}}"#;

fn of(header: &str) -> Option<String> {
    Claims::of(header).map(|claims| claims.0)
}

fn encoded() -> String {
    STANDARD.encode(P1)
}

#[test]
fn as_entra_id_writes_it() {
    let header = format!(
        "Bearer authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", error=\"insufficient_claims\", claims=\"{}\"",
        encoded()
    );
    assert_eq!(of(&header).as_deref(), Some(P1));
}

#[test]
fn whatever_stands_around_it() {
    let claims = encoded();
    assert!(claims.ends_with('='), "the padding is what simple parsers stumble over");
    for header in [
        format!("Basic realm=\"a, b=c\", Bearer claims=\"{claims}\""),
        format!("Negotiate YWJjZA==, Bearer error=x, claims=\"{claims}\", PoP nonce=\"n\""),
        format!("Negotiate,Bearer claims=\"{claims}\""),
        format!(" ,, bearer\tCLAIMS = \"{claims}\""),
        format!("Bearer realm=\"quoted \\\" mark, claims=no\", claims=\"{claims}\""),
        format!("Bearer claims=\"{}\"", claims.trim_end_matches('=')),
        format!("Bearer error=\"e\", Bearer claims=\"{claims}\""),
        format!("Negotiate claims=other, Bearer claims=\"{claims}\""),
    ] {
        assert_eq!(of(&header).as_deref(), Some(P1), "{header}");
    }
}

#[test]
fn both_alphabets() {
    // Encodes with `+` and `/` in one alphabet, with `-` and `_` in the other.
    let json = r#"{"a":"~~>?ÿ~~??>>"}"#;
    let standard = STANDARD.encode(json);
    assert!(standard.contains(['+', '/']), "{standard}");
    assert_eq!(of(&format!("Bearer claims=\"{standard}\"")).as_deref(), Some(json));
    assert_eq!(of(&format!("Bearer claims=\"{}\"", URL_SAFE_NO_PAD.encode(json))).as_deref(), Some(json));
}

#[test]
fn what_is_none() {
    let claims = encoded();
    for header in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer error=\"invalid_token\"".to_owned(),
        "Bearer claims=\"not base64!\"".to_owned(),
        format!("Bearer claims=\"{}\"", STANDARD.encode("[1]")),
        format!("Bearer claims=\"{}\"", STANDARD.encode("no json")),
        format!("Basic claims=\"{claims}\""),
        format!("Bearer error=\"never closed, claims={claims}"),
        format!("Bearer realm=\"x\" \"stray\", claims=\"{claims}\""),
    ] {
        assert_eq!(of(&header), None, "{header}");
    }
}

/// A challenge in pieces: scheme, and credentials or parameters.
fn challenge() -> impl Strategy<Value = (String, Result<String, Vec<(String, String)>>)> {
    let credentials = "[A-Za-z0-9._~+/-]{1,12}={0,2}".prop_map(Ok);
    let parameters = prop::collection::vec(("[a-z_]{1,8}x", "[ -~é]{0,12}"), 0..4).prop_map(Err);
    ("[A-Za-z]{1,8}y", prop_oneof![credentials, parameters])
}

fn written((scheme, rest): &(String, Result<String, Vec<(String, String)>>)) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    match rest {
        Ok(credentials) => format!("{scheme} {credentials}"),
        Err(pairs) => {
            let pairs: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", quoted(value))).collect();
            format!("{scheme} {}", pairs.join(", ")).trim_end().to_owned()
        }
    }
}

proptest! {
    #[test]
    fn found_among_any_other_challenges(
        before in prop::collection::vec(challenge(), 0..4),
        own in prop::collection::vec(("[a-z_]{1,8}x", "[ -~]{0,12}"), 0..4),
        after in prop::collection::vec(challenge(), 0..3),
    ) {
        let mut own = own;
        own.push(("claims".to_owned(), encoded()));
        let mut all: Vec<String> = before.iter().map(written).collect();
        all.push(written(&("Bearer".to_owned(), Err(own))));
        all.extend(after.iter().map(written));
        let header = all.join(", ");
        prop_assert_eq!(of(&header), Some(P1.to_owned()), "{}", header);
    }

    #[test]
    fn never_panics(header in "\\PC{0,80}") {
        let _ = Claims::of(&header);
    }

    #[test]
    fn never_panics_on_what_nearly_fits(header in "(Bearer|claims|=|\"|\\\\|,| |é|[a-z=]{0,3}){0,30}") {
        let _ = Claims::of(&header);
    }
}
