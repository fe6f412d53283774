//! XEP-0474: SASL SCRAM Downgrade Protection (version 0.5.0).
//!
//! The server hashes the mechanisms and channel bindings it announced and says so inside SCRAM, where nobody on the way
//! can change it. Versions before 0.4.0 used an attribute `d`, which is ignored like every attribute not known here.

use std::collections::BinaryHeap;

use super::Offer;

/// What both sides hash: the names in the order of their octets, U+001E between them, U+001F between the two lists.
pub(super) fn summary(offer: &Offer<'_>) -> Vec<u8> {
    let mut summary = sorted(offer.mechanisms);
    if let Some(channel_bindings) = offer.channel_bindings {
        summary.push('\u{1F}');
        summary.push_str(&sorted(channel_bindings));
    }
    summary.into_bytes()
}

fn sorted(names: &[&str]) -> String {
    // A heap, because `sort` would bring 9 KB of code for half a dozen names.
    BinaryHeap::from(names.to_vec()).into_sorted_vec().join("\u{1E}")
}

#[cfg(test)]
mod tests {
    use super::super::{base64, hash::Hash};
    use super::*;

    /// The example of §5.3.
    #[test]
    fn xep_0474_example() {
        let offer = Offer {
            mechanisms: &["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"],
            channel_bindings: Some(&["tls-server-end-point", "tls-exporter"]),
        };
        assert_eq!(base64::encode(&Hash::Sha1.digest(&summary(&offer))), "G6k/rBLDqgOhRRaCuuatSDFkJ08=");
    }

    #[test]
    fn an_empty_list_of_bindings_is_not_none() {
        let offer = |channel_bindings| Offer { mechanisms: &["PLAIN"], channel_bindings };
        assert_eq!(summary(&offer(None)), b"PLAIN");
        assert_eq!(summary(&offer(Some(&[]))), b"PLAIN\x1F");
    }
}
