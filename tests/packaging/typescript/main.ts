import converse, { ConverseError, type Plugin, type Settings } from 'converse-wasm';
import 'converse-wasm/converse.css';

const greeter: Plugin = {
  async initialize() {
    const { _converse } = this;
    _converse.api.listen.on('message', (message) => {
      const body: string | null | undefined = message.querySelector('body')?.textContent;
      document.title = body ?? '';
    });
    const [contact] = _converse.api.contacts.get();
    const name: string | undefined = contact?.getDisplayName();
    document.title = name ?? '';
  },
};
converse.plugins.add('greeter', greeter);

const query = new URLSearchParams(location.search);
const settings: Settings = {
  websocket_url: query.get('websocket_url') ?? '',
  auto_login: true,
  jid: query.get('jid') ?? '',
  password: query.get('password') ?? '',
  view_mode: 'fullscreen',
  assets_path: 'converse/',
  whitelisted_plugins: ['greeter'],
};
// @ts-expect-error A switch is no text.
const wrong: Settings = { auto_login: 'yes' };

try {
  await converse.initialize(settings);
} catch (error) {
  document.title = error instanceof ConverseError ? error.code : String(error);
  console.log(wrong);
}
