//! Files on their way into conversations (XEP-0363): the service is found, gives a place, and a message leads there.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use converse_wasm::{
    client::Event,
    feature::{
        Outgoing, chat, room,
        upload::{self, MAX_OPEN, PROGRESS_TIMEOUT, Put, Transfer},
    },
    jid::BareJid,
    store::{Key, Kind, Message, Sending, Upload, Uploading, Value, What, cache::Part},
    xml::ns,
};

use support::{
    peer::{Script, juliet, online_on_both, seconds},
    room::{ROOM, room_jid},
};

const INFO: &str = "http://jabber.org/protocol/disco#info";
const ITEMS: &str = "http://jabber.org/protocol/disco#items";
const UPLOAD: &str = "urn:xmpp:http:upload:0";
const SERVER: &str = "<identity category='server' type='im'/>";
const SLOT: &str = "<put url='https://upload.capulet.lit/1/balcony.jpg'><header name='Authorization'>secret</header></put>\
    <get url='https://files.capulet.lit/1/balcony.jpg'/>";

fn romeo() -> BareJid {
    BareJid::new("romeo@montague.lit").unwrap()
}

fn photo(size: u64) -> Upload {
    Upload::new("balcony.jpg".to_owned(), size, "image/jpeg".to_owned())
}

fn key(number: u32) -> Key {
    Key::within(Kind::Message, romeo().as_str(), number.to_string())
}

fn send(script: &mut Script, file: Upload) -> Key {
    let sent = script.act(|client, now| {
        client.in_context(now, |context| {
            chat::open(context, &romeo());
            upload::send(context, romeo().as_str(), file)
        })
    });
    sent.unwrap().unwrap()
}

fn send_again(script: &mut Script, number: u32) -> bool {
    let again = script.act(|client, now| client.in_context(now, |context| upload::send_again(context, &key(number))));
    again.unwrap()
}

fn message(script: &Script, number: u32) -> &Message {
    script.client.store().timeline(romeo().as_str()).unwrap().get(number).unwrap()
}

fn attribute(script: &Script, number: u32, name: &str) -> Value {
    script.client.store().attributes(&key(number)).unwrap().get(name).cloned().unwrap_or(Value::Undefined)
}

fn put(script: &mut Script, message: &Key, put: Put) {
    script.act(|client, now| client.handle_put(now, message, put));
}

fn max(size: &str) -> String {
    format!(
        "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>{UPLOAD}</value></field>\
         <field var='max-file-size'><value>{size}</value></field></x>"
    )
}

/// An entity answers what it is, or what belongs to it, when it is asked.
#[track_caller]
fn tells(script: &mut Script, who: &str, what: &str, content: &str) {
    script.expect_sent(&format!("<iq type='get' id='$asked' to='{who}'><query xmlns='{what}'/></iq>"));
    script.recv(&format!("<iq type='result' id='$asked' from='{who}'><query xmlns='{what}'>{content}</query></iq>"));
    script.forget_name("asked");
}

/// The server has a service, which takes files of this size.
#[track_caller]
fn has_service(script: &mut Script, size: &str) {
    tells(script, "capulet.lit", INFO, SERVER);
    tells(script, "capulet.lit", ITEMS, "<item jid='upload.capulet.lit'/>");
    tells(script, "upload.capulet.lit", INFO, &format!("<feature var='{UPLOAD}'/>{}", max(size)));
}

#[track_caller]
fn expect_request(script: &mut Script, size: u64) {
    script.forget_name("slot");
    script.expect_sent(&format!(
        "<iq type='get' id='$slot' to='upload.capulet.lit'>\
         <request xmlns='{UPLOAD}' filename='balcony.jpg' size='{size}' content-type='image/jpeg'/></iq>"
    ));
}

fn gives(script: &mut Script, slot: &str) {
    script.recv(&format!(
        "<iq type='result' id='$slot' from='upload.capulet.lit'><slot xmlns='{UPLOAD}'>{slot}</slot></iq>"
    ));
}

