//! Log-ins as conversations: what the server says, what must be answered, and what must not be believed.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::stream::sasl::{
    Blame, Credentials, Exchange, Mechanism, Offer, Outcome, Policy, Rejection, SaslError, Secret, Unpreparable, choose,
};

use support::lend_unicode;

/// A SCRAM exchange whose messages are known in full.
struct Script {
    mechanism: Mechanism,
    nonce: &'static str,
    client_first: &'static str,
    server_first: &'static str,
    client_final: &'static str,
    server_final: &'static str,
}

impl Script {
    /// Up to the point where the server has to speak.
    fn begin(&self) -> Exchange {
        let (exchange, initial) = start(self.mechanism, &user_pencil(), &Policy::default(), self.nonce).unwrap();
        assert_eq!(text(&initial), self.client_first);
        exchange
    }

    /// Up to the point where the server has to prove itself.
    fn prove(&self) -> Exchange {
        let mut exchange = self.begin();
        let response = exchange.handle_challenge(self.server_first.as_bytes()).unwrap();
        assert_eq!(text(&response), self.client_final);
        exchange
    }

    fn outcome(&self) -> Outcome {
        self.prove().handle_success(Some(self.server_final.as_bytes())).unwrap()
    }
}

/// RFC 5802 §5.
const SHA_1: Script = Script {
    mechanism: Mechanism::ScramSha1,
    nonce: "fyko+d2lbbFgONRv9qkxdawL",
    client_first: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    server_first: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    client_final: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    server_final: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
};

/// RFC 7677 §3.
const SHA_256: Script = Script {
    mechanism: Mechanism::ScramSha256,
    nonce: "rOprNGfwEbeRWgbNEkqO",
    client_first: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    server_first: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    client_final: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                   p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    server_final: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
};

/// The exchange of RFC 7677 with the other hash, computed with Python's hashlib and hmac.
const SHA_512: Script = Script {
    mechanism: Mechanism::ScramSha512,
    client_final: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                   p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==",
    server_final: "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==",
    ..SHA_256
};

const PROVED: fn(Mechanism) -> Result<(Mechanism, bool), SaslError> = |mechanism| Ok((mechanism, true));

// The published exchanges, and the two places where the server may prove itself.

#[test]
fn scram_follows_the_rfcs() {
    for script in [SHA_1, SHA_256, SHA_512] {
        let outcome = script.outcome();
        assert_eq!(outcome.mechanism, script.mechanism);
        assert!(outcome.server_proved);
        assert!(!outcome.offer_confirmed);
    }
}

#[test]
fn the_server_may_prove_itself_in_a_challenge_of_its_own() {
    for data in [None, Some(b"".as_slice()), Some(SHA_1.server_final.as_bytes())] {
        let mut exchange = SHA_1.prove();
        assert_eq!(exchange.handle_challenge(SHA_1.server_final.as_bytes()).unwrap(), b"");
        assert_eq!(summary(exchange.handle_success(data)), PROVED(SHA_1.mechanism));
    }
}

#[test]
fn unknown_optional_attributes_are_ignored() {
    let mut exchange = SHA_1.begin();
    // The proof covers the attribute, so its value is another one.
    exchange.handle_challenge(format!("{},d=ssdp,x=a=b", SHA_1.server_first).as_bytes()).unwrap();
    let mut exchange = SHA_1.prove();
    let data = format!("{},x=1", SHA_1.server_final);
    assert_eq!(summary(exchange.handle_success(Some(data.as_bytes()))), PROVED(SHA_1.mechanism));
}

#[test]
fn a_name_with_separators_is_escaped() {
    assert_eq!(first_of("a,b=c"), "n,,n=a=2Cb=3Dc,r=fyko+d2lbbFgONRv9qkxdawL");
}

