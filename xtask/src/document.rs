//! Parts of documents that a command writes: they stand between two comments that name the command, and what stands around them is kept.

use std::{fs, path::PathBuf};

use crate::{failure::Failure, workspace};

/// Writes the part that `command` writes in a document of `docs`. The path of the document is given back.
pub(crate) fn write_part(name: &str, command: &str, text: &str) -> Result<PathBuf, Failure> {
    let path = workspace::root().join("docs").join(name);
    let old = fs::read_to_string(&path).map_err(Failure::io(format!("Reading docs/{name}")))?;
    let new = with_part(&old, command, text).ok_or_else(|| {
        Failure::FellShort(format!("docs/{name} lacks the two comments between which `{command}` writes."))
    })?;
    fs::write(&path, new).map_err(Failure::io(format!("Writing docs/{name}")))?;
    Ok(path)
}

/// `document` with `text` as the part of `command`; none if the document has no such part.
fn with_part(document: &str, command: &str, text: &str) -> Option<String> {
    let begin = format!("<!-- Written by `{command}`; do not edit. -->");
    let end = format!("<!-- The end of what `{command}` writes. -->");
    let (before, rest) = document.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n\n{text}\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_comments_is_written() {
        let [begin, end] =
            ["Written by `a b`; do not edit.", "The end of what `a b` writes."].map(|it| format!("<!-- {it} -->"));
        let old = format!("# A\n\n{begin}\nold\n{end}\n\n## B\n");
        let new = with_part(&old, "a b", "new\n").unwrap();
        assert_eq!(new, format!("# A\n\n{begin}\n\nnew\n\n{end}\n\n## B\n"));
        assert_eq!(with_part(&new, "a b", "new\n").unwrap(), new);
        assert_eq!(with_part(&new, "a c", "new\n"), None);
        assert_eq!(with_part(&format!("{end}{begin}"), "a b", "new\n"), None);
    }
}
