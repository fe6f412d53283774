// Rooms.

const enter = (room) =>
  new Promise((done) => {
    _converse.api.rooms.open(room, { nick: 'juliet' }).then((model) => {
      const look = () => model.get('connection_status') === 5 && done();
      model.on('change:connection_status', look);
      look();
    });
  });

const join = (room) => `<presence xmlns='jabber:client' to='${room}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>`;
const speak = (room, id, body) => `<message xmlns='jabber:client' id='${id}' to='${room}' type='groupchat'><body>${body}</body></message>`;
const keep = { plugin() { converse.plugins.add('idiom', { initialize() { window._converse = this._converse; } }); } };

export default [
  {
    name: 'rooms.open, occupants, and what is said there',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          window._converse = _converse;
          _converse.api.listen.on('chatRoomOpened', (view) => note('chatRoomOpened', view.model.get('jid'), view.model.get('type')));
          _converse.api.listen.on('message', ({ stanza, chatbox }) => {
            if (stanza.querySelector('body')) note('message', stanza.querySelector('body').textContent, stanza.getAttribute('type'), chatbox?.get('jid'));
          });
        },
      });
    },
    wire: /<body|muc'/,
    async drive({ run, peer, until, received, room, settle }) {
      await run(enter, room);
      const joined = received(/status code=['"]110/);
      peer.send(join(room));
      await joined;
      peer.send(speak(room, 'r1', 'hello juliet'));
      await until('message');
      const heard = received(/hello romeo/);
      await run((room) => {
        const model = _converse.api.rooms.get(room);
        note('room', model.get('type'), model.get('message_type'), model.get('nick'), model.get('jid') === room, model.get('affiliation'), model.get('role'));
        note('occupants', model.occupants.pluck('nick').sort(), model.occupants.findWhere({ nick: 'juliet' }).get('role'));
        note('said', model.messages.map((message) => [message.get('message'), message.get('nick'), message.get('from'), message.get('type'), message.get('sender')]));
        model.sendMessage('hello @romeo and all');
      }, room);
      await heard;
      await settle();
      await run((room) => note('mine', _converse.api.rooms.get(room).messages.last().get('sender'), _converse.api.rooms.get(room).messages.last().get('references').length), room);
    },
  },
  {
    name: 'ChatRoom.onMessage replaced',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatRoom: {
            onMessage(stanza) {
              const body = stanza.querySelector('body');
              if (body) note('onMessage', body.textContent, this.get('jid') === stanza.getAttribute('from').split('/')[0]);
              if (body?.textContent === 'spam') return true;
              return this.__super__.onMessage.apply(this, arguments);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, peer, until, received, room, settle }) {
      await run(enter, room);
      const joined = received(/status code=['"]110/);
      peer.send(join(room));
      await joined;
      peer.send(speak(room, 's1', 'spam'));
      peer.send(speak(room, 's2', 'ham'));
      await until('onMessage', 2);
      await settle();
      await run((room) => note('messages', _converse.api.rooms.get(room).messages.pluck('message').filter(Boolean)), room);
    },
  },
  {
    name: 'ChatRoom.getUpdatedMessageAttributes replaced',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatRoom: {
            getUpdatedMessageAttributes(message, stanza) {
              const attributes = this.__super__.getUpdatedMessageAttributes.apply(this, arguments);
              note('updated', message.get('message'), stanza.querySelector('body').textContent);
              return Object.assign(attributes || {}, { idiom: 'seen' });
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, until, room, settle }) {
      await run(enter, room);
      await run((room) => void _converse.api.rooms.get(room).sendMessage('mine'), room);
      await until('updated');
      await settle();
      await run((room) => {
        const message = _converse.api.rooms.get(room).messages.findWhere({ message: 'mine' });
        note('message', message.get('idiom'), Boolean(message.get('received')));
      }, room);
    },
  },
  {
    name: 'ChatRoomView: initialize, createOccupantsView, renderAfterTransition and events replaced',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatRoomView: {
            events: { 'click .idiom-button': 'onIdiom' },
            initialize() {
              const result = this.__super__.initialize.apply(this, arguments);
              note('initialize', this.model.get('type'), this.el instanceof Element);
              return result;
            },
            createOccupantsView() {
              note('createOccupantsView');
              return this.__super__.createOccupantsView.apply(this, arguments);
            },
            renderAfterTransition() {
              sideBySide.transitions = (sideBySide.transitions || 0) + 1;
              return this.__super__.renderAfterTransition.apply(this, arguments);
            },
            onIdiom(event) {
              note('clicked', event.type, this.model.get('type'));
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, room, until, click, settle }) {
      await run(enter, room);
      await settle();
      await run((room) => {
        const view = _converse.chatboxviews.get(room);
        note('transitions', sideBySide.transitions > 0);
        note('parts', ...['.occupants', '.chat-area', '.chatroom-body', '.chat-content', 'textarea.chat-textarea', '.box-flyout', '.message-form-container', '.toggle-smiley.dropup'].map((selector) => Boolean(view.el.querySelector(selector))));
        view.el.querySelector('.chat-area').insertAdjacentHTML('beforeend', '<button class="idiom-button" style="position:relative;z-index:9"><i>idiom</i></button>');
        view.el.querySelector('.idiom-button i').click();
      }, room);
      await until('clicked');
    },
  },
  {
    name: 'slash commands of plugins in rooms',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatRoomView: {
            parseMessageForCommands(text) {
              if (text.startsWith('/idiom')) {
                note('command', text);
                return true;
              }
              return this.__super__.parseMessageForCommands.apply(this, arguments);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    wire: /<body/,
    async drive({ run, room, type, until, settle }) {
      await run(enter, room);
      await settle();
      await type('/idiom with words');
      await until('command');
      await type('no command');
      await settle();
    },
  },
  {
    name: 'bookmarks',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          _converse.api.waitUntil('bookmarksInitialized').then(() => {
            note('bookmarks', _converse.bookmarks.length, typeof _converse.bookmarks.create);
          });
        },
      });
    },
    drive: ({ until }) => until('bookmarks'),
  },
  {
    name: 'rooms.get, rooms.create and closing a room',
    ...keep,
    wire: /^<presence.*unavailable/,
    async drive({ run, room, settle }) {
      await run(enter, room);
      await run((room) => {
        note('get', _converse.api.rooms.get(room).get('jid') === room, _converse.api.rooms.get(room.toUpperCase()) === _converse.api.rooms.get(room), _converse.api.rooms.get('nowhere@rooms.capulet.lit'), _converse.api.rooms.get().length);
        _converse.api.listen.on('chatBoxClosed', (view) => note('chatBoxClosed', view.model.get('type')));
        _converse.chatboxviews.get(room).close();
      }, room);
      await settle();
      await run((room) => note('closed', _converse.api.rooms.get(room)), room);
    },
  },
];