fn refuses(script: &mut Script, error: &str) {
    script.recv(&format!(
        "<iq type='error' id='$slot' from='upload.capulet.lit'><error type='modify'>{error}</error></iq>"
    ));
}

fn condition(name: &str) -> String {
    format!("<{name} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>")
}

/// A client that has sent a photo of 1000 bytes to Romeo, for which there is a slot.
fn under_way(conversation: impl Fn(Script)) {
    online_on_both(|mut script| {
        send(&mut script, photo(1_000));
        has_service(&mut script, "10000");
        expect_request(&mut script, 1_000);
        gives(&mut script, SLOT);
        assert!(matches!(script.client.poll_transfer(), Some(Transfer::Put { .. })));
        script.forget();
        conversation(script);
    });
}

/// The file did not arrive, the page is told so, and the message says this. Nobody else is told anything.
#[track_caller]
fn expect_failure(script: &mut Script, number: u32, error: &str, text: &str) {
    let told = std::iter::from_fn(|| script.poll_event());
    let discovered = |event: &Event| matches!(event, Event::ServiceDiscovered(_) | Event::FieldDiscovered(_));
    assert_eq!(told.filter(|event| !discovered(event)).collect::<Vec<_>>(), [Event::UploadFailed(key(number))]);
    script.expect_nothing_sent();
    let message = message(script, number);
    assert_eq!((message.kind, message.body.as_deref()), ("error", Some(text)));
    assert!(matches!(message.outcome, Some(Sending::Failed { reason: "not-sent", .. })));
    assert_eq!(attribute(script, number, "upload"), Value::from("failure"));
    assert_eq!(attribute(script, number, "upload_error"), Value::from(error));
}

// From the file to the message

#[test]
fn a_file_is_put_where_the_service_says_and_a_message_leads_there() {
    online_on_both(|mut script| {
        let sent = send(&mut script, photo(1_000));
        assert_eq!(sent, key(0));
        // It is there at once.
        let file = Value::Map(vec![
            ("name".into(), Value::from("balcony.jpg")),
            ("size".into(), Value::from(1_000)),
            ("type".into(), Value::from("image/jpeg")),
        ]);
        assert_eq!(attribute(&script, 0, "file"), file);
        assert_eq!(attribute(&script, 0, "progress"), Value::Number(0.0));
        assert_eq!(attribute(&script, 0, "delivery"), Value::from("pending"));
        has_service(&mut script, "1000");
        expect_request(&mut script, 1_000);
        gives(&mut script, SLOT);
        let Some(Transfer::Put { message, url, headers }) = script.client.poll_transfer() else {
            panic!("the file was to be put somewhere");
        };
        assert_eq!((message, url.as_str()), (key(0), "https://upload.capulet.lit/1/balcony.jpg"));
        assert_eq!(headers, [("Authorization", "secret".to_owned())]);
        assert_eq!(script.client.poll_transfer(), None);
        assert_eq!(attribute(&script, 0, "slot_request_url"), Value::from("upload.capulet.lit"));
        assert_eq!(attribute(&script, 0, "get"), Value::from("https://files.capulet.lit/1/balcony.jpg"));
        script.expect_nothing_sent();
        put(&mut script, &key(0), Put::Answered(201));
        let url = "https://files.capulet.lit/1/balcony.jpg";
        script.expect_sent(&format!(
            "<message from='juliet@capulet.lit/balcony' to='romeo@montague.lit' type='chat' id='$id'><body>{url}</body>\
             <active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/>\
             <x xmlns='jabber:x:oob'><url>{url}</url></x><origin-id xmlns='urn:xmpp:sid:0' id='$id'/></message>"
        ));
        assert_eq!(attribute(&script, 0, "upload"), Value::from("success"));
        assert_eq!(attribute(&script, 0, "progress"), Value::Number(1.0));
        assert_eq!(attribute(&script, 0, "oob_url"), Value::from(url));
        assert_eq!(attribute(&script, 0, "message"), Value::from(url));
        assert_eq!(attribute(&script, 0, "type"), Value::from("chat"));
        // Whatever the server sends next says that it has it.
        script.recv("<message from='romeo@montague.lit' type='headline'/>");
        assert_eq!(message_of(&script).outcome, Some(Sending::Sent));
    });
}

