//! A folder in which bash runs a script, with other commands in the place of those that would reach Azure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A stand-in of az and curl: it writes its arguments and its input down as `call-N`, and answers as `answers` says.
const STUB: &str = r#"#!/bin/bash
number=$(ls "$CALLS" | grep -c '^args-') || true
printf '%s\0' "${0##*/}" "$@" >"$CALLS/args-$number"
case " $* " in *' @- '*) cat >"$CALLS/input-$number" ;; esac
if [ -e "$CALLS/fails-$number" ]; then echo refused >&2; exit 1; fi
cat "$CALLS/answer-$number" 2>/dev/null || true
"#;

/// The folder.
pub(super) struct Shell {
    root: PathBuf,
}

/// A call of a command.
pub(super) struct Called {
    /// Its name and arguments.
    pub args: Vec<String>,
    /// Its input, if it was to read it.
    pub input: String,
}

impl Shell {
    /// A folder of that name.
    pub(super) fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("vm-restore-export-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for folder in ["bin", "calls", "work"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for command in ["az", "curl", "sleep"] {
            let path = root.join("bin").join(command);
            fs::write(&path, STUB).unwrap();
            let made = Command::new("chmod").arg("+x").arg(&path).status().unwrap();
            assert!(made.success());
        }
        Self { root }
    }

    fn calls(&self) -> PathBuf {
        self.root.join("calls")
    }

    /// Where the script runs.
    pub(super) fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// Puts a file beside the script.
    pub(super) fn file(&self, name: &str, text: &str) {
        fs::write(self.work().join(name), text).unwrap();
    }

    /// What the call of this number is answered.
    pub(super) fn answer(&self, number: usize, text: &str) {
        fs::write(self.calls().join(format!("answer-{number}")), text).unwrap();
    }

    /// The call of this number fails.
    pub(super) fn fail(&self, number: usize) {
        fs::write(self.calls().join(format!("fails-{number}")), "").unwrap();
    }

    /// Runs a script with these arguments and no input.
    pub(super) fn run(&self, script: &str, args: &[&str]) -> Output {
        self.run_with(script, args, Stdio::null())
    }

    /// The same, with a key pressed at each question.
    pub(super) fn run_with(&self, script: &str, args: &[&str], input: Stdio) -> Output {
        fs::write(self.work().join("script.sh"), script).unwrap();
        let path = format!("{}:{}", self.root.join("bin").display(), std::env::var("PATH").unwrap());
        let mut bash = Command::new("bash");
        bash.args(["--norc", "script.sh"]).args(args).current_dir(self.work()).stdin(input);
        bash.env("PATH", path).env("CALLS", self.calls()).env("TOKEN", "secret").output().unwrap()
    }

    /// What was called, in order; of sleep, nothing.
    pub(super) fn called(&self) -> Vec<Called> {
        self.all().into_iter().filter(|call| call.args[0] != "sleep").collect()
    }

    /// What was called, in order.
    pub(super) fn all(&self) -> Vec<Called> {
        let read = |path: &Path| fs::read_to_string(path).ok();
        let call = |number: usize| {
            let args = read(&self.calls().join(format!("args-{number}")))?;
            let args = args.strip_suffix('\0')?.split('\0').map(str::to_owned).collect();
            Some(Called { args, input: read(&self.calls().join(format!("input-{number}"))).unwrap_or_default() })
        };
        (0..).map_while(call).collect()
    }

    /// The files beside the script.
    pub(super) fn files(&self) -> Vec<String> {
        let names = fs::read_dir(self.work()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// What a script has said where it fails.
pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
