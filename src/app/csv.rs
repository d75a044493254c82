//! Comma-separated values, as spreadsheets read them (RFC 4180).

/// The text of a table: its head and its rows.
pub fn csv(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    // Excel reads a file as UTF-8 only if it begins with this mark.
    let mut text = "\u{feff}".to_owned();
    add_line(&mut text, head);
    for row in rows {
        add_line(&mut text, &row);
    }
    text
}

fn add_line(text: &mut String, values: &[impl AsRef<str>]) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        add_value(text, value.as_ref());
    }
    text.push_str("\r\n");
}

fn add_value(text: &mut String, value: &str) {
    // A spreadsheet runs a value that begins like this as a formula, and names come from outside. An apostrophe makes it a text.
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !formula && !value.contains([',', '"', '\r', '\n']) {
        return text.push_str(value);
    }
    text.push('"');
    if formula {
        text.push('\'');
    }
    text.push_str(&value.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn values_are_quoted_where_they_have_to_be_and_are_never_formulas() {
        let rows = [vec!["web-01".to_owned(), "a, \"b\"\nc".to_owned()], vec!["=1+1".to_owned(), String::new()]];
        let text = csv(&["VM", "State"], rows);
        assert_eq!(text, "\u{feff}VM,State\r\nweb-01,\"a, \"\"b\"\"\nc\"\r\n\"'=1+1\",\r\n");
    }
}
