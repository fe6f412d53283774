//! The own presence (RFC 6121 §4).

use super::Context;
use crate::xml::{Element, ns};

/// Says that this client is there (RFC 6121 §4.2).
pub fn send_initial(context: &mut Context<'_>) {
    context.send(Element::new("presence", ns::CLIENT));
}
