//! Log-ins with a server that says anything: who cannot prove that it knows the secret gets no success, and nothing that is
//! of use to it.
//!
//! The first byte says by which mechanism; then each line is a challenge, and the last one comes with the success. `$r` stands
//! for our nonce, `$v` for the proof that a server which knows the secret would give at that point. For PLAIN, the first line
//! is the name, and the rest the password.

use converse_wasm::stream::sasl::{
    Credentials, Exchange, Mechanism, Offer, Policy, SaslError, Secret, Unpreparable, base64,
};
use sasl::common::scram::{ScramProvider, Sha1, Sha256};

const NONCE: &str = "fyko+d2lbbFgONRv9qkxdawL";
const PASSWORD: &str = "r0m30myr0m30";
const TOKEN: &str = "secret-token:fast-3ZzoYQ";
const OFFER: Offer<'_> = Offer { mechanisms: &["SCRAM-SHA-1", "PLAIN"], channel_bindings: None };

pub fn check(data: &[u8]) {
    let Some((which, rest)) = data.split_first() else { return };
    let text = super::text_of(rest);
    let username = "juliet".to_owned();
    let password = || Credentials::Password { username: username.clone(), password: Secret::from(PASSWORD) };
    match which % 8 {
        0 => exchange(Mechanism::ScramSha1, &password(), &text, proof::<Sha1>),
        1 => exchange(Mechanism::ScramSha256, &password(), &text, proof::<Sha256>),
        2 => exchange(Mechanism::ScramSha512, &password(), &text, |_| None),
        3 => {
            let credentials = Credentials::Fast { username, token: Secret::from(TOKEN) };
            exchange(Mechanism::HtSha256None, &credentials, &text, |_| {
                Some(Sha256::hmac(b"Responder", TOKEN.as_bytes()).expect("a proof"))
            });
        }
        4 => {
            let credentials = Credentials::Bearer { authzid: None, token: Secret::from(TOKEN) };
            exchange(Mechanism::OAuthBearer, &credentials, &text, |_| None);
        }
        5 => names(&text),
        6 => {
            if let Some(bytes) = base64::decode(rest) {
                assert_eq!(base64::encode(&bytes).as_bytes(), rest);
            }
            assert_eq!(base64::decode(base64::encode(rest).as_bytes()).as_deref(), Some(rest));
        }
        _ => bearers(&text),
    }
}

/// What both sides have said so far: the client's first, and then turn by turn.
type Said = [Vec<u8>];

fn exchange(mechanism: Mechanism, credentials: &Credentials, text: &str, prove: impl Fn(&Said) -> Option<Vec<u8>>) {
    let policy = Policy { plaintext_allowed: true, min_iterations: 4, max_iterations: 64, pinned: None };
    let (mut exchange, first) =
        Exchange::start(mechanism, credentials, &policy, &OFFER, NONCE).expect("credentials that fit");
    let (mut said, mut proofs) = (vec![first], Vec::new());
    let mut fill_in = |line: &str, said: &Said| {
        let line = line.replace("$r", NONCE).into_bytes();
        let Some(proof) = line.windows(2).position(|two| two == b"$v").and_then(|at| Some((at, prove(said)?))) else {
            return line;
        };
        let (at, proof) = proof;
        proofs.push(proof.clone());
        [&line[..at], &proof, &line[at + 2..]].concat()
    };
    let lines: Vec<&str> = text.split('\n').take(8).collect();
    let (last, challenges) = lines.split_last().expect("split gives at least one");
    let mut failed = false;
    for line in challenges {
        let challenge = fill_in(line, &said);
        let response = exchange.handle_challenge(&challenge);
        // What has failed stays so.
        assert!(!failed || response.is_err());
        failed |= response.is_err();
        let response = response.unwrap_or_default();
        assert!(!String::from_utf8_lossy(&response).contains(PASSWORD));
        said.extend([challenge, response]);
    }
    let data = fill_in(last, &said);
    let success = exchange.handle_success(Some(&data));
    assert!(!failed || success.is_err());
    if let Ok(outcome) = success {
        assert_eq!(outcome.mechanism, mechanism);
        let proves = mechanism != Mechanism::OAuthBearer;
        assert_eq!(outcome.server_proved, proves);
        // There is no way to a success without the proof.
        let proved =
            |message: &Vec<u8>| proofs.iter().any(|proof| message.windows(proof.len()).any(|part| part == proof));
        assert!(!proves || said.iter().chain([&data]).any(proved), "{text:?}");
    }
    assert_eq!(exchange.handle_success(Some(&data)), Err(SaslError::OutOfOrder));
}

