import converse from 'converse-wasm';
import 'converse-wasm/converse.css';

const { websocket_url, jid, password } = Object.fromEntries(new URLSearchParams(location.search));
await converse.initialize({
  websocket_url,
  auto_login: true,
  jid,
  password,
  view_mode: 'fullscreen',
  assets_path: 'converse/',
});
