//! RFC 4505: ANONYMOUS.

/// No trace of who this is: the message is empty, which RFC 6120 §6.4.2 writes as `=`.
pub(super) fn message() -> Vec<u8> {
    Vec::new()
}
