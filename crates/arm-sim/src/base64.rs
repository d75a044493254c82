//! Base64 (RFC 4648), for scripts, continuation tokens and the payload of access tokens.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};

/// Encodes with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Decodes either alphabet, with or without padding; `None` for anything else.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(&text.trim_end_matches('=').replace('+', "-").replace('/', "_")).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn there_and_back() {
        for (text, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("NA", "TkE=")]
        {
            assert_eq!(encode(text.as_bytes()), coded);
            assert_eq!(decode(coded).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(decode("-_8"), decode("+/8="));
        assert_eq!(decode("a b"), None);
    }
}
