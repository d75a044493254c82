//! A server of another origin for the browser tests. It answers with the headers that the request names.

use std::{net::SocketAddr, thread};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
};

use crate::{failure::Failure, serve};

/// The name by which the tests call it: the browser is told where that is, because the tests cannot be told its port.
pub(super) const HOST: &str = "answers.test:80";

/// Serves until the program is ended, and says where.
pub(super) fn serve() -> Result<SocketAddr, Failure> {
    let (listener, _) = serve::listen(0)?;
    let address = listener.local_addr().map_err(Failure::io("Asking for the port of the tests' server"))?;
    thread::spawn(move || serve::forever(listener, Router::new().fallback(answer)));
    Ok(address)
}

/// The answer to `GET /?name=value&name=value`: these headers, readable for every origin as far as they say so themselves.
async fn answer(method: Method, uri: Uri) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization")),
    ]);
    // What is asked before the request is whether it may be made.
    if method != Method::OPTIONS {
        let wanted = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        headers.extend(
            wanted.filter_map(|(name, value)| {
                Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value).ok()?))
            }),
        );
    }
    headers
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
    };

    use super::*;

    #[test]
    fn says_the_headers_that_it_is_asked_for() {
        let address = serve().unwrap();
        let answered = |method: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            let target = "/?Retry-After=7&access-control-expose-headers=a,b";
            write!(stream, "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let answer = answered("GET");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
        assert!(answer.contains("\r\nretry-after: 7\r\naccess-control-expose-headers: a,b\r\n"), "{answer}");
        assert!(!answered("OPTIONS").contains("retry-after"));
    }
}
