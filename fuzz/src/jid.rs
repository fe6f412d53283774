//! Addresses: normalised once is normalised for good, and the parts are the whole.

use converse_wasm::jid::{BareJid, FullJid, Jid, JidError, MAX_PART_BYTES};

pub fn check(data: &[u8]) {
    let text = super::text_of(data);
    match Jid::new(&text) {
        Ok(jid) => is_sound(&jid),
        Err(error) => {
            assert!(error != JidError::NoNormalizer && !error.to_string().is_empty());
            assert!(BareJid::new(&text).is_err() && FullJid::new(&text).is_err());
        }
    }
}

/// What is true of every address.
pub fn is_sound(jid: &Jid) {
    assert_eq!(Jid::new(jid.as_str()).as_ref(), Ok(jid), "{jid:?} is not normalised");
    assert_eq!(FullJid::new(jid.as_str()).is_ok(), !jid.is_bare());
    let bare = jid.bare();
    assert_eq!(BareJid::new(bare.as_str()).as_ref(), Ok(bare));
    let (local, domain) = (bare.local(), bare.domain());
    let parts = [local, Some(domain), jid.resource()];
    assert!(parts.into_iter().flatten().all(|part| (1..=MAX_PART_BYTES).contains(&part.len())), "{jid:?}");
    // What would end a part, or begin another one, stands in none.
    assert!(!domain.contains(['@', '/', ' ']) && !local.is_some_and(|local| local.contains(['@', '/', ' '])));
    let rebuilt = [
        local.map(|local| format!("{local}@")).unwrap_or_default(),
        domain.to_owned(),
        jid.resource().map(|resource| format!("/{resource}")).unwrap_or_default(),
    ];
    assert_eq!(rebuilt.concat(), jid.as_str());
    if let Some(resource) = jid.resource() {
        assert_eq!(bare.with_resource(resource).map(Jid::from).as_ref(), Ok(jid));
    }
}
