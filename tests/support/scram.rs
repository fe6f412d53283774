//! The server's half of SCRAM (RFC 5802 §3), on the primitives of the crate `sasl`.

use std::marker::PhantomData;

use converse_wasm::stream::sasl::base64;
use sasl::common::scram::ScramProvider;

/// A server that knows a password.
pub struct ScramServer<P> {
    password: String,
    client_first_bare: String,
    challenge: String,
    hash: PhantomData<P>,
}

impl<P: ScramProvider> ScramServer<P> {
    /// Takes in the text of `<auth/>`.
    pub fn new(password: &str, initial: &str) -> Self {
        let first = decode(initial);
        let bare = first.strip_prefix("n,,").expect("no channel binding").to_owned();
        let (_, nonce) = bare.rsplit_once("r=").expect("a nonce");
        let challenge = format!("r={nonce}3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
        Self { password: password.to_owned(), client_first_bare: bare, challenge, hash: PhantomData }
    }

    /// The same with another attribute at the end of the challenge.
    #[must_use]
    pub fn with_extension(mut self, attribute: &str) -> Self {
        self.challenge = [&self.challenge, ",", attribute].concat();
        self
    }

    /// The text of `<challenge/>`.
    pub fn challenge(&self) -> String {
        base64::encode(self.challenge.as_bytes())
    }

    /// The server's proof for the text of `<response/>`; `None` if the client did not prove that it knows the password.
    pub fn prove(&self, response: &str) -> Option<String> {
        let last = decode(response);
        let (without_proof, proof) = last.rsplit_once(",p=").expect("a proof");
        let said = format!("{},{},{without_proof}", self.client_first_bare, self.challenge);
        let salt = base64::decode(b"QSXCR+Q6sek8bf92").expect("base64");
        let salted = P::derive(&self.password.clone().into(), &salt, 4096).expect("a salted password");
        let key = P::hmac(b"Client Key", &salted).expect("a key");
        let signature = P::hmac(said.as_bytes(), &P::hash(&key)).expect("a signature");
        let expected: Vec<u8> = key.iter().zip(signature).map(|(key, signature)| key ^ signature).collect();
        let proved = base64::decode(proof.as_bytes()) == Some(expected);
        let key = P::hmac(b"Server Key", &salted).expect("a key");
        let signature = P::hmac(said.as_bytes(), &key).expect("a signature");
        let proof = format!("v={}", base64::encode(&signature));
        proved.then(|| base64::encode(proof.as_bytes()))
    }
}

fn decode(text: &str) -> String {
    String::from_utf8(base64::decode(text.as_bytes()).expect("base64")).expect("UTF-8")
}
