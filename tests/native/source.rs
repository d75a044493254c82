//! Parses Rust sources: the paths that they use, and the tests that they contain.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{ItemFn, Macro, UseTree};

/// Every path in a file, complete: groups are expanded, and `super` and `self` are resolved.
///
/// A module within the file counts as the file: its dependencies on other layers are the file's.
pub(crate) fn paths(file: &Path, text: &str) -> BTreeSet<String> {
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut paths = Paths { module: module(file), found: BTreeSet::new() };
    paths.visit_file(&parsed);
    paths.found
}

/// The module that a file is, from `crate` on.
fn module(file: &Path) -> Vec<String> {
    let parts: Vec<String> = file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let below = parts.iter().position(|part| part == "src").map_or(&parts[..], |at| &parts[at + 1..]);
    let names = below.iter().filter(|name| !matches!(name.as_str(), "mod" | "lib" | "main")).cloned();
    ["crate".to_owned()].into_iter().chain(names).collect()
}

struct Paths {
    module: Vec<String>,
    found: BTreeSet<String>,
}

impl Paths {
    fn add(&mut self, segments: &[String]) {
        let mut whole: Vec<String> = Vec::new();
        for segment in segments {
            match segment.as_str() {
                "self" if whole.is_empty() => whole.clone_from(&self.module),
                "super" => {
                    if whole.is_empty() {
                        whole.clone_from(&self.module);
                    }
                    if whole.len() > 1 {
                        whole.pop();
                    }
                }
                name => whole.push(name.to_owned()),
            }
        }
        self.found.insert(whole.join("::"));
    }

    fn add_tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.add(&with(&name.ident)),
            UseTree::Rename(name) => self.add(&with(&name.ident)),
            UseTree::Glob(_) => self.add(before),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(before, tree)),
        }
    }

    /// The arguments of a macro are not parsed yet: names joined by `::` count as paths.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 && !path.is_empty() {
                        self.add(&std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                other => {
                    if !path.is_empty() {
                        self.add(&std::mem::take(&mut path));
                    }
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.add_tokens(group.stream());
                    }
                }
            }
        }
        if !path.is_empty() {
            self.add(&path);
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&segments);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.add_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

/// The tests of a file that run: marked as tests, not ignored, not commented out; including property tests.
pub(crate) fn tests(text: &str) -> BTreeSet<String> {
    let mut tests = Tests::default();
    tests.visit_file(&syn::parse_file(text).unwrap());
    tests.0
}

#[derive(Default)]
struct Tests(BTreeSet<String>);

impl<'ast> Visit<'ast> for Tests {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        let named = |end: &str| {
            item.attrs
                .iter()
                .any(|a| a.path().segments.last().is_some_and(|last| last.ident.to_string().ends_with(end)))
        };
        if named("test") && !named("ignore") {
            self.0.insert(item.sig.ident.to_string());
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if name == "fuzz_target" {
            self.0.insert("fuzz_target!".to_owned());
        }
        if name == "proptest" {
            // As it is written again: `# [test] fn name (`.
            let text = call.tokens.to_string();
            for (before, after) in text.match_indices("fn ").map(|(at, _)| text.split_at(at)) {
                let marks = before.rsplit(['}', ';']).next().unwrap_or_default().replace(' ', "");
                let name: String = after[3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if marks.contains("#[test]") && !marks.contains("#[ignore") {
                    self.0.insert(name);
                }
            }
        }
    }
}

/// The function that renders a Yew component.
pub(crate) struct ListOptions {
    pub(crate) name: String,
    /// Whether it returns nothing but calls of `translatable`.
    pub(crate) is_translatable: bool,
}

/// The views of the components of a file, without those in tests.
pub(crate) fn views(file: &Path, text: &str) -> Vec<ListOptions> {
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut views = Views(Vec::new());
    views.visit_file(&parsed);
    views.0
}

struct Views(Vec<ListOptions>);

impl Views {
    fn add(&mut self, name: &syn::Ident, body: &syn::Block) {
        let mut returned = Returned { is_translatable: true };
        match body.stmts.last() {
            Some(syn::Stmt::Expr(last, None)) => returned.check(last),
            _ => returned.is_translatable = false,
        }
        returned.visit_block(body);
        self.0.push(ListOptions { name: name.to_string(), is_translatable: returned.is_translatable });
    }
}

impl<'ast> Visit<'ast> for Views {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "test" && item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if item.attrs.iter().any(|a| a.path().is_ident("component") || a.path().is_ident("function_component")) {
            self.add(&item.sig.ident, &item.block);
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of = item.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        if of.is_some_and(|of| of.ident == "Component") {
            for member in &item.items {
                if let syn::ImplItem::Fn(function) = member
                    && function.sig.ident == "view"
                {
                    self.add(&function.sig.ident, &function.block);
                }
            }
        }
        visit::visit_item_impl(self, item);
    }
}

struct Returned {
    is_translatable: bool,
}

impl Returned {
    fn check(&mut self, expression: &syn::Expr) {
        let called = match expression {
            syn::Expr::Call(call) => match &*call.func {
                syn::Expr::Path(path) => path.path.segments.last(),
                _ => None,
            },
            _ => None,
        };
        self.is_translatable &= called.is_some_and(|name| name.ident == "translatable");
    }
}

impl<'ast> Visit<'ast> for Returned {
    fn visit_expr_return(&mut self, item: &'ast syn::ExprReturn) {
        match &item.expr {
            Some(value) => self.check(value),
            None => self.is_translatable = false,
        }
    }

