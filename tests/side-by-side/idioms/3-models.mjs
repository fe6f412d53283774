// Models, and the methods of theirs that plugins replace.

const open = (peerJid) => _converse.api.chats.open(peerJid).then(() => {});

export default [
  {
    name: 'chats.open, and what is said there',
    inShort: true,
    plugin({ peerJid }) {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          _converse.api.listen.on('message', (data) => {
            note('message', data.stanza.querySelector('body')?.textContent, data.chatbox?.get('jid'), data.chatbox?.get('type'));
          });
          _converse.api.listen.on('messageAdded', ({ message, chatbox }) => {
            if (message.get('message')) note('messageAdded', message.get('message'), message.get('sender'), message.get('from'), message.get('type'), chatbox.get('jid'));
          });
          _converse.api.listen.on('rosterContactsFetched', () => setTimeout(async () => {
            const chat = await _converse.api.chats.open(peerJid);
            note('chat', chat.get('jid'), chat.get('type'), chat.get('message_type'), chat.get('id'), chat.id, chat.get('box_id') === converse.env.b64_sha1(peerJid));
            note('same', _converse.api.chats.get(peerJid) === chat, _converse.chatboxes.get(peerJid) === chat, _converse.chatboxes.findWhere({ jid: peerJid }) === chat, _converse.chatboxes.models.includes(chat));
            note('name', chat.getDisplayName(), chat.get('num_unread'), chat.messages.length);
            const sent = await chat.sendMessage('what I say');
            note('attributes', Boolean(sent), chat.messages.length, chat.messages.last().get('message'), chat.messages.last().get('sender'));
            note('ready');
          }, 300));
        },
      });
    },
    wire: /<body/,
    fromTheStart: true,
    async drive({ say, until }) {
      await until('ready');
      say('<message id="r1" type="chat"><body>what he says</body></message>');
      await until('message');
    },
  },
  {
    name: 'ChatBox: sendMessage and getOutgoingMessageAttributes replaced',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBox: {
            sendMessage(said, ...more) {
              // The text in 4.2, what getOutgoingMessageAttributes makes of it before.
              note('sendMessage', (said.message ?? said).toLowerCase(), this.get('type'));
              const changed = typeof said === 'string' ? `${said}!` : { ...said, message: `${said.message}!` };
              return this.__super__.sendMessage.apply(this, [changed, ...more]);
            },
            getOutgoingMessageAttributes(text, hint) {
              note('getOutgoingMessageAttributes', /^hello/.test(text));
              return this.__super__.getOutgoingMessageAttributes.apply(this, [text.toUpperCase(), hint]);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    wire: /<body/,
    async drive({ run, type, until, peerJid }) {
      await run(open, peerJid);
      await type('hello');
      await until('sendMessage');
    },
  },
  {
    name: 'ChatBox: createMessageStanza replaced',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBox: {
            createMessageStanza(message) {
              note('message', message.get('message'), message.get('sender'));
              const stanza = this.__super__.createMessageStanza.apply(this, arguments);
              return stanza.c('idiom', { xmlns: 'urn:idiom', of: message.get('message') }).root();
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    wire: /<body/,
    async drive({ run, type, until, received, peerJid }) {
      await run(open, peerJid);
      await type('hello');
      await until('message');
    },
  },
  {
    name: 'ChatBoxes.onMessage replaced: words changed, and messages kept out',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBoxes: {
            onMessage(stanza) {
              const body = stanza.querySelector('body');
              note('onMessage', body?.textContent, stanza.getAttribute('from'));
              if (body?.textContent === 'spam') return true;
              if (body) body.textContent = body.textContent.replace('secret', 'plain');
              return this.__super__.onMessage.apply(this, arguments);
            },
          },
        },
        initialize() {
          window._converse = this._converse;
          this._converse.api.listen.on('message', ({ stanza }) => note('message', stanza.querySelector('body')?.textContent));
        },
      });
    },
    async drive({ say, until, run, peerJid, settle }) {
      say('<message id="a" type="chat"><body>spam</body></message>');
      say('<message id="b" type="chat"><body>a secret word</body></message>');
      await until('message');
      await settle();
      await run((peerJid) => note('messages', _converse.chatboxes.get(peerJid).messages.pluck('message')), peerJid);
    },
  },
  {
    name: 'ChatBoxes.onMessage replaced: what the archive has is kept out, too',
    archive: true,
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBoxes: {
            onMessage(stanza) {
              const body = stanza.querySelector('body');
              if (body?.textContent === 'spam') {
                note(stanza.querySelector('result') ? 'archived spam' : 'live spam');
                return true;
              }
              return this.__super__.onMessage.apply(this, arguments);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ say, until, run, peerJid, settle }) {
      say('<message id="a" type="chat"><body>spam</body></message>');
      await until('live spam');
      say('<message id="b" type="chat"><body>a word</body></message>');
      await settle();
      await run(open, peerJid);
      await until('archived spam');
      await settle();
      // How often the archive was asked is nobody's business, and converse.js 4.2 shows what it has twice.
      await run((peerJid) => {
        sideBySide.log = sideBySide.log.filter(([name]) => name !== 'archived spam');
        note('messages', [...new Set(_converse.chatboxes.get(peerJid).messages.pluck('message'))]);
      }, peerJid);
    },
  },
  {
    name: 'ChatBox: sendReceiptStanza and sendChatState replaced',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBox: {
            sendReceiptStanza(to, id) {
              note('receipt', to, id, this.get('jid'));
              if (id !== 'hush') return this.__super__.sendReceiptStanza.apply(this, arguments);
            },
            sendChatState() {
              if (this.get('chat_state') !== 'composing') return undefined;
              note('state', this.get('chat_state'));
              return this.__super__.sendChatState.apply(this, arguments);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    wire: /urn:xmpp:receipts|^<message.*<composing/,
    async drive({ say, run, until, peerJid }) {
      await run(open, peerJid);
      for (const id of ['told', 'hush']) say(`<message id="${id}" type="chat"><body>${id}</body><request xmlns="urn:xmpp:receipts"/></message>`);
      await until('receipt', 2);
      await run((peerJid) => void _converse.chatboxes.get(peerJid).set('chat_state', 'composing'), peerJid);
      await until('state');
    },
  },
  {
    name: 'notifications: who is told of a message, and how',
    inShort: true,
    settings: { play_sounds: true, show_desktop_notifications: 'all' },
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          shouldNotifyOfMessage(message) {
            const body = message.querySelector('body')?.textContent;
            note('should', body);
            return body !== 'quiet' && this.__super__.shouldNotifyOfMessage.apply(this, arguments);
          },
          showMessageNotification(message) {
            note('shown', message.querySelector('body').textContent, this.isMessageToHiddenChat(message));
          },
          playSoundNotification() {
            note('sound');
          },
        },
        initialize() {
          window._converse = this._converse;
          this._converse.api.listen.on('messageNotification', (message) => note('event', message.querySelector('body').textContent));
        },
      });
    },
    async drive({ say, run, until, settle }) {
      await run(() => {
        Object.defineProperty(document, 'hidden', { value: true });
        Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
        document.dispatchEvent(new Event('visibilitychange'));
      });
      for (const word of ['one', 'quiet', 'two']) say(`<message id="${word}" type="chat"><body>${word}</body></message>`);
      await until('shown', 2);
      await settle();
    },
  },
  {
    name: 'ChatBox: handleReceipt, handleChatMarker and handleMessageCorrection replaced',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBox: {
            handleReceipt(stanza) {
              const result = this.__super__.handleReceipt.apply(this, arguments);
              if (stanza.querySelector('received')) note('receipt', Boolean(result), this.get('jid'));
              return result;
            },
            handleChatMarker(stanza) {
              const result = this.__super__.handleChatMarker.apply(this, arguments);
              if (stanza.querySelector('displayed')) note('marker', Boolean(result));
              return result;
            },
            handleMessageCorrection(stanza) {
              if (stanza.querySelector('replace') && /unwanted/.test(stanza.textContent)) {
                note('kept out');
                return true;
              }
              const result = this.__super__.handleMessageCorrection.apply(this, arguments);
              if (stanza.querySelector('replace')) note('correction', Boolean(result));
              return result;
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ say, until, run, peerJid, settle }) {
      await run(open, peerJid);
      const id = await run(async (peerJid) => {
        const chat = _converse.chatboxes.get(peerJid);
        await chat.sendMessage('mine');
        return chat.messages.findWhere({ message: 'mine' }).get('msgid');
      }, peerJid);
      say(`<message id="k" type="chat"><received xmlns="urn:xmpp:receipts" id="${id}"/></message>`);
      await until('receipt');
      say('<message id="first" type="chat"><body>frist</body></message>');
      say('<message id="second" type="chat"><body>first</body><replace xmlns="urn:xmpp:message-correct:0" id="first"/></message>');
      await until('correction');
      say('<message id="third" type="chat"><body>unwanted</body><replace xmlns="urn:xmpp:message-correct:0" id="first"/></message>');
      await until('kept out');
      await settle();
      await run((peerJid) => {
        const { messages } = _converse.chatboxes.get(peerJid);
        note('messages', messages.pluck('message'), Boolean(messages.at(0).get('received')), Boolean(messages.at(1).get('edited')));
      }, peerJid);
    },
  },
  {
    name: 'ChatBox.validate replaced: a conversation that must not be',
    plugin({ peerJid }) {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBox: {
            validate(attributes) {
              if (attributes.jid === 'tybalt@capulet.lit') {
                if (!window.asked) note('refused', attributes.jid);
                window.asked = true;
                return 'Not with him';
              }
              return this.__super__.validate.apply(this, arguments);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, settle, peerJid }) {
      await run(open, peerJid);
      await run(() => void Promise.resolve(_converse.api.chats.open('tybalt@capulet.lit')).catch(() => {}));
      await settle();
      await run((peerJid) => note('open', _converse.chatboxes.filter((box) => box.get('type') === 'chatbox').map((box) => box.get('jid'))), peerJid);
    },
  },
  {
    name: 'XMPPStatus.sendPresence replaced',
    inShort: true,
    plugin({ peerJid }) {
      converse.plugins.add('idiom', {
        overrides: {
          XMPPStatus: {
            sendPresence(type, message) {
              note('sendPresence', type, message);
              if (type === 'dnd') return undefined;
              return this.__super__.sendPresence.apply(this, arguments);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    wire: /^<presence/,
    async drive({ run, until, settle }) {
      await run(() => note('so far', sideBySide.log.filter(([name]) => name === 'sendPresence').length));
      await run(() => _converse.xmppstatus.sendPresence('away', 'out'));
      await run(() => _converse.xmppstatus.sendPresence('dnd'));
      await settle();
    },
  },
  {
    name: 'XMPPStatus.constructPresence replaced',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          XMPPStatus: {
            constructPresence() {
              const presence = this.__super__.constructPresence.apply(this, arguments);
              return presence.c('idiom', { xmlns: 'urn:idiom' }).up();
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    fromTheStart: true,
    wire: /^<presence.*urn:idiom/,
    async drive({ page, settle, received }) {
      await settle();
      // The capabilities of the two are not the same.
      await page.evaluate(() => note('done'));
    },
  },
  {
    name: 'Presence.addResource replaced',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          Presence: {
            addResource(presence) {
              if (presence.querySelector('status')) note('addResource', this.get('jid'), presence.querySelector('status').textContent);
              return this.__super__.addResource.apply(this, arguments);
            },
          },
        },
        initialize() {
          const { _converse } = this;
          window._converse = _converse;
          _converse.api.listen.on('contactPresenceChanged', (contact) => note('changed', contact.get('jid'), contact.presence.get('show')));
        },
      });
    },
    async drive({ peer, until }) {
      peer.send("<presence xmlns='jabber:client'><show>dnd</show><status>busy</status></presence>");
      await until('addResource');
      await until('changed');
    },
  },
  {
    name: 'RosterContacts.addAndSubscribe replaced, and called by contacts.add',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          RosterContacts: {
            addAndSubscribe(jid, name) {
              note('addAndSubscribe', jid, name);
              return this.__super__.addAndSubscribe.apply(this, [jid, `${name} the second`]);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    wire: /jabber:iq:roster|type='subscribe'/,
    async drive({ run, until, settle }) {
      await run(() => void _converse.api.contacts.add('mercutio@capulet.lit', 'Mercutio'));
      await until('addAndSubscribe');
      await settle();
    },
  },
  {
    name: 'contact requests, and their answers',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          window._converse = _converse;
          _converse.api.listen.on('contactRequest', (contact) => {
            note('contactRequest', contact.get('jid'), contact.get('requesting'));
            contact.authorize().subscribe();
          });
        },
      });
    },
    wire: /^<presence.*type='subscribed?'/,
    async drive({ peer, until, settle, run, peerJid, jid }) {
      await run((peerJid) => _converse.roster.get(peerJid).removeFromRoster(), peerJid);
      await settle();
      peer.send(`<presence xmlns='jabber:client' to='${jid}' type='unsubscribed'/>`);
      await settle();
      await run(() => note('roster', _converse.roster.length));
    },
  },
  {
    name: 'the top-level onConnected replaced',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          onConnected() {
            note('before', this._converse === undefined, this.__super__._converse.bare_jid, Boolean(this.connection.jid));
            this.__super__.onConnected.apply(this, arguments);
            note('after', this.connection.authenticated);
          },
        },
        initialize() {
          this._converse.api.listen.on('connected', () => note('connected'));
        },
      });
    },
    drive: ({ until }) => until('connected'),
  },
  {
    name: 'user.status.set tells everybody',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          window._converse = this._converse;
          this._converse.api.listen.on('statusChanged', (status) => note('statusChanged', status));
        },
      });
    },
    async drive({ run, until, received }) {
      const seen = received(/<show>dnd<\/show>/);
      await run(() => _converse.api.user.status.set('dnd', 'In a meeting'));
      await seen;
      await run(() => note('status', _converse.api.user.status.get(), _converse.api.user.status.message.get()));
      await run(() => _converse.api.user.status.set('online'));
      await until('statusChanged', 2);
    },
  },
  {
    name: 'sendFiles',
    plugin() { converse.plugins.add('idiom', { initialize() { window._converse = this._converse; } }); },
    wire: /<body|http:upload/,
    async drive({ run, settle, received, peerJid }) {
      await run(open, peerJid);
      // The server says by and by what it can do.
      await settle();
      await settle();
      await settle();
      const heard = received(/idiom\.txt/);
      await run((peerJid) => void _converse.chatboxes.get(peerJid).sendFiles([new File(['words'], 'idiom.txt', { type: 'text/plain' })]), peerJid);
      await heard;
      await settle();
      await run((peerJid) => {
        const message = _converse.chatboxes.get(peerJid).messages.last();
        note('message', /idiom\.txt$/.test(message.get('oob_url')), message.get('upload'), message.get('sender'));
      }, peerJid);
    },
  },
];