fn message_of(script: &Script) -> &Message {
    message(script, 0)
}

#[test]
fn a_file_goes_into_a_room_under_the_nickname_of_then() {
    online_on_both(|mut script| {
        script.in_room();
        let of_room = |number: u32| Key::within(Kind::Message, ROOM, number.to_string());
        let sent = script.act(|client, now| {
            client.in_context(now, |context| upload::send(context, ROOM, photo(1_000))).unwrap().unwrap()
        });
        has_service(&mut script, "10000");
        expect_request(&mut script, 1_000);
        gives(&mut script, SLOT);
        script.recv(&format!(
            "<presence from='{ROOM}/juliet' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'>\
             <item nick='jules' affiliation='none' role='participant'/><status code='303'/><status code='110'/></x></presence>\
             <presence from='{ROOM}/jules'><x xmlns='http://jabber.org/protocol/muc#user'>\
             <item affiliation='none' role='participant'/><status code='110'/></x></presence>"
        ));
        script.forget();
        put(&mut script, &sent, Put::Answered(200));
        let url = "https://files.capulet.lit/1/balcony.jpg";
        let stanza = script.expect_sent(&format!(
            "<message from='juliet@capulet.lit/balcony' to='{ROOM}' type='groupchat' id='$id'><body>{url}</body>\
             <active xmlns='http://jabber.org/protocol/chatstates'/>\
             <x xmlns='jabber:x:oob'><url>{url}</url></x><origin-id xmlns='urn:xmpp:sid:0' id='$id'/></message>"
        ));
        let id = stanza.attribute("id").unwrap();
        // Its echo is no other message.
        script.recv(&format!(
            "<message from='{ROOM}/jules' to='juliet@capulet.lit/balcony' type='groupchat' id='{id}'><body>{url}</body>\
             <x xmlns='jabber:x:oob'><url>{url}</url></x><origin-id xmlns='urn:xmpp:sid:0' id='{id}'/></message>"
        ));
        let room = script.client.store().timeline(ROOM).unwrap();
        let mine: Vec<_> = room.iter().filter(|(_, message)| message.mine).collect();
        assert_eq!(mine.len(), 1);
        assert_eq!((mine[0].1.nick.as_deref(), &mine[0].1.outcome), (Some("jules"), &Some(Sending::Sent)));
        assert_eq!(sent, of_room(mine[0].0));
    });
}

#[test]
fn a_file_goes_to_an_occupant_of_a_room_alone() {
    online_on_both(|mut script| {
        script.in_room();
        let sent = script.act(|client, now| {
            client.in_context(now, |context| {
                let private = room::open_private(context, &room_jid(), "romeo").unwrap();
                upload::send(context, &private.id, photo(1_000))
            })
        });
        has_service(&mut script, "10000");
        expect_request(&mut script, 1_000);
        gives(&mut script, SLOT);
        put(&mut script, &sent.flatten().unwrap(), Put::Answered(201));
        let url = "https://files.capulet.lit/1/balcony.jpg";
        script.expect_sent(&format!(
            "<message from='juliet@capulet.lit/balcony' to='{ROOM}/romeo' type='chat' id='$id'>\
             <x xmlns='http://jabber.org/protocol/muc#user'/><body>{url}</body>\
             <active xmlns='http://jabber.org/protocol/chatstates'/>\
             <x xmlns='jabber:x:oob'><url>{url}</url></x><origin-id xmlns='urn:xmpp:sid:0' id='$id'/></message>"
        ));
        // What is under way when the session ends is over, here too.
        let sent = script.act(|client, now| {
            let id = client.store().rooms.privates().next().unwrap().id.clone();
            client.in_context(now, |context| upload::send(context, &id, photo(2_000)))
        });
        script.act(converse_wasm::client::Client::end);
        script.recv_close();
        let upload = script.client.store().upload(&sent.flatten().unwrap()).unwrap();
        assert!(matches!(&upload.state, Uploading::Failed(failure) if failure.error == "disconnected"));
    });
}