#[test]
fn a_name_and_password_beyond_ascii_are_prepared() {
    lend_unicode();
    assert_eq!(first_of("\u{2168}\u{AD}ë"), "n,,n=IXë,r=fyko+d2lbbFgONRv9qkxdawL");
    let mut answers = ["pa\u{A0}\u{FB01}", "pa fi"].map(|password| {
        let credentials = password_of("user", password);
        let (mut exchange, _) = start(Mechanism::ScramSha1, &credentials, &Policy::default(), SHA_1.nonce).unwrap();
        exchange.handle_challenge(SHA_1.server_first.as_bytes()).unwrap()
    });
    let [one, other] = &mut answers;
    assert_eq!(one, other);
}

#[test]
fn a_name_that_cannot_be_prepared_is_the_callers_mistake() {
    for name in ["", "a\0b", "a\u{7F}"] {
        let error = start(Mechanism::ScramSha1, &password_of(name, "x"), &Policy::default(), SHA_1.nonce).unwrap_err();
        assert!(matches!(error, SaslError::BadUsername(Unpreparable::Empty | Unpreparable::Prohibited)), "{error:?}");
        assert_eq!(error.blame(), Blame::Caller);
    }
}

#[test]
fn a_poor_nonce_is_refused() {
    for nonce in ["", "short", "0123456789abcde", "0123456789abcdef,", "0123456789abcde f", "0123456789abcdefé"] {
        let result = start(Mechanism::ScramSha1, &user_pencil(), &Policy::default(), nonce);
        assert_eq!(result.unwrap_err(), SaslError::BadNonce, "{nonce}");
    }
}

// Row A1: the server, or somebody in its place, lies.

#[test]
fn a1_success_before_any_proof() {
    for data in [None, Some(b"".as_slice()), Some(SHA_1.server_final.as_bytes())] {
        assert_eq!(SHA_1.begin().handle_success(data), Err(SaslError::ServerUnproven));
    }
}

#[test]
fn a1_success_without_the_servers_signature() {
    for data in [None, Some(b"".as_slice()), Some(b"x=1"), Some(b"hello"), Some(b"v"), Some(b"vv=AAAA")] {
        assert_eq!(SHA_1.prove().handle_success(data), Err(SaslError::ServerUnproven));
    }
}

#[test]
fn a1_success_with_a_wrong_signature() {
    let other_hash = SHA_256.server_final;
    for data in ["v=", "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "v=rmF9pqV8S7suAoZWja4dJRkFsA==", other_hash] {
        assert_eq!(SHA_1.prove().handle_success(Some(data.as_bytes())), Err(SaslError::ServerProofWrong), "{data}");
    }
    for data in ["v=rmF9pqV8S7suAoZWja4dJRkFsKQ", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ= ", "v=%"] {
        let malformed = Err(SaslError::Malformed("signature"));
        assert_eq!(SHA_1.prove().handle_success(Some(data.as_bytes())), malformed, "{data}");
    }
}

