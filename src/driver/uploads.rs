//! The files of messages, from the moment somebody wants to send them until they are where the messages lead.

use web_sys::Blob;

use super::{DRIVER, Driver, pump, with};
use crate::{
    client::Client,
    feature::upload::{Put, Transfer},
    platform::{clock, http::Request},
    store::Key,
    time::Instant,
};

/// The files that messages are to lead to, as long as they may be wanted, and those on their way.
#[derive(Default)]
pub(super) struct Uploads {
    files: Vec<(Key, Blob)>,
    open: Vec<(Key, Request)>,
}

impl Uploads {
    /// Forgets what messages were to lead to: there are none any more.
    pub(super) fn forget_files(&mut self) {
        self.files.clear();
    }
}

/// Keeps a file that is to be uploaded for the message `begin` makes; then begins.
pub fn upload(file: Blob, begin: impl FnOnce(&mut Client, Instant) -> Option<Key>) -> Option<Key> {
    let key = DRIVER.with(|driver| {
        let client = &mut *driver.client.borrow_mut();
        let key = begin(client, clock::now());
        let mut uploads = driver.uploads.borrow_mut();
        let store = client.store();
        // The numbers of messages begin anew in a conversation that was closed.
        uploads.files.retain(|(message, _)| Some(message) != key.as_ref() && store.wants_file(message));
        uploads.files.extend(key.clone().map(|key| (key, file)));
        key
    });
    pump();
    key
}

/// The file that a message is to lead to.
pub fn file_of(message: &Key) -> Option<Blob> {
    DRIVER.with(|driver| {
        let uploads = driver.uploads.borrow();
        uploads.files.iter().find(|(other, _)| other == message).map(|(_, file)| file.clone())
    })
}

/// Puts the file of a message where it is to be, or gives that up.
pub(super) fn carry(driver: &Driver, transfer: Transfer) {
    let (message, url, headers) = match transfer {
        Transfer::Put { message, url, headers } => (message, url, headers),
        Transfer::Abort { message } => return forget_upload(driver, &message),
    };
    let (ended, moved) = (message.clone(), message.clone());
    let request = file_of(&message).map(|file| {
        Request::put(
            &url,
            &headers,
            &file,
            move |progress| with(|client, now| client.handle_progress(now, &moved, progress)),
            move |status| {
                DRIVER.with(|driver| forget_upload(driver, &ended));
                with(|client, now| client.handle_put(now, &ended, status.map_or(Put::Failed, Put::Answered)));
            },
        )
    });
    match request {
        Some(Ok(request)) => driver.uploads.borrow_mut().open.push((message, request)),
        _ => driver.client.borrow_mut().handle_put(clock::now(), &message, Put::Failed),
    }
}

/// Drops the request that carries the file of a message, which gives it up if it is still under way.
fn forget_upload(driver: &Driver, message: &Key) {
    driver.uploads.borrow_mut().open.retain(|(other, _)| other != message);
}
