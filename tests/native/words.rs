//! The words of the page: American English, contractions, one meaning a word. Texts with a banned pattern fail here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, ItemFn, ItemMod, LitStr, Macro};

use crate::architecture::sources;

/// Where texts stand that an operator may see. The rest of `www` is for developers of portals.
const FOLDERS: [&str; 3] = ["src", "crates/sign-in/src", "crates/azure-backup/src"];

/// What no text holds, and what to write in its place. Whole words, in any case; `*` at the end stands for any ending.
const BANNED: &[(&str, &str)] = &[
    ("says azure", "state the fact"),
    ("azure says", "state the fact, or `Azure reports`"),
    ("azure names", "state the fact"),
    ("what azure", "name the thing"),
    ("this very", "`this` or `this exact`"),
    ("by itself", "automatically"),
    ("is of", "`belongs to`, `has`"),
    ("of its own", "its own"),
    ("so many", "a number"),
    ("made by then", "resources created so far"),
    ("look*", "check, search, find"),
    ("follow*", "track"),
    ("choice*", "settings, selection"),
    ("remember*", "store, save"),
    ("forget*", "remove, clear"),
    ("the one", "repeat the noun"),
    ("those", "repeat the noun"),
    ("newest", "latest"),
    ("somebody*", "someone"),
    ("nobody", "no one, or the passive"),
    ("whoever", "name the role"),
    ("any more", "no longer"),
    ("under way", "in progress"),
    ("goes on", "continues, keeps running"),
    ("begun", "started"),
    ("began", "started"),
    ("begins", "starts"),
    ("very", "nothing"),
    // Contractions.
    ("cannot", "can't"),
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("was not", "wasn't"),
    ("were not", "weren't"),
    ("does not", "doesn't"),
    ("do not", "don't"),
    ("did not", "didn't"),
    ("has not", "hasn't"),
    ("have not", "haven't"),
    ("will not", "won't"),
    ("could not", "couldn't"),
    ("it is", "it's"),
    ("you are", "you're"),
    ("you will", "you'll"),
    // American English.
    ("cancelled", "canceled"),
    ("cancelling", "canceling"),
    ("practise*", "practice, try"),
    ("colour*", "color"),
    ("behaviour*", "behavior"),
    ("organis*", "organiz-"),
    ("recognis*", "recogniz-"),
    ("authoris*", "authoriz-"),
    ("licence*", "license"),
    ("afterwards", "afterward"),
    ("towards", "toward"),
    ("whilst", "while"),
    ("catalogue*", "catalog"),
    ("grey", "gray"),
];

/// Words of which the case matters.
const BANNED_AS_WRITTEN: &[(&str, &str)] =
    &[("id", "ID"), ("ids", "IDs"), ("Id", "ID"), ("Ids", "IDs"), ("api-version", "API version")];

/// Texts that may hold a banned pattern: a part of the text, and why.
const ALLOWED: &[(&str, &str)] = &[
    ("| project id", "a query of Resource Graph, whose columns have names"),
    ("| where id contains", "a query of Resource Graph"),
    ("This is {found}, not {wanted}.", "names stand between the words"),
];

/// The literals of a file that read as words, tests left out.
#[derive(Default)]
struct Literals {
    found: Vec<String>,
    /// Names of modules that exist in tests alone and have files of their own.
    of_tests: BTreeSet<String>,
}

/// Whether an item exists in tests alone.
fn of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| {
        let last = a.path().segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        last.ends_with("test") || last == "cfg" && a.parse_args::<syn::Ident>().is_ok_and(|what| what == "test")
    })
}

