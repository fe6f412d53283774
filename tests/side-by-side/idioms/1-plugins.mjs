// How plugins begin, and what they find on `_converse` and `converse.env`.

export default [
  {
    name: 'a UMD plugin with an implicit global, on connected',
    inShort: true,
    plugin() {
      (function (root, factory) {
        if (typeof define === 'function' && define.amd) define(['converse'], factory);
        else factory(converse);
      })(this, function (converse) {
        const Strophe = converse.env.Strophe;
        converse.plugins.add('idiom', {
          dependencies: ['converse-muc', 'converse-disco'],
          initialize: function (socket) {
            _converse = this._converse;
            note('socket', socket.properties._converse === _converse);
            note('name', this.__name__);
            _converse.api.listen.on('connected', function () {
              note('connected', _converse.bare_jid, _converse.domain, _converse.resource.replace(/\d+/, ''), Strophe.getNodeFromJid(_converse.jid));
              note('api', _converse.api.user.jid() === _converse.jid, _converse.api.user.jid() === _converse.connection.jid);
            });
          },
        });
      });
    },
    drive: ({ until }) => until('connected'),
  },
  {
    name: 'the builders and helpers of converse.env',
    inShort: true,
    plugin() {
      const { $build, $iq, $msg, $pres, Strophe, b64_sha1, utils } = converse.env;
      converse.plugins.add('idiom', {
        initialize() {
          note('iq', $iq({ type: 'get', to: 'a@b', id: 'x' }).c('query', { xmlns: Strophe.NS.DISCO_INFO }).c('a').t('<&>').up().c('b'));
          note('msg', $msg({ to: 'a@b', type: 'chat' }).c('body').t('x').up().c('x', { xmlns: 'urn:x' }).cnode(Strophe.xmlElement('y', { z: '1' })));
          note('pres', $pres(), $build('a', { b: undefined, c: 1 }), String($pres({ to: 'a@b' })));
          note('tree', $msg({ id: 'q' }).c('body').t('z').tree().querySelector('body').textContent);
          note('jids', ...['getBareJidFromJid', 'getDomainFromJid', 'getNodeFromJid', 'getResourceFromJid'].map((name) => Strophe[name]('a@b.c/d/e')));
          note('escape', Strophe.xmlescape(`<a href="'">&`), Strophe.escapeNode('a b@c'), Strophe.unescapeNode('a\\20b'));
          Strophe.addNamespace('IDIOM', 'urn:idiom');
          note('ns', Strophe.NS.IDIOM, Strophe.NS.MUC_USER, Strophe.NS.CARBONS, Strophe.NS.XFORM, Strophe.NS.MAM);
          note('status', Strophe.Status.CONNECTED, Strophe.Status.AUTHFAIL, Strophe.LogLevel.ERROR, Strophe.LogLevel.FATAL);
          note('sha', b64_sha1('romeo@capulet.lit'));
          note('utils', utils.isValidJID('a@b'), utils.isValidJID('a'), utils.isSameBareJID('a@b/c', 'A@b/d'));
        },
      });
    },
  },
  {
    name: 'what is on _converse when a plugin begins',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          for (const name of ['api', 'default_settings', 'user_settings', 'promises', 'pluggable', 'config', 'connfeedback', 'router', 'locale', 'msg_counter', 'DEFAULT_IMAGE']) note(name, typeof _converse[name]);
          for (const name of ['ACTIVE', 'COMPOSING', 'PAUSED', 'INACTIVE', 'GONE', 'ANONYMOUS', 'EXTERNAL', 'LOGIN', 'LOGOUT', 'PREBIND', 'OPENED', 'CLOSED', 'SUCCESS', 'FAILURE', 'PRIVATE_CHAT_TYPE', 'CHATROOMS_TYPE', 'HEADLINES_TYPE', 'CONTROLBOX_TYPE', 'DEFAULT_IMAGE_TYPE', 'IQ_TIMEOUT', 'STATUS_WEIGHTS', 'TIMEOUTS', 'CONNECTION_STATUS', 'PRETTY_CHAT_STATUS', 'keycodes']) note(name, _converse[name]);
          for (const name of ['__', 'log', 'isUniView', 'emit', 'on', 'once', 'off', 'trigger', 'listenTo', 'listenToOnce', 'stopListening', 'bind', 'unbind', 'logIn', 'logOut', 'disconnect', 'reconnect', 'onConnected', 'sendInitialPresence', 'rejectPresenceSubscription', 'populateRoster', 'ping', 'openChatRoom', 'checkBookmarksSupport', 'initConnection', 'onDisconnected', 'setUserJID', 'initSession', 'clearSession', 'initStatus', 'onStatusInitialized', 'tearDown', 'enableCarbons', 'sendCSI', 'generateResource', 'saveWindowState', 'initRoster', 'playSoundNotification', 'onConnectStatusChanged', 'setDisconnectionCause', 'onUserActivity', 'fetchLoginCredentials', 'autoLogin', 'attemptPreboundSession', 'attemptNonPreboundSession', 'pong', 'requestPermission', 'areDesktopNotificationsEnabled', 'handleMessageNotification', 'shouldNotifyOfMessage', 'shouldNotifyOfGroupMessage', 'isMessageToHiddenChat', 'showMessageNotification', 'showContactRequestNotification', 'showChatStateNotification']) note(name, typeof _converse[name]);
          for (const name of ['ChatBox', 'ChatBoxes', 'ChatBoxView', 'ChatBoxViews', 'ChatRoom', 'ChatRoomView', 'ChatRoomOccupant', 'ChatRoomOccupants', 'Message', 'Messages', 'MessageView', 'RosterContact', 'RosterContacts', 'RosterGroup', 'RosterGroups', 'Presence', 'Presences', 'XMPPStatus', 'VCard', 'VCards', 'DiscoEntity', 'DiscoEntities', 'Bookmark', 'Bookmarks', 'ControlBoxView', 'LoginPanel', 'ConnectionFeedback']) note(name, typeof _converse[name], typeof _converse[name]?.prototype.on);
        },
      });
    },
  },
  {
    name: 'steps of a session replaced',
    plugin() {
      const called = new Set();
      const step = (name) => function (...given) {
        called.add(name);
        return this.__super__[name](...given);
      };
      const names = ['clearSession', 'initRoster', 'initSession', 'initStatus', 'onDisconnected', 'onStatusInitialized', 'setUserJID', 'tearDown'];
      converse.plugins.add('idiom', {
        overrides: Object.fromEntries(names.map((name) => [name, step(name)])),
        initialize() {
          const { _converse } = this;
          const told = new Set();
          const events = ['setUserJID', 'sessionInitialized', 'statusInitialized', 'rosterInitialized', 'disconnected'];
          for (const name of events) _converse.api.listen.on(name, () => told.add(name));
          _converse.api.listen.on('rosterContactsFetched', () => _converse.api.user.logout());
          _converse.api.listen.on('disconnected', () => setTimeout(() => {
            for (const name of names) note(name, called.has(name));
            for (const name of events) note(name, told.has(name));
            note('done');
          }, 500));
        },
      });
    },
    async drive({ run, until, settle }) {
      await until('done');
      await settle();
      // converse.js 4.2 sends something more now and then when its connection is gone, and throws.
      await run(() => { sideBySide.log = sideBySide.log.filter(([name]) => name !== 'uncaught'); });
    },
  },
  {
    name: 'steps that the core takes by itself, as functions of _converse',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          for (const name of ['onEverySecond', 'registerIntervalHandler', 'restoreBOSHSession', 'startNewBOSHSession', 'registerPresenceHandler', 'unregisterPresenceHandler', 'registerPingHandler', 'registerPongHandler', 'onDirectMUCInvitation', 'showFeedbackNotification']) note(name, typeof this._converse[name]);
        },
      });
    },
  },
  {
    name: 'the classes of views of which no plugin is known to use any',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          for (const name of ['ChatBoxHeading', 'ChatRoomOccupantsView', 'RosterContactView', 'RosterGroupView', 'RosterView', 'RosterFilter', 'RosterFilterView', 'XMPPStatusView', 'BookmarksView', 'ControlBox', 'ControlBoxPane', 'ControlBoxToggle', 'HeadlinesBox', 'HeadlinesBoxView', 'MinimizedChats', 'RoomsPanel', 'RoomsList', 'RoomsListView', 'OpenRooms', 'EmojiPicker', 'EmojiPickerView', 'AutoComplete']) note(name, typeof this._converse[name]);
        },
      });
    },
  },
  {
    name: 'what is on _converse when somebody is logged in',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          _converse.api.listen.on('rosterContactsFetched', () => setTimeout(() => {
            for (const name of ['connection', 'session', 'xmppstatus', 'vcards', 'presences', 'roster', 'rostergroups', 'chatboxes', 'chatboxviews', 'disco_entities', 'stream_features', 'windowState', 'send_initial_presence']) {
              note(`_converse.${name}`, typeof _converse[name]);
            }
            note('jid', _converse.bare_jid === _converse.connection.jid.split('/')[0], _converse.domain, _converse.connection.domain);
            note('connection', _converse.connection.connected, _converse.connection.authenticated, _converse.api.connection.connected ? true : false);
            note('config', _converse.config.get('trusted'), _converse.config.get('storage'), _converse.config.id);
            note('session', _converse.session.id);
            note('status', _converse.xmppstatus.get('status'), _converse.xmppstatus.get('jid'));
            note('vcard', typeof _converse.xmppstatus.vcard.attributes, _converse.xmppstatus.vcard.get('jid'), _converse.xmppstatus.vcard.get('image') === _converse.DEFAULT_IMAGE);
            note('roster', _converse.roster.length, _converse.roster.pluck('jid'), _converse.roster.at(0).get('groups'), _converse.roster.at(0).getDisplayName());
            note('contact', _converse.roster.at(0).presence.get('show'), _converse.roster.at(0).vcard.get('jid'), _converse.roster.at(0).get('subscription'));
            note('locale', _converse.locale, _converse.__('Hello %1$s', 'there'));
            note('done');
          }, 1500));
        },
      });
    },
    drive: ({ until }) => until('done'),
  },
  {
    name: 'the views of single parts of the control box',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          _converse.api.listen.on('rosterContactsFetched', () => setTimeout(() => {
            for (const name of ['rosterview', 'controlboxtoggle', 'xmppstatusview', 'minimized_chats', 'rooms_list_view', 'lastStanzaDate']) note(name, typeof _converse[name]);
            note('done');
          }, 1500));
        },
      });
    },
    drive: ({ until }) => until('done'),
  },
  {
    name: 'settings: update, get, set and as properties',
    inShort: true,
    settings: { idiom_user: 'given', idiom_map: { a: 5, z: 9 }, idiom_unknown: 1 },
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          const { settings } = _converse.api;
          settings.update({ idiom_default: 'mine', idiom_user: 'mine', idiom_map: { a: 1, b: 2 } });
          note('get', settings.get('idiom_default'), settings.get('idiom_user'), settings.get('idiom_map'), settings.get('idiom_unknown'));
          note('properties', _converse.idiom_default, _converse.idiom_user, _converse.idiom_map, _converse.idiom_unknown);
          settings.set('idiom_default', 'changed');
          settings.set({ idiom_user: 'changed', nobody: 1 });
          note('set', _converse.idiom_default, settings.get('idiom_user'), settings.get('nobody'));
          settings.update({ visible_toolbar_buttons: { call: true } });
          note('merged', settings.get('visible_toolbar_buttons').call, settings.get('visible_toolbar_buttons').emoji);
          note('user', _converse.user_settings.idiom_unknown, _converse.user_settings.view_mode);
          note('view_mode', _converse.view_mode, _converse.auto_login, _converse.jid.split('/')[0]);
          _converse.auto_join_on_invite = true;
          note('written', settings.get('auto_join_on_invite'));
        },
      });
    },
  },
  {
    name: 'events of plugins, and promises',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          const context = { here: true };
          _converse.on('idiom-event', function (...args) { note('on', this === context, ...args); }, context);
          _converse.once('idiom-event', (...args) => note('once', ...args));
          _converse.api.listen.once('idiom-event', (...args) => note('listen.once', ...args));
          const gone = () => note('off');
          _converse.api.listen.on('idiom-event', gone);
          _converse.api.listen.not('idiom-event', gone);
          _converse.api.promises.add('idiom-promise');
          _converse.api.waitUntil('idiom-promise').then((value) => note('promise', value));
          note('unknown', _converse.api.waitUntil('idiom-nonsense'));
          _converse.emit('idiom-event', 1, { a: 2 });
          _converse.api.emit('idiom-event', 2);
          _converse.trigger('idiom-event', 3);
          _converse.api.emit('idiom-promise', 'value');
          _converse.api.waitUntil('rosterContactsFetched').then(() => note('rosterContactsFetched'));
          _converse.api.waitUntil('chatBoxesFetched').then(() => note('chatBoxesFetched'));
        },
      });
    },
    drive: ({ until }) => until('rosterContactsFetched'),
  },
  {
    name: 'the order of events of a log-in',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const names = ['pluginsInitialized', 'connectionInitialized', 'setUserJID', 'sessionInitialized', 'streamFeaturesAdded', 'statusInitialized', 'presencesInitialized', 'rosterInitialized', 'chatBoxesFetched', 'privateChatsAutoJoined', 'controlboxInitialized', 'roomsPanelRendered', 'roomsAutoJoined', 'initialized', 'connected', 'addClientFeatures', 'rosterGroupsFetched', 'discoInitialized', 'roster', 'rosterContactsFetched', 'bookmarksInitialized'];
          for (const name of names) this._converse.api.listen.once(name, () => note('event', name));
        },
      });
    },
    settle: true,
    drive: ({ until }) => until('event', 21),
  },
  {
    name: 'log-in and log-out by a plugin',
    login: false,
    plugin({ jid }) {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          for (const name of ['connected', 'logout', 'disconnected']) _converse.api.listen.on(name, () => note('event', name));
          window.idiom = { login: () => _converse.api.user.login({ jid, password: 'secret' }), logout: () => _converse.api.user.logout() };
        },
      });
    },
    wire: /^<presence.*unavailable/,
    async drive({ run, until }) {
      await run(() => idiom.login());
      await until('event');
      await until('harness ready');
      await run(() => idiom.logout());
      await until('event', 3);
    },
  },
  {
    name: 'onConnectStatusChanged replaced, and why the connection ended',
    login: false,
    plugin({ jid }) {
      converse.plugins.add('idiom', {
        overrides: {
          onConnectStatusChanged(status, message) {
            note('status', status);
            return this.__super__.onConnectStatusChanged.apply(this, arguments);
          },
        },
        initialize() {
          const { _converse } = this;
          _converse.api.listen.on('connected', () => note('connected', _converse.disconnection_cause));
          _converse.api.listen.on('disconnected', () => setTimeout(() => {
            _converse.setDisconnectionCause('mine');
            note('cause', _converse.disconnection_cause);
            _converse.setDisconnectionCause('mine', 'because', true);
            note('cause', _converse.disconnection_cause, _converse.disconnection_reason);
          }, 200));
          window.idiom = { login: () => _converse.autoLogin({ jid, password: 'secret' }), logout: () => _converse.api.user.logout() };
        },
      });
    },
    async drive({ run, until }) {
      await run(() => void idiom.login());
      await until('connected');
      await until('harness ready');
      await run(() => idiom.logout());
      await until('cause', 2);
    },
  },
  {
    name: 'fetchLoginCredentials replaced: somebody else says who the user is',
    inShort: true,
    login: false,
    settings: { credentials_url: '/nowhere', auto_login: true },
    plugin({ jid }) {
      converse.plugins.add('idiom', {
        overrides: {
          fetchLoginCredentials() {
            note('asked');
            return Promise.resolve({ jid, password: 'secret' });
          },
        },
        initialize() {
          this._converse.api.listen.on('connected', () => note('connected', this._converse.bare_jid));
        },
      });
    },
    drive: ({ until }) => until('connected'),
  },
  {
    name: 'names of the ways to log in',
    inShort: true,
    plugin() {
      const { Strophe } = converse.env;
      Strophe.SASLMine = function () {};
      Strophe.SASLMine.prototype = new Strophe.SASLMechanism('MINE', true, 2000);
      converse.plugins.add('idiom', {
        initialize() {
          note('mine', Strophe.SASLMine.prototype.name, Strophe.SASLMine.prototype.priority, Strophe.SASLMine.prototype.test({}));
          for (const name of ['Anonymous', 'External', 'MD5', 'OAuthBearer', 'Plain', 'SHA1', 'XOAuth2']) {
            const { prototype } = Strophe[`SASL${name}`];
            note(name, prototype.name, prototype.isClientFirst, prototype.priority, prototype instanceof Strophe.SASLMechanism, new Strophe[`SASL${name}`]().priority);
          }
        },
      });
    },
  },
  {
    name: 'utils: what is made of addresses of files, and of emoji',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          const { utils } = converse.env;
          const shown = (html) => {
            const place = document.createElement('div');
            place.innerHTML = html;
            return [...place.querySelectorAll('*')].map((element) => `${element.localName} ${element.getAttribute('src') ?? element.getAttribute('href')} ${element.childElementCount ? '' : element.textContent}`.trim()).concat(place.children.length ? [] : [place.textContent]);
          };
          for (const name of ['renderAudioURL', 'renderMovieURL', 'renderImageURL', 'renderFileURL']) {
            for (const file of ['a%20b.mp3', 'c.mp4', 'd.png', 'e.pdf']) note(name, ...shown(utils[name](_converse, `https://site.lit/${file}`)));
          }
          note('emoji', ...['😀', 'a', '😀😀', '7', ''].map((text) => Boolean(utils.isSingleEmoji(text))));
          note('renderer', typeof utils.getEmojiRenderer(_converse));
        },
      });
    },
  },
  {
    name: '_converse.log and api.tokens',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          const { error } = console;
          console.error = (text) => note('error', String(text).split('\n')[0]);
          _converse.log('something', converse.env.Strophe.LogLevel.ERROR);
          _converse.log('nothing to see');
          console.error = error;
          note('tokens', _converse.api.tokens.get('rid'), _converse.api.tokens.get('sid'));
        },
      });
    },
  },
];
