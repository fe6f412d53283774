//! Copies of what the account's other clients send and receive (XEP-0280).

use super::{Context, Then};
use crate::stanza::{Iq, payload::carbons};

/// Asks the server for them, if the log-in has not done so.
pub fn enable(context: &mut Context<'_>) {
    let iq = Iq::set(&context.dice.id(), carbons::enable());
    context.request(iq, Then::Nothing);
}
