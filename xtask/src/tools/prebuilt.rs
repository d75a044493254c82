//! Tools as their projects publish them, so that they need not be compiled.
//!
//! A download that fails, has other bytes than those named here, or does not run on this machine is told and left; the tool
//! is then built from its source.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Failure, process, workspace};

/// A published archive (gzip of tar).
#[derive(Debug)]
pub(crate) struct Archive {
    /// Operating system and processor, as `std::env::consts` names them.
    platform: (&'static str, &'static str),
    /// Where it is.
    url: &'static str,
    /// Of the archive, in hexadecimal digits, as the project publishes it beside the archive.
    sha256: &'static str,
}

/// Trunk 0.21.14. On Linux those builds that need no C library of this machine.
pub(crate) const TRUNK: [Archive; 4] = [
    Archive {
        platform: ("linux", "x86_64"),
        url: "https://github.com/trunk-rs/trunk/releases/download/v0.21.14/trunk-x86_64-unknown-linux-musl.tar.gz",
        sha256: "a67f4054b249fe9acc5fabc25de1aebf19783aca3ad6ff64bf34d7da44d0ea20",
    },
    Archive {
        platform: ("linux", "aarch64"),
        url: "https://github.com/trunk-rs/trunk/releases/download/v0.21.14/trunk-aarch64-unknown-linux-musl.tar.gz",
        sha256: "e8e2a2bb423ce6702ab9f4f02f8c9ae99d790f0301f7634e986b2dd8706019cc",
    },
    Archive {
        platform: ("macos", "x86_64"),
        url: "https://github.com/trunk-rs/trunk/releases/download/v0.21.14/trunk-x86_64-apple-darwin.tar.gz",
        sha256: "f1ba0e3bbe24e0ae219c6d22c33e24e2825c1608dd27c2556e323495110f1a95",
    },
    Archive {
        platform: ("macos", "aarch64"),
        url: "https://github.com/trunk-rs/trunk/releases/download/v0.21.14/trunk-aarch64-apple-darwin.tar.gz",
        sha256: "764e299dd50d89442a4e96a236349f57961984b701e74d3dbdb39cd1c9f5101e",
    },
];

/// wasm-bindgen's command line 0.2.129.
pub(crate) const WASM_BINDGEN: [Archive; 4] = [
    Archive {
        platform: ("linux", "x86_64"),
        url: "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/0.2.129/wasm-bindgen-0.2.129-x86_64-unknown-linux-musl.tar.gz",
        sha256: "82d12bb940e2d4e72e0d5605387fc1b8ca179044e012b620f0ce4e7440e8320e",
    },
    Archive {
        platform: ("linux", "aarch64"),
        url: "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/0.2.129/wasm-bindgen-0.2.129-aarch64-unknown-linux-musl.tar.gz",
        sha256: "2ed4351c35dd9440308bbb02767d47ea278efe851a52465300f3c94f5b6c2a87",
    },
    Archive {
        platform: ("macos", "x86_64"),
        url: "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/0.2.129/wasm-bindgen-0.2.129-x86_64-apple-darwin.tar.gz",
        sha256: "7e028879a68ec53dae14048b55cc5215f6df75b17a9c1426fac8fa086d3202fd",
    },
    Archive {
        platform: ("macos", "aarch64"),
        url: "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/0.2.129/wasm-bindgen-0.2.129-aarch64-apple-darwin.tar.gz",
        sha256: "81d4a23d56b3c3eb8187658329116d50e0b228a93b343825fb71f70179051cd1",
    },
];

/// Puts the `programs` of this machine's archive into the folder of cargo's programs; why that was not possible, otherwise.
/// `version` is what the first of them must say that it is.
pub(crate) fn install(archives: &[Archive], version: &str, programs: &[&str]) -> Result<(), String> {
    let archive = archives
        .iter()
        .find(|archive| archive.platform == (env::consts::OS, env::consts::ARCH))
        .ok_or("none is published for this kind of machine")?;
    let folder = process::cargo_home().ok_or("cargo's folder is not known")?.join("bin");
    let scratch = workspace::scratch().join("download").join(programs.first().copied().unwrap_or_default());
    fetch(archive.url, archive.sha256, version, programs, &scratch, &folder)
}

/// Downloads an archive, and copies its `programs` into `folder` once the first of them has run.
fn fetch(
    url: &str,
    sha256: &str,
    version: &str,
    programs: &[&str],
    scratch: &Path,
    folder: &Path,
) -> Result<(), String> {
    let words = |error: Failure| error.to_string();
    let io = |error: std::io::Error| error.to_string();
    if scratch.exists() {
        fs::remove_dir_all(scratch).map_err(io)?;
    }
    fs::create_dir_all(scratch).and_then(|()| fs::create_dir_all(folder)).map_err(io)?;
    let file = scratch.join("archive.tar.gz");
    let script = workspace::root().join("xtask").join("download.mjs");
    let mut node = process::command("node");
    let output =
        node.arg(script).args([url, sha256]).arg(&file).output().map_err(|e| words(process::start(&node, e)))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        return Err(if told.is_empty() { "it could not be downloaded".to_owned() } else { told });
    }
    let mut tar = process::command("tar");
    tar.arg("-xzf").arg(&file).arg("-C").arg(scratch);
    process::run(&mut tar, "Unpacking it").map_err(words)?;
    let found: Vec<PathBuf> = programs
        .iter()
        .map(|name| within(scratch, name).ok_or_else(|| format!("the archive holds no {name}")))
        .collect::<Result<_, _>>()?;
    if let Some(first) = found.first() {
        let output = Command::new(first).arg("--version").output().map_err(io)?;
        let told = String::from_utf8_lossy(&output.stdout);
        if told.split_whitespace().nth(1) != Some(version) {
            return Err(format!("it does not run here as version {version}"));
        }
    }
    for path in &found {
        // Renamed in one step: a program that is being written is never run.
        let name = path.file_name().unwrap_or_default();
        let beside = folder.join(format!(".{}.new", name.display()));
        fs::copy(path, &beside).and_then(|_| fs::rename(&beside, folder.join(name))).map_err(io)?;
    }
    fs::remove_dir_all(scratch).map_err(io)
}