    // What returns within them returns from them.
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// A line without its comment. `//` within a string is not a comment.
pub(crate) fn code(line: &str) -> &str {
    let mut quoted = false;
    let mut before = [' '; 2];
    for (at, c) in line.char_indices() {
        match c {
            // An escaped quotation mark, or the character '"', does not start or end a string.
            '"' if before[1] != '\\' && !(before[1] == '\'' && line[at + 1..].starts_with('\'')) => quoted = !quoted,
            '/' if !quoted && line[at..].starts_with("//") => return &line[..at],
            _ => {}
        }
        // An escaped backslash does not escape anything.
        before = [before[1], if c == '\\' && before[1] == '\\' { ' ' } else { c }];
    }
    line
}

#[test]
fn groups_and_parents_are_read_as_the_paths_that_they_mean() {
    let text = "use crate::{app::{self, state::State}, restore as r};\nuse super::super::web;\nfn f() { super::super::ui::g(); html! { <p>{ crate::web::h(1) }</p> } }\n// use crate::comment;\nconst S: &str = \"crate::text\";";
    let found = paths(Path::new("src/restore/run/tests.rs"), text);
    for path in [
        "crate::app::self",
        "crate::app::state::State",
        "crate::restore",
        "crate::restore::web",
        "crate::restore::ui::g",
        "crate::web::h",
    ] {
        assert!(found.contains(path), "{path}: {found:?}");
    }
    assert!(!found.iter().any(|path| path.contains("comment") || path.contains("text")), "{found:?}");
    let above = paths(Path::new("src/restore/plan.rs"), "mod tests { use super::super::super::app; }");
    assert!(above.contains("crate::app"), "{above:?}");
}

#[test]
fn a_view_that_returns_html_as_it_is_is_noticed() {
    let of = |text: &str| -> Vec<bool> {
        views(Path::new("src/ui/x.rs"), text).iter().map(|view| view.is_translatable).collect()
    };
    assert_eq!(of("#[component] fn A() -> Html { let f = || { return 1; }; translatable(html! { <p /> }) }"), [true]);
    assert_eq!(of("#[component] fn A() -> Html { html! { <p /> } }"), [false]);
    assert_eq!(of("#[component] fn A() -> Html { if x { return html! {}; } translatable(html! { <p /> }) }"), [false]);
    assert_eq!(of("impl Component for A { fn view(&self, _: &Context<Self>) -> Html { html! { \"x\" } } }"), [false]);
    assert!(of("fn leaf() -> Html { html! { } } mod tests { #[component] fn A() -> Html { html! { } } }").is_empty());
}

#[test]
fn only_tests_that_run_are_tests() {
    let text = "#[test] fn one() {}\n#[test] #[ignore] fn two() {}\n// #[test] fn three() {}\n/* #[test] fn four() {} */ fn five() {}\nproptest! { #[test] fn six(x in 0..3) { } #[test] #[ignore = \"x\"] fn seven(x in 0..3) {} }\nmod m { #[wasm_bindgen_test] async fn eight() {} }";
    assert_eq!(tests(text), ["eight", "one", "six"].map(str::to_owned).into());
}

#[test]
fn a_url_hides_nothing_behind_it() {
    assert_eq!(code(r#"let a = "https://x"; web_sys::y() // js_sys"#), r#"let a = "https://x"; web_sys::y() "#);
    assert_eq!(code(r#"let a = ['"', '\'']; b // c"#), r#"let a = ['"', '\'']; b "#);
    assert_eq!(code(r#""a \" // b" c"#), r#""a \" // b" c"#);
    assert_eq!(code("// all"), "");
}

/// How many times the `html!` macros of a file put items among an element's own children: `{ for items }`.
pub(crate) fn spliced_items(text: &str) -> usize {
    struct Splices(usize);
    impl Visit<'_> for Splices {
        fn visit_macro(&mut self, called: &Macro) {
            if called.path.is_ident("html") {
                self.0 += splices(called.tokens.clone());
            }
        }
    }
    fn splices(tokens: TokenStream) -> usize {
        let of = |token: TokenTree| match token {
            TokenTree::Group(group) => {
                let first = group.stream().into_iter().next();
                let is_for = matches!(first, Some(TokenTree::Ident(word)) if word == "for");
                usize::from(is_for && group.delimiter() == Delimiter::Brace) + splices(group.stream())
            }
            _ => 0,
        };
        tokens.into_iter().map(of).sum()
    }
    let mut found = Splices(0);
    found.visit_file(&syn::parse_file(text).unwrap());
    found.0
}

#[test]
fn spliced_items_are_found_at_any_depth() {
    let text = "fn a() -> Html { for b in c {} html! { <p>{ each(rows) }<b>{ for rows }</b>{ for rows }</p> } }";
    assert_eq!(spliced_items(text), 2);
}
