//! A small server of static files on loopback.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    thread,
    time::Duration,
};

use crate::failure::Failure;

mod file;
mod reload;

/// The longest head of a request that is read.
const MAX_HEAD: u64 = 16 * 1024;
/// How long a browser may take to send its request; it opens connections ahead of need.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder to be served.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The folder.
    pub(crate) root: PathBuf,
    /// Whether pages reload themselves when `index.html` changes.
    pub(crate) live: bool,
}

/// An answer to a browser.
#[derive(Debug)]
struct Answer {
    status: &'static str,
    kind: &'static str,
    body: Vec<u8>,
}

impl Answer {
    fn text(status: &'static str) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", body: status.as_bytes().to_vec() }
    }
}

/// A listener on loopback, on a free port when `port` is 0, and the URL to reach it.
pub(crate) fn listen(port: u16) -> Result<(TcpListener, String), Failure> {
    let taken = || Failure::io(format!("Listening on port {port} of 127.0.0.1"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(taken())?;
    let address = listener.local_addr().map_err(taken())?;
    Ok((listener, format!("http://{address}/")))
}

/// Serves until the program is ended.
pub(crate) fn forever(listener: &TcpListener, site: &Site) {
    for stream in listener.incoming().flatten() {
        let site = site.clone();
        // A browser that goes away is not our trouble.
        thread::spawn(move || site.converse(stream).unwrap_or_default());
    }
}

/// The first line of a request. The rest of its head is read as well, so that closing the connection does not reset it.
pub(crate) fn request_line(stream: &TcpStream) -> std::io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new(stream.try_clone()?.take(MAX_HEAD)).lines();
    let request = head.next().transpose()?.unwrap_or_default();
    for line in head {
        if line?.is_empty() {
            break;
        }
    }
    Ok(request)
}

impl Site {
    fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let request = request_line(&stream)?;
        let mut words = request.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let answer = match method {
            "GET" | "HEAD" => self.answer(target),
            _ => Answer::text("405 Method Not Allowed"),
        };
        let Answer { status, kind, body } = answer;
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\n\
             X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        )?;
        if method != "HEAD" {
            stream.write_all(&body)?;
        }
        stream.flush()
    }

    fn answer(&self, target: &str) -> Answer {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        if self.live
            && let Some(answer) = reload::answer(path, &self.root)
        {
            return answer;
        }
        let Some(file) = file::within(&self.root, path) else { return Answer::text("404 Not Found") };
        match fs::read(&file) {
            Ok(body) if self.live && file.ends_with("index.html") => {
                Answer { status: "200 OK", kind: file::kind(&file), body: reload::with_script(body) }
            }
            Ok(body) => Answer { status: "200 OK", kind: file::kind(&file), body },
            Err(_) => Answer::text("404 Not Found"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    fn get(url: &str, request: &str) -> String {
        let mut stream = TcpStream::connect(url.trim_start_matches("http://").trim_end_matches('/')).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn serves_what_is_in_the_folder_and_nothing_else() {
        let root = env::temp_dir().join(format!("xtask-serve-{}", process::id()));
        fs::create_dir_all(root.join("site/deep")).unwrap();
        fs::write(root.join("secret.txt"), "secret").unwrap();
        fs::write(root.join("site/index.html"), "<!doctype html><html><body>home</body></html>").unwrap();
        fs::write(root.join("site/deep/app_bg.wasm"), "wasm").unwrap();
        let (listener, url) = listen(0).unwrap();
        let site = Site { root: root.join("site"), live: false };
        thread::spawn(move || forever(&listener, &site));

        let home = get(&url, "GET /?a=b HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(home.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"), "{home}");
        assert!(home.ends_with("<body>home</body></html>"), "{home}");
        let wasm = get(&url, "GET /deep/app%5Fbg.wasm HTTP/1.1\r\n\r\n");
        assert!(wasm.contains("Content-Type: application/wasm\r\n") && wasm.ends_with("\r\n\r\nwasm"), "{wasm}");
        let head = get(&url, "HEAD /deep/app_bg.wasm HTTP/1.1\r\n\r\n");
        assert!(head.contains("Content-Length: 4\r\n") && head.ends_with("\r\n\r\n"), "{head}");
        for path in [
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/deep/../../secret.txt",
            "//etc/passwd",
            "/nothing",
            "/%zz",
            "/_dev/reload.js",
        ] {
            let answer = get(&url, &format!("GET {path} HTTP/1.1\r\n\r\n"));
            assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        }
        assert!(get(&url, "POST / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 "));
        fs::remove_dir_all(root).unwrap();
    }
}