#[test]
fn the_progress_is_told_by_the_hundredth() {
    under_way(|mut script| {
        for progress in [0.004, 0.25, 0.251, 7.0] {
            script.act(|client, now| client.handle_progress(now, &key(0), progress));
        }
        let told: Vec<_> = script.take_changes().into_iter().map(|change| (change.key, change.what)).collect();
        assert_eq!(told, [(key(0), What::Shown), (key(0), What::Shown)]);
        assert_eq!(attribute(&script, 0, "progress"), Value::Number(1.0));
        script.expect_silence();
    });
}

#[test]
fn few_files_are_under_way_at_the_same_time() {
    online_on_both(|mut script| {
        for size in 1..=4 {
            send(&mut script, photo(size));
        }
        has_service(&mut script, "10000");
        for size in 1..=MAX_OPEN as u64 {
            expect_request(&mut script, size);
        }
        script.expect_nothing_sent();
        // One that is refused makes room as one that has arrived does.
        refuses(&mut script, &condition("not-acceptable"));
        expect_request(&mut script, 3);
        gives(&mut script, SLOT);
        put(&mut script, &key(2), Put::Answered(201));
        expect_request(&mut script, 4);
        assert!(script.expect_sent_any().child("x", &ns::OOB).is_some());
        script.expect_nothing_sent();
    });
}

#[test]
fn what_the_server_itself_takes_and_what_is_known_is_not_asked_again() {
    online_on_both(|mut script| {
        send(&mut script, photo(1_000));
        tells(&mut script, "capulet.lit", INFO, &format!("{SERVER}<feature var='{UPLOAD}'/>"));
        tells(&mut script, "capulet.lit", ITEMS, "");
        for _ in 0..2 {
            script.forget_name("slot");
            script.expect_sent(&format!("<iq type='get' id='$slot' to='capulet.lit'><request xmlns='{UPLOAD}' filename='*' size='*' content-type='*'/></iq>"));
            script.expect_nothing_sent();
            script.recv(&format!(
                "<iq type='result' id='$slot' from='capulet.lit'><slot xmlns='{UPLOAD}'>{SLOT}</slot></iq>"
            ));
            send(&mut script, photo(2_000));
        }
    });
}

// What goes wrong

#[test]
fn a_server_without_a_service() {
    online_on_both(|mut script| {
        send(&mut script, photo(1_000));
        tells(&mut script, "capulet.lit", INFO, SERVER);
        tells(&mut script, "capulet.lit", ITEMS, "<item jid='rooms.capulet.lit'/>");
        tells(&mut script, "rooms.capulet.lit", INFO, "<feature var='http://jabber.org/protocol/muc'/>");
        expect_failure(&mut script, 0, "unsupported", "balcony.jpg was not sent: your server takes no files");
    });
}

#[test]
fn a_file_that_is_too_large_is_not_offered() {
    online_on_both(|mut script| {
        send(&mut script, photo(1_000));
        has_service(&mut script, "999");
        let text = "balcony.jpg was not sent: it is larger than your server allows (999 bytes)";
        expect_failure(&mut script, 0, "file-too-large", text);
        assert_eq!(attribute(&script, 0, "upload_max_size"), Value::from(999));
    });
}

#[test]
fn what_is_no_size_is_no_limit() {
    online_on_both(|mut script| {
        send(&mut script, photo(1_000));
        has_service(&mut script, "-1");
        expect_request(&mut script, 1_000);
    });
}

