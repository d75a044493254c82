//! Azure's script: its file name, its password, and its text or where it is.
//!
//! Azure hides the password in the name of the script. Microsoft's CLI cuts it out by position; here nothing is cut out of a name that does not
//! have the known shape, because a wrong password is worse than none.

use azure_backup::backup::file_recovery::ClientScript;
use base64ct::{Base64, Encoding as _};
use http::Uri;

use super::HiddenText;

/// The number of characters between the last `_` of the name and the password: `password_offset` of Microsoft's CLI counts the `_` as well.
const BEFORE_PASSWORD: usize = 32;
/// `password_length` of Microsoft's CLI.
const PASSWORD: usize = 15;
/// What Microsoft's CLI writes in the place of the password, so that the script asks for it.
const ASKS_FOR_PASSWORD: &str = "UserInput012345";

/// A script as the operator needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryScript {
    /// Whether it is for Windows.
    pub windows: bool,
    /// The exact name of the file: the program reads its settings from it.
    pub file_name: String,
    /// The password that the script asks for; none where the name has none in it.
    pub password: Option<HiddenText>,
    /// The script, or where it is.
    pub source: ScriptSource,
}

/// Where a script comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptSource {
    /// Its text, without the password.
    Text(HiddenText),
    /// The address of a program.
    Link(String),
}

/// Why Azure's answer gives no script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoScript {
    /// There is none in it.
    Missing,
    /// The name does not have the known shape.
    UnknownName,
    /// The script cannot be read, or has another password in it than its name.
    UnknownContent,
    /// The address is no plain `https` address.
    UnknownLink,
}

impl NoScript {
    /// The sentence for the operator.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Missing => "The response contains no script.",
            Self::UnknownName => {
                "The script's name doesn't have the known form, so its password can't be told reliably."
            }
            Self::UnknownContent => {
                "The script's content doesn't match its name, so its password can't be told reliably."
            }
            Self::UnknownLink => "The script's address isn't a plain https address.",
        }
    }
}

impl RecoveryScript {
    /// The script among those that Azure hands out: for Windows a list of targets comes before the program itself.
    ///
    /// # Errors
    /// [`NoScript`] where there is none, or one that is not understood.
    pub fn of(scripts: &[ClientScript]) -> Result<Self, NoScript> {
        let linked = scripts.iter().find(|script| script.url.is_some());
        let with_text = || scripts.iter().find_map(|script| Some((script, text_of(script.content.as_deref()?)?)));
        let (script, text) = match linked {
            Some(script) => (script, None),
            None => with_text().map(|(script, text)| (script, Some(text))).ok_or(NoScript::Missing)?,
        };
        let (name, password) = name_and_password(&script.name_suffix).ok_or(NoScript::UnknownName)?;
        let extension = is_extension(&script.extension).then_some(script.extension.as_str());
        let file_name = name + extension.ok_or(NoScript::UnknownName)?;
        let source = match (&script.url, text) {
            (Some(url), _) => ScriptSource::Link(checked(url).ok_or(NoScript::UnknownLink)?),
            (None, text) => {
                let text = without_password(&text.unwrap_or_default(), password.as_deref());
                ScriptSource::Text(HiddenText::new(text.ok_or(NoScript::UnknownContent)?))
            }
        };
        let windows = script.os.eq_ignore_ascii_case("Windows");
        Ok(Self { windows, file_name, password: password.map(HiddenText::new), source })
    }
}

/// The script's text: base64 as Azure sends it, or text as its newest definition shows it. `NA` stands for none.
fn text_of(content: &str) -> Option<String> {
    let decoded = Base64::decode_vec(content).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let text = decoded.or_else(|| content.contains(char::is_whitespace).then(|| content.to_owned()))?;
    (text != "NA").then_some(text)
}

/// Splits `<vm>_<region>_<digits>_<digits>_<32 hex digits><password><hex digits>`; a recovery point's number alone has no password in it.
fn name_and_password(suffix: &str) -> Option<(String, Option<String>)> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(suffix) {
        return Some((suffix.to_owned(), None));
    }
    let mut parts = suffix.rsplitn(5, '_');
    let (tail, second, first, region) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let vm = parts.next()?;
    let hex = tail.bytes().all(|b| b.is_ascii_hexdigit());
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    let plain = vm.starts_with(char::is_alphanumeric) && vm.chars().all(of_name);
    let known = hex && plain && digits(first) && digits(second) && region.chars().all(char::is_alphanumeric);
    let password = tail.get(BEFORE_PASSWORD..BEFORE_PASSWORD + PASSWORD).filter(|_| known)?;
    let rest = suffix.len() - tail.len();
    let (before, after) = (&suffix[..rest + BEFORE_PASSWORD], &tail[BEFORE_PASSWORD + PASSWORD..]);
    Some((format!("{before}{after}"), Some(password.to_owned())))
}

