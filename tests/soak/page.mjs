// The page of the soak: the library, and a plugin that sends numbered messages and notes what becomes of them.

/** The document; it logs in by itself whenever it is loaded. */
export function html({ settings, peer }) {
  const script = `(${install})(${JSON.stringify({ settings, peer })})`;
  // `</` would end the script.
  return `<!doctype html><meta charset="utf-8"><title>soak</title>
<script>${script.replaceAll('</', '<\\/')}</script><script src="/pkg/converse.headless.js"></script>`;
}

/** Runs in the page, so it must not use anything from outside itself. */
function install({ settings, peer }) {
  const KEY = 'soak';
  // Survives reloads, and is written in the same task as what it tells of.
  const log = JSON.parse(sessionStorage.getItem(KEY)) ?? { sent: 0, got: [], accepted: [], failed: {}, errors: [], loads: 0 };
  const save = () => sessionStorage.setItem(KEY, JSON.stringify(log));
  log.loads += 1;
  save();

  addEventListener('error', (event) => { log.errors.push(event.message); save(); });
  addEventListener('unhandledrejection', (event) => { log.errors.push(String(event.reason)); save(); });
  addEventListener('converse-loaded', () => {
    window.converse.plugins.add('soak', {
      initialize() {
        const { api } = this._converse;
        api.listen.on('message', (element) => {
          const [, number] = /^to page (\d+)$/.exec(element.querySelector('body')?.textContent ?? '') ?? [];
          if (number) {
            log.got.push(Number(number));
            save();
          }
        });
        api.listen.on('stanzaDelivery', ({ id, state, reason }) => {
          const [, number] = /^page-(\d+)$/.exec(id) ?? [];
          if (!number) return;
          if (state === 'sent') log.accepted.push(Number(number));
          else if (state === 'failed') log.failed[number] = reason;
          save();
        });
        window.soak = {
          log,
          connected: () => api.connection.connected,
          /** Sends messages until this many are sent, if they are taken. */
          upTo(count) {
            while (log.sent < count) {
              const number = log.sent + 1;
              try {
                api.send(`<message xmlns='jabber:client' to='${peer}' type='chat' id='page-${number}'><body>to peer ${number}</body></message>`);
              } catch {
                // Nobody is logged in yet: it was not taken, and the number is free for the next attempt.
                return;
              }
              log.sent = number;
              save();
            }
          },
        };
      },
    });
    window.converse.initialize({ ...settings, whitelisted_plugins: ['soak'] }).catch((error) => {
      log.errors.push(`initialize: ${error.code ?? error}`);
      save();
    });
  });
}
