//! Lists, page by page.

use crate::arm::json::{self, NodeRef};

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The members, in Azure's order.
    pub value: Vec<T>,
    /// `nextLink`, verbatim; none on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Reads `{value: [...], nextLink?}`.
    pub(crate) fn read(node: &NodeRef<'_>, read: impl Fn(&NodeRef<'_>) -> T) -> Self {
        node.present();
        Page { value: node.list("value", read), next: node.text("nextLink") }
    }

    /// The same, but `value` is required, for lists whose emptiness proves something: an answer without `value` is a fault, not an empty list.
    pub(crate) fn read_listed(node: &NodeRef<'_>, read: impl Fn(&NodeRef<'_>) -> T) -> Self {
        node.at("value").present();
        Self::read(node, read)
    }
}

/// How many bytes at the end of a page are searched for the link. The links that Azure sends take a quarter of that at most.
const MAX_LINK: usize = 16 * 1024;

/// Finds `nextLink` without decoding the page, so that the next page can be requested first. Azure writes it as the last member; a link
/// elsewhere is only found by decoding the page.
#[must_use]
pub fn next_link(page: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"\"nextLink\"";
    let end = page.get(page.len().saturating_sub(MAX_LINK)..)?;
    let at = end.windows(NAME.len()).rposition(|text| text == NAME)?;
    let (before, member) = end.split_at_checked(at)?;
    // A quote that is escaped is part of a text. The rest must be this one member and the brace that ends the page, or it does not parse.
    if !matches!(before.last()?, b',' | b'{' | b' ' | b'\n' | b'\r' | b'\t') {
        return None;
    }
    let last = json::value(&[b"{", member].concat()).ok()?;
    let link = last["nextLink"]
        .as_str()
        .filter(|link| !link.is_empty() && last.as_object().is_some_and(|all| all.len() == 1))?;
    Some(link.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn read(page: &[u8]) -> Option<String> {
        let parsed = json::parse(page).unwrap();
        json::read_parsed(&parsed, |node| Page::read(node, |_| ()).next).unwrap()
    }

    #[test]
    fn the_link_is_found_before_the_page_is_read() {
        for page in [
            r#"{"value": [{"nextLink": "inner"}], "nextLink" : "https://a/b?c=\u0026\"d"}"#,
            "{\"value\": [],\n  \"nextLink\": \"https://a/b\"\n}\n",
            r#"{"nextLink":"https://a/b"}"#,
            r#"{"value":[],"nextLink":"one","nextLink":"two"}"#,
        ] {
            assert!(next_link(page.as_bytes()).is_some(), "{page}");
            assert_eq!(next_link(page.as_bytes()), read(page.as_bytes()), "{page}");
        }
        for page in [
            r#"{"value":[],"nextLink":null}"#,
            r#"{"value":[],"nextLink":""}"#,
            r#"{"value":[],"other":"nextLink"}"#,
            r#"{"value":[{"nextLink":"inner"}]}"#,
            r#"{"other":{"nextLink":"inner"}}"#,
            r#"{"nextLink":"read with the page","value":[]}"#,
            r#"{"other":"\"nextLink\":\"no\"}"#,
            r#"{"value":[]}"#,
            r#""nextLink":"x"}"#,
            r#"{"nextLink":"x"#,
            "",
        ] {
            assert_eq!(next_link(page.as_bytes()), None, "{page}");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_is_read(
            members in prop::collection::vec(
                (prop_oneof![Just("nextLink".to_owned()), "[a-c\"{}\\\\:,]{0,3}"], prop_oneof![".{0,6}", Just("nextLink\":\"x".to_owned())], any::<bool>()),
                0..4,
            ),
        ) {
            let text = |text: &str| Value::from(text).to_string();
            let member = |(name, value, deeper): &(String, String, bool)| match deeper {
                true => format!("\"deeper\":{{{}:{}}}", text(name), text(value)),
                false => format!("{}:{}", text(name), text(value)),
            };
            let page = format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","));
            let found = next_link(page.as_bytes());
            let last = members.last().is_some_and(|(name, value, deeper)| name == "nextLink" && !value.is_empty() && !deeper);
            prop_assert_eq!(found.is_some(), last, "{}", page);
            prop_assert!(found.is_none() || found == read(page.as_bytes()), "{}", page);
        }
    }
}
