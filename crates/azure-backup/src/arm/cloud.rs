//! An Azure cloud: the origins that may receive an access token.
//!
//! Azure answers with absolute URLs (`nextLink`, `Azure-AsyncOperation`, `Location`). A client that follows them sends its token wherever an
//! answer says. Here every URL is checked against the origins of the [`Cloud`], and one that another parser could read differently is refused.

use http::{Uri, uri::Scheme};
use percent_encoding::{AsciiSet, utf8_percent_encode};
use std::{fmt, str::FromStr};

/// A cloud: where ARM is and which other origins may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// The name for people: `AzureCloud`.
    pub name: String,
    /// The origin of ARM.
    pub arm: Origin,
    /// Further origins that ARM's answers point to: `https://*.management.azure.com`.
    pub admitted: Vec<OriginPattern>,
    /// The URL of the portal, for links to resources.
    pub portal: Option<String>,
}

/// Why a URL is not called. The message names the host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusedUrl {
    /// Not an absolute URL that can be sent unchanged.
    #[error("this isn't an absolute URL that can be called: {0}")]
    NotAUrl(String),
    /// `http` to another machine, or another scheme.
    #[error("{0} would be called without encryption; only HTTPS is allowed, and HTTP on this computer")]
    NotSecure(String),
    /// A user name or password in the URL.
    #[error("the URL for {0} contains a user name, which Azure's URLs never do")]
    UserInfo(String),
    /// The configured cloud does not name the host.
    #[error("{host} isn't part of the configured cloud ({cloud}); nothing was sent to it")]
    OtherHost {
        /// Host, and port if any.
        host: String,
        /// The cloud's name.
        cloud: String,
    },
}

impl Cloud {
    /// Azure's public cloud.
    #[must_use]
    pub fn public() -> Cloud {
        let host = "management.azure.com".to_owned();
        Cloud {
            name: "AzureCloud".to_owned(),
            arm: Origin { secure: true, host: host.clone(), port: None },
            admitted: vec![OriginPattern { any_label: true, origin: Origin { secure: true, host, port: None } }],
            portal: Some("https://portal.azure.com".to_owned()),
        }
    }

    /// Checks that the URL's origin belongs to the cloud. Call it again right before the token is added.
    ///
    /// # Errors
    /// [`RefusedUrl`] when it does not.
    pub fn admits(&self, uri: &Uri) -> Result<(), RefusedUrl> {
        let Some(authority) = uri.authority() else { return Err(RefusedUrl::NotAUrl(brief(&uri.to_string()))) };
        let shown = || brief(authority.as_str());
        if authority.as_str().contains('@') {
            return Err(RefusedUrl::UserInfo(brief(authority.host())));
        }
        let secure = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(RefusedUrl::NotSecure(shown())),
        };
        if !secure && !is_loopback(authority.host()) {
            return Err(RefusedUrl::NotSecure(shown()));
        }
        // After the host only a port may follow: URL parsers disagree about everything else.
        let port = match authority.as_str().strip_prefix(authority.host()) {
            Some("") => default_port(secure),
            Some(rest) => {
                let digits = rest.strip_prefix(':').filter(|port| port.bytes().all(|b| b.is_ascii_digit()));
                digits.and_then(|port| port.parse().ok()).ok_or_else(|| RefusedUrl::NotAUrl(shown()))?
            }
            None => return Err(RefusedUrl::NotAUrl(shown())),
        };
        let arm = OriginPattern { any_label: false, origin: self.arm.clone() };
        let named =
            std::iter::once(&arm).chain(&self.admitted).any(|pattern| pattern.matches(secure, authority.host(), port));
        if named { Ok(()) } else { Err(RefusedUrl::OtherHost { host: shown(), cloud: self.name.clone() }) }
    }

    /// The URL of a path and query on the origin of ARM.
    ///
    /// # Errors
    /// [`RefusedUrl::NotAUrl`] for text that is no path.
    pub fn absolute(&self, path_and_query: &str) -> Result<Uri, RefusedUrl> {
        if !path_and_query.starts_with('/') || path_and_query.starts_with("//") {
            return Err(RefusedUrl::NotAUrl(brief(path_and_query)));
        }
        self.verbatim(&format!("{}{path_and_query}", self.arm))
    }

    /// An absolute URL to a list's next page, in which some services of Azure leave blanks, double quotes and letters of every language as they are.
    /// These are percent-encoded, as a browser would; what is encoded already stays as it is.
    ///
    /// # Errors
    /// [`RefusedUrl`] as [`Cloud::verbatim`] says.
    pub fn link(&self, url: &str) -> Result<Uri, RefusedUrl> {
        // The host is not encoded: a character that is not allowed in it is refused.
        let host = url.find("://").map_or(0, |at| at + 3);
        let path = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| host + at);
        let query = url.find('?').map_or(url.len(), |at| at.max(path));
        let (host, path, query) = (&url[..path], &url[path..query], &url[query..]);
        let (path, query) = (utf8_percent_encode(path, &IN_PATH), utf8_percent_encode(query, &IN_QUERY));
        self.verbatim(&format!("{host}{path}{query}"))
    }

    /// An absolute URL from Azure (`Azure-AsyncOperation`, `Location`, …), kept verbatim and never re-encoded: such URLs may be signed.
    ///
    /// # Errors
    /// [`RefusedUrl`] when it cannot be sent unchanged, or its origin is not admitted.
    pub fn verbatim(&self, url: &str) -> Result<Uri, RefusedUrl> {
        let no_url = || RefusedUrl::NotAUrl(brief(url));
        // A browser drops tabs and newlines, reads `\` as `/`, and cuts at `#`: it would call another URL than the one that was checked.
        if url.bytes().any(|b| !b.is_ascii_graphic() || matches!(b, b'\\' | b'#')) {
            return Err(no_url());
        }
        let uri: Uri = url.parse().map_err(|_| no_url())?;
        self.admits(&uri)?;
        // A browser resolves `.` and `..` and would call another path than the one that was checked.
        let dotted = uri
            .path()
            .split('/')
            .any(|segment| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | ".."));
        let printed = uri.to_string();
        if dotted || printed != url { Err(no_url()) } else { Ok(uri) }
    }
}

