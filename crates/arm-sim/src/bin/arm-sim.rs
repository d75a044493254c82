//! `arm-sim`: the simulator as a server on the loopback address. Prints one line when it is ready.

use std::io::{self, Write};
use std::process::ExitCode;

use arm_sim::server::{Options, Server};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // If this fails, nobody is there to read an error.
            let _ = writeln!(io::stderr(), "arm-sim: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let options = Options::parse(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let port = options.port;
        let server = Server::bind(options).await.map_err(|e| format!("cannot listen on port {port}: {e}"))?;
        let mut out = io::stdout();
        writeln!(out, "{{\"ready\":true,\"origin\":\"{}\"}}", server.origin())
            .and_then(|()| out.flush())
            .map_err(|e| e.to_string())?;
        tokio::select! {
            ended = server.run() => ended.map_err(|e| e.to_string()),
            stopped = tokio::signal::ctrl_c() => stopped.map_err(|e| e.to_string()),
        }
    })
}
