//! The same exchanges through the crate `sasl` and through ours: every byte must agree.

#![allow(clippy::unwrap_used)]

use converse_wasm::stream::sasl::{Credentials, Exchange, Mechanism, Offer, Policy, Secret, base64};
use proptest::prelude::*;
use sasl::client::Mechanism as _;
use sasl::client::mechanisms::{Anonymous, Plain, Scram};
use sasl::common::scram::{ScramProvider, Sha1, Sha256};
use sasl::common::{ChannelBinding, Credentials as TheirCredentials};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn scram_sha_1_agrees(username in NAME, password in PASSWORD, salt in salt(), rest in NONCE, rounds in 4096..4100u32) {
        compare::<Sha1>(Mechanism::ScramSha1, &username, &password, &salt, &rest, rounds);
    }

    #[test]
    fn scram_sha_256_agrees(username in NAME, password in PASSWORD, salt in salt(), rest in NONCE, rounds in 4096..4100u32) {
        compare::<Sha256>(Mechanism::ScramSha256, &username, &password, &salt, &rest, rounds);
    }

    #[test]
    fn plain_agrees(username in NAME, password in PASSWORD) {
        let (_, ours) = start(Mechanism::Plain, &username, &password, "");
        prop_assert_eq!(ours, Plain::new(username, password).initial());
    }
}

#[test]
fn names_and_anonymous_agree() {
    let mut theirs = Anonymous::from_credentials(TheirCredentials::default()).unwrap();
    assert_eq!(theirs.name(), Mechanism::Anonymous.name());
    let offer = Offer { mechanisms: &[], channel_bindings: None };
    let policy = Policy::default();
    let (_, ours) = Exchange::start(Mechanism::Anonymous, &Credentials::Anonymous, &policy, &offer, "").unwrap();
    assert_eq!(ours, theirs.initial());
}

/// Their client makes up its own nonce; ours takes it over. The server is played by a fixed message, and its
/// signature is whatever their client accepts: the one that ours accepts too.
fn compare<P: ScramProvider>(
    mechanism: Mechanism,
    username: &str,
    password: &str,
    salt: &[u8],
    rest: &str,
    rounds: u32,
) {
    let mut theirs = Scram::<P>::new(username, password.to_owned(), ChannelBinding::None).unwrap();
    assert_eq!(theirs.name(), mechanism.name());
    let their_first = String::from_utf8(theirs.initial()).unwrap();
    let (_, nonce) = their_first.rsplit_once("r=").unwrap();

    let (mut ours, our_first) = start(mechanism, username, password, nonce);
    assert_eq!(String::from_utf8(our_first).unwrap(), their_first);
    let challenge = format!("r={nonce}{rest},s={},i={rounds}", base64::encode(salt));
    let our_final = ours.handle_challenge(challenge.as_bytes()).unwrap();
    assert_eq!(our_final, theirs.response(challenge.as_bytes()).unwrap());

    let first_bare = their_first.strip_prefix("n,,").unwrap();
    let final_message = String::from_utf8(our_final).unwrap();
    let (without_proof, _) = final_message.rsplit_once(",p=").unwrap();
    let auth_message = format!("{first_bare},{challenge},{without_proof}");
    let salted = P::derive(&password.to_owned().into(), salt, rounds).unwrap();
    let signature = P::hmac(auth_message.as_bytes(), &P::hmac(b"Server Key", &salted).unwrap()).unwrap();
    let server_final = format!("v={}", base64::encode(&signature));
    theirs.success(server_final.as_bytes()).unwrap();
    assert!(ours.handle_success(Some(server_final.as_bytes())).unwrap().server_proved);
}

fn start(mechanism: Mechanism, username: &str, password: &str, nonce: &str) -> (Exchange, Vec<u8>) {
    let credentials =
        Credentials::Password { username: username.to_owned(), password: Secret::new(password.to_owned()) };
    let policy = Policy { plaintext_allowed: true, ..Policy::default() };
    let offer = Offer { mechanisms: &[], channel_bindings: None };
    Exchange::start(mechanism, &credentials, &policy, &offer, nonce).unwrap()
}

/// Without the characters that ours escapes and theirs does not.
const NAME: &str = "[ -+\\--<>-~]{1,20}";
const PASSWORD: &str = "[ -~]{1,100}";
const NONCE: &str = "[!-+\\--~]{1,40}";

fn salt() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..40)
}