fn is_extension(text: &str) -> bool {
    let letters = text.strip_prefix('.').unwrap_or_default();
    (1..=8).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The text with a question in the place of the password. None where it holds another password than the name.
fn without_password(text: &str, password: Option<&str>) -> Option<String> {
    const KEY: &str = "TargetPassword=\"";
    let asks = format!("{KEY}{ASKS_FOR_PASSWORD}\"");
    let text = match password {
        Some(password) => text.replace(&format!("{KEY}{password}\""), &asks),
        None => text.to_owned(),
    };
    (text.matches(KEY).count() == text.matches(&asks).count()).then_some(text)
}

/// An address that a link may lead to.
fn checked(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let plain = uri.scheme_str() == Some("https") && uri.authority().is_some_and(|host| !host.as_str().contains('@'));
    plain.then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Microsoft's PowerShell help: the name with the password in it, the password, and the file.
    const SUFFIX: &str =
        "V2VM_wus2_8287309959960546283_451516692429_cbd6061f7fc543c489f1974d33659fede3632984e51f49607a6e0c2e08740";
    const EXAMPLE: (&str, &str) = (
        "e3632984e51f496",
        "V2VM_wus2_8287309959960546283_451516692429_cbd6061f7fc543c489f1974d33659fed07a6e0c2e08740.exe",
    );
    const URL: &str = "https://download.microsoft.com/download/E/1/4/x/IaaSVMILRExeForWindows.exe";

    fn client(os: &str, extension: &str, suffix: &str) -> ClientScript {
        let mut script = ClientScript::new(os);
        script.extension = extension.to_owned();
        script.name_suffix = suffix.to_owned();
        script
    }

    fn windows(suffix: &str) -> [ClientScript; 2] {
        let mut targets = client("Windows", ".txt", suffix);
        targets.content = Some("VXNlciAtIDE=".to_owned());
        let mut program = client("Windows", ".exe", suffix);
        (program.content, program.url) = (Some("TkE=".to_owned()), Some(URL.to_owned()));
        [targets, program]
    }

    fn linux(suffix: &str, content: &str) -> [ClientScript; 1] {
        let mut script = client("Linux", ".py", suffix);
        script.content = Some(content.to_owned());
        [script]
    }

    #[test]
    fn name_and_password_are_those_of_microsofts_example() {
        let script = RecoveryScript::of(&windows(SUFFIX)).unwrap();
        let password = script.password.as_ref().map(HiddenText::expose);
        assert_eq!((password, script.file_name.as_str()), (Some(EXAMPLE.0), EXAMPLE.1));
        assert_eq!((script.windows, &script.source), (true, &ScriptSource::Link(URL.to_owned())));
        assert!(!format!("{script:?}").contains(EXAMPLE.0));
    }

    #[test]
    fn a_linux_script_is_saved_without_its_password_and_prints_nothing() {
        let text = format!("#!/usr/bin/env python3\nTargetPassword=\"{}\"\nprint('\u{e4}')\n", EXAMPLE.0);
        let script = RecoveryScript::of(&linux(SUFFIX, &Base64::encode_string(text.as_bytes()))).unwrap();
        assert!(!script.windows && script.file_name.ends_with("08740.py"));
        let ScriptSource::Text(saved) = &script.source else { panic!("{script:?}") };
        assert_eq!(saved.expose(), "#!/usr/bin/env python3\nTargetPassword=\"UserInput012345\"\nprint('\u{e4}')\n");
        assert!(!format!("{script:?}").contains("TargetPassword"));
        // A script without a password in it is saved as it is.
        let script = RecoveryScript::of(&linux(SUFFIX, &Base64::encode_string(b"x = 1\n"))).unwrap();
        assert_eq!(script.source, ScriptSource::Text(HiddenText::new("x = 1\n".to_owned())));
    }

    #[test]
    fn a_bare_name_has_no_password_and_text_need_not_be_base64() {
        let mut script = client("Windows", ".ps1", "38823086363464");
        script.content = Some("# iSCSI\nStart-Service -Name MSiSCSI".to_owned());
        let read = RecoveryScript::of(&[script]).unwrap();
        assert_eq!((read.file_name.as_str(), &read.password, read.windows), ("38823086363464.ps1", &None, true));
    }

    #[test]
    fn no_password_is_shown_where_the_shape_is_another_one() {
        let tail = SUFFIX.rsplit_once('_').unwrap().1;
        let short = &SUFFIX[..SUFFIX.len() - 15];
        let cut = [
            tail.to_owned(),
            format!("vm_{tail}"),
            format!("vm_wus2_x_451516692429_{tail}"),
            short.to_owned(),
            SUFFIX.replace("cbd6061f", "xyz6061f"),
            SUFFIX.replace("V2VM", "../V2VM"),
            SUFFIX.replace("V2VM", "a'; rm -rf ~; '"),
            SUFFIX.replace("V2VM", "-x"),
            String::new(),
        ];
        for suffix in &cut {
            assert_eq!(RecoveryScript::of(&windows(suffix)), Err(NoScript::UnknownName), "{suffix}");
        }
        let mut odd = windows(SUFFIX);
        odd[1].extension = ".e/xe".to_owned();
        assert_eq!(RecoveryScript::of(&odd), Err(NoScript::UnknownName));
        for url in ["http://download.microsoft.com/x.exe", "https://a@b/x.exe", "javascript:alert(1)", "x y"] {
            let mut other = windows(SUFFIX);
            other[1].url = Some(url.to_owned());
            assert_eq!(RecoveryScript::of(&other), Err(NoScript::UnknownLink), "{url}");
        }
        let other = Base64::encode_string(b"TargetPassword=\"another\"");
        assert_eq!(RecoveryScript::of(&linux(SUFFIX, &other)), Err(NoScript::UnknownContent));
        for nothing in ["TkE=", "?", "/w=="] {
            assert_eq!(RecoveryScript::of(&linux(SUFFIX, nothing)), Err(NoScript::Missing), "{nothing}");
        }
        assert_eq!(RecoveryScript::of(&[]), Err(NoScript::Missing));
    }
}
