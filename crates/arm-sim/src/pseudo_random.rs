//! Pseudo-random values: a hash of the seed and a name, so that the same world always has the same ids.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// One step of SplitMix64.
pub(crate) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A number for `name` in the world with this `seed`.
pub(crate) fn hash(seed: u64, name: &str) -> u64 {
    mix(name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
}

/// A version-4 UUID for `name`.
pub(crate) fn guid(seed: u64, name: &str) -> String {
    let (a, b) = (hash(seed, name), mix(hash(seed, name)));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        0x8000 | (b >> 50),
        b & 0xffff_ffff_ffff
    )
}

/// 32 hexadecimal digits for `name`, as in a blob container's name.
pub(crate) fn hex(seed: u64, name: &str) -> String {
    guid(seed, name).replace('-', "")
}

/// `length` characters of the URL-safe base64 alphabet for `name`, as in a signature.
pub(crate) fn token(seed: u64, name: &str, length: usize) -> String {
    let mut state = hash(seed, name);
    (0..length)
        .map(|_| {
            state = mix(state);
            char::from(ALPHABET[usize::try_from(state % 64).unwrap_or_default()])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{guid, hash, token};

    #[test]
    fn is_a_version_4_uuid() {
        for name in ["", "a", "web-01"] {
            let id = guid(7, name);
            assert_eq!(id.len(), 36, "{id}");
            assert_eq!(&id[14..15], "4");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
    }

    #[test]
    fn depends_on_seed_and_name() {
        assert_eq!(guid(1, "a"), guid(1, "a"));
        assert_ne!(guid(1, "a"), guid(2, "a"));
        assert_ne!(hash(1, "a"), hash(1, "b"));
        assert_eq!(token(1, "s", 342).len(), 342);
    }
}
