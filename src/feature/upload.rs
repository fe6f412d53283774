//! Uploads (XEP-0363): a file is put where the server keeps such, and a message leads to it.
//!
//! Each file is a message from the beginning, which says how far it is, and in the end that it is sent, or why not. Few
//! are under way at the same time; a slot is asked for only when the file can leave at once, because slots expire.

use std::{collections::VecDeque, fmt, rc::Rc, time::Duration};

use super::{Context, Event, Outgoing, State, Then as AfterAnswer, tell};
use crate::{
    jid::{BareJid, Jid},
    session::Answer,
    stanza::{
        Iq,
        payload::upload::{self, Slot},
    },
    store::{Change, Failure, Key, Message, Sending, Store, Timeline, Upload, Uploading},
    stream::Endpoint,
    time::Instant,
    xml::ns,
};

/// The most files that are on their way at the same time.
pub const MAX_OPEN: usize = 2;
/// How long nothing of a file may leave.
pub const PROGRESS_TIMEOUT: Duration = Duration::from_secs(120);
/// A change of the progress that is smaller is told of with the next one.
const MIN_PROGRESS: f64 = 0.01;

/// What comes after the answer to a request of this feature, for the file of this message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// It is known which services there are.
    Known(Key),
    /// The service says where to put it.
    Slot(Key),
}

/// What the page is to do with the file of a message.
#[derive(Clone, Eq, PartialEq)]
pub enum Transfer {
    /// Send it to `url` by an HTTP PUT with these headers besides.
    Put { message: Key, url: String, headers: Vec<(&'static str, String)> },
    /// Give that up.
    Abort { message: Key },
}

/// The files that are not where they are to be yet.
#[derive(Default)]
pub struct Uploads {
    /// Those for which a service has been found.
    waiting: VecDeque<Key>,
    /// Those for which a slot has been asked, and since it came, until when something must have happened.
    open: Vec<(Key, Option<Instant>)>,
    transfers: VecDeque<Transfer>,
}

/// What comes of a request to put a file somewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Put {
    /// The server answered with this status.
    Answered(u16),
    /// It cannot be reached, or the page may not.
    Failed,
}

/// Whoever knows these addresses and headers can put something there.
impl fmt::Debug for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { message, .. } => f.debug_tuple("Put").field(message).finish(),
            Self::Abort { message } => f.debug_tuple("Abort").field(message).finish(),
        }
    }
}

impl Uploads {
    /// What the page is to do next.
    pub fn poll_transfer(&mut self) -> Option<Transfer> {
        self.transfers.pop_front()
    }

    /// When [`handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.open.iter().filter_map(|(_, due)| *due).min()
    }

    /// Gives all up.
    pub(super) fn abandon(&mut self) {
        self.waiting.clear();
        let open = std::mem::take(&mut self.open).into_iter();
        self.transfers = open.map(|(message, _)| Transfer::Abort { message }).collect();
    }

    fn close(&mut self, message: &Key) {
        self.waiting.retain(|other| other != message);
        self.open.retain(|(other, _)| other != message);
    }
}

/// Begins to send a file in the open conversation with `of`. The message that tells what becomes of it comes back.
pub fn send(context: &mut Context<'_>, of: &str, file: Upload) -> Option<Key> {
    let (from, nick) = author(context, of);
    let id = context.dice.uuid().into();
    let mut message = Outgoing::default().into_message(kind(context.store, of), from, id, context.time);
    message.body = None;
    message.nick = nick;
    message.upload = Some(Box::new(file));
    let (_, change) = context.store.messages_mut(of)?.push(message);
    let key = change.key.clone();
    context.tell([change]);
    if context.state.uploads.open.iter().any(|(open, _)| *open == key) {
        // It is of a conversation that was closed since, in which the numbers begin anew.
        give_up(context, &key);
    }
    begin(context, key.clone());
    Some(key)
}

/// Tries once more to send a file that could not be sent. `false` if `message` is about no such file.
pub fn send_again(context: &mut Context<'_>, message: &Key) -> bool {
    let kind = kind(context.store, &message.of);
    let again = |message: &mut Message| {
        let Some(upload) = &mut message.upload else { return false };
        if !matches!(upload.state, Uploading::Failed(_)) {
            return false;
        }
        **upload = Upload::new(std::mem::take(&mut upload.name), upload.size, std::mem::take(&mut upload.media_type));
        message.kind = kind;
        message.body = None;
        message.outcome = Some(Sending::Pending);
        true
    };
    if update(context, message, again) != Some(true) {
        return false;
    }
    begin(context, message.clone());
    true
}

/// Goes on when it is known which services there are.
pub fn handle_known(context: &mut Context<'_>, then: Then) {
    let Then::Known(message) = then else { return };
    let Some(upload) = pending(context.store, &message).filter(|upload| upload.service.is_none()) else { return };
    match find_service(context, upload.size) {
        Ok(service) => {
            let _: Option<()> =
                update_upload(context, &message, |upload| upload.service = Some(service.as_str().into()));
            context.state.uploads.waiting.push_back(message);
        }
        Err(failure) => fail(context, &message, failure, None),
    }
    start_next(context);
}

