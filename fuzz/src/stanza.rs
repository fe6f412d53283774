//! Stanzas and all that they may carry: whatever is made of an element, and what is written of that and read again.

use std::rc::Rc;

use converse_wasm::{
    jid::{BareJid, Jid},
    stanza::{
        Decode, Iq, MessageType, Stanza, StanzaError,
        payload::{
            bob, bookmarks, caps, carbons, chat_states, correction, delay, disco, mam, markers, muc, oob, ping, pubsub,
            receipts, references, register, roster, rosterx, rsm, spoiler, stanza_ids, upload, vcard,
        },
    },
    time::Timestamp,
    xml::{Element, ns, read},
};

pub fn check(data: &[u8]) {
    let text = super::text_of(data);
    // As in a stream, so that nobody has to find out the namespace.
    let stream = ["<stream xmlns='jabber:client'>", &text, "</stream>"].concat();
    let Ok(stream) = read(&stream) else { return };
    for element in stream.into_children() {
        is_sound(&element);
    }
}

/// What is true of every element that may arrive.
pub fn is_sound(element: &Element) {
    match Stanza::decode(element.clone()) {
        Decode::Ok(Stanza::Iq(iq)) => check_iq(&iq),
        Decode::Ok(Stanza::Message(message)) => {
            let _: MessageType = MessageType::of(message.element());
            let me = me();
            let own = message.from.as_ref().is_none_or(|from| from.is_bare() && *from.bare() == me);
            if let Some(carbon) = carbons::Carbon::from_own_account(&message, &me) {
                assert!(own && carbons::is_carbon(&message));
                let _: &Element = carbon.message();
            }
            if let Some(event) = pubsub::OwnEvent::from_own_account(&message, &me) {
                assert!(own);
                let _: (&str, Vec<_>) = event.into_parts();
            }
        }
        Decode::Ok(Stanza::Presence(presence)) => {
            assert!(["online", "chat", "away", "xa", "dnd"].contains(&presence.show()));
            let _: (Option<String>, i8) = (presence.status(), presence.priority());
        }
        Decode::NotMine(same) => assert_eq!(same, *element),
        Decode::Bad(error) => assert!(!error.to_string().is_empty()),
    }
    check_archived(element);
    check_all(element, &mut 100);
}

fn me() -> BareJid {
    BareJid::new("juliet@capulet.lit").expect("an address")
}

fn check_iq(iq: &Iq) {
    for answer in [iq.to_result(), iq.to_error(&iq.error().unwrap_or_else(StanzaError::disconnected))] {
        assert_eq!(answer.attribute("id"), Some(iq.id.as_str()));
        assert_eq!(answer.attribute("to"), iq.from.as_ref().map(Jid::as_str));
        if let Ok(written) = answer.to_xml() {
            let again = read(&written).expect("what is written can be read");
            assert_eq!(again, answer);
        }
    }
    if let Some(push) = roster::Push::from_own_account(iq, &me()) {
        assert!(roster::Push::is_push(iq));
        assert!(iq.from.as_ref().is_none_or(|from| from.is_bare() && *from.bare() == me()));
        let _: Result<_, _> = push.map(roster::Push::into_parts);
    }
    let _: (bool, Option<Option<&str>>) = (ping::is_ping(iq), disco::asked(iq));
}

fn check_archived(element: &Element) {
    let (me, stanza) = (me(), Rc::new(element.clone()));
    let room = BareJid::new("orchard@rooms.capulet.lit").expect("an address");
    let id = mam::queryid(element).unwrap_or_default();
    for owner in [&me, &room] {
        if let Some(archived) = mam::Archived::from_archive(&stanza, owner, &me, id) {
            let from = element.attribute("from").map(|from| Jid::new(from).expect("whose archive it is"));
            assert!(from.map_or(*owner == me, |from| Jid::from(owner.clone()) == from));
            assert!(!archived.id.is_empty());
            assert_eq!(Timestamp::parse(&archived.time.to_text()), Some(archived.time));
            let _: Option<&Element> = archived.message();
        }
        assert!(mam::Archived::from_archive(&stanza, owner, &me, "another").is_none() || id == "another");
    }
}

