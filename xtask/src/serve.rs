//! A server of static files on loopback, for the page while it is developed and shown.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
};

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware,
    response::Response,
};
use tower_http::services::ServeDir;

use crate::failure::Failure;

mod reload;

/// A folder to be served.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The folder.
    pub(crate) root: PathBuf,
    /// Whether pages reload themselves when `index.html` changes.
    pub(crate) live: bool,
}

/// A listener on loopback, on a free port when `port` is 0, and the URL to reach it.
pub(crate) fn listen(port: u16) -> Result<(TcpListener, String), Failure> {
    let taken = || Failure::io(format!("Listening on port {port} of 127.0.0.1"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(taken())?;
    listener.set_nonblocking(true).map_err(taken())?;
    let address = listener.local_addr().map_err(taken())?;
    Ok((listener, format!("http://{address}/")))
}

/// Serves `router` until the program is ended.
///
/// # Errors
///
/// When the runtime cannot be started, or the listener fails.
pub(crate) fn forever(listener: TcpListener, router: Router) -> Result<(), Failure> {
    let serve = async { axum::serve(tokio::net::TcpListener::from_std(listener)?, router).await };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.and_then(|runtime| runtime.block_on(serve)).map_err(Failure::io("Serving on 127.0.0.1"))
}

impl Site {
    /// Answers with the files of the folder, and with the script that reloads them.
    pub(crate) fn router(self) -> Router {
        let files = Router::new().fallback_service(ServeDir::new(&self.root));
        let site = if self.live { reload::routes(&self.root).fallback_service(files) } else { files };
        site.layer(middleware::map_response(headers))
    }
}

/// A build has the same names as the one before it, and its media types are meant as they are told.
async fn headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use std::{
        env, fs,
        io::{Read as _, Write as _},
        net::TcpStream,
        process, thread,
    };

    use super::*;

    fn get(url: &str, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(url.trim_start_matches("http://").trim_end_matches('/')).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
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
        let (published, url) = listen(0).unwrap();
        let (developed, live) = listen(0).unwrap();
        for (listener, live) in [(published, false), (developed, true)] {
            let site = Site { root: root.join("site"), live };
            thread::spawn(move || forever(listener, site.router()));
        }

        let home = get(&url, "GET", "/?a=b");
        assert!(home.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"), "{home}");
        assert!(home.contains("cache-control: no-cache\r\n") && home.contains("x-content-type-options: nosniff\r\n"));
        assert!(home.ends_with("<body>home</body></html>"), "{home}");
        let wasm = get(&url, "GET", "/deep/app%5Fbg.wasm");
        assert!(wasm.contains("content-type: application/wasm\r\n") && wasm.ends_with("\r\n\r\nwasm"), "{wasm}");
        let head = get(&url, "HEAD", "/deep/app_bg.wasm");
        assert!(head.contains("content-length: 4\r\n") && head.ends_with("\r\n\r\n"), "{head}");
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
            let answer = get(&url, "GET", path);
            assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        }
        assert!(get(&url, "POST", "/").starts_with("HTTP/1.1 405 "));

        for path in ["/", "/index.html"] {
            let page = get(&live, "GET", path);
            assert!(page.ends_with("</html><script type=module src=/_dev/reload.js></script>"), "{page}");
        }
        assert!(get(&live, "GET", "/_dev/reload.js").contains("content-type: text/javascript"));
        assert!(get(&live, "GET", "/deep/app_bg.wasm").ends_with("\r\n\r\nwasm"));
        fs::remove_dir_all(root).unwrap();
    }
}