impl Literals {
    fn add(&mut self, literal: &LitStr) {
        self.found.push(literal.value());
    }

    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut after_hash = false;
        for token in tokens {
            // `#[…]`: a comment, or an attribute of something that a macro defines.
            let attribute =
                std::mem::replace(&mut after_hash, matches!(&token, TokenTree::Punct(p) if p.as_char() == '#'));
            match token {
                TokenTree::Group(_) if attribute => {}
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                        self.found.push(text.value());
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Literals {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if of_tests(&item.attrs) {
            if item.content.is_none() {
                self.of_tests.insert(item.ident.to_string());
            }
            return;
        }
        visit::visit_item_mod(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if !of_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if !of_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.add(literal);
    }

    /// `#[error("…")]` is a text; a comment or the reason of a lint is none.
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let syn::Meta::List(list) = &attribute.meta
            && list.path.is_ident("error")
        {
            self.add_tokens(list.tokens.clone());
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if !name.contains("assert") {
            self.add_tokens(call.tokens.clone());
        }
    }

    /// What `expect` says is for developers.
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        if call.method != "expect" {
            call.args.iter().for_each(|argument| self.visit_expr(argument));
        }
    }
}

/// The folder that holds the files of a file's modules.
fn folder_of_modules(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default();
    let parent = file.parent().unwrap_or(Path::new(""));
    if matches!(stem.to_str(), Some("mod" | "lib" | "main")) { parent.to_owned() } else { parent.join(stem) }
}

/// Whether a literal reads as words, and not as a name, an address, a selector or a path.
fn reads_as_words(text: &str) -> bool {
    let letters = text.chars().any(char::is_alphabetic);
    let one_word = !text.trim().contains(' ');
    let name = one_word && (!text.starts_with(char::is_uppercase) || text.contains(['/', '_', ':', '.', '=']));
    letters && !name && !text.starts_with("https://")
}

/// The texts of the program: file and text.
fn texts() -> Vec<(String, String)> {
    let files: Vec<_> = FOLDERS.iter().flat_map(|folder| sources(folder)).collect();
    let mut tests_alone: BTreeSet<PathBuf> = BTreeSet::new();
    let mut found = Vec::new();
    for (path, text) in &files {
        let mut literals = Literals::default();
        literals.visit_file(&syn::parse_file(text).unwrap());
        tests_alone.extend(literals.of_tests.iter().map(|name| folder_of_modules(path).join(name)));
        found.extend(literals.found.into_iter().map(|text| (path.clone(), text)));
    }
    let in_tests = |path: &Path| path.with_extension("").ancestors().any(|part| tests_alone.contains(part));
    let mut texts: Vec<(String, String)> = found
        .into_iter()
        .filter(|(path, text)| !in_tests(path) && reads_as_words(text))
        // Single words of the client crate are those of Azure's answers.
        .filter(|(path, text)| text.trim().contains(' ') || !path.starts_with("crates/azure-backup"))
        .map(|(path, text)| (path.display().to_string(), text))
        .collect();
    texts.extend(page_texts());
    texts
}

/// The texts of `index.html` and of the page's JavaScript: what stands between quotation marks or tags and reads as words.
fn page_texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for file in [
        "index.html",
        "www/redirect.html",
        "www/boot.js",
        "www/crash.js",
        "www/frame.js",
        "www/program.js",
        "www/release.js",
    ] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        for line in text.lines() {
            let line = line.trim();
            if line.starts_with("//") || line.starts_with('*') || line.starts_with("/*") || line.starts_with("<!--") {
                continue;
            }
            let texts: Vec<&str> = if file.ends_with(".html") {
                line.split('>').filter_map(|part| part.split_once('<')).map(|(text, _)| text).collect()
            } else {
                line.split(['"', '`']).skip(1).step_by(2).collect()
            };
            let words = texts.into_iter().filter(|text| text.contains(' ') && reads_as_words(text));
            found.extend(words.map(|text| (file.to_owned(), text.to_owned())));
        }
    }
    assert!(found.iter().any(|(_, text)| text.starts_with("VM Restore could not") || text.contains("Reload the page")));
    found
}

/// A text as words with single spaces around each: placeholders, tags and punctuation left out.
fn words(text: &str) -> String {
    let mut words = String::from(" ");
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '’' => words.push('\''),
            _ if c.is_alphanumeric() || matches!(c, '\'' | '-') => words.push(c),
            _ if words.ends_with(' ') => {}
            _ => words.push(' '),
        }
    }
    words.push(' ');
    words
}

/// The banned patterns that a text holds, each with what to write in its place.
fn banned(text: &str) -> Vec<&'static (&'static str, &'static str)> {
    let written = words(text);
    let lower = written.to_lowercase();
    let holds = |words: &str, pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => words.contains(&format!(" {start}")),
        None => words.contains(&format!(" {pattern} ")),
    };
    let any_case = BANNED.iter().filter(|(pattern, _)| holds(&lower, pattern));
    any_case.chain(BANNED_AS_WRITTEN.iter().filter(|(pattern, _)| holds(&written, pattern))).collect()
}

#[test]
fn texts_are_plain_american_english() {
    let mut unused: BTreeSet<&str> = ALLOWED.iter().map(|(part, _)| *part).collect();
    let mut wrong = Vec::new();
    for (place, text) in texts() {
        let found = banned(&text);
        if found.is_empty() {
            continue;
        }
        if let Some((part, _)) = ALLOWED.iter().find(|(part, _)| text.contains(part)) {
            unused.remove(part);
            continue;
        }
        let patterns: Vec<String> = found.iter().map(|(bad, good)| format!("“{bad}” (write: {good})")).collect();
        wrong.push(format!("{place}: {}: {text}", patterns.join(", ")));
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
    assert!(unused.is_empty(), "allowed without need: {unused:?}");
}

#[test]
fn a_banned_pattern_is_found_wherever_a_text_may_stand() {
    let source = r##"
        #[derive(thiserror::Error)]
        enum Wrong { #[error("It is gone: {0}")] Gone(u8) }
        /// Looks for nothing.
        #[expect(clippy::x, reason = "nobody reads it")]
        fn shown() -> Html { html! { <p title="Follow it">{ format!("Azure says {what_azure}") }</p> } }
        #[cfg(test)]
        mod within { const A: &str = "Look here"; }
        #[cfg(test)]
        mod beside;
        #[test]
        fn test() { f("Look here"); }
        fn code() { x.expect("nobody comes here"); assert!(a, "Look here"); get("look-here", "an-id", "id") }
    "##;
    let mut literals = Literals::default();
    literals.visit_file(&syn::parse_file(source).unwrap());
    let texts: Vec<&str> = literals.found.iter().map(String::as_str).filter(|t| reads_as_words(t)).collect();
    assert_eq!(texts, ["It is gone: {0}", "Follow it", "Azure says {what_azure}"]);
    assert!(literals.of_tests.contains("beside"));
    for (text, pattern) in [
        ("It is gone: {0}", "it is"),
        ("Follow it", "follow*"),
        ("Azure says {what_azure}", "azure says"),
        ("Job id", "id"),
        ("The job was cancelled.", "cancelled"),
        ("Loading… don’t look", "look*"),
    ] {
        assert_eq!(banned(text).first().map(|(bad, _)| *bad), Some(pattern), "{text}");
    }
    for text in ["Job ID", "Identity {id}", "Canceled. Nothing was sent.", "It isn't valid."] {
        assert!(banned(text).is_empty(), "{text}");
    }
}