/// Reads an element, and each in it, as everything that there is.
fn check_all(element: &Element, left: &mut u32) {
    let Some(rest) = left.checked_sub(1) else { return };
    *left = rest;
    check_payloads(element);
    check_parts(element);
    check_muc(element);
    super::forms::is_sound(element);
    element.children().for_each(|child| check_all(child, left));
}

/// What is read, written and read again is the same.
fn comes_back<T: PartialEq + std::fmt::Debug>(
    value: &T,
    written: &Element,
    read_again: impl Fn(&Element) -> Option<T>,
) {
    let Ok(xml) = written.to_xml() else { return };
    let again = read(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    assert_eq!(read_again(&again).as_ref(), Some(value), "{xml}");
}

fn check_payloads(element: &Element) {
    if let Ok(info) = disco::Info::decode(element)
        && info.is_whole
        && info.forms.is_empty()
    {
        comes_back(&info, &info.encode(element.attribute("node")), |query| disco::Info::decode(query).ok());
    }
    let _: Result<Vec<disco::Item>, _> = disco::decode_items(element);
    if let Ok(roster) = roster::Roster::decode(element) {
        for item in roster.items {
            let name = item.name.as_deref();
            let update = roster::update(&item.jid, name, &item.groups);
            comes_back(&(&item.jid, name, &item.groups), &update, |query| {
                // The borrowed ones: what was read must be what was written.
                let again = roster::Roster::decode(query).ok()?.items.pop()?;
                (again.jid == item.jid && again.name == item.name && again.groups == item.groups).then_some((
                    &item.jid,
                    name,
                    &item.groups,
                ))
            });
        }
    }
    if let Some(conference) = bookmarks::Conference::decode("orchard@rooms.capulet.lit", element) {
        comes_back(&conference, &conference.encode(), |again| {
            bookmarks::Conference::decode("orchard@rooms.capulet.lit", again)
        });
    }
    if let Some((rooms, others)) = bookmarks::Conference::decode_all(element) {
        let kept = (rooms.clone(), others.clone());
        comes_back(&kept, &bookmarks::Conference::encode_all(rooms, &others), bookmarks::Conference::decode_all);
    }
    if let Ok(vcard) = vcard::VCard::decode(element) {
        let changes = vcard::Changes {
            fullname: vcard.fullname.clone(),
            nickname: vcard.nickname.clone(),
            url: vcard.url.clone(),
            role: vcard.role.clone(),
            email: vcard.email.clone(),
            image: vcard.photo.as_ref().map(|photo| photo.base64.clone()),
            image_type: vcard.photo.as_ref().map(|photo| photo.mime_type.to_owned()),
        };
        comes_back(&vcard, &changes.apply(Some(element)), |again| vcard::VCard::decode(again).ok());
        comes_back(&vcard, &changes.apply(None), |again| vcard::VCard::decode(again).ok());
    }
    if let Ok(slot) = upload::Slot::decode(element) {
        assert!(slot.headers.len() <= 3 && slot.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
    }
    if let Some(query) = register::Query::decode(element) {
        let answers: Vec<(&str, &str)> = query.names.iter().map(|name| (*name, "answer")).collect();
        let _: Element = register::submit(query.form, &answers);
    }
    for node in ["urn:xmpp:bookmarks:1", ""] {
        assert!(pubsub::decode_items(element, node).len() <= pubsub::MAX_ITEMS);
    }
    if let Some(changed) = mam::changed_preferences(element, "always") {
        assert_eq!(mam::changed_preferences(&changed, "always"), None);
    }
    let _: Option<mam::Fin<'_>> = mam::fin(element);
}

fn check_parts(element: &Element) {
    let part = rsm::Part::decode(element);
    // The index stands with the first item.
    if part.first.is_some() || part.index.is_none() {
        let whole = Element::new("fin", ns::MAM).with_child(part.encode());
        comes_back(&part, &whole, |fin| Some(rsm::Part::decode(fin)));
    }
    let message = |child: Element| Element::new("message", ns::CLIENT).with_child(child);
    if let Some(caps) = caps::Caps::decode(element) {
        comes_back(&caps, &message(caps.encode()), caps::Caps::decode);
    }
    if let Some(state) = chat_states::of(element) {
        comes_back(&state, &message(chat_states::encode(state)), chat_states::of);
    }
    if let Some(id) = correction::replaced(element) {
        comes_back(&id.to_owned(), &message(correction::replace(id)), |again| {
            correction::replaced(again).map(str::to_owned)
        });
    }
    if let Some(marker) = markers::of(element) {
        let written = message(markers::encode(marker));
        comes_back(&format!("{marker:?}"), &written, |again| markers::of(again).map(|marker| format!("{marker:?}")));
    }
    if let Some(id) = receipts::received(element) {
        comes_back(&id.to_owned(), &message(receipts::receipt(id)), |again| {
            receipts::received(again).map(str::to_owned)
        });
    }
    if let Some(id) = stanza_ids::origin_id(element) {
        let written = message(stanza_ids::encode_origin(id));
        comes_back(&id.to_owned(), &written, |again| stanza_ids::origin_id(again).map(str::to_owned));
    }
    if let Some(oob) = oob::of(element, usize::MAX) {
        comes_back(&oob.url, &message(oob::encode(&oob.url)), |again| oob::of(again, usize::MAX).map(|oob| oob.url));
    }
    if let Some(hint) = spoiler::hint(element, usize::MAX) {
        comes_back(&hint, &message(spoiler::encode(&hint)), |again| spoiler::hint(again, usize::MAX));
    }
    let references = references::of(element);
    assert!(references.len() <= references::MAX_REFERENCES);
    for reference in references {
        let written = message(references::encode(&reference));
        comes_back(&reference, &written, |again| references::of(again).pop());
    }
    if let Some(suggestions) = rosterx::Suggestions::decode(element) {
        assert!(suggestions.0.len() <= rosterx::MAX_SUGGESTIONS);
    }
    let error = StanzaError::decode(element);
    if !error.to_string().is_empty() {
        comes_back(&error, &message(error.encode()), |again| Some(StanzaError::decode(again)));
    }
    if let Some(picture) = element.children().find_map(|child| child.attribute("cid")) {
        let picture = bob::picture(&["cid:", picture].concat(), &[element]);
        assert!(picture.is_none_or(|picture| picture.starts_with("data:image/")));
    }
    let _: Option<Timestamp> = delay::of(element, |_| true);
    assert_eq!(delay::of(element, |_| false), None);
    let _: (Option<&str>, bool) = (stanza_ids::assigned_by(element, &me()), markers::is_markable(element));
    let _: (bool, Option<u64>, Option<Timestamp>) =
        (upload::is_too_large(element), upload::max_size(element), upload::retry(element));
    let _: (bool, bool) = (receipts::is_requested(element), pubsub::is_precondition_not_met(element));
}

fn check_muc(element: &Element) {
    let room = BareJid::new("orchard@rooms.capulet.lit").expect("an address");
    let from = Jid::new("romeo@montague.lit/a").expect("an address");
    if let Some(user) = muc::User::find(element) {
        let _: bool = user.says(110);
        if let Some(item) = user.item {
            assert!(item.role.is_none_or(|role| muc::ROLES.contains(&role)));
            assert!(item.affiliation.is_none_or(|affiliation| muc::AFFILIATIONS.contains(&affiliation)));
        }
    }
    if let Some(invitation) = muc::direct_in(element, &from) {
        let (reason, password) = (invitation.reason.as_deref(), invitation.password.as_deref());
        let written = Element::new("message", ns::CLIENT).with_child(muc::direct(&invitation.room, reason, password));
        let seen = |invitation: muc::Invitation| (invitation.room, invitation.reason, invitation.password);
        comes_back(&seen(invitation.clone()), &written, |again| muc::direct_in(again, &from).map(seen));
    }
    let _: Option<muc::Invitation> = muc::mediated_in(element, &room);
    let _: Option<(Jid, Option<String>)> = muc::declined_in(element);
    let _: (Vec<muc::Item>, Option<BareJid>) = (muc::members(element), muc::instead(element));
    let _: (Option<String>, Option<&str>) = (muc::reserved_nick_in(element), muc::occupant_id(element));
    if let Some(info) = muc::Info::decode(element) {
        assert!(info.features.len() <= 500);
    }
}
