//! An exchange as a command, for the shells that quote as [`quoting`](crate::export::quoting) does. The token is a variable of the shell.

use super::Exchange;
use crate::export::quoting::{bash, powershell};

impl Exchange {
    /// The request for bash and zsh.
    pub fn curl(&self) -> String {
        // Without globbing: brackets and braces of an address are no pattern.
        let mut text =
            format!("curl --globoff -X {} {} -H \"Authorization: Bearer $TOKEN\"", bash(&self.method), bash(&self.url));
        for (name, value) in &self.headers {
            text += &format!(" -H {}", bash(&format!("{name}: {value}")));
        }
        if let Some(body) = &self.body {
            text += &format!(" --data-raw {}", bash(body));
        }
        text
    }

    /// The request for PowerShell: Windows PowerShell 5.1 and later.
    pub fn powershell(&self) -> String {
        let mut text = format!("Invoke-RestMethod -Method {} -Uri {}", powershell(&self.method), powershell(&self.url));
        let mut headers = "'Authorization' = \"Bearer $TOKEN\"".to_owned();
        for (name, value) in &self.headers {
            if name.eq_ignore_ascii_case("content-type") {
                // Its header of this name is a parameter.
                text += &format!(" -ContentType {}", powershell(value));
            } else {
                headers += &format!("; {} = {}", powershell(name), powershell(value));
            }
        }
        text += &format!(" -Headers @{{ {headers} }}");
        if let Some(body) = &self.body {
            // As bytes: a text would go out in Latin-1.
            text += &format!(" -Body ([Text.Encoding]::UTF8.GetBytes({}))", powershell(body));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;
    use crate::app::activity::tests::exchange;

    /// What a shell would make something of.
    const HOSTILE: [&str; 16] = [
        "'",
        "''",
        "\"",
        "';touch pwned;'",
        "$(touch pwned)",
        "`touch pwned`",
        "&calc.exe&",
        ";calc;",
        "${IFS}",
        "\\",
        "\\'",
        "!!",
        "‘;calc;’",
        "‚x‛",
        "a\nb",
        "\u{3}\u{1b}[201~touch pwned\r\t\u{85}",
    ];

    fn of(method: &str, url: &str, header: &str, body: &str) -> Exchange {
        let headers =
            vec![("content-type".to_owned(), "application/json".to_owned()), ("x-name".to_owned(), header.to_owned())];
        let (method, url) = (method.to_owned(), url.to_owned());
        Exchange { method, url, headers, body: Some(body.to_owned()), ..exchange() }
    }

    /// The arguments that bash hands to curl, which is a function here. Nothing else is found that could be run.
    fn arguments(command: &str) -> Vec<String> {
        let script = format!("PATH=/nowhere\ncurl() {{ printf '%s\\0' \"$@\"; }}\nTOKEN=secret\n{command}\n");
        let ran = Command::new("bash").args(["--norc", "-c", &script]).output().unwrap();
        assert!(ran.status.success() && ran.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
        let said = String::from_utf8(ran.stdout).unwrap();
        said.strip_suffix('\0').unwrap().split('\0').map(str::to_owned).collect()
    }

    fn assert_curl(exchange: &Exchange) {
        let body = exchange.body.clone().unwrap();
        let header = format!("x-name: {}", exchange.headers[1].1);
        let (method, url) = (exchange.method.as_str(), exchange.url.as_str());
        let expected = [
            "--globoff",
            "-X",
            method,
            url,
            "-H",
            "Authorization: Bearer secret",
            "-H",
            "content-type: application/json",
            "-H",
            &header,
            "--data-raw",
            &body,
        ];
        assert_eq!(arguments(&exchange.curl()), expected);
    }

    #[test]
    fn bash_runs_curl_with_the_very_texts_and_nothing_else() {
        for text in HOSTILE {
            assert_curl(&of("POST", &format!("https://x/?y={text}"), text, text));
        }
        assert_curl(&of("POST", "", "", ""));
        let command = of("POST", "u", HOSTILE[15], HOSTILE[15]).curl();
        assert!(!command.contains(|c: char| c.is_control()), "a terminal would act on it: {command}");
    }

    /// The texts in `command` as PowerShell reads them, and what stands between them. This is a reading of its rules for
    /// texts in single quotation marks: there is no PowerShell where these tests run.
    fn read(command: &str) -> (Vec<String>, String) {
        let quote = |c: &char| matches!(c, '\'' | '‘' | '’' | '‚' | '‛');
        let (mut texts, mut between) = (Vec::new(), String::new());
        let mut chars = command.chars().peekable();
        while let Some(c) = chars.next() {
            if !quote(&c) {
                between.push(c);
                continue;
            }
            let mut text = String::new();
            loop {
                let c = chars.next().expect("a text ends");
                match chars.peek() {
                    // Two of them, whichever they are, are the first one.
                    Some(next) if quote(&c) && quote(next) => {
                        chars.next();
                        text.push(c);
                    }
                    _ if quote(&c) => break,
                    _ => text.push(c),
                }
            }
            texts.push(text);
            between.push('§');
        }
        (texts, between)
    }

    #[test]
    fn powershell_reads_the_very_texts_and_nothing_between_them() {
        let command = of("POST", "https://x", "h", "{}").powershell();
        let plain = "Invoke-RestMethod -Method § -Uri § -ContentType § -Headers @{ § = \"Bearer $TOKEN\"; § = § } -Body ([Text.Encoding]::UTF8.GetBytes(§))";
        assert_eq!(read(&command).1, plain);
        for text in HOSTILE.into_iter().filter(|text| !text.contains('\u{3}')) {
            let (texts, between) = read(&of("POST", text, text, text).powershell());
            assert_eq!(texts, ["POST", text, "application/json", "Authorization", "x-name", text, text]);
            assert_eq!(between, plain);
        }
        assert_eq!(powershell("a\u{3}'b\r"), "('' + 'a' + [char]3 + '''b' + [char]13)");
        assert_eq!((powershell(""), powershell("\t")), ("''".to_owned(), "('' + [char]9)".to_owned()));
    }

    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![prop::sample::select(&HOSTILE[..]).prop_map(str::to_owned), "[^\0]{0,3}"];
        prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whatever_the_texts_are(url in text(), header in text(), body in text()) {
            let exchange = of("PUT", &url, &header, &body);
            assert_curl(&exchange);
            // The terms of an expression are put together as PowerShell does.
            let expression = powershell(&body);
            let (texts, between) = read(&expression);
            let terms = between.strip_prefix("(§ + ").and_then(|terms| terms.strip_suffix(')'));
            let mut texts = texts.into_iter().skip(usize::from(terms.is_some()));
            let mut made = String::new();
            for term in terms.unwrap_or(&between).split(" + ") {
                match term.strip_prefix("[char]") {
                    Some(number) => made.push(char::from_u32(number.parse().unwrap()).unwrap()),
                    None => {
                        prop_assert_eq!(term, "§");
                        made += &texts.next().unwrap();
                    }
                }
            }
            prop_assert_eq!(made, body);
        }
    }
}
