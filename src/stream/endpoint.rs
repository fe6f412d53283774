//! Where a server listens for web clients.

/// An absolute address, normalised as `URL` in a browser does it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Endpoint {
    /// A `ws:` or `wss:` address (RFC 7395).
    WebSocket(String),
    /// An `http:` or `https:` address (XEP-0124).
    Bosh(String),
}

impl Endpoint {
    /// The endpoint at `url`, where the server wants this client to go. `None` if it is of another kind, or less safe.
    pub fn redirected(&self, url: &str) -> Option<Self> {
        let other = match self {
            Self::WebSocket(_) if url.starts_with("wss://") || url.starts_with("ws://") => {
                Self::WebSocket(url.to_owned())
            }
            Self::Bosh(_) if url.starts_with("https://") || url.starts_with("http://") => Self::Bosh(url.to_owned()),
            _ => return None,
        };
        let safe = if self.is_encrypted() { other.is_encrypted() } else { other.is_confidential() };
        safe.then_some(other)
    }

    /// The endpoint where the server would have its stream resumed (XEP-0198 §5): at another address, or, where it names
    /// a host as it does for TCP, at the same path there. `None` as for [`Self::redirected`].
    pub fn relocated(&self, location: &str) -> Option<Self> {
        if location.contains("://") {
            return self.redirected(location);
        }
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'[' | b']');
        let (scheme, rest) = self.url().split_once("://")?;
        let (_, path) = rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len()))?;
        let url = [scheme, "://", location, path].concat();
        (!location.is_empty() && location.bytes().all(fits)).then(|| self.redirected(&url))?
    }

    /// Whether the connection is encrypted.
    pub fn is_encrypted(&self) -> bool {
        match self {
            Self::WebSocket(url) => url.starts_with("wss://"),
            Self::Bosh(url) => url.starts_with("https://"),
        }
    }

    /// The address itself.
    pub fn url(&self) -> &str {
        match self {
            Self::WebSocket(url) | Self::Bosh(url) => url,
        }
    }

    /// Whether what is sent there can be read on the way by nobody: it is encrypted, or does not leave the machine.
    pub fn is_confidential(&self) -> bool {
        let plain = match self {
            Self::WebSocket(url) => url.strip_prefix("ws://"),
            Self::Bosh(url) => url.strip_prefix("http://"),
        };
        self.is_encrypted() || plain.is_some_and(is_loopback)
    }
}

/// Whether `rest`, an address after its scheme, names this machine.
fn is_loopback(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    let ipv4 = host.strip_prefix("127.").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    ipv4 || host == "localhost" || host == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn websocket(url: &str) -> bool {
        Endpoint::WebSocket(url.to_owned()).is_confidential()
    }

    #[test]
    fn encrypted_or_local_is_confidential() {
        assert!(websocket("wss://example.org/ws"));
        assert!(websocket("ws://localhost:5280/ws"));
        assert!(websocket("ws://127.0.0.1/ws"));
        assert!(websocket("ws://[::1]:5280/ws"));
        assert!(Endpoint::Bosh("https://example.org/http-bind".to_owned()).is_confidential());
        assert!(Endpoint::Bosh("http://localhost/http-bind".to_owned()).is_confidential());
    }

    #[test]
    fn a_stream_is_resumed_where_it_is_as_safe() {
        let relocated = |here: &str, location: &str| {
            let there = Endpoint::WebSocket(here.to_owned()).relocated(location);
            there.map(|endpoint| endpoint.url().to_owned())
        };
        let here = "wss://capulet.lit:5281/ws?a";
        assert_eq!(relocated(here, "wss://two.capulet.lit/xmpp").as_deref(), Some("wss://two.capulet.lit/xmpp"));
        assert_eq!(relocated(here, "two.capulet.lit:443").as_deref(), Some("wss://two.capulet.lit:443/ws?a"));
        assert_eq!(relocated(here, "[2001:db8::1]:9222").as_deref(), Some("wss://[2001:db8::1]:9222/ws?a"));
        assert_eq!(relocated("wss://capulet.lit", "two.lit").as_deref(), Some("wss://two.lit"));
        assert_eq!(relocated("ws://localhost/ws", "127.0.0.1:1").as_deref(), Some("ws://127.0.0.1:1/ws"));
        for unfit in ["", "ws://two.lit/", "https://two.lit/", "a@two.lit", "two.lit/", "two lit", "?wss://two.lit"] {
            assert_eq!(relocated(here, unfit), None, "{unfit}");
        }
        assert_eq!(relocated("ws://localhost/ws", "two.lit"), None);
    }

    #[test]
    fn the_rest_is_not_whatever_it_looks_like() {
        assert!(!websocket("ws://example.org/ws"));
        assert!(!websocket("ws://evil.example/?wss://"));
        assert!(!websocket("ws://localhost@evil.example/"));
        assert!(!websocket("ws://localhost:1@evil.example/"));
        assert!(!websocket("ws://localhost.evil.example/"));
        assert!(!websocket("ws://127.0.0.1.evil.example/"));
        assert!(!websocket("https://example.org/"));
        assert!(!Endpoint::Bosh("http://example.org/".to_owned()).is_confidential());
    }
}
