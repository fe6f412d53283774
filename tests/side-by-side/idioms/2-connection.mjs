// `_converse.connection`, and what goes through it.

export default [
  {
    name: 'connection.send, sendIQ and addHandler',
    inShort: true,
    plugin({ peerJid }) {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          const { Strophe, $iq, $msg } = converse.env;
          _converse.api.listen.on('connected', () => {
            const { connection } = _converse;
            note('connection', connection.jid === _converse.jid, connection.domain, connection.connected, connection.authenticated, typeof connection.pass);
            note('plugins', typeof connection.disco, typeof connection.vcard, typeof connection.roster);
            connection.addHandler((message) => {
              note('handler', message, message.querySelector('body').textContent, message.getAttribute('from'));
              note('dom', message.localName, message.nodeName, message.attributes.type.value, message.getElementsByTagName('body').length, message.querySelector('idiom').namespaceURI);
              return true;
            }, 'urn:idiom', 'message');
            const once = connection.addHandler(() => { note('once'); return false; }, null, 'message', 'chat');
            note('reference', typeof once);
            const deleted = connection.addHandler(() => { note('deleted'); return true; }, null, 'message');
            connection.deleteHandler(deleted);
            connection.addHandler(() => { note('of another'); return true; }, null, 'message', null, null, 'tybalt@capulet.lit');
            connection.addHandler((stanza) => { note('of romeo', stanza.getAttribute('id')); return true; }, null, 'message', null, null, peerJid, { matchBareFromJid: true });
            connection.addTimedHandler(50, () => { note('timed'); return false; });
            connection.sendIQ($iq({ type: 'get', to: connection.domain }).c('query', { xmlns: 'jabber:iq:version' }), (iq) => note('version', iq.getAttribute('type'), iq.querySelector('name').textContent), () => note('wrong'));
            connection.sendIQ($iq({ type: 'get', to: connection.domain }).c('query', { xmlns: 'urn:idiom:nothing' }), () => note('wrong'), (iq) => note('refused', iq.getAttribute('type')));
            connection.send($msg({ to: peerJid, type: 'chat', id: 'a' }).c('body').t('from the connection'));
            connection.send([$msg({ to: peerJid, id: 'b' }).c('one', { xmlns: 'urn:idiom' }).tree(), $msg({ to: peerJid, id: 'c' }).tree()]);
            connection.flush();
            note('unique', connection.getUniqueId() !== connection.getUniqueId(), /:idiom$/.test(connection.getUniqueId('idiom')));
          });
        },
      });
    },
    wire: /from the connection|urn:idiom|^<message to=/,
    fromTheStart: true,
    async drive({ say, until }) {
      await until('refused');
      say('<message id="m1" type="chat"><body>one</body><idiom xmlns="urn:idiom"/></message>');
      say('<message id="m2" type="chat"><body>two</body><idiom xmlns="urn:idiom"/></message>');
      await until('handler', 2);
    },
  },
  {
    name: 'connection.xmlInput and xmlOutput',
    plugin({ peerJid }) {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          _converse.api.listen.on('connectionInitialized', () => {
            _converse.connection.xmlInput = (stanza) => {
              if (stanza.querySelector('body')) note('input', stanza.querySelector('body').textContent, stanza.nodeName);
            };
            _converse.connection.xmlOutput = (stanza) => {
              if (stanza.querySelector('body')) note('output', stanza.querySelector('body').textContent, stanza.nodeName);
            };
          });
          _converse.api.listen.on('connected', () => _converse.api.send(converse.env.$msg({ to: peerJid, type: 'chat' }).c('body').t('out')));
        },
      });
    },
    async drive({ say, until }) {
      await until('output');
      say('<message type="chat"><body>in</body></message>');
      await until('input');
    },
  },
  {
    name: 'api.send, api.sendIQ and listen.stanza',
    inShort: true,
    plugin({ peerJid }) {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          const { $iq, $msg } = converse.env;
          _converse.api.listen.on('send', (stanza) => /idiom|by api/.test(String(stanza)) && note('send event', stanza));
          _converse.api.listen.on('connected', async () => {
            _converse.api.listen.stanza('message', { ns: 'urn:idiom' }, (stanza) => {
              note('stanza', stanza, stanza.innerHTML.replace(/ xmlns="[^"]*"/g, ''), stanza.firstElementChild.namespaceURI);
              return true;
            });
            _converse.api.send($msg({ to: peerJid, type: 'chat' }).c('body').t('by api.send'));
            const iq = await _converse.api.sendIQ($iq({ type: 'get', to: _converse.domain }).c('ping', { xmlns: 'urn:xmpp:ping' }));
            note('answer', iq.getAttribute('type'));
            await _converse.api.sendIQ($iq({ type: 'set', to: _converse.domain }).c('nothing', { xmlns: 'urn:idiom' })).catch((error) => note('refused', error.getAttribute('type')));
          });
        },
      });
    },
    wire: /by api\.send|xmpp:ping'|urn:idiom/,
    fromTheStart: true,
    async drive({ say, until }) {
      await until('refused');
      say('<message id="x1" type="headline"><a xmlns="urn:idiom" b="c">d</a></message>');
      await until('stanza');
    },
  },
  {
    name: 'api functions replaced with Object.assign',
    inShort: true,
    plugin({ peerJid }) {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          const { get } = _converse.api.vcard;
          Object.assign(_converse.api.vcard, {
            get(model, force) {
              const of = typeof model === 'string' ? model : model.get('jid');
              if (of === peerJid) {
                return Promise.resolve({ fullname: 'Romeo of the plugin', image: 'cGx1Z2lu', image_type: 'image/png' });
              }
              return get.call(this, model, force);
            },
          });
          const rooms = _converse.api.rooms.get;
          Object.assign(_converse.api.rooms, { get(...given) { return rooms.apply(this, given); } });
          _converse.api.listen.on('rosterContactsFetched', () => setTimeout(() => {
            const contact = _converse.roster.get(peerJid);
            // Who looks wants to know.
            note('who', contact.vcard.get('jid'));
            setTimeout(async () => {
              note('vcard', contact.vcard.get('fullname'), contact.vcard.get('image'));
              await _converse.api.vcard.update(contact.vcard, true);
              note('vcard', contact.vcard.get('fullname'), contact.vcard.get('image'));
              note('name', contact.getDisplayName());
            }, 500);
          }, 500));
        },
      });
    },
    drive: ({ until }) => until('name'),
  },
  {
    name: 'archive.query with callbacks, disco.supports, vcard.set',
    archive: true,
    plugin({ peerJid }) {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          _converse.api.listen.on('rosterContactsFetched', () => setTimeout(async () => {
            const supports = await _converse.api.disco.supports(converse.env.Strophe.NS.MAM, _converse.bare_jid);
            note('supports', supports.length);
            _converse.api.archive.query({ with: peerJid, max: 2 }, (messages, rsm) => {
              note('archive', messages.map((message) => message.querySelector('forwarded body').textContent), messages[0]?.nodeName, rsm.count, typeof rsm.first);
            }, () => note('wrong'));
            await _converse.api.vcard.set(_converse.bare_jid, { fn: 'Juliet Capulet', nickname: 'jule', url: '', role: '', email: '', image: '', image_type: '' });
            const { fullname, nickname } = await _converse.api.vcard.get(_converse.bare_jid);
            note('vcard', fullname, nickname);
          }, 2500));
        },
      });
    },
    async drive({ say, until }) {
      for (const word of ['one', 'two', 'three']) say(`<message id="${word}" type="chat"><body>${word}</body></message>`);
      await until('archive');
      await until('vcard');
    },
  },
  {
    name: 'sendCSI, and what is no stanza by api.send',
    plugin() { converse.plugins.add('idiom', { initialize() { window._converse = this._converse; } }); },
    wire: /csi|urn:idiom/,
    async drive({ run, settle }) {
      await run(() => {
        _converse.sendCSI('inactive');
        _converse.api.send(converse.env.$build('active', { xmlns: 'urn:xmpp:csi:0' }));
      });
      await settle();
      await run(async () => note('connected', _converse.connection.connected, (await _converse.api.sendIQ(converse.env.$iq({ type: 'get', to: _converse.domain }).c('ping', { xmlns: 'urn:xmpp:ping' }))).getAttribute('type')));
    },
  },
  {
    name: 'stanzas become elements for those who listen',
    inShort: true,
    plugin({ peerJid }) {
      converse.plugins.add('idiom', { initialize() { window._converse = this._converse; } });
    },
    async drive({ run, say, settle, until, peerJid }) {
      await run(() => {
        // Every element of a stanza is in a document of its own.
        window.made = 0;
        window.Document = class extends Document {
          constructor() {
            super();
            window.made += 1;
          }
        };
      });
      say('<message id="d1" type="chat"><body>one</body></message>');
      await settle();
      await run((peerJid) => note('made', made, _converse.chatboxes.get(peerJid).messages.length), peerJid);
      await run(() => void _converse.api.listen.on('message', ({ stanza }) => note('message', stanza.ownerDocument !== document, stanza.namespaceURI)));
      say('<message id="d2" type="chat"><body>two</body></message>');
      await until('message');
    },
  },
];
