//! Saving and loading by one description: each type names its parts once, for both directions.
//!
//! A line per value. Derived serialization of the same types would weigh more than the rest of the simulator.

/// Writes a text, or reads one.
pub(crate) enum Keeper<'a> {
    Write(String),
    /// What is left to read; `None` once something did not fit.
    Read(Option<std::str::Lines<'a>>),
}

impl<'a> Keeper<'a> {
    pub(crate) fn writer() -> Self {
        Self::Write(String::new())
    }

    pub(crate) fn reader(text: &'a str) -> Self {
        Self::Read(Some(text.lines()))
    }

    /// What was written.
    pub(crate) fn written(self) -> String {
        if let Self::Write(text) = self { text } else { String::new() }
    }

    /// Whether everything that was read fitted, and nothing is left over.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Read(Some(lines)) if lines.clone().next().is_none())
    }

    /// Nothing more can be read.
    fn fail(&mut self) {
        if let Self::Read(lines) = self {
            *lines = None;
        }
    }

    fn text(&mut self, value: &mut String) {
        match self {
            Self::Write(out) => {
                *out += &value.replace('\\', "\\\\").replace('\r', "\\r").replace('\n', "\\n");
                out.push('\n');
            }
            Self::Read(None) => {}
            Self::Read(Some(lines)) => match lines.next() {
                Some(line) => *value = unescape(line),
                None => self.fail(),
            },
        }
    }

    /// A whole number.
    pub(crate) fn number(&mut self, value: &mut i64) {
        let mut text = value.to_string();
        self.text(&mut text);
        match text.parse() {
            Ok(number) => *value = number,
            Err(_) => self.fail(),
        }
    }

    /// One of a closed set.
    pub(crate) fn choice<T: Copy + PartialEq>(&mut self, value: &mut T, all: &[T]) {
        let mut index = all.iter().position(|v| v == value).unwrap_or_default();
        index.keep(self);
        match all.get(index) {
            Some(known) => *value = *known,
            None => self.fail(),
        }
    }
}

fn unescape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                other => out.extend(other),
            },
            (c, false) => out.push(c),
        }
    }
    out
}

/// A value that can be kept.
pub(crate) trait Keep {
    /// Writes the value, or reads it into `self`.
    fn keep(&mut self, k: &mut Keeper<'_>);
}

impl Keep for String {
    fn keep(&mut self, k: &mut Keeper<'_>) {
        k.text(self);
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Keep for $number {
            fn keep(&mut self, k: &mut Keeper<'_>) {
                // As bits, so that the largest fit too.
                let mut number = *self as i64;
                k.number(&mut number);
                *self = number as $number;
            }
        }
    )*};
}

numbers!(i64, u64, i32, u32, u16, usize);

impl Keep for bool {
    fn keep(&mut self, k: &mut Keeper<'_>) {
        k.choice(self, &[false, true]);
    }
}

impl<T: Keep + Default> Keep for Option<T> {
    fn keep(&mut self, k: &mut Keeper<'_>) {
        let mut some = self.is_some();
        some.keep(k);
        if some {
            self.get_or_insert_default().keep(k);
        } else {
            *self = None;
        }
    }
}

impl<T: Keep + Default> Keep for Vec<T> {
    fn keep(&mut self, k: &mut Keeper<'_>) {
        let mut length = self.len();
        length.keep(k);
        for index in 0..length {
            if index == self.len() {
                self.push(T::default());
            }
            self[index].keep(k);
            if matches!(k, Keeper::Read(None)) {
                return;
            }
        }
    }
}

impl<A: Keep, B: Keep> Keep for (A, B) {
    fn keep(&mut self, k: &mut Keeper<'_>) {
        self.0.keep(k);
        self.1.keep(k);
    }
}

impl<A: Keep, B: Keep, C: Keep> Keep for (A, B, C) {
    fn keep(&mut self, k: &mut Keeper<'_>) {
        self.0.keep(k);
        self.1.keep(k);
        self.2.keep(k);
    }
}

/// Implements [`Keep`] for a struct by naming its fields.
macro_rules! keep {
    ($name:ident: $($field:ident)*) => {
        impl $crate::keep::Keep for $name {
            fn keep(&mut self, k: &mut $crate::keep::Keeper<'_>) {
                $($crate::keep::Keep::keep(&mut self.$field, k);)*
            }
        }
    };
}

pub(crate) use keep;

#[cfg(test)]
mod tests {
    use super::{Keep, Keeper};

    type All = (String, Vec<(i64, Option<u64>)>, (bool, Option<String>));

    fn write(mut value: All) -> String {
        let mut k = Keeper::writer();
        value.keep(&mut k);
        k.written()
    }

    #[test]
    fn there_and_back() {
        for value in [
            ("a\\n\nb\r".to_owned(), vec![(i64::MIN, Some(u64::MAX)), (0, None)], (true, Some(String::new()))),
            All::default(),
        ] {
            let text = write(value.clone());
            let (mut k, mut read) = (Keeper::reader(&text), All::default());
            read.keep(&mut k);
            assert!(k.is_done());
            assert_eq!(read, value);
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let text = write(("x".to_owned(), vec![(1, None)], (true, None)));
        let mut spoilt: Vec<_> =
            (0..text.len()).map(|n| text[..n].to_owned()).filter(|t| t.ends_with('\n') || t.is_empty()).collect();
        spoilt.push(format!("{text}more\n"));
        spoilt.push("x\n99999999999999\n1\n0\n".to_owned());
        spoilt.push("x\nmany\n".to_owned());
        for text in spoilt {
            let mut k = Keeper::reader(&text);
            All::default().keep(&mut k);
            assert!(!k.is_done(), "{text:?}");
        }
    }
}