/// The file of this name in a folder or one of those in it.
fn within(folder: &Path, name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    let below = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    [folder.to_owned()].into_iter().chain(below).map(|folder| folder.join(&name)).find(|path| path.is_file())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::{
        io::{BufRead as _, BufReader, Write as _},
        net::{Ipv4Addr, TcpListener},
        thread,
    };

    use super::*;

    /// A folder of its own for a test, empty.
    fn scratch(name: &str) -> PathBuf {
        let folder = workspace::scratch().join("prebuilt-test").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// An archive of a program that says `version`, in a folder as wasm-bindgen's is, and its SHA-256.
    fn archive(folder: &Path, version: &str) -> (Vec<u8>, String) {
        let inner = folder.join("tool-1.2.3");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("tool"), format!("#!/bin/sh\necho tool {version}\n")).unwrap();
        let made = folder.join("tool.tar.gz");
        let run = |command: &mut Command| assert!(command.status().unwrap().success(), "{command:?}");
        run(Command::new("chmod").arg("755").arg(inner.join("tool")));
        run(Command::new("tar").arg("-czf").arg(&made).arg("-C").arg(folder).arg("tool-1.2.3"));
        let hash = "const { createHash } = require('node:crypto'); \
            process.stdout.write(createHash('sha256').update(require('node:fs').readFileSync(process.argv[1])).digest('hex'))";
        let output = process::command("node").args(["-e", hash]).arg(&made).output().unwrap();
        (fs::read(&made).unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    /// Answers one request with this head and body, and closes.
    fn once(head: String, body: Vec<u8>) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/tool.tar.gz", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // The head is read, so that closing the connection does not reset it.
            let request = BufReader::new(stream.try_clone().unwrap()).lines();
            request.map(Result::unwrap).take_while(|line| !line.is_empty()).for_each(drop);
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).unwrap();
        });
        url
    }

    /// What becomes of an archive that is served so, and whether the program is there afterwards.
    fn fetched(
        name: &str,
        version: &str,
        serve: impl FnOnce(Vec<u8>, String) -> (String, String),
    ) -> (Result<(), String>, bool) {
        let folder = scratch(name);
        let (bytes, sha256) = archive(&folder, version);
        let (url, sha256) = serve(bytes, sha256);
        let bin = folder.join("bin");
        let result = fetch(&url, &sha256, "1.2.3", &["tool"], &folder.join("scratch"), &bin);
        let there = bin.join("tool").is_file();
        if there {
            let output = Command::new(bin.join("tool")).output().unwrap();
            assert_eq!(output.stdout, b"tool 1.2.3\n");
        }
        fs::remove_dir_all(&folder).unwrap();
        (result, there)
    }

    fn whole(bytes: &[u8]) -> String {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len())
    }

    #[test]
    fn the_right_archive_is_installed() {
        let serve = |bytes: Vec<u8>, sha256| (once(whole(&bytes), bytes), sha256);
        assert_eq!(fetched("right", "1.2.3", serve), (Ok(()), true));
    }

    #[test]
    fn an_archive_with_other_bytes_is_not() {
        let serve = |bytes: Vec<u8>, _| (once(whole(&bytes), bytes), "00".repeat(32));
        let (result, there) = fetched("other", "1.2.3", serve);
        assert!(result.unwrap_err().contains("its SHA-256 is ") && !there);
    }

    #[test]
    fn half_an_archive_is_not() {
        let serve = |bytes: Vec<u8>, sha256| (once(whole(&bytes), bytes[..bytes.len() / 2].to_vec()), sha256);
        let (result, there) = fetched("half", "1.2.3", serve);
        assert!(result.is_err() && !there, "{result:?}");
    }

    #[test]
    fn an_archive_that_is_not_there_is_told() {
        let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned();
        let (result, there) = fetched("gone", "1.2.3", |_, sha256| (once(head, Vec::new()), sha256));
        assert_eq!((result, there), (Err("the server answers 404".to_owned()), false));
    }

    #[test]
    fn a_program_of_another_version_is_not_installed() {
        let serve = |bytes: Vec<u8>, sha256| (once(whole(&bytes), bytes), sha256);
        let (result, there) = fetched("version", "9.9.9", serve);
        assert!(result.unwrap_err().contains("does not run here") && !there);
    }

    #[test]
    fn the_archives_are_of_the_versions_that_are_installed_from_source() {
        let lock = fs::read_to_string(workspace::root().join("Cargo.lock")).unwrap();
        let bindgen = super::super::cargo::locked_version(&lock, "wasm-bindgen").unwrap();
        for (archives, version) in [(&TRUNK, super::super::cargo::TRUNK), (&WASM_BINDGEN, bindgen)] {
            for archive in archives {
                assert!(
                    archive.url.contains(&format!("/{version}/")) || archive.url.contains(&format!("/v{version}/")),
                    "{archive:?}"
                );
                assert!(
                    archive.sha256.len() == 64 && archive.sha256.bytes().all(|b| b.is_ascii_hexdigit()),
                    "{archive:?}"
                );
            }
        }
    }
}
