//! Lists in pages. `nextLink` is absolute and has to be followed unchanged.

use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::sim_request::SimRequest;
use crate::text::{array, fill, member, quote};

/// Answers with the page that `$skipToken` names, `size` entries long.
///
/// The link spells the parameter `%24skiptoken`, in lower case, and the token is a base64 text: both as on the wire.
pub(crate) fn page(ask: &SimRequest, origin: &str, size: usize, values: Vec<String>) -> Result<Answer, Refused> {
    let from = match ask.query("$skipToken") {
        None | Some("") => 0,
        Some(token) => {
            read(token).ok_or_else(|| ArmError::invalid_input("The continuation token is not valid.", "$skipToken"))?
        }
    };
    let more = values.len() > from + size;
    let next = more.then(|| {
        let query: Vec<_> =
            ask.raw_query.split('&').filter(|p| !p.to_ascii_lowercase().contains("skiptoken")).collect();
        let path: Vec<_> = ask.segments.iter().map(String::as_str).collect();
        quote(&format!("{origin}/{}?{}&%24skiptoken={}", path.join("/"), query.join("&"), write(from + size)))
    });
    Ok(list(values.into_iter().skip(from).take(size), next))
}

/// Answers with a list in one page.
pub(crate) fn whole(values: impl IntoIterator<Item = String>) -> Answer {
    list(values, None)
}

fn list(values: impl IntoIterator<Item = String>, next: Option<String>) -> Answer {
    Answer::ok(fill(r#"{"value":@0@1}"#, &[&array(values), &member("nextLink", next)]))
}

fn write(from: usize) -> String {
    crate::base64::encode(format!("page;{from}").as_bytes()).replace('=', "%3D").replace('+', "%2B")
}

fn read(token: &str) -> Option<usize> {
    String::from_utf8(crate::base64::decode(token)?).ok()?.strip_prefix("page;")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::Value;

    use super::page;
    use crate::sim_request::SimRequest;

    #[test]
    fn walks_to_the_end() {
        let mut url = "https://h/a/b?api-version=2024-04-01&%24filter=x+eq+%27y%27".to_owned();
        let mut seen = Vec::new();
        for _ in 0..5 {
            let ask = SimRequest::new(&http::Request::get(&url).body(Bytes::new()).unwrap()).unwrap();
            let all = (0..5).map(|n| n.to_string()).collect();
            let body: Value = serde_json::from_slice(&page(&ask, "https://h", 2, all).unwrap().body).unwrap();
            seen.extend(body["value"].as_array().unwrap().iter().filter_map(Value::as_u64));
            let Some(next) = body["nextLink"].as_str() else { break };
            assert!(next.contains("%24filter=x+eq"), "{next}");
            url = next.to_owned();
        }
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn refuses_a_made_up_token() {
        let ask = SimRequest::new(
            &http::Request::get("/a?api-version=2024-04-01&$skiptoken=%21").body(Bytes::new()).unwrap(),
        )
        .unwrap();
        assert!(page(&ask, "", 2, Vec::new()).is_err());
    }
}
