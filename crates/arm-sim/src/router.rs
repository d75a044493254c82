//! Maps paths to handlers. The matching is our own because ARM ignores case, doubled and trailing slashes.

use http::Method;

use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;

/// What answers a request.
pub(crate) type Handler = fn(&mut Simulator, &SimRequest) -> Result<Answer, Refused>;

/// Method, path and handler. A path starts with one of [`PREFIXES`] or a slash; `{}` stands for one segment.
pub(crate) type Route = (&'static str, &'static str, Handler);

const PREFIXES: [(&str, &str); 6] = [
    ("S", "/subscriptions/{}"),
    ("G", "S/resourceGroups/{}"),
    ("V", "G/providers/Microsoft.RecoveryServices/vaults/{}"),
    ("L", "S/providers/Microsoft.RecoveryServices/locations/{}"),
    ("I", "V/backupFabrics/{}/protectionContainers/{}/protectedItems/{}"),
    ("P", "I/recoveryPoints/{}"),
];

/// The segments of a pattern, prefixes written out.
fn segments(pattern: &'static str) -> Vec<&'static str> {
    let (head, tail) = pattern.split_once('/').unwrap_or((pattern, ""));
    let mut out = PREFIXES.iter().find(|(name, _)| *name == head).map(|(_, path)| segments(path)).unwrap_or_default();
    out.extend(tail.split('/').filter(|s| !s.is_empty()));
    out
}

/// The segments that match the `{}` of `pattern`, if the path matches.
fn capture(pattern: &'static str, path: &[String]) -> Option<Vec<String>> {
    let pattern = segments(pattern);
    if pattern.len() != path.len() || !pattern.iter().zip(path).all(|(p, s)| *p == "{}" || same(p, s)) {
        return None;
    }
    Some(pattern.iter().zip(path).filter(|(p, _)| **p == "{}").map(|(_, s)| s.clone()).collect())
}

/// The handler for a request, and the matched segments. HEAD is answered like GET without the body.
pub(crate) fn find(routes: &[Route], method: &Method, path: &[String]) -> Result<(Handler, Vec<String>), Refused> {
    let wanted = if method == Method::HEAD { "GET" } else { method.as_str() };
    let mut known = false;
    for (verb, pattern, handler) in routes {
        if let Some(params) = capture(pattern, path) {
            if *verb == wanted {
                return Ok((*handler, params));
            }
            known = true;
        }
    }
    let path = path.join("/");
    Err(if known {
        let message = format!("The HTTP method '{method}' is not supported at scope '/{path}'.");
        ArmError::gateway(405, "HttpMethodNotSupported", message)
    } else {
        ArmError::not_simulated(&format!("'{method} /{path}'"))
    })
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::{capture, find, segments};
    use crate::answer::Answer;

    fn path(text: &str) -> Vec<String> {
        text.split('/').filter(|s| !s.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn prefixes_are_written_out() {
        assert_eq!(segments("P/restore").len(), 17);
        assert_eq!(segments("/tenants"), ["tenants"]);
    }

    #[test]
    fn ignores_case_and_captures() {
        assert_eq!(capture("G", &path("/Subscriptions/a/resourcegroups/B")).unwrap(), ["a", "B"]);
        assert!(capture("G", &path("/subscriptions/a")).is_none());
    }

    #[test]
    fn tells_unknown_from_wrong_method() {
        let routes: [super::Route; 1] = [("GET", "S", |_, _| Ok(Answer::empty(200)))];
        assert!(find(&routes, &Method::HEAD, &path("subscriptions/a")).is_ok());
        assert_eq!(find(&routes, &Method::PUT, &path("subscriptions/a")).unwrap_err().status, 405);
        assert_eq!(find(&routes, &Method::GET, &path("nothing")).unwrap_err().status, 501);
    }
}