#[test]
fn a1_wrong_signature_in_a_challenge_and_then_success() {
    let mut exchange = SHA_1.prove();
    let challenge = exchange.handle_challenge(b"v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert_eq!(challenge, Err(SaslError::ServerProofWrong));
    assert_eq!(exchange.handle_success(Some(SHA_1.server_final.as_bytes())), Err(SaslError::OutOfOrder));
}

#[test]
fn a1_right_signature_in_a_challenge_and_a_wrong_one_with_success() {
    let mut exchange = SHA_1.prove();
    exchange.handle_challenge(SHA_1.server_final.as_bytes()).unwrap();
    let success = exchange.handle_success(Some(b"v=AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    assert_eq!(success, Err(SaslError::ServerProofWrong));
}

#[test]
fn a1_nonce_that_does_not_continue_ours() {
    for nonce in ["", "x", "3rfcNHYJY1ZVvWVs7jfyko+d2lbbFgONRv9qkxdawL", "fyko+d2lbbFgONRv9qkxdaw"] {
        assert_eq!(first_answer(nonce, "QSXCR+Q6sek8bf92", "4096"), Err(SaslError::ForeignNonce), "{nonce}");
    }
}

#[test]
fn a1_nonce_that_is_only_ours() {
    assert_eq!(first_answer(SHA_1.nonce, "QSXCR+Q6sek8bf92", "4096"), Err(SaslError::ForeignNonce));
}

#[test]
fn a1_nonce_that_is_not_printable() {
    for rest in [" ", "é", "\t", "\u{7F}"] {
        let nonce = format!("{}{rest}", SHA_1.nonce);
        assert_eq!(first_answer(&nonce, "QSXCR+Q6sek8bf92", "4096"), Err(SaslError::ForeignNonce), "{nonce:?}");
    }
}

#[test]
fn a1_one_iteration() {
    for asked in [1, 4095] {
        let refused = Err(SaslError::TooFewIterations { asked, least: 4096 });
        assert_eq!(first_answer(&nonce(), "QSXCR+Q6sek8bf92", &asked.to_string()), refused);
    }
}

#[test]
fn a1_two_billion_iterations() {
    let most = Policy::default().max_iterations;
    for asked in ["2000001", "2147483648", "4294967296", "99999999999999999999999999"] {
        let refused = Err(SaslError::TooManyIterations { most });
        assert_eq!(first_answer(&nonce(), "QSXCR+Q6sek8bf92", asked), refused, "{asked}");
    }
}

#[test]
fn a1_iterations_that_are_no_number() {
    for asked in ["", "0", "04096", "+4096", "-4096", " 4096", "4096 ", "4e3", "0x1000", "４０９６"] {
        let malformed = Err(SaslError::Malformed("iterations"));
        assert_eq!(first_answer(&nonce(), "QSXCR+Q6sek8bf92", asked), malformed, "{asked}");
    }
}

#[test]
fn a1_empty_salt() {
    assert_eq!(first_answer(&nonce(), "", "4096"), Err(SaslError::EmptySalt));
}

#[test]
fn a1_salt_that_is_not_base64() {
    for salt in ["QSXCR+Q6sek8bf9", "QSXCR-Q6sek8bf92", "QSXCR+Q6sek8bf92\n", "QQ", "QR==", "===="] {
        assert_eq!(first_answer(&nonce(), salt, "4096"), Err(SaslError::Malformed("salt")), "{salt}");
    }
}

#[test]
fn a1_mandatory_extension() {
    for message in [format!("m=future,{}", SHA_1.server_first), format!("{},m=future", SHA_1.server_first)] {
        assert_eq!(SHA_1.begin().handle_challenge(message.as_bytes()), Err(SaslError::MandatoryExtension), "{message}");
    }
}

#[test]
fn a1_attributes_twice_missing_or_out_of_order() {
    let [r, s, i] = ["r=fyko+d2lbbFgONRv9qkxdawL3", "s=QSXCR+Q6sek8bf92", "i=4096"];
    let messages = [
        String::new(),
        r.to_owned(),
        format!("{r},{s}"),
        format!("{s},{r},{i}"),
        format!("{r},{i},{s}"),
        format!("{r},{s},{i},{i}"),
        format!("{r},{s},{i},s=AAAA"),
        format!("{r},{s},{i},"),
        format!("{r},{s},{i},x"),
        format!("{r},{s},{i},xy=1"),
        format!("{r},{s},{i},x=\0"),
    ];
    for message in messages {
        let error = SHA_1.begin().handle_challenge(message.as_bytes()).unwrap_err();
        assert!(matches!(error, SaslError::Malformed(_)), "{message:?}: {error:?}");
        assert_eq!(error.blame(), Blame::Peer);
    }
    assert_eq!(SHA_1.begin().handle_challenge(b"r=\xFF"), Err(SaslError::Malformed("encoding")));
    assert_eq!(SHA_1.prove().handle_challenge(b"\xFF"), Err(SaslError::Malformed("encoding")));
}

#[test]
fn a1_mechanism_list_lost_scram_since_last_login() {
    let offered = choose_from(&["SCRAM-SHA-256", "PLAIN"], &secure(None)).unwrap();
    let policy = secure(offered.to_pin());
    assert_eq!(choose_from(&["PLAIN"], &policy), Err(SaslError::Downgraded));
    assert_eq!(choose_from(&["EXTERNAL", "X-OAUTH2"], &policy), Err(SaslError::Downgraded));
    assert_eq!(choose_from(&["SCRAM-SHA-1", "PLAIN"], &policy), Ok(Mechanism::ScramSha1));
    // Whoever asks for PLAIN all the same does not get it either.
    let plain = start(Mechanism::Plain, &user_pencil(), &policy, SHA_1.nonce);
    assert_eq!(plain.unwrap_err(), SaslError::Downgraded);
}

#[test]
fn a1_pinned_to_the_mechanism_itself() {
    let policy = secure(Some(Mechanism::ScramSha256));
    assert_eq!(choose_from(&["SCRAM-SHA-1", "PLAIN"], &policy), Err(SaslError::Downgraded));
    assert_eq!(choose_from(&["SCRAM-SHA-1", "SCRAM-SHA-256"], &policy), Ok(Mechanism::ScramSha256));
    assert_eq!(choose_from(&["SCRAM-SHA-512", "SCRAM-SHA-1"], &policy), Ok(Mechanism::ScramSha512));
}

#[test]
fn a1_server_error_instead_of_a_signature() {
    let rejections = [
        ("invalid-proof", Rejection::InvalidProof),
        ("unknown-user", Rejection::UnknownUser),
        ("no-resources", Rejection::NoResources),
        ("channel-bindings-dont-match", Rejection::ChannelBinding),
        ("something-new", Rejection::Other),
    ];
    for (name, rejection) in rejections {
        let message = format!("e={name}");
        let rejected = SaslError::Rejected(rejection);
        assert_eq!(SHA_1.begin().handle_challenge(message.as_bytes()), Err(rejected));
        assert_eq!(SHA_1.prove().handle_challenge(message.as_bytes()), Err(rejected));
        assert_eq!(SHA_1.prove().handle_success(Some(message.as_bytes())), Err(rejected));
    }
    assert_eq!(SaslError::Rejected(Rejection::InvalidProof).blame(), Blame::Caller);
}

#[test]
fn a1_challenges_without_end() {
    let mut exchange = SHA_1.prove();
    exchange.handle_challenge(SHA_1.server_final.as_bytes()).unwrap();
    assert_eq!(exchange.handle_challenge(SHA_1.server_final.as_bytes()), Err(SaslError::OutOfOrder));
    assert_eq!(exchange.handle_success(None), Err(SaslError::OutOfOrder));
}

#[test]
fn a1_success_twice() {
    let mut exchange = SHA_1.prove();
    exchange.handle_success(Some(SHA_1.server_final.as_bytes())).unwrap();
    assert_eq!(exchange.handle_success(Some(SHA_1.server_final.as_bytes())), Err(SaslError::OutOfOrder));
}

#[test]
fn a1_after_an_error_nothing_is_accepted() {
    let mut exchange = SHA_1.begin();
    exchange.handle_challenge(b"nonsense").unwrap_err();
    assert_eq!(exchange.handle_challenge(SHA_1.server_first.as_bytes()), Err(SaslError::OutOfOrder));
    assert_eq!(exchange.handle_success(Some(SHA_1.server_final.as_bytes())), Err(SaslError::OutOfOrder));
}

// XEP-0474: the server confirms its offer where nobody can tamper.

#[test]
fn an_offer_that_is_confirmed() {
    // base64(sha256("PLAIN\x1ESCRAM-SHA-1\x1ESCRAM-SHA-256")), computed with Python's hashlib.
    let server_first = format!("{},h=J++Diu+JubnE6dLVvZjjI5KHnheOLsUSQWiw/prdbAA=", SHA_256.server_first);
    let mut exchange = offered(&["SCRAM-SHA-1", "PLAIN", "SCRAM-SHA-256"], None);
    exchange.handle_challenge(server_first.as_bytes()).unwrap();
    let outcome = exchange.handle_success(Some(b"v=/Hdp3PP+grvJLsDN6zwPOTCDUm625uZs2m5jqsbm3QY=")).unwrap();
    assert!(outcome.offer_confirmed);
    // The list that arrived lacks PLAIN, has one more, is of other bindings: somebody wrote it anew.
    let tampered = Err(SaslError::OfferTampered);
    assert_eq!(offered(&["SCRAM-SHA-256"], None).handle_challenge(server_first.as_bytes()), tampered);
    let mut bound = offered(&["SCRAM-SHA-1", "PLAIN", "SCRAM-SHA-256"], Some(&["tls-exporter"]));
    assert_eq!(bound.handle_challenge(server_first.as_bytes()), tampered);
}

#[test]
fn an_offer_confirmed_in_nonsense_or_twice() {
    for hash in ["", "AAAA", "%", "J++Diu+JubnE6dLVvZjjI5KHnheOLsUSQWiw/prdbAA"] {
        let message = format!("{},h={hash}", SHA_256.server_first);
        assert_eq!(SHA_256.begin().handle_challenge(message.as_bytes()), Err(SaslError::OfferTampered), "{hash}");
    }
    let message = format!("{},h=AAAA,h=AAAA", SHA_256.server_first);
    assert_eq!(SHA_256.begin().handle_challenge(message.as_bytes()), Err(SaslError::Malformed("extension")));
}

// Rows A2 and A6: what must not travel in the open.

#[test]
fn a2_plain_over_an_insecure_channel() {
    let policy = Policy::default();
    assert_eq!(choose_from(&["PLAIN"], &policy), Err(SaslError::InsecureChannel));
    assert_eq!(choose_from(&["PLAIN", "SCRAM-SHA-1"], &policy), Ok(Mechanism::ScramSha1));
    let plain = start(Mechanism::Plain, &user_pencil(), &policy, "");
    assert_eq!(plain.unwrap_err(), SaslError::InsecureChannel);
    assert_eq!(SaslError::InsecureChannel.blame(), Blame::Environment);
}

#[test]
fn a2_bearer_token_over_an_insecure_channel() {
    let credentials = Credentials::Bearer { authzid: None, token: Secret::from("t") };
    let offer = Offer { mechanisms: &["OAUTHBEARER"], channel_bindings: None };
    assert_eq!(choose(&offer, &credentials, &Policy::default()), Err(SaslError::InsecureChannel));
    assert_eq!(choose(&offer, &credentials, &secure(None)), Ok(Mechanism::OAuthBearer));
}

#[test]
fn a6_fast_token_over_an_insecure_channel() {
    let offer = Offer { mechanisms: &["HT-SHA-256-NONE"], channel_bindings: None };
    assert_eq!(choose(&offer, &fast(), &Policy::default()), Err(SaslError::InsecureChannel));
    assert_eq!(choose(&offer, &fast(), &secure(None)), Ok(Mechanism::HtSha256None));
}

#[test]
fn a6_fast_server_that_does_not_have_the_token() {
    let begin = || start(Mechanism::HtSha256None, &fast(), &secure(None), "").unwrap().0;
    assert_eq!(begin().handle_success(None), Err(SaslError::ServerUnproven));
    assert_eq!(begin().handle_success(Some(&[0; 32])), Err(SaslError::ServerProofWrong));
    assert_eq!(begin().handle_challenge(b""), Err(SaslError::OutOfOrder));
}

// The mechanisms that say everything at once.

#[test]
fn plain_says_all_at_once() {
    let (mut exchange, initial) = start(Mechanism::Plain, &user_pencil(), &secure(None), "").unwrap();
    assert_eq!(initial, b"\0user\0pencil");
    let outcome = exchange.handle_success(None).unwrap();
    assert_eq!((outcome.mechanism, outcome.server_proved), (Mechanism::Plain, false));
    assert_eq!(exchange.handle_success(None), Err(SaslError::OutOfOrder));
}

#[test]
fn a_challenge_where_none_belongs_ends_it() {
    for (mechanism, credentials) in [
        (Mechanism::Plain, user_pencil()),
        (Mechanism::Anonymous, Credentials::Anonymous),
        (Mechanism::External, Credentials::External { authzid: None }),
    ] {
        let (mut exchange, _) = start(mechanism, &credentials, &secure(None), "").unwrap();
        assert_eq!(exchange.handle_challenge(b""), Err(SaslError::OutOfOrder));
        assert_eq!(exchange.handle_success(None), Err(SaslError::OutOfOrder));
    }
}

#[test]
fn anonymous_and_external_need_no_secret() {
    let policy = Policy::default();
    let (mut exchange, initial) = start(Mechanism::Anonymous, &Credentials::Anonymous, &policy, "").unwrap();
    assert_eq!(initial, b"");
    assert!(exchange.handle_success(None).is_ok());
    let credentials = Credentials::External { authzid: Some("juliet@capulet.lit".to_owned()) };
    let (mut exchange, initial) = start(Mechanism::External, &credentials, &policy, "").unwrap();
    assert_eq!(text(&initial), "juliet@capulet.lit");
    assert!(exchange.handle_success(None).is_ok());
}

#[test]
fn a_refused_bearer_token_is_acknowledged_once() {
    let credentials = Credentials::Bearer { authzid: None, token: Secret::from("t") };
    let begin = || start(Mechanism::OAuthBearer, &credentials, &secure(None), "").unwrap().0;
    assert!(begin().handle_success(None).is_ok());
    let mut exchange = begin();
    assert_eq!(exchange.handle_challenge(br#"{"status":"invalid_token"}"#).unwrap(), b"\x01");
    assert_eq!(exchange.handle_success(None), Err(SaslError::OutOfOrder));
}

// Choosing.

#[test]
fn the_strongest_is_chosen() {
    let policy = secure(None);
    let all = ["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-512", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"];
    assert_eq!(choose_from(&all, &policy), Ok(Mechanism::ScramSha512));
    assert_eq!(choose_from(&["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"], &policy), Ok(Mechanism::ScramSha256));
    assert_eq!(choose_from(&["PLAIN"], &policy), Ok(Mechanism::Plain));
    for useless in [&[] as &[&str], &["ANONYMOUS"], &["plain"], &["SCRAM-SHA-1-PLUS"], &["DIGEST-MD5"]] {
        assert_eq!(choose_from(useless, &policy), Err(SaslError::NoCommonMechanism));
    }
}

#[test]
fn a_pin_on_a_password_does_not_bind_other_credentials() {
    let offer = Offer { mechanisms: &["ANONYMOUS", "OAUTHBEARER"], channel_bindings: None };
    let policy = secure(Some(Mechanism::ScramSha1));
    assert_eq!(choose(&offer, &Credentials::Anonymous, &policy), Ok(Mechanism::Anonymous));
    let bearer = Credentials::Bearer { authzid: None, token: Secret::from("t") };
    assert_eq!(choose(&offer, &bearer, &policy), Ok(Mechanism::OAuthBearer));
}

#[test]
fn external_once_is_not_plain_later() {
    let policy = secure(Mechanism::External.to_pin());
    assert_eq!(choose_from(&["PLAIN"], &policy), Err(SaslError::Downgraded));
    assert_eq!(choose_from(&["PLAIN", "SCRAM-SHA-1"], &policy), Ok(Mechanism::ScramSha1));
}

#[test]
fn a_mechanism_refuses_credentials_of_another() {
    let mechanisms = ["SCRAM-SHA-1", "PLAIN", "EXTERNAL", "OAUTHBEARER", "HT-SHA-256-NONE"];
    for mechanism in mechanisms.map(|name| Mechanism::from_name(name).unwrap()) {
        let result = start(mechanism, &Credentials::Anonymous, &secure(None), SHA_1.nonce);
        assert_eq!(result.unwrap_err(), SaslError::WrongCredentials);
    }
    for mechanism in [Mechanism::Anonymous, Mechanism::OAuthBearer] {
        let result = start(mechanism, &user_pencil(), &secure(None), SHA_1.nonce);
        assert_eq!(result.unwrap_err(), SaslError::WrongCredentials);
    }
}

#[test]
fn debug_shows_no_secret() {
    let password = password_of("user", "hunter2");
    let policy = secure(None);
    let (mut scram, _) = start(Mechanism::ScramSha1, &password, &policy, SHA_1.nonce).unwrap();
    let begun = format!("{scram:?}");
    scram.handle_challenge(SHA_1.server_first.as_bytes()).unwrap();
    let bearer = Credentials::Bearer { authzid: None, token: Secret::from("hunter2") };
    let shown = format!("{begun} {scram:?} {password:?} {bearer:?} {:?}", Secret::from("hunter2"));
    assert!(!shown.contains("hunter2"));
    assert!(shown.contains("[secret]"));
    assert_eq!(begun, "Exchange { mechanism: ScramSha1, .. }");
    assert_eq!(format!("{scram:?}"), begun);
}

fn start(
    mechanism: Mechanism,
    credentials: &Credentials,
    policy: &Policy,
    nonce: &str,
) -> Result<(Exchange, Vec<u8>), SaslError> {
    let offer = Offer { mechanisms: &[mechanism.name()], channel_bindings: None };
    Exchange::start(mechanism, credentials, policy, &offer, nonce)
}

fn choose_from(mechanisms: &[&str], policy: &Policy) -> Result<Mechanism, SaslError> {
    choose(&Offer { mechanisms, channel_bindings: None }, &user_pencil(), policy)
}

fn offered(mechanisms: &[&str], channel_bindings: Option<&[&str]>) -> Exchange {
    let offer = Offer { mechanisms, channel_bindings };
    Exchange::start(SHA_256.mechanism, &user_pencil(), &Policy::default(), &offer, SHA_256.nonce).unwrap().0
}

/// What a client answers to this server-first-message.
fn first_answer(nonce: &str, salt: &str, iterations: &str) -> Result<Vec<u8>, SaslError> {
    SHA_1.begin().handle_challenge(format!("r={nonce},s={salt},i={iterations}").as_bytes())
}

fn nonce() -> String {
    format!("{}3rfcNHYJY1ZVvWVs7j", SHA_1.nonce)
}

fn first_of(username: &str) -> String {
    let credentials = password_of(username, "pencil");
    let (_, initial) = start(Mechanism::ScramSha1, &credentials, &Policy::default(), SHA_1.nonce).unwrap();
    text(&initial).to_owned()
}

fn summary(result: Result<Outcome, SaslError>) -> Result<(Mechanism, bool), SaslError> {
    result.map(|outcome| (outcome.mechanism, outcome.server_proved))
}

fn secure(pinned: Option<Mechanism>) -> Policy {
    Policy { plaintext_allowed: true, pinned, ..Policy::default() }
}

fn user_pencil() -> Credentials {
    password_of("user", "pencil")
}

fn password_of(username: &str, password: &str) -> Credentials {
    Credentials::Password { username: username.to_owned(), password: Secret::from(password) }
}

fn fast() -> Credentials {
    Credentials::Fast { username: "user".to_owned(), token: Secret::from("secret-token:1") }
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}
