//! `WebSocket`.

use std::{cell::Cell, rc::Rc};

use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, MessageEvent, WebSocket};

/// The subprotocol of RFC 7395 §3.1.
const SUBPROTOCOL: &str = "xmpp";

/// So many messages are taken at once. The others stay with the browser, whose memory is given back.
const MANY: u32 = 100;

/// What stands between messages that are handed over as one text. No XML has it (XML 1.0 §2.2).
const BETWEEN: char = '\0';

const MESSAGE: &str = "message";

#[wasm_bindgen]
extern "C" {
    /// An `Array` of events.
    type Events;

    #[wasm_bindgen(constructor, js_class = "Array")]
    fn new() -> Events;
    #[wasm_bindgen(method, getter)]
    fn push(this: &Events) -> Function;
    #[wasm_bindgen(method)]
    fn splice(this: &Events, start: u32, count: u32) -> Events;
    #[wasm_bindgen(method, catch)]
    fn map(this: &Events, function: &Function) -> Result<Array, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_namespace = MessageEvent, js_name = prototype)]
    static MESSAGE_EVENT: Object;
    type Descriptor;
    #[wasm_bindgen(js_namespace = Object, js_name = getOwnPropertyDescriptor)]
    fn descriptor(of: &Object, name: &str) -> Descriptor;
    #[wasm_bindgen(method, getter)]
    fn get(this: &Descriptor) -> Getter;
    type Getter;
    #[wasm_bindgen(method, getter)]
    fn call(this: &Getter) -> Function;
}

thread_local! {
    /// What says of an event what its data are, without any script.
    static DATA: Function = MESSAGE_EVENT.with(|event| {
        let getter = descriptor(event, "data").get();
        getter.call().bind0(&getter)
    });
}

/// A WebSocket; dropping it closes it, and nothing of it is heard afterwards.
///
/// To call WebAssembly costs more than most messages do, and they come by the thousand. So it is called for the first only, and
/// takes those that have come until it has time for them all together.
pub struct Socket {
    socket: WebSocket,
    /// The events of messages that nobody has taken; its own `push` is who listens to them.
    messages: Events,
    told: Rc<Told>,
    _opened: Closure<dyn FnMut()>,
    received: Closure<dyn FnMut()>,
    _closed: Closure<dyn FnMut()>,
}

/// What has been told and not been taken.
#[derive(Default)]
struct Told {
    opened: Cell<bool>,
    received: Cell<bool>,
    closed: Cell<bool>,
}

/// What a WebSocket tells.
pub enum SocketEvent {
    Opened,
    /// A message; a binary one is no XML either.
    Received(String),
    Closed,
}

impl Socket {
    /// Begins to connect. `Err` if the browser does not even try: the address is none, or the page's policy forbids it.
    ///
    /// `wake` is called when there is something to be taken: once, until all is.
    pub fn open(url: &str, wake: impl Fn() + 'static) -> Result<Self, JsValue> {
        let socket = WebSocket::new_with_str(url, SUBPROTOCOL)?;
        let messages = Events::new();
        let told = Rc::<Told>::default();
        let wake = Rc::new(wake);
        let listener = |of: fn(&Told) -> &Cell<bool>| {
            let (told, wake) = (told.clone(), wake.clone());
            Closure::<dyn FnMut()>::new(move || {
                of(&told).set(true);
                wake();
            })
        };
        let opened = listener(|told| &told.opened);
        let received = listener(|told| &told.received);
        let closed = listener(|told| &told.closed);
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(&messages.push().bind0(&messages)));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        let socket = Self { socket, messages, told, _opened: opened, received, _closed: closed };
        socket.listen();
        Ok(socket)
    }

    /// Has the next message wake who waits for it.
    fn listen(&self) {
        let once = AddEventListenerOptions::new();
        once.set_once(true);
        let listener = self.received.as_ref().unchecked_ref();
        // Fails for no listener that is a function (DOM §2.7).
        let _: Result<(), JsValue> =
            self.socket.add_event_listener_with_callback_and_add_event_listener_options(MESSAGE, listener, &once);
    }

    /// What has been told and not been taken, or the first of it.
    pub fn take(&self) -> Vec<SocketEvent> {
        if self.told.opened.take() {
            return vec![SocketEvent::Opened];
        }
        if self.told.received.get() {
            let messages = messages(&self.messages.splice(0, MANY));
            if messages.len() < MANY as usize {
                self.told.received.set(false);
                self.listen();
            }
            if !messages.is_empty() {
                return messages;
            }
        }
        if self.told.closed.take() { vec![SocketEvent::Closed] } else { Vec::new() }
    }

    /// Whether there is something to be taken.
    pub fn has_told(&self) -> bool {
        self.told.opened.get() || self.told.received.get() || self.told.closed.get()
    }

    /// Sends a text message. On a WebSocket that is closing it goes nowhere, and the closing is reported.
    pub fn send(&self, text: &str) {
        let _: Result<(), JsValue> = self.socket.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let listener = self.received.as_ref().unchecked_ref();
        let _: Result<(), JsValue> = self.socket.remove_event_listener_with_callback(MESSAGE, listener);
        let _: Result<(), JsValue> = self.socket.close();
    }
}

/// What the messages say, handed over as one text.
fn messages(events: &Events) -> Vec<SocketEvent> {
    let array: &Array = events.unchecked_ref();
    if let Some(together) = together(events) {
        let messages: Vec<_> = together.split(BETWEEN).map(|text| SocketEvent::Received(text.to_owned())).collect();
        if messages.len() == array.length() as usize {
            return messages;
        }
    }
    let text = |event: JsValue| event.unchecked_into::<MessageEvent>().data().as_string().unwrap_or_default();
    array.iter().map(|event| SocketEvent::Received(text(event))).collect()
}

/// `None` if these are no events of the browser's.
fn together(events: &Events) -> Option<String> {
    DATA.with(|data| events.map(data)).ok()?.join(&BETWEEN.to_string()).as_string()
}
