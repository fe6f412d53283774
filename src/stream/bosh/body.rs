//! The bodies this side sends.

use std::time::Duration;

use crate::xml::{Element, ReadError, ns};

/// The version of BOSH spoken (XEP-0124 §7.1); what came after it changed nothing that is sent.
const VERSION: &str = "1.6";

/// What a request after the first one is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    /// To take elements along, or to be parked at the server.
    Carry,
    /// To begin the stream anew after authentication (XEP-0206 §5).
    Restart,
    /// To end the session (XEP-0124 §13).
    Terminate,
    /// To end the session because of what the server sent.
    Refuse(ReadError),
}

/// The session creation request (XEP-0124 §7.1).
///
/// It does not say who is going to log in: `from` is optional, and would tell before anything is known of the server.
pub(super) fn creation(rid: u64, to: &str, wait: Duration) -> String {
    let body = body(rid)
        .with_attribute("to", to)
        .with_attribute("content", "text/xml; charset=utf-8")
        .with_attribute("ver", VERSION)
        .with_attribute("wait", wait.as_secs().to_string())
        .with_attribute("hold", "1")
        .with_attribute("ack", "1");
    write(&in_english(body).with_prefixed_attribute("xmpp", ns::XBOSH, "version", "1.0"), "")
}

/// Request `rid` of the session `sid`. `ack` is the highest request id up to which all answers arrived, where the
/// server wants to know it.
pub(super) fn next(rid: u64, sid: &str, to: &str, ack: Option<u64>, purpose: Purpose, payload: &str) -> String {
    let mut body = body(rid).with_attribute("sid", sid);
    if let Some(ack) = ack {
        body.set_attribute("ack", ack.to_string());
    }
    match purpose {
        Purpose::Carry => write(&body, payload),
        Purpose::Restart => {
            // ejabberd knows this attribute, and `version` above, by the prefix `xmpp` only.
            let body = in_english(body.with_attribute("to", to));
            write(&body.with_prefixed_attribute("xmpp", ns::XBOSH, "restart", "true"), payload)
        }
        Purpose::Terminate => write(&body.with_attribute("type", "terminate"), payload),
        Purpose::Refuse(error) => {
            // XEP-0206 §2: a stream error goes with this condition.
            let condition = Element::new(error.stream_condition(), ns::STREAM_ERRORS);
            let body = body
                .with_attribute("type", "terminate")
                .with_attribute("condition", "remote-stream-error")
                .with_child(Element::new("error", ns::STREAM).with_child(condition));
            write(&body, payload)
        }
    }
}

fn body(rid: u64) -> Element {
    Element::new("body", ns::HTTP_BIND).with_attribute("rid", rid.to_string())
}

fn in_english(body: Element) -> Element {
    body.with_prefixed_attribute("xml", ns::XML, "lang", "en")
}

/// Writes `body` with `payload`, which is XML already, at its end. A domain or session id that XML cannot hold leaves
/// an empty request, which no server takes: such a domain does not exist.
fn write(body: &Element, payload: &str) -> String {
    let xml = body.to_xml().unwrap_or_default();
    match xml.strip_suffix("/>") {
        Some(start) if !payload.is_empty() => [start, ">", payload, "</body>"].concat(),
        _ => xml,
    }
}
