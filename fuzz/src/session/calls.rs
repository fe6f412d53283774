//! What the page does: one word, and what it is about.

use converse_wasm::{
    client::{Call, Client, Replaced},
    feature::{
        Outgoing, archive, bookmarks, chat, disco,
        presence::{self, subscriptions},
        room, roster, upload, vcard,
    },
    jid::{BareJid, Jid},
    stanza::payload::vcard::Changes,
    store::{Attributes, Bookmark, Key, Kind, Upload, Value},
    xml::read,
};

use super::World;

/// Who is invited, and whom the page's own stanzas go to.
const INVITED: &str = "benvolio@montague.lit";

impl World {
    /// `word jid text`. Whoever is named may be told something from then on.
    pub(super) fn call(&mut self, text: &str) {
        let mut words = text.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (word, whom, text) = (word(), word(), word());
        self.caused += 4;
        if self.general(word, whom, text) {
            return;
        }
        let Ok(jid) = BareJid::new(whom) else { return };
        self.permit.named.extend([jid.as_str().to_owned(), INVITED.to_owned()]);
        let call = Call(1);
        let script = &mut self.script;
        let said = &mut self.permit.said;
        let outgoing = |body: &str| Outgoing { body: body.to_owned(), ..Outgoing::default() };
        let _: Option<()> = script.act(|client, now| {
            client.in_context(now, |context| match word {
                "say" => {
                    said.push(text.to_owned());
                    let _ = chat::send(context, &jid, outgoing(text));
                    archive::fill(context, &jid);
                }
                "correct" => {
                    said.push(text.to_owned());
                    let last =
                        context.store.timeline(jid.as_str()).and_then(|timeline| timeline.order().last().copied());
                    let _ = match context.store.rooms.get(&jid).is_some() {
                        true => room::send(context, &jid, Outgoing { correcting: last, ..outgoing(text) }),
                        false => chat::send(context, &jid, Outgoing { correcting: last, ..outgoing(text) }),
                    };
                }
                "again" => {
                    let number = text.parse().unwrap_or_default();
                    let _ = chat::send_again(context, &jid, number);
                    let _ = room::send_again(context, &jid, number);
                }
                "open" => {
                    chat::open(context, &jid);
                    archive::fill(context, &jid);
                }
                "close" => chat::close(context, &jid),
                "older" => archive::fetch_older(context, &jid),
                "state" => {
                    let states = ["active", "composing", "paused", "inactive", "gone"];
                    chat::set_state(context, &jid, states.into_iter().find(|state| *state == text).unwrap_or("active"));
                    let _: bool = room::set_state(context, &jid, text);
                }
                "join" => {
                    let _: Attributes = room::open(context, &jid, &Attributes::default().with("nick", text));
                    room::join(context, &jid, None, None);
                }
                "nick" => room::join(context, &jid, Some(text), None),
                "password" => room::join(context, &jid, None, Some(text)),
                "leave" => room::leave(context, &jid, Some(text)),
                "closeroom" => room::close(context, &jid),
                "roomsay" => {
                    said.push(text.to_owned());
                    let _ = room::send(context, &jid, outgoing(text));
                }
                "subject" => room::set_subject(context, &jid, text),
                "private" => drop(room::open_private(context, &jid, text)),
                "privatesay" => {
                    said.push(text.to_owned());
                    let id = context.store.rooms.privates().next().map(|private| private.id.clone());
                    let _ = id.and_then(|id| room::send_private(context, &id, outgoing(text)));
                }
                "config" => room::fetch_config(context, call, &jid),
                "destroy" => room::destroy(context, call, &jid, None, None),
                "members" => room::fetch_members(context, &jid, "member", Some(call)),
                "register" => room::register(context, &jid, Some(call)),
                "reserved" => room::fetch_reserved_nick(context, &jid, call),
                "invite" => room::invite(context, call, &jid, BareJid::new(INVITED).expect("an address"), None),
                "decline" => room::decline(context, &jid, Some(text)),
                "add" => roster::add(
                    context,
                    call,
                    roster::Wanted {
                        jid,
                        name: Some(text.to_owned()),
                        groups: vec![text.to_owned()],
                        subscribe: Some(None),
                    },
                ),
                "remove" => roster::remove(context, call, &jid),
                "authorize" => subscriptions::tell(context, subscriptions::Word::Authorize, &jid, None),
                "unauthorize" => subscriptions::tell(context, subscriptions::Word::Unauthorize, &jid, None),
                "acknowledge" => subscriptions::tell(context, subscriptions::Word::AckUnsubscribe, &jid, None),
                "vcard" => vcard::fetch(context, call, jid.into()),
                "want" => drop(vcard::want(context, &jid)),
                "setvcard" => {
                    let changes = Changes { fullname: Some(text.to_owned()), ..Changes::default() };
                    vcard::set(context, call, Jid::from(context.me.bare().clone()), changes);
                }
                "bookmark" => {
                    let bookmark = Bookmark {
                        jid,
                        name: Some(text.to_owned()),
                        nick: None,
                        password: None,
                        autojoin: text.starts_with('a'),
                        extensions: None,
                    };
                    bookmarks::set(context, call, bookmark);
                }
                "unbookmark" => bookmarks::remove(context, call, jid),
                "disco" => disco::refresh(context, call, &jid.into()),
                "mam" => {
                    let room = context.store.rooms.get(&jid).map(|_| jid);
                    archive::query(context, call, archive::Query { room, ..archive::Query::default() });
                }
                "upload" => {
                    let file = Upload::new("a.jpg".to_owned(), 1_000, "image/jpeg".to_owned());
                    drop(upload::send(context, jid.as_str(), file));
                }
                _ => {}
            })
        });
    }