/// `v=` and what a server says that knows the password (RFC 5802 §3), if the client has been challenged.
fn proof<P: ScramProvider>(said: &Said) -> Option<Vec<u8>> {
    let [first, challenge, last, ..] = said else { return None };
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).ok();
    let (first, challenge, last) = (text(first)?, text(challenge)?, text(last)?);
    let attribute = |name: &str| challenge.split(',').find_map(|part| part.strip_prefix(name)).map(str::to_owned);
    let (salt, rounds) = (base64::decode(attribute("s=")?.as_bytes())?, attribute("i=")?.parse().ok()?);
    let said = [first.strip_prefix("n,,")?, &challenge, last.rsplit_once(",p=")?.0].join(",");
    let salted = P::derive(&PASSWORD.to_owned().into(), &salt, rounds).ok()?;
    let signature = P::hmac(said.as_bytes(), &P::hmac(b"Server Key", &salted).ok()?).ok()?;
    Some(format!("v={}", base64::encode(&signature)).into_bytes())
}

/// SASLprep, as PLAIN sends it.
fn names(text: &str) {
    let (username, password) = text.split_once('\n').unwrap_or((text, "x"));
    let plain = |username: &str, password: &str| {
        let credentials = Credentials::Password { username: username.to_owned(), password: Secret::from(password) };
        let policy = Policy { plaintext_allowed: true, ..Policy::default() };
        Exchange::start(Mechanism::Plain, &credentials, &policy, &OFFER, NONCE).map(|(_, initial)| initial)
    };
    match plain(username, password) {
        Ok(message) => {
            let message = String::from_utf8(message).expect("text");
            let [none, name, prepared] = *message.split('\0').collect::<Vec<_>>() else { panic!("{message:?}") };
            assert!(none.is_empty() && !name.is_empty() && !prepared.is_empty());
            agrees_with_stringprep(username, Ok(name));
            agrees_with_stringprep(password, Ok(prepared));
        }
        Err(SaslError::BadUsername(why)) => agrees_with_stringprep(username, Err(why)),
        Err(SaslError::BadPassword(why)) => agrees_with_stringprep(password, Err(why)),
        Err(other) => panic!("{other}"),
    }
}

fn agrees_with_stringprep(text: &str, ours: Result<&str, Unpreparable>) {
    // It knows the Unicode of its time only, and no queries.
    if text.chars().any(stringprep::tables::unassigned_code_point) {
        return;
    }
    match (stringprep::saslprep(text), ours) {
        (Ok(theirs), Ok(ours)) => assert_eq!(ours, theirs, "{text:?}"),
        (Ok(theirs), Err(why)) => assert!(theirs.is_empty() && why == Unpreparable::Empty, "{text:?}: {why:?}"),
        (Err(_), ours) => assert!(ours.is_err(), "{text:?}: {ours:?}"),
    }
}

/// OAUTHBEARER with any name and any token: neither can say anything but itself.
fn bearers(text: &str) {
    let (authzid, token) = text.split_once('\n').unwrap_or((text, "t"));
    let credentials = Credentials::Bearer { authzid: Some(authzid.to_owned()), token: Secret::from(token) };
    let policy = Policy { plaintext_allowed: true, ..Policy::default() };
    if let Ok((_, message)) = Exchange::start(Mechanism::OAuthBearer, &credentials, &policy, &OFFER, NONCE) {
        let message = String::from_utf8(message).expect("text");
        assert_eq!(message.matches('\u{1}').count(), 3, "{message:?}");
        let (header, _) = message.split_once('\u{1}').expect("a separator");
        assert_eq!(header.matches(',').count(), 2, "{header:?}");
    }
}