/// The characters that a path may not hold: <https://url.spec.whatwg.org/#path-percent-encode-set>. Control characters are not encoded but refused.
const IN_PATH: AsciiSet = IN_BOTH.add(b'`').add(b'{').add(b'}').add(b'^');
/// The characters that a query may not hold. Links of Azure have no fragment, so `#` is one.
const IN_QUERY: AsciiSet = IN_BOTH.add(b'#').add(b'\\');
const IN_BOTH: AsciiSet = AsciiSet::EMPTY.add(b' ').add(b'"').add(b'<').add(b'>');

/// `https://host[:port]`, or `http://` on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    secure: bool,
    host: String,
    port: Option<u16>,
}

/// An origin, or with `*.` before the host every origin whose host has exactly one label more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OriginPattern {
    any_label: bool,
    origin: Origin,
}

impl OriginPattern {
    fn matches(&self, secure: bool, host: &str, port: u16) -> bool {
        let own = &self.origin;
        if secure != own.secure || port != own.port.unwrap_or(default_port(own.secure)) {
            return false;
        }
        let host = host.to_ascii_lowercase();
        if !self.any_label {
            return host == own.host;
        }
        // Labels with look-alike letters begin with `xn--`; the names of Azure's regions do not.
        host.strip_suffix(&own.host).and_then(|head| head.strip_suffix('.')).is_some_and(|label| {
            !label.is_empty()
                && !label.starts_with("xn--")
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
    }
}

impl FromStr for Origin {
    type Err = RefusedUrl;
    fn from_str(text: &str) -> Result<Self, RefusedUrl> {
        let bad = || RefusedUrl::NotAUrl(brief(text));
        let (secure, rest) = match text.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err(bad()),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse::<u16>().map_err(|_| bad())?)),
            _ => (rest, None),
        };
        let name = !host.is_empty()
            && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
        let dots = host.starts_with('.') || host.ends_with('.') || host.contains("..");
        // `1.2` and `0x7f.1` are addresses to a browser, of which it fills in the rest.
        let number = host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
        let whole = !number || host.parse::<std::net::Ipv4Addr>().is_ok();
        if !(host == "[::1]" || (name && !dots && whole)) || host.parse::<http::uri::Authority>().is_err() {
            return Err(bad());
        }
        if !secure && !is_loopback(host) {
            return Err(RefusedUrl::NotSecure(brief(host)));
        }
        Ok(Origin { secure, host: host.to_owned(), port })
    }
}

impl FromStr for OriginPattern {
    type Err = RefusedUrl;
    fn from_str(text: &str) -> Result<Self, RefusedUrl> {
        let any_label = text.contains("://*.");
        let origin: Origin = text.replacen("://*.", "://", 1).parse()?;
        // A pattern over a whole top-level domain would admit hosts of other people.
        if any_label && !origin.host.contains('.') {
            return Err(RefusedUrl::NotAUrl(brief(text)));
        }
        Ok(OriginPattern { any_label, origin })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}", if self.secure { "https" } else { "http" }, self.host)?;
        self.port.map_or(Ok(()), |port| write!(out, ":{port}"))
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin.to_string();
        out.write_str(&if self.any_label { origin.replacen("://", "://*.", 1) } else { origin })
    }
}

fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

fn is_loopback(host: &str) -> bool {
    let v4 = host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    v4 || host == "[::1]" || host.eq_ignore_ascii_case("localhost")
}

/// Long enough to recognise, short enough for a sentence, and never the query with its signature.
fn brief(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().chars().take(120).collect()
}

#[cfg(test)]
mod tests;
