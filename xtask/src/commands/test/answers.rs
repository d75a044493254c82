//! A server of another origin for the browser tests, which says in its answer whatever headers it is asked for.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use crate::{failure::Failure, serve};

/// The name by which the tests call it: the browser is told where that is, because the tests cannot be told its port.
pub(super) const HOST: &str = "answers.test:80";

/// Serves until the program is ended, and says where.
pub(super) fn serve() -> Result<SocketAddr, Failure> {
    let (listener, _) = serve::listen(0)?;
    let address = listener.local_addr().map_err(Failure::io("Asking for the port of the tests' server"))?;
    thread::spawn(move || forever(&listener));
    Ok(address)
}

fn forever(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        // A browser that goes away is not our trouble.
        thread::spawn(move || answer(stream).unwrap_or_default());
    }
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    let request = serve::request_line(&stream)?;
    stream.write_all(answered(&request).as_bytes())
}

/// The answer to `GET /?name=value&name=value HTTP/1.1`: these headers, readable for every origin as far as they say so themselves.
fn answered(request: &str) -> String {
    let target = request.split(' ').nth(1).unwrap_or_default();
    let asked = target.split_once('?').map_or("", |(_, query)| query);
    let mut answer = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: Authorization\r\nContent-Length: 0\r\nConnection: close\r\n".to_owned();
    // What is asked before the request is whether it may be made.
    if !request.starts_with("OPTIONS ") {
        for (name, value) in asked.split('&').filter_map(|pair| pair.split_once('=')) {
            let _ = write!(answer, "{name}: {value}\r\n");
        }
    }
    answer + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_headers_that_it_is_asked_for() {
        let answer = answered("GET /?Retry-After=7&access-control-expose-headers=a,b HTTP/1.1");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
        assert!(answer.contains("\r\nRetry-After: 7\r\naccess-control-expose-headers: a,b\r\n"), "{answer}");
        assert!(!answered("OPTIONS /?Retry-After=7 HTTP/1.1").contains("Retry-After"));
    }
}