#[test]
fn the_service_refuses() {
    let too_large = format!(
        "{}<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Too large</text>\
         <file-too-large xmlns='{UPLOAD}'><max-file-size>20</max-file-size></file-too-large>",
        condition("not-acceptable")
    );
    let later = format!("{}<retry xmlns='{UPLOAD}' stamp='2017-12-03T23:42:05Z'/>", condition("resource-constraint"));
    let said =
        format!("{}<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No &lt;b&gt;</text>", condition("not-acceptable"));
    let cases = [
        (too_large, "file-too-large", "it is larger than your server allows (20 bytes)"),
        (later, "refused", "your server refused it (resource-constraint)"),
        (said, "refused", "your server refused it (No <b>)"),
    ];
    for (refusal, error, why) in &cases {
        online_on_both(|mut script| {
            send(&mut script, photo(1_000));
            has_service(&mut script, "10000");
            expect_request(&mut script, 1_000);
            refuses(&mut script, refusal);
            expect_failure(&mut script, 0, error, &format!("balcony.jpg was not sent: {why}"));
            let retry = refusal.contains("stamp").then_some("2017-12-03T23:42:05.000Z");
            assert_eq!(attribute(&script, 0, "upload_retry_at"), Value::from(retry));
        });
    }
}

#[test]
fn slots_that_are_not_safe_are_not_used() {
    let get = "<get url='https://files.capulet.lit/1'/>";
    let put = "<put url='https://upload.capulet.lit/1'/>";
    let slots = [
        String::new(),
        put.to_owned(),
        format!("<put url='http://upload.capulet.lit/1'/>{get}"),
        format!("{put}<get url='http://files.capulet.lit/1'/>"),
        format!("{put}<get url='javascript:alert(1)//https://files.capulet.lit'/>"),
        format!("<put url='//upload.capulet.lit/1'/>{get}"),
        format!("<put url='/1'/>{get}"),
        format!("<put url='http://localhost@evil.example/1'/>{get}"),
    ];
    for slot in &slots {
        online_on_both(|mut script| {
            send(&mut script, photo(1_000));
            has_service(&mut script, "10000");
            expect_request(&mut script, 1_000);
            gives(&mut script, slot);
            assert_eq!(script.client.poll_transfer(), None, "{slot}");
            let text = "balcony.jpg was not sent: your server offers an unsafe place for it";
            expect_failure(&mut script, 0, "unsafe-slot", text);
        });
    }
}

#[test]
fn nobody_else_gives_slots() {
    online_on_both(|mut script| {
        send(&mut script, photo(1_000));
        has_service(&mut script, "10000");
        expect_request(&mut script, 1_000);
        script.recv(&format!(
            "<iq type='result' id='$slot' from='evil.example'><slot xmlns='{UPLOAD}'>{SLOT}</slot></iq>"
        ));
        assert_eq!(script.client.poll_transfer(), None);
        gives(&mut script, SLOT);
        assert!(script.client.poll_transfer().is_some());
        // Neither is one given twice.
        gives(&mut script, SLOT);
        assert_eq!(script.client.poll_transfer(), None);
    });
}

#[test]
fn the_service_says_nothing() {
    online_on_both(|mut script| {
        send(&mut script, photo(1_000));
        has_service(&mut script, "10000");
        expect_request(&mut script, 1_000);
        script.advance(seconds(21));
        script.forget_name("slot");
        assert_eq!(attribute(&script, 0, "upload_error"), Value::from("timed-out"));
    });
}

#[test]
fn the_place_takes_no_file() {
    for (answer, text) in [
        (Put::Answered(413), "balcony.jpg was not sent: it could not be uploaded (HTTP 413)"),
        (Put::Answered(304), "balcony.jpg was not sent: it could not be uploaded (HTTP 304)"),
        (Put::Failed, "balcony.jpg was not sent: it could not be uploaded"),
    ] {
        under_way(|mut script| {
            put(&mut script, &key(0), answer);
            expect_failure(&mut script, 0, "failed", text);
            // What comes later changes nothing.
            put(&mut script, &key(0), Put::Answered(201));
            script.expect_silence();
        });
    }
}

