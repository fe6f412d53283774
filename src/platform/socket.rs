//! `WebSocket`.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, WebSocket};

/// The subprotocol of RFC 7395 §3.1.
const SUBPROTOCOL: &str = "xmpp";

/// A WebSocket; dropping it closes it, and nothing of it is heard afterwards.
pub struct Socket {
    socket: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _received: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut()>,
}

/// What a WebSocket tells.
pub enum SocketEvent {
    Opened,
    /// A message; a binary one is taken for an empty text.
    Received(String),
    Closed,
}

impl Socket {
    /// Begins to connect. `Err` if the browser does not even try: the address is none, or the page's policy forbids it.
    pub fn open(url: &str, handler: impl Fn(SocketEvent) + 'static) -> Result<Self, JsValue> {
        let socket = WebSocket::new_with_str(url, SUBPROTOCOL)?;
        let handler = Rc::new(handler);
        let on = handler.clone();
        let opened = Closure::<dyn FnMut()>::new(move || on(SocketEvent::Opened));
        let on = handler.clone();
        let received = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            on(SocketEvent::Received(event.data().as_string().unwrap_or_default()));
        });
        let closed = Closure::<dyn FnMut()>::new(move || handler(SocketEvent::Closed));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(received.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Ok(Self { socket, _opened: opened, _received: received, _closed: closed })
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
        let _: Result<(), JsValue> = self.socket.close();
    }
}
