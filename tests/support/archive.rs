//! The archive of an account that a script plays.

use converse_wasm::{
    feature::{Outgoing, chat},
    jid::BareJid,
    session::Account,
    store::Sending,
    stream::Endpoint,
};

use super::peer::{BOSH_URL, Script, WEBSOCKET_URL, juliet, seconds};

pub const ROSTER: &str = "<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>";
pub const INFO: &str =
    "<iq type='get' id='$info' to='juliet@capulet.lit'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>";
pub const MAM: &str = "urn:xmpp:mam:2";
pub const SID: &str = "urn:xmpp:sid:0";

/// A client that has asked what its account can do, and been told.
pub fn online(account: Account, features: &[&str]) -> Script {
    let mut script = connecting(account);
    arrive(&mut script, features);
    script
}

pub fn connecting(account: Account) -> Script {
    let mut script = Script::offline();
    script.reads_archives = true;
    script.connect(account);
    script
}

pub fn arrive(script: &mut Script, features: &[&str]) {
    script.log_in();
    script.expect_sent(ROSTER);
    script.expect_sent(INFO);
    script.expect_sent("<presence/>");
    script.recv("<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
    let features: String = features.iter().map(|var| format!("<feature var='{var}'/>")).collect();
    script.recv(&format!(
        "<iq type='result' id='$info' from='juliet@capulet.lit'>\
         <query xmlns='http://jabber.org/protocol/disco#info'>{features}</query></iq>"
    ));
    script.skip_events();
}

/// Plays the same conversation over WebSocket and over BOSH, with a client that knows the archive's newest message.
pub fn with_archive(conversation: impl Fn(Script)) {
    for endpoint in [Endpoint::WebSocket(WEBSOCKET_URL.to_owned()), Endpoint::Bosh(BOSH_URL.to_owned())] {
        conversation(with_newest(Account { endpoint, ..reconnecting() }));
    }
}

/// A client that knows the archive's newest message.
pub fn with_newest(account: Account) -> Script {
    let mut script = online(account, &[MAM, SID]);
    expect_newest(&mut script, "start");
    script
}

pub fn reconnecting() -> Account {
    Account { reconnect: true, ..juliet() }
}

/// The client asks where the archive ends: at the message `last`.
pub fn expect_newest(script: &mut Script, last: &str) {
    expect_asked(script, &asked("", "<max>1</max><before/>"));
    script.recv(&result("$query", last, &message("nurse@capulet.lit", "n0", "before")));
    script.recv(&fin("true", last, last));
}

/// A question to the account's archive, by the name `query`.
pub fn asked(form: &str, set: &str) -> String {
    format!(
        "<iq type='set' id='$query'><query xmlns='{MAM}' queryid='$query'>{form}\
         <set xmlns='http://jabber.org/protocol/rsm'>{set}</set></query></iq>"
    )
}

/// The client puts this question to an archive.
#[track_caller]
pub fn expect_asked(script: &mut Script, question: &str) {
    script.forget_name("query");
    script.expect_sent(question);
}

pub fn with(jid: &str) -> String {
    format!(
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>{MAM}</value></field>\
         <field var='with'><value>{jid}</value></field></x>"
    )
}

pub fn result(queryid: &str, id: &str, message: &str) -> String {
    result_from("juliet@capulet.lit", queryid, id, message)
}

pub fn result_from(from: &str, queryid: &str, id: &str, message: &str) -> String {
    format!(
        "<message from='{from}' to='juliet@capulet.lit/balcony'><result xmlns='{MAM}' queryid='{queryid}' id='{id}'>\
         <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='1970-01-01T00:00:00Z'/>\
         {message}</forwarded></result></message>"
    )
}

pub fn message(from: &str, id: &str, body: &str) -> String {
    format!(
        "<message xmlns='jabber:client' from='{from}' to='juliet@capulet.lit' type='chat' id='{id}'>\
         <body>{body}</body></message>"
    )
}

pub fn fin(complete: &str, first: &str, last: &str) -> String {
    format!(
        "<iq type='result' id='$query'><fin xmlns='{MAM}' complete='{complete}'>\
         <set xmlns='http://jabber.org/protocol/rsm'><first>{first}</first><last>{last}</last></set></fin></iq>"
    )
}

pub fn empty_fin() -> &'static str {
    "<iq type='result' id='$query'><fin xmlns='urn:xmpp:mam:2' complete='true'>\
     <set xmlns='http://jabber.org/protocol/rsm'/></fin></iq>"
}

/// A message by itself, with the id that the archive gave it.
pub fn live(id: &str, body: &str, archive_id: &str) -> String {
    format!(
        "<message from='romeo@montague.lit/orchard' to='juliet@capulet.lit/balcony' type='chat' id='{id}'>\
         <body>{body}</body><stanza-id xmlns='{SID}' by='juliet@capulet.lit' id='{archive_id}'/></message>"
    )
}

pub fn romeo() -> BareJid {
    BareJid::new("romeo@montague.lit").unwrap()
}

/// What the conversation with Romeo says.
pub fn said(script: &Script) -> Vec<String> {
    let chat = script.client.store().chats.get(&romeo());
    let messages = chat.into_iter().flat_map(|chat| chat.messages.iter());
    messages.map(|(_, message)| message.body.as_deref().unwrap_or("-").to_owned()).collect()
}

pub fn outcomes(script: &Script) -> Vec<Option<Sending>> {
    let chat = script.client.store().chats.get(&romeo()).unwrap();
    chat.messages.iter().map(|(_, message)| message.outcome.clone()).collect()
}

pub fn say(script: &mut Script, body: &str) {
    let outgoing = Outgoing { body: body.to_owned(), ..Outgoing::default() };
    script.act(|client, now| client.in_context(now, |context| chat::send(context, &romeo(), outgoing))).unwrap();
}

/// The newest page of the conversation with Romeo is asked for, and there is nothing in it.
pub fn expect_history(script: &mut Script) {
    expect_asked(script, &asked(&with("romeo@montague.lit"), "<max>50</max><before/>"));
    script.recv(empty_fin());
}

pub fn reconnect(script: &mut Script) {
    script.forget();
    // Over BOSH a link that breaks is mended: it takes a server that gives the session up.
    if script.is_bosh() {
        script.recv_close();
    } else {
        script.drop_link();
    }
    script.throw(0);
    script.advance(seconds(2));
    script.log_in();
    script.expect_sent(ROSTER);
}
