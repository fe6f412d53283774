//! A file that goes with a message: what it is, and how far it is on its way (XEP-0363).

use std::rc::Rc;

use super::{
    Attributes, Message, Sending, Value,
    saved::{child_text, optional, optional_text},
};
use crate::{
    time::Timestamp,
    xml::{Element, ns},
};

/// A file, and what has become of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// Such as `image/jpeg`; empty if nobody knows.
    pub media_type: String,
    /// The address of the service that takes it, once one is found.
    pub service: Option<Rc<str>>,
    /// Where it can be had, once that is known.
    pub get: Option<String>,
    /// How much of it has left, from 0 to 1.
    pub progress: f64,
    pub state: Uploading,
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq)]
pub enum Uploading {
    /// It is under way, or will be.
    Pending,
    /// The service has the file.
    Done,
    Failed(Failure),
}

/// Why a file was not uploaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// One of [`UPLOAD_ERRORS`], for programs.
    pub error: &'static str,
    /// The largest file that the service takes, in bytes, if that is why.
    pub max_size: Option<u64>,
    /// When to try again, if the service says so.
    pub retry: Option<Timestamp>,
}

/// The words in [`Failure`]: no service, too large a file, a refusal, a slot that is not safe, the service's HTTP server
/// cannot be reached or wants something else, no word of it in time, no session any more, another page.
pub const UPLOAD_ERRORS: [&str; 8] =
    ["unsupported", "file-too-large", "refused", "unsafe-slot", "failed", "timed-out", "disconnected", "interrupted"];

impl Upload {
    /// A file that is to be uploaded.
    pub fn new(name: String, size: u64, media_type: String) -> Self {
        Self { name, size, media_type, service: None, get: None, progress: 0.0, state: Uploading::Pending }
    }

    pub(super) fn add_attributes(&self, attributes: Attributes) -> Attributes {
        let file = vec![
            ("name".into(), Value::from(self.name.as_str())),
            ("size".into(), number(self.size)),
            ("type".into(), Value::from(self.media_type.as_str())),
        ];
        let (state, failure) = match &self.state {
            Uploading::Pending => (None, None),
            Uploading::Done => (Some("success"), None),
            Uploading::Failed(failure) => (Some("failure"), Some(failure)),
        };
        let retry = failure.and_then(|failure| failure.retry).map(Timestamp::to_text);
        attributes
            .with("file", Value::Map(file))
            .with("progress", Value::Number(self.progress))
            .with("upload", state)
            .with("upload_error", failure.map(|failure| failure.error))
            .with("upload_max_size", failure.and_then(|failure| failure.max_size).map_or(Value::Undefined, number))
            .with("upload_retry_at", retry)
            .with("slot_request_url", self.service.clone())
            .with("get", self.get.clone())
    }

    pub(super) fn encode(&self) -> Element {
        let mut upload = Element::new("upload", ns::CACHE).with_attribute("size", self.size.to_string());
        upload.set_attribute("type", self.media_type.as_str());
        let state = match &self.state {
            // The file is this page's, and gone with it.
            Uploading::Pending => "interrupted",
            Uploading::Done => "done",
            Uploading::Failed(failure) => failure.error,
        };
        upload.set_attribute("state", state);
        optional(&mut upload, "service", self.service.as_deref());
        optional_text(&mut upload, "name", Some(&self.name));
        optional_text(&mut upload, "get", self.get.as_deref());
        upload
    }

    pub(super) fn decode(upload: &Element) -> Option<Self> {
        let state = upload.attribute("state")?;
        let error = UPLOAD_ERRORS.into_iter().find(|error| *error == state);
        let (state, progress) = match error {
            Some(error) => (Uploading::Failed(Failure { error, ..Failure::default() }), 0.0),
            None => (Uploading::Done, 1.0),
        };
        Some(Self {
            name: child_text(upload, "name")?,
            size: upload.attribute("size")?.parse().ok()?,
            media_type: upload.attribute("type")?.to_owned(),
            service: upload.attribute("service").map(Rc::from),
            get: child_text(upload, "get"),
            progress,
            state,
        })
    }
}

impl Message {
    /// Takes in that the file was not uploaded: the message says so from now on, with what was said about it.
    pub fn fail_upload(&mut self, failure: Failure, text: Option<&str>) {
        let Some(upload) = &mut self.upload else { return };
        self.kind = "error";
        self.body = Some(failure.explain(&upload.name, text).into());
        self.outcome = Some(Sending::Failed { reason: "not-sent", text: text.map(str::to_owned) });
        upload.state = Uploading::Failed(failure);
    }
}

impl Failure {
    /// Nothing but a word for programs.
    pub fn new(error: &'static str) -> Self {
        Self { error, ..Self::default() }
    }

    /// What is said to the user about the file `name`.
    fn explain(&self, name: &str, text: Option<&str>) -> String {
        let why = match self.error {
            "unsupported" => "your server takes no files",
            "file-too-large" => "it is larger than your server allows",
            "unsafe-slot" => "your server offers an unsafe place for it",
            "failed" => "it could not be uploaded",
            "timed-out" => "the upload came to a halt",
            "disconnected" => "there is no connection",
            "interrupted" => "the page was left before it was uploaded",
            _ => "your server refused it",
        };
        let size = self.max_size.map(|size| size.to_string());
        let mut parts = vec![name, " was not sent: ", why];
        if let Some(size) = &size {
            parts.extend([" (", size, " bytes)"]);
        }
        if let Some(text) = text {
            parts.extend([" (", text, ")"]);
        }
        parts.concat()
    }
}

/// A number of bytes, as JavaScript counts them.
fn number(bytes: u64) -> Value {
    Value::Number(bytes as f64)
}
