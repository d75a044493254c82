//! The licence texts of what is shipped, as their licences ask for.

use std::{collections::BTreeMap, fs, path::Path};

use super::Part;
use crate::{failure::Failure, tools, workspace};

/// What the file is called in `dist`. It is written last: where it is, the build is whole.
pub(crate) const NAME: &str = "THIRD-PARTY-LICENSES.txt";

/// Beginnings of the names of files that hold a licence, or what it asks to be kept with it.
const FILES: [&str; 6] = ["licen", "copying", "copyright", "notice", "unlicense", "authors"];

/// The project's own licences in `dist`: a name with an ending, which hosts know the type of.
const OWN: &str = "LICENSE.txt";

/// Puts the texts into `dist`: the project's own licences, and those of everything else.
pub(crate) fn write(dist: &Path) -> Result<(), Failure> {
    let (mit, apache) = (own("LICENSE-MIT")?, own("LICENSE-APACHE")?);
    let both = format!("VM Restore may be used under either of two licences, as you choose.\n\n{mit}\n{apache}");
    fs::write(dist.join(OWN), both).map_err(Failure::io(format!("Writing {OWN}")))?;
    let text = document(&super::parts()?, &mit, &apache)? + &standard_library()?;
    fs::write(dist.join(NAME), text).map_err(Failure::io(format!("Writing {NAME}")))
}

/// The licences of Rust's standard library, and of what that is made of, as they come with the compiler.
fn standard_library() -> Result<String, Failure> {
    let path =
        ["share", "doc", "rust", "COPYRIGHT-library.html"].iter().fold(tools::cargo::sysroot()?, |p, n| p.join(n));
    let page = fs::read_to_string(&path).map_err(Failure::io(format!("Reading {}", path.display())))?;
    Ok(format!("\n{}\n\n{}\n", "=".repeat(80), plain(&page)))
}

/// The text of a page: without its elements, and with at most one empty line in a row.
fn plain(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let mut text: String = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    // The ampersand last, so that `&amp;lt;` stays `&lt;`.
    for (entity, sign) in [
        ("&lt;", "<"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, sign);
    }
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|one, before| one.is_empty() && before.is_empty());
    lines.join("\n").trim().to_owned()
}

fn own(name: &str) -> Result<String, Failure> {
    fs::read_to_string(workspace::root().join(name)).map_err(Failure::io(format!("Reading {name}")))
}

/// Each text once, with the parts that it is of before it.
fn document(parts: &[Part], mit: &str, apache: &str) -> Result<String, Failure> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in parts {
        let name = format!("{} {} ({})", part.name, part.version, part.licence);
        let mut found = files(&part.folder)?;
        if found.is_empty() {
            found.push(standard(part, mit, apache)?);
        }
        for text in found {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    // By the first part that a text is of, so that the order is the same on every machine.
    let mut sections: Vec<(&Vec<String>, &String)> = texts.iter().map(|(text, names)| (names, text)).collect();
    sections.sort();
    let mut document = "VM Restore is made with the work of others, under these licences.\n".to_owned();
    for (names, text) in sections {
        document += &format!("\n{0}\n{1}\n{0}\n\n{2}\n", "=".repeat(80), names.join("\n"), text);
    }
    Ok(document)
}

/// The texts in a package's folder, without spaces at the ends of lines, in which copies of one differ.
fn files(folder: &Path) -> Result<Vec<String>, Failure> {
    let doing = || format!("Reading {}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Failure::io(doing()))? {
        let path = entry.map_err(Failure::io(doing()))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        // Code may be called so as well.
        let code = path.extension().is_some_and(|end| ["rs", "js", "toml", "json"].iter().any(|code| end == *code));
        if path.is_file() && !code && FILES.iter().any(|begin| name.starts_with(begin)) {
            found.push(path);
        }
    }
    found.sort();
    let text = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).map_err(Failure::io(format!("Reading {}", path.display())))?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned())
    };
    found.iter().map(text).collect()
}

/// The text of a part that comes without: one of the licences that it leaves the choice of.
fn standard(part: &Part, mit: &str, apache: &str) -> Result<String, Failure> {
    let offers = |licence: &str| part.licence.split(" OR ").any(|one| one == licence);
    if offers("MIT") {
        let grant = mit.find("Permission is hereby granted").map(|at| &mit[at..]).unwrap_or_default();
        let authors = match part.authors.as_slice() {
            [] => format!("the authors of {}", part.name),
            authors => authors.join(", "),
        };
        return Ok(format!("MIT License\n\nCopyright (c) {authors}\n\n{}", grant.trim()));
    }
    if offers("Apache-2.0") {
        return Ok(apache.trim().to_owned());
    }
    let problem = format!("{} {} brings no text of its licence, {}", part.name, part.version, part.licence);
    Err(Failure::Content { path: part.folder.clone(), problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, licence: &str, folder: &Path) -> Part {
        Part {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            origin: super::super::Origin::Cargo,
            licence: licence.to_owned(),
            authors: vec!["Some Body".to_owned()],
            folder: folder.to_owned(),
            hash: None,
        }
    }

    #[test]
    fn the_standard_librarys_licences_are_text() {
        let page = "<html><title>x</title><body>\n<p class=\"a\">MIT &amp; <b>others</b></p>\n\n\n \n&lt;me@x&gt;\n</body></html>";
        assert_eq!(plain(page), "MIT & others\n\n<me@x>");
        let text = standard_library().unwrap();
        assert!(
            text.contains("dlmalloc-") && text.contains("Permission is hereby granted"),
            "what the page is compiled with"
        );
        assert!(!text.contains("</") && !text.contains("&#"), "no HTML");
    }

    #[test]
    fn each_text_stands_once_and_what_has_none_gets_the_standard_one() {
        let root = workspace::root();
        let (mit, apache) = (own("LICENSE-MIT").unwrap(), own("LICENSE-APACHE").unwrap());
        let bare = root.join("docs");
        let parts = [
            part("a", "MIT OR Apache-2.0", &root),
            part("b", "MIT OR Apache-2.0", &root),
            part("c", "Zlib OR MIT", &bare),
            part("d", "Apache-2.0", &bare),
        ];
        let text = document(&parts, &mit, &apache).unwrap();
        assert_eq!(text.matches("END OF TERMS AND CONDITIONS").count(), 1, "{text}");
        assert!(text.contains("a 1.0.0 (MIT OR Apache-2.0)\nb 1.0.0 (MIT OR Apache-2.0)\n"), "{text}");
        assert!(text.contains("Copyright (c) Some Body\n\nPermission is hereby granted"), "{text}");
        assert!(document(&[part("e", "Zlib", &bare)], &mit, &apache).is_err(), "a text must be found");
    }
}