    /// What is about nobody.
    fn general(&mut self, word: &str, whom: &str, text: &str) -> bool {
        let script = &mut self.script;
        match word {
            "status" => {
                let shows = ["online", "away", "xa", "dnd", "chat", "unavailable"];
                let show = shows.into_iter().find(|show| *show == whom).unwrap_or("online");
                let message = Some(text).filter(|text| !text.is_empty());
                let _ = script
                    .act(|client, now| client.in_context(now, |context| presence::set_status(context, show, message)));
            }
            "hide" => script.act(|client, now| client.set_visible(now, false)),
            "show" => script.act(|client, now| client.set_visible(now, true)),
            "active" => script.act(Client::handle_activity),
            "check" => script.act(Client::check_link),
            "flush" => script.act(|client, _| client.flush()),
            "full" => {
                let part = converse_wasm::store::cache::Part::from_key(whom);
                script.act(|client, _| client.handle_full(part.unwrap_or(converse_wasm::store::cache::Part::Chats)));
            }
            "logout" => script.disconnect(),
            "login" => {
                self.open.clear();
                script.connect(self.account.clone());
            }
            "put" => {
                if let Some(file) = self.files.pop() {
                    let put = match whom.parse() {
                        Ok(status) => upload::Put::Answered(status),
                        Err(_) => upload::Put::Failed,
                    };
                    self.permit.named.push(file.of.to_string());
                    // What leads to the file is the text of its message.
                    let get = self
                        .script
                        .client
                        .store()
                        .timeline(&file.of)
                        .and_then(|timeline| timeline.get(file.id.parse().ok()?)?.upload.as_ref()?.get.clone());
                    self.permit.said.extend(get);
                    self.script.act(|client, now| {
                        client.handle_progress(now, &file, 0.5);
                        client.handle_put(now, &file, put);
                    });
                }
            }
            // The page sends a stanza of its own, whatever it is: what it names is named.
            "send" => {
                if let Ok(stanza) =
                    read(&["<message xmlns='jabber:client' to='benvolio@montague.lit'>", text, "</message>"].concat())
                {
                    self.permit.named.push(INVITED.to_owned());
                    self.permit.said.extend(stanza.children().map(|child| child.text().into_owned()));
                    let _ = script.act(|client, now| client.send(now, stanza));
                }
            }
            "hook" => {
                if let Ok(room) = BareJid::new(whom) {
                    script.client.hook_room(&room, text.is_empty());
                }
            }
            "replace" => script.client.set_replaced(Replaced(whom.parse().unwrap_or_default())),
            "write" => {
                let key = match whom.split_once('|') {
                    Some((of, id)) => Key::within(Kind::Message, of, id),
                    None => Key::new(Kind::Chat, whom),
                };
                let (name, value) = text.split_once(' ').unwrap_or((text, "true"));
                let value = match value.parse() {
                    Ok(number) => Value::Number(number),
                    Err(_) => value.into(),
                };
                self.permit.named.extend(BareJid::new(whom).map(|jid| jid.as_str().to_owned()));
                let names = ["num_unread", "hidden", "chat_state", "note", "nick", "message", "scrolled"];
                let name = names.into_iter().find(|known| *known == name).unwrap_or("note");
                let attributes = Attributes::default().with(name, value);
                script.act(|client, now| client.write(now, &key, &attributes));
            }
            _ => return false,
        }
        true
    }
}