#[test]
fn a_file_of_which_nothing_leaves_is_given_up() {
    under_way(|mut script| {
        script.advance(PROGRESS_TIMEOUT - seconds(1));
        script.act(|client, now| client.handle_progress(now, &key(0), 0.5));
        script.advance(PROGRESS_TIMEOUT - seconds(1));
        assert_eq!(message(&script, 0).kind, "chat");
        script.advance(seconds(1));
        assert_eq!(attribute(&script, 0, "upload_error"), Value::from("timed-out"));
        assert_eq!(script.client.poll_transfer(), Some(Transfer::Abort { message: key(0) }));
    });
}

#[test]
fn a_file_of_a_conversation_that_was_closed_gets_no_place() {
    online_on_both(|mut script| {
        for size in 1..=3 {
            send(&mut script, photo(size));
        }
        has_service(&mut script, "10000");
        expect_request(&mut script, 1);
        let first = script.expect_name("slot");
        expect_request(&mut script, 2);
        script.act(|client, now| client.in_context(now, |context| chat::close(context, &romeo())));
        for id in [first, script.expect_name("slot")] {
            script.recv(&format!(
                "<iq type='result' id='{id}' from='upload.capulet.lit'><slot xmlns='{UPLOAD}'>{SLOT}</slot></iq>"
            ));
        }
        assert_eq!(script.client.poll_transfer(), None);
    });
}

#[test]
fn a_file_of_a_conversation_that_was_closed_is_given_up() {
    under_way(|mut script| {
        script.act(|client, now| client.in_context(now, |context| chat::close(context, &romeo())));
        script.forget();
        script.act(|client, now| client.handle_progress(now, &key(0), 0.5));
        assert_eq!(script.client.poll_transfer(), Some(Transfer::Abort { message: key(0) }));
        put(&mut script, &key(0), Put::Answered(201));
        script.expect_silence();
    });
}

#[test]
fn the_end_of_the_session_is_that_of_its_uploads() {
    under_way(|mut script| {
        send(&mut script, photo(2_000));
        script.client.poll_transfer();
        script.act(converse_wasm::client::Client::end);
        script.recv_close();
        for number in 0..2 {
            assert_eq!(attribute(&script, number, "upload_error"), Value::from("disconnected"));
        }
        assert_eq!(script.client.poll_transfer(), Some(Transfer::Abort { message: key(0) }));
    });
}

#[test]
fn a_page_that_is_loaded_anew_has_no_files() {
    under_way(|mut script| {
        script.advance(seconds(1));
        assert!(!script.stored_of(&Part::Messages("romeo@montague.lit".into())).unwrap().contains("secret"));
        script.reload(juliet());
        script.log_in_again();
        let text = "balcony.jpg was not sent: the page was left before it was uploaded";
        assert_eq!((message(&script, 0).kind, message(&script, 0).body.as_deref()), ("error", Some(text)));
        assert_eq!(attribute(&script, 0, "upload_error"), Value::from("interrupted"));
        assert_eq!(attribute(&script, 0, "delivery"), Value::from("failed"));
    });
}

// Once more

#[test]
fn a_file_is_sent_again_when_the_user_says_so() {
    under_way(|mut script| {
        assert!(!send_again(&mut script, 0));
        put(&mut script, &key(0), Put::Failed);
        script.forget();
        // Without the file there is nothing to say.
        let said = script.act(|client, now| {
            client.in_context(now, |context| {
                let correction = Outgoing { body: "no".to_owned(), correcting: Some(0), ..Outgoing::default() };
                let corrected = chat::send(context, &romeo(), correction);
                (chat::send_again(context, &romeo(), 0), corrected, room::send_again(context, &romeo(), 0))
            })
        });
        assert_eq!(said, Some((None, None, None)));
        assert!(send_again(&mut script, 0));
        let message = message(&script, 0);
        assert_eq!((message.kind, &message.body, &message.outcome), ("chat", &None, &Some(Sending::Pending)));
        assert_eq!(message.upload.as_ref().unwrap().state, Uploading::Pending);
        expect_request(&mut script, 1_000);
        gives(&mut script, SLOT);
        put(&mut script, &key(0), Put::Answered(201));
        script.expect_sent_any();
        assert!(!send_again(&mut script, 0));
        assert!(!send_again(&mut script, 7));
    });
}
