//! Enums of Azure, read from names or numbers, which keep values that were added later.

/// Declares an enum of Azure's words with an `Other` member for words not known here.
///
/// Words are compared without case and written in Azure's spelling; an unknown word is kept verbatim. A number that some
/// api-versions send instead of the word is its place in Azure's own enum and is resolved where the field is read.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
            /// A word that this version of the client does not know, verbatim.
            Other(String),
        }

        impl $name {
            /// The word as Azure spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                $(if word.eq_ignore_ascii_case($word) { return Self::$variant; })+
                Self::Other(word)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                match value {
                    $name::Other(word) => word,
                    known => known.as_str().to_owned(),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    open_enum! {
        /// Two colours.
        Colour { /// Red.
            Red = "Red", /// Blue.
            Blue = "Blue", }
    }

    #[test]
    fn known_words_ignore_case_and_unknown_ones_are_kept() {
        assert_eq!(Colour::from("rED".to_owned()), Colour::Red);
        let other = Colour::from("Grün".to_owned());
        assert_eq!(other, Colour::Other("Grün".to_owned()));
        assert_eq!(serde_json::to_string(&other).unwrap(), "\"Grün\"");
        assert_eq!(serde_json::from_str::<Colour>("\"blue\"").unwrap(), Colour::Blue);
    }
}