/// Goes on after an answer.
pub fn handle_answer(context: &mut Context<'_>, then: Then, answer: &Answer) {
    let Then::Slot(message) = then else { return };
    if !context.state.uploads.open.iter().any(|(open, _)| *open == message) {
        return;
    }
    match slot(answer) {
        // The conversation was closed in the meantime.
        _ if pending(context.store, &message).is_none() => context.state.uploads.close(&message),
        Ok(Slot { put, headers, get }) => {
            let _: Option<()> = update_upload(context, &message, |upload| upload.get = Some(get));
            touch(context, &message);
            context.state.uploads.transfers.push_back(Transfer::Put { message, url: put, headers });
        }
        Err((failure, text)) => fail(context, &message, failure, text.as_deref()),
    }
    start_next(context);
}

/// Takes in how much of a file has left, from 0 to 1.
pub fn handle_progress(context: &mut Context<'_>, message: &Key, progress: f64) {
    let Some(known) = pending(context.store, message).map(|upload| upload.progress) else {
        // Nobody wants it any more.
        return give_up(context, message);
    };
    touch(context, message);
    let progress = progress.clamp(0.0, 1.0);
    if progress - known < MIN_PROGRESS && progress < 1.0 {
        return;
    }
    let moved = |message: &mut Message| message.upload.iter_mut().for_each(|upload| upload.progress = progress);
    // The next page has no use for it.
    let change = update_in(context.store, message, moved).map(|change| change.key.shown());
    context.tell(change);
}

/// Takes in what came of putting a file somewhere. `true` if it is there now, and the message that leads to it can be sent.
pub fn handle_put(context: &mut Context<'_>, message: &Key, put: Put) -> bool {
    let wanted = pending(context.store, message).is_some();
    context.state.uploads.close(message);
    if wanted {
        match put {
            Put::Answered(200..=299) => finish(context, message),
            Put::Answered(status) => {
                let text = ["HTTP ", &status.to_string()].concat();
                fail(context, message, Failure::new("failed"), Some(&text));
            }
            Put::Failed => fail(context, message, Failure::new("failed"), None),
        }
    }
    start_next(context);
    wanted && matches!(put, Put::Answered(200..=299))
}

/// Gives up files of which nothing has left for too long.
pub fn handle_timeout(context: &mut Context<'_>) {
    let late = |(_, due): &&(Key, Option<Instant>)| due.is_some_and(|due| due <= context.now);
    let late: Vec<Key> = context.state.uploads.open.iter().filter(late).map(|(key, _)| key.clone()).collect();
    for message in late {
        fail(context, &message, Failure::new("timed-out"), None);
        give_up(context, &message);
    }
}

/// Gives up all files, because the session is over.
pub fn end_all(store: &mut Store, state: &mut State, events: &mut VecDeque<Event>) {
    state.uploads.abandon();
    let chats = store.chats.iter().map(|chat| &chat.messages);
    let rooms = store.rooms.iter().map(|room| &room.messages);
    let privates = store.rooms.privates().map(|private| &private.messages);
    let timelines = chats.chain(rooms).chain(privates);
    let pending = |messages: &Timeline| {
        let pending = messages.iter().filter(|(_, message)| is_pending(message));
        pending.map(|(number, _)| messages.key(number)).collect::<Vec<Key>>()
    };
    for key in timelines.flat_map(pending).collect::<Vec<Key>>() {
        let fail = |message: &mut Message| message.fail_upload(Failure::new("disconnected"), None);
        if let Some(change) = update_in(store, &key, fail) {
            tell(store, state, events, change);
        }
        events.push_back(Event::UploadFailed(key));
    }
}

fn begin(context: &mut Context<'_>, message: Key) {
    match Jid::new(context.account().domain()) {
        Ok(domain) => context.discover(&domain, true, AfterAnswer::Upload(Then::Known(message))),
        Err(_) => fail(context, &message, Failure::new("unsupported"), None),
    }
}

/// The first service of the account's server that takes files of this size.
fn find_service(context: &Context<'_>, size: u64) -> Result<String, Failure> {
    let disco = &context.store.disco;
    let domain = context.account().domain();
    let items = disco.get(domain).map(|server| server.item_ids.as_slice()).unwrap_or_default();
    let mut largest = None;
    let mut found = false;
    for id in std::iter::once(domain).chain(items.iter().map(|item| &**item)) {
        let Some(entity) = disco.get(id).filter(|entity| entity.profile.has(ns::UPLOAD.as_str())) else { continue };
        found = true;
        match entity.profile.value_in(ns::UPLOAD.as_str(), "max-file-size").and_then(upload::size) {
            Some(max) if size > max => largest = largest.max(Some(max)),
            _ => return Ok(id.to_owned()),
        }
    }
    let error = if found { "file-too-large" } else { "unsupported" };
    Err(Failure { max_size: largest, ..Failure::new(error) })
}

