use super::*;
use proptest::prelude::*;

fn one<'a>(scheme: &'a str, token68: Option<&'a str>, params: &[(&'a str, &str)]) -> Challenge<'a> {
    let params = params.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Challenge { scheme, token68, params }
}

#[test]
fn the_example_of_the_standard() {
    let header = r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#;
    let apps = one("Newauth", None, &[("realm", "apps"), ("type", "1"), ("title", "Login to \"apps\"")]);
    assert_eq!(challenges(header), [one("Basic", None, &[("realm", "simple")]), apps]);
}

#[test]
fn lists_spaces_and_padding() {
    for (header, expected) in [
        ("", vec![]),
        (" ,\t, ", vec![]),
        ("Negotiate", vec![one("Negotiate", None, &[])]),
        ("Negotiate , NTLM", vec![one("Negotiate", None, &[]), one("NTLM", None, &[])]),
        ("Negotiate YII=, NTLM a+/==", vec![one("Negotiate", Some("YII="), &[]), one("NTLM", Some("a+/=="), &[])]),
        ("A  b=c ,, d\t=\t\"e\",F", vec![one("A", None, &[("b", "c"), ("d", "e")]), one("F", None, &[])]),
        ("A b=\"x, B c=d\", e=\"\"", vec![one("A", None, &[("b", "x, B c=d"), ("e", "")])]),
        ("A b=c==, d=https://h/p?q=1", vec![one("A", None, &[("b", "c=="), ("d", "https://h/p?q=1")])]),
    ] {
        assert_eq!(challenges(header), expected, "{header}");
    }
    let twice = challenges("bEaReR Realm=a, REALM=b");
    assert_eq!((twice[0].param("realm"), twice[0].param("scope")), (Some("a"), None));
}

#[test]
fn what_breaks_the_grammar_is_left_out() {
    let basic = || one("Basic", None, &[("realm", "x")]);
    for (header, expected) in [
        ("realm=x", vec![]),
        ("=x, Basic realm=x", vec![basic()]),
        ("@@ \"a, b\" c, Basic realm=x", vec![basic()]),
        ("Basic realm=\"x\"y z, \"q\"", vec![basic()]),
        ("Basic realm=x, b=\"never ends, c=d", vec![basic()]),
        ("Basic realm=x, b=\"\\", vec![basic()]),
        ("A B realm=\"x, y\", Basic realm=x", vec![one("A", None, &[]), basic()]),
    ] {
        assert_eq!(challenges(header), expected, "{header}");
    }
}

/// Scheme, token68 or parameters, and for each parameter whether it is quoted although it need not be.
type Written = (String, Option<String>, Vec<(String, String, bool)>);

fn written() -> impl Strategy<Value = Written> {
    let token = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}";
    let params = prop::collection::vec((token, prop_oneof!["\\PC{0,12}", token], any::<bool>()), 1..4);
    prop_oneof![
        (token, params).prop_map(|(scheme, params)| (scheme, None, params)),
        (token, "[A-Za-z0-9._~+/-]{1,12}={0,2}").prop_map(|(scheme, coded)| (scheme, Some(coded), Vec::new())),
        token.prop_map(|scheme| (scheme, None, Vec::new())),
    ]
}

/// The list with these spaces around `=` and commas.
fn text(list: &[Written], equals: &str, comma: &str) -> String {
    let mut elements = Vec::new();
    for (scheme, token68, params) in list {
        let mut head = scheme.clone();
        if let Some(coded) = token68 {
            head = format!("{head} {coded}");
        }
        for (name, value, quote) in params {
            let bare = !quote && !value.is_empty() && value.chars().all(is_token);
            let value =
                if bare { value.clone() } else { format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")) };
            elements.push(format!("{head}{}{name}{equals}{value}", if head.is_empty() { "" } else { " " }));
            head.clear();
        }
        if params.is_empty() {
            elements.push(head);
        }
    }
    elements.join(comma)
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        list in prop::collection::vec(written(), 0..4),
        equals in prop::sample::select(vec!["=", " =", "= ", "\t=  "]),
        comma in prop::sample::select(vec![",", ", ", " ,\t", ",, ,"]),
    ) {
        let text = text(&list, equals, comma);
        let read: Vec<Written> = challenges(&text)
            .into_iter()
            .map(|c| (c.scheme.to_owned(), c.token68.map(str::to_owned), c.params.into_iter().map(|(n, v)| (n.to_owned(), v, false)).collect()))
            .collect();
        let expected: Vec<Written> =
            list.into_iter().map(|(s, t, params)| (s, t, params.into_iter().map(|(n, v, _)| (n, v, false)).collect())).collect();
        prop_assert_eq!(read, expected, "{}", text);
    }

    #[test]
    fn never_panics(any in "\\PC{0,60}", near in "[A-Za,=\" \\\\\t]{0,40}") {
        let _ = (challenges(&any), challenges(&near));
    }
}
