//! The simulator behind HTTP.

mod control;
mod cors;
mod dropping;
mod options;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode};

use crate::{Reply, Simulator};
use control::Control;
use dropping::{Dropping, Hangup};
pub use options::{Expose, Options};

/// Maximum size of a request body in bytes; a longer one counts as empty.
const LONGEST_BODY: usize = 4 << 20;

/// Shared by all requests.
type Shared = Arc<Mutex<Control>>;

/// A bound server.
pub struct Server {
    listener: Dropping,
    shared: Shared,
    origin: String,
}

impl Server {
    /// Binds to the loopback address; the URLs in answers point to it.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound.
    pub async fn bind(options: Options) -> io::Result<Self> {
        let listener = Dropping::bind(options.port).await?;
        let origin = format!("http://{}", listener.address()?);
        let shared = Arc::new(Mutex::new(Control::new(options, origin.clone())));
        Ok(Self { listener, shared, origin })
    }

    /// Its own origin, such as `http://127.0.0.1:4040`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Answers requests until it is dropped.
    ///
    /// # Errors
    ///
    /// When the listener fails.
    pub async fn run(self) -> io::Result<()> {
        let app = Router::new().fallback(answer).with_state(self.shared);
        axum::serve(self.listener, app.into_make_service_with_connect_info::<Hangup>()).await
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, Control> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(shared): State<Shared>,
    ConnectInfo(hangup): ConnectInfo<Hangup>,
    request: axum::extract::Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, LONGEST_BODY).await.unwrap_or_default();
    let request = Request::from_parts(parts, body);
    let mut control = lock(&shared);
    let mut response = if request.method() == Method::OPTIONS {
        cors::preflight(&request)
    } else if request.uri().path().starts_with("/_sim/") {
        control.steer(&request)
    } else {
        control.ask(&request).unwrap_or_else(|| {
            hangup.hang_up();
            let mut gone = Response::new(Bytes::new());
            *gone.status_mut() = StatusCode::BAD_GATEWAY;
            gone
        })
    };
    cors::allow(&request, &mut response, control.expose());
    // A browser repeats a request by itself when a reused connection breaks.
    response.headers_mut().insert("connection", HeaderValue::from_static("close"));
    response.map(Body::from)
}

/// One reply of the simulator; `None` if the connection has to break.
fn reply(
    simulator: &mut Simulator,
    now: time::OffsetDateTime,
    request: &Request<Bytes>,
) -> Option<http::Response<Bytes>> {
    match simulator.handle(now, request) {
        Reply::Answer(response) => Some(response),
        Reply::Dropped { .. } => None,
    }
}