/// Asks for slots for those that wait, as far as may be under way.
fn start_next(context: &mut Context<'_>) {
    while context.state.uploads.open.len() < MAX_OPEN {
        let Some(message) = context.state.uploads.waiting.pop_front() else { return };
        let Some(upload) = pending(context.store, &message) else { continue };
        let request = upload::request(&upload.name, upload.size, &upload.media_type);
        let service = upload.service.as_deref().unwrap_or_default();
        let iq = Iq::get(&context.dice.id(), request).with_attribute("to", service);
        if context.try_request(iq, AfterAnswer::Upload(Then::Slot(message.clone()))) {
            context.state.uploads.open.push((message, None));
        } else {
            fail(context, &message, Failure::new("disconnected"), None);
        }
    }
}

/// The slot in an answer, if files may go there and be fetched from there. Else why not, and what was said about it.
fn slot(answer: &Answer) -> Result<Slot, (Failure, Option<String>)> {
    let iq = match answer {
        Answer::Result(iq) => iq,
        Answer::Error(iq) => {
            let element = iq.element();
            let error = if upload::is_too_large(element) { "file-too-large" } else { "refused" };
            let text = iq.error().map(|error| error.text.unwrap_or(error.condition)).filter(|_| error == "refused");
            return Err((Failure { error, max_size: upload::max_size(element), retry: upload::retry(element) }, text));
        }
        Answer::TimedOut => return Err((Failure::new("timed-out"), None)),
        Answer::Disconnected => return Err((Failure::new("disconnected"), None)),
    };
    let slot = iq.payload().and_then(|payload| Slot::decode(payload).ok());
    let is_safe = |url: &str| Endpoint::Bosh(url.to_owned()).is_confidential();
    let slot = slot.filter(|slot| is_safe(&slot.put) && is_safe(&slot.get));
    slot.ok_or((Failure::new("unsafe-slot"), None))
}

/// The file is where it is to be: the message leads there.
fn finish(context: &mut Context<'_>, message: &Key) {
    // The nickname may be another than when the upload began.
    let (from, nick) = author(context, &message.of);
    let _: Option<()> = update(context, message, |message| {
        let Some(upload) = &mut message.upload else { return };
        upload.state = Uploading::Done;
        upload.progress = 1.0;
        message.body = upload.get.as_deref().map(Into::into);
        message.rare.oob_url.clone_from(&upload.get);
        (message.from, message.nick) = (from, nick);
    });
}

fn fail(context: &mut Context<'_>, message: &Key, failure: Failure, text: Option<&str>) {
    context.state.uploads.close(message);
    if update(context, message, |message| message.fail_upload(failure, text)).is_some() {
        context.emit(Event::UploadFailed(message.clone()));
    }
}

fn give_up(context: &mut Context<'_>, message: &Key) {
    context.state.uploads.close(message);
    context.state.uploads.transfers.push_back(Transfer::Abort { message: message.clone() });
    start_next(context);
}

/// Something of the file has left, or may leave now.
fn touch(context: &mut Context<'_>, message: &Key) {
    let due = context.now + PROGRESS_TIMEOUT;
    let open = context.state.uploads.open.iter_mut().find(|(open, _)| open == message);
    if let Some((_, until)) = open {
        *until = Some(due);
    }
}

/// The file of a message, if it is still to be uploaded.
fn pending<'a>(store: &'a Store, message: &Key) -> Option<&'a Upload> {
    store.upload(message).filter(|upload| upload.state == Uploading::Pending)
}

fn is_pending(message: &Message) -> bool {
    message.upload.as_ref().is_some_and(|upload| upload.state == Uploading::Pending)
}

fn update<R>(context: &mut Context<'_>, message: &Key, change: impl FnOnce(&mut Message) -> R) -> Option<R> {
    let mut result = None;
    let told = update_in(context.store, message, |message| result = Some(change(message)));
    context.tell(told);
    result
}

fn update_in(store: &mut Store, message: &Key, change: impl FnOnce(&mut Message)) -> Option<Change> {
    store.messages_mut(&message.of)?.update(message.id.parse().ok()?, change)
}

fn update_upload(context: &mut Context<'_>, message: &Key, change: impl FnOnce(&mut Upload)) -> Option<()> {
    update(context, message, |message| message.upload.as_deref_mut().map(change))?
}

/// As whom the user speaks in the conversation with `of`: the address, and in rooms the nickname.
fn author(context: &Context<'_>, of: &str) -> (Rc<str>, Option<Rc<str>>) {
    let rooms = &context.store.rooms;
    let room = match BareJid::new(of) {
        Ok(jid) => rooms.get(&jid),
        Err(_) => rooms.private(of).map(|(room, _)| room),
    };
    match room {
        Some(room) => (room.address_of(room.nick.as_deref().unwrap_or_default()), room.nick.clone()),
        None => (context.account().as_rc(), None),
    }
}

/// Of what kind messages in the conversation with `of` are.
fn kind(store: &Store, of: &str) -> &'static str {
    if BareJid::new(of).is_ok_and(|of| store.rooms.get(&of).is_some()) { "groupchat" } else { "chat" }
}
