//! Which crate the WebAssembly's code is of.

use std::{collections::BTreeMap, path::Path};

use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::failure::Failure;

/// Crates of less than one in so many bytes are summed up.
const SMALL: usize = 200;
/// They come with the compiler; what they compile for another crate is that one's.
const STANDARD: [&str; 4] = ["core", "alloc", "std", "compiler_builtins"];

/// Bytes of code by crate, the largest first, of a module that still names its functions.
pub(super) fn weighed(module: &Path) -> Result<Vec<(String, usize)>, Failure> {
    let bytes = std::fs::read(module).map_err(Failure::io(format!("Reading {}", module.display())))?;
    sum(&bytes)
        .map_err(|error| Failure::Content { path: module.to_owned(), problem: format!("no WebAssembly: {error}") })
}

fn sum(module: &[u8]) -> wasmparser::Result<Vec<(String, usize)>> {
    let (mut imported, mut code, mut names) = (0, Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => code.push(body.as_bytes().len()),
            Payload::CustomSection(custom) => {
                let KnownCustom::Name(parts) = custom.as_known() else { continue };
                for part in parts {
                    let Name::Function(functions) = part? else { continue };
                    for function in functions {
                        let function = function?;
                        names.insert(function.index, function.name);
                    }
                }
            }
            _ => {}
        }
    }
    let mut crates: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, bytes) in (imported..).zip(&code) {
        *crates.entry(names.get(&index).map_or("no name", |name| of(name))).or_default() += bytes;
    }
    let mut crates: Vec<(String, usize)> = crates.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    crates.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    Ok(crates)
}

/// The crate of a function, whose name says each crate as `name[16 digits]`: of those that are not the compiler's the first.
fn of(name: &str) -> &str {
    let mut crates = name.match_indices('[').filter_map(|(at, _)| {
        let hash = name.get(at + 1..at + 17)?;
        let before = name.get(..at)?;
        let begin = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        (hash.bytes().all(|b| b.is_ascii_hexdigit()) && begin < at).then(|| &before[begin..])
    });
    let first = crates.next();
    let own = first.into_iter().chain(crates).find(|name| !STANDARD.contains(name));
    own.or(first).unwrap_or("no crate")
}

/// The table.
pub(super) fn table(crates: &[(String, usize)]) -> String {
    let all: usize = crates.iter().map(|(_, bytes)| bytes).sum();
    let (large, small): (Vec<_>, Vec<_>) = crates.iter().partition(|(_, bytes)| bytes * SMALL >= all);
    let small = ("others".to_owned(), small.iter().map(|(_, bytes)| bytes).sum());
    let mut lines = vec!["| code of the crate | KB | of all |".to_owned(), "|---|---:|---:|".to_owned()];
    for (name, bytes) in large.into_iter().chain([&small]) {
        let share = 100.0 * *bytes as f64 / all.max(1) as f64;
        lines.push(format!("| {name} | {:.1} | {share:.1} % |", *bytes as f64 / 1000.0));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_code_is_of_the_crate_that_it_is_compiled_for() {
        let hash = "[0123456789abcdef]";
        assert_eq!(of(&format!("<alloc{hash}::vec::Vec<azure_backup{hash}::arm::Call>>::push")), "azure_backup");
        assert_eq!(of(&format!("vm_restore{hash}::ui::shell::shell")), "vm_restore");
        assert_eq!(of(&format!("<core{hash}::fmt::Formatter>::pad")), "core");
        assert_eq!(of("__externref_table_alloc"), "no crate");
        assert_eq!(of("main[2]"), "no crate");
    }

    #[test]
    fn small_ones_are_summed_up() {
        let crates = [("large".to_owned(), 1_500), ("small".to_owned(), 5), ("tiny".to_owned(), 1)];
        let table = table(&crates);
        assert!(table.contains("| large | 1.5 | 99.6 % |") && table.ends_with("| others | 0.0 | 0.4 % |"), "{table}");
    }

    #[test]
    fn a_module_without_names_has_code_all_the_same() {
        // One function of type () -> (), whose body is empty.
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x04\x01\x02\0\x0b";
        assert_eq!(sum(module).unwrap(), [("no name".to_owned(), 2)]);
        assert!(sum(b"text").is_err());
    }
}
