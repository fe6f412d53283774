// Views, their elements, and the methods of theirs that plugins replace.

const open = (peerJid) => _converse.api.chats.open(peerJid).then(() => {});

export default [
  {
    name: 'the view of a conversation, and what is found in its element',
    inShort: true,
    plugin() { converse.plugins.add('idiom', { initialize() { window._converse = this._converse; } }); },
    async drive({ run, settle, peerJid }) {
      await run(open, peerJid);
      await settle();
      await run((peerJid) => {
        const { chatboxviews } = _converse;
        const view = chatboxviews.get(peerJid);
        note('view', view.model === _converse.chatboxes.get(peerJid), view.el instanceof HTMLElement, document.contains(view.el));
        note('overview', Object.values(chatboxviews.getAll()).includes(view), chatboxviews.getAll()[peerJid] === view, chatboxviews.views[peerJid] === view, Boolean(chatboxviews.get('controlbox')), typeof chatboxviews.model);
        note('box', document.getElementById(view.model.get('box_id')) === view.el);
        const selectors = ['.chat-toolbar > li.toggle-toolbar-menu.toggle-smiley.dropup', 'textarea.chat-textarea', '.message-form-container', '.chat-content', '.box-flyout', '.chat-toolbar', '.close-chatbox-button', '.chatbox-btn', '.chat-head'];
        for (const selector of selectors) note(selector, Boolean(view.el.querySelector(selector)));
        for (const selector of ['#conversejs', '#conversejs .chatbox', '#converse-modals', '.toggle-controlbox']) note(selector, Boolean(document.querySelector(selector)));
        view.showHelpMessages(['help of a plugin']);
        view.scrollDown();
      }, peerJid);
      await settle();
      await run((peerJid) => {
        const view = _converse.chatboxviews.get(peerJid);
        note('help', /help of a plugin/.test(view.el.textContent), Boolean(view.el.querySelector('.chat-info')));
      }, peerJid);
    },
  },
  {
    name: 'the control box while it is closed',
    plugin() { converse.plugins.add('idiom', { initialize() { window._converse = this._converse; } }); },
    drive: ({ run }) => run(() => note('parts', Boolean(document.querySelector('#controlbox')), Boolean(document.querySelector('.controlbox-section')), _converse.chatboxviews.get('controlbox').el instanceof HTMLElement)),
  },
  {
    name: 'the control box, and what is found there',
    settings: { show_controlbox_by_default: true },
    plugin() { converse.plugins.add('idiom', { initialize() { window._converse = this._converse; } }); },
    async drive({ run, settle }) {
      await settle();
      await run(() => {
        for (const selector of ['.controlbox-padded', '.controlbox-section', '.logout', '.d-flex', '.items-list', '.list-container', '.open-rooms-list', '.controlbox-panes', '#converse-roster', '#chatrooms', '.roster-contacts', '.list-item', '.userinfo', '.open-chat']) {
          note(selector, Boolean(document.querySelector(`#controlbox ${selector}, #controlbox${selector}`)));
        }
      });
    },
  },
  {
    name: 'renderToolbar as an event: a tool beside the emoji',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          window._converse = _converse;
          _converse.api.listen.on('renderToolbar', (view) => {
            note('renderToolbar', view.model.get('type'));
            const smiley = view.el.querySelector('.toggle-smiley.dropup');
            const tool = document.createElement('li');
            tool.className = 'idiom-tool';
            tool.innerHTML = '<a class="fas fa-star" title="Idiom">*</a>';
            tool.addEventListener('click', (event) => { event.stopPropagation(); note('clicked', view.model.get('jid')); }, false);
            smiley.insertAdjacentElement('afterEnd', tool);
          });
        },
      });
    },
    async drive({ run, say, settle, until, click, peerJid, type }) {
      await run(open, peerJid);
      await until('renderToolbar');
      say('<message type="chat" id="t1"><body>hello</body></message>');
      await settle();
      await type('an answer');
      await settle();
      await run(() => note('there', document.querySelectorAll('.chatbox .chat-toolbar .idiom-tool').length, document.querySelector('.toggle-smiley').nextElementSibling.className));
      await click('.chatbox:not(.hidden) .idiom-tool');
      await until('clicked');
    },
  },
  {
    name: 'renderToolbar replaced by two plugins, one above the other',
    inShort: true,
    plugin: [
      function () {
        converse.plugins.add('idiom', {
          overrides: {
            ChatBoxView: {
              renderToolbar(toolbar, options) {
                note('order', 'first in');
                const result = this.__super__.renderToolbar.apply(this, arguments);
                this.el.querySelector('.toggle-smiley.dropup').insertAdjacentHTML('afterend', '<li class="idiom-one">1</li>');
                note('order', 'first out', result === this);
                return result;
              },
            },
          },
          initialize() { window._converse = this._converse; },
        });
      },
      function () {
        converse.plugins.add('second', {
          overrides: {
            ChatBoxView: {
              renderToolbar(toolbar, options) {
                note('order', 'second in', this.__super__._converse === window._converse);
                const result = this.__super__.renderToolbar.apply(this, arguments);
                this.el.querySelector('.chat-toolbar').insertAdjacentHTML('beforeend', '<li class="idiom-two">2</li>');
                note('order', 'second out');
                return result;
              },
            },
          },
          initialize() {},
        });
      },
    ],
    async drive({ run, say, settle, until, peerJid }) {
      await run(open, peerJid);
      await until('order', 4);
      say('<message type="chat" id="t1"><body>hello</body></message>');
      await settle();
      await run((peerJid) => {
        const { el } = _converse.chatboxviews.get(peerJid);
        note('there', el.querySelectorAll('.idiom-one').length, el.querySelectorAll('.idiom-two').length);
      }, peerJid);
    },
  },
  {
    name: 'parseMessageForCommands replaced',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBoxView: {
            parseMessageForCommands(text) {
              const match = text.replace(/^\s*/, '').match(/^\/(.*?)(?: (.*))?$/) || [false, '', ''];
              if (match[1] === 'idiom') {
                note('command', match[2], this.model.get('jid'));
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
    async drive({ run, type, settle, until, peerJid }) {
      await run(open, peerJid);
      await type('/idiom with words');
      await until('command');
      await type('no command');
      await settle();
      await run((peerJid) => note('field', _converse.chatboxviews.get(peerJid).el.querySelector('textarea').value), peerJid);
    },
  },
  {
    name: 'renderChatMessage replaced',
    inShort: true,
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          MessageView: {
            async renderChatMessage() {
              await this.__super__.renderChatMessage.apply(this, arguments);
              const text = this.el.querySelector('.chat-msg__text');
              if (this.model.get('message') && text) {
                text.innerHTML = `<b class="idiom">${this.model.get('message')} by ${this.model.get('sender')} in ${this.model.get('type')}</b>`;
                note('rendered', this.model.get('message'));
              }
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, say, type, settle, until, peerJid }) {
      await run(open, peerJid);
      say('<message type="chat" id="m1"><body>one</body></message>');
      await until('rendered');
      await type('mine');
      await until('rendered', 2);
      say('<message type="chat" id="m2"><body>two</body></message>');
      await settle();
      const show = (peerJid) => note('shown', [..._converse.chatboxviews.get(peerJid).el.querySelectorAll('.chat-msg__text b.idiom')].map((one) => one.textContent));
      await run(show, peerJid);
      say('<message type="chat" id="m3"><body>won</body><replace xmlns="urn:xmpp:message-correct:0" id="m1"/></message>');
      await settle();
      await settle();
      await run(show, peerJid);
      await run(() => { sideBySide.log = sideBySide.log.filter(([name]) => name !== 'rendered'); });
    },
  },
  {
    name: 'renderChatMessage replaced: another element in the place of the message',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          MessageView: {
            async renderChatMessage() {
              if (!/^plain/.test(this.model.get('message') || '')) return this.__super__.renderChatMessage.apply(this, arguments);
              const element = document.createElement('div');
              element.className = 'message idiom-message';
              element.textContent = this.model.get('message');
              await this.__super__.renderChatMessage.apply(this, arguments);
              this.replaceElement(element);
              note('replaced', this.el === element);
              return this;
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, say, settle, until, peerJid }) {
      await run(open, peerJid);
      say('<message type="chat" id="p1"><body>plain words</body></message>');
      await until('replaced');
      say('<message type="chat" id="p2"><body>others</body></message>');
      await settle();
      await run((peerJid) => {
        const { el } = _converse.chatboxviews.get(peerJid);
        note('shown', [...el.querySelectorAll('.idiom-message')].map((one) => one.textContent), el.querySelectorAll('.chat-msg').length);
      }, peerJid);
    },
  },
  {
    name: 'MessageView.transformOOBURL replaced',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          MessageView: {
            transformOOBURL(url) {
              note('url', url);
              return url.includes('idiom') ? `<span class="idiom-media">${url.length}</span>` : this.__super__.transformOOBURL.apply(this, arguments);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, say, settle, until, peerJid }) {
      await run(open, peerJid);
      say('<message type="chat" id="o1"><body>see</body><x xmlns="jabber:x:oob"><url>https://site.lit/idiom.bin</url></x></message>');
      await until('url');
      await settle();
      await run((peerJid) => note('media', _converse.chatboxviews.get(peerJid).el.querySelector('.idiom-media')?.textContent), peerJid);
    },
  },
  {
    name: 'toggleCall replaced, and callButtonClicked',
    settings: { visible_toolbar_buttons: { call: true } },
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBoxView: {
            toggleCall(event) {
              note('toggleCall', event.type);
              return this.__super__.toggleCall.apply(this, arguments);
            },
          },
        },
        initialize() {
          const { _converse } = this;
          window._converse = _converse;
          _converse.api.listen.on('callButtonClicked', ({ connection, model }) => note('callButtonClicked', connection === _converse.connection, model.get('jid')));
        },
      });
    },
    async drive({ run, click, until, settle, peerJid }) {
      await run(open, peerJid);
      await settle();
      await run((peerJid) => (_converse.chatboxviews.get(peerJid).el.querySelector('.toggle-call > *') ?? _converse.chatboxviews.get(peerJid).el.querySelector('.toggle-call')).click(), peerJid);
      await until('callButtonClicked');
    },
  },
  {
    name: 'ChatBoxView: events, getToolbarOptions and renderMessageForm replaced',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBoxView: {
            events: {
              'click .idiom-button': 'onIdiom',
              'keydown .chat-textarea.idiom': function () {},
            },
            getToolbarOptions(options) {
              // How often tools are drawn is nobody's business.
              if (!window.asked) note('getToolbarOptions');
              window.asked = true;
              return Object.assign(this.__super__.getToolbarOptions.apply(this, arguments), { idiom: true });
            },
            renderMessageForm() {
              const result = this.__super__.renderMessageForm.apply(this, arguments);
              const container = this.el.querySelector('.message-form-container');
              note('renderMessageForm', Boolean(container), Boolean(this.el.querySelector('textarea.chat-textarea')));
              container.insertAdjacentHTML('beforeend', '<button type="button" class="idiom-button" style="position:relative;z-index:9">idiom</button>');
              return result;
            },
            onIdiom(event) {
              event.preventDefault();
              note('clicked', event.type, this.model.get('jid'));
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, click, until, say, settle, peerJid }) {
      await run(open, peerJid);
      await until('renderMessageForm');
      say('<message type="chat" id="e1"><body>hello</body></message>');
      await settle();
      await run((peerJid) => _converse.chatboxviews.get(peerJid).el.querySelector('.idiom-button').click(), peerJid);
      await until('clicked');
    },
  },
  {
    name: 'chatBoxMayBeShown replaced: what is there after a reload',
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          ChatBoxes: {
            chatBoxMayBeShown(chatbox) {
              if (chatbox.get('type') === 'chatbox') {
                if (!window.asked) note('asked', chatbox.get('jid'));
                window.asked = true;
                return false;
              }
              return this.__super__.chatBoxMayBeShown(chatbox);
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, settle, reload, until, peerJid }) {
      await run(open, peerJid);
      await settle();
      const look = (peerJid) => note('shown', (_converse.chatboxviews.get(peerJid)?.el.getBoundingClientRect().height ?? 0) > 0);
      await run(look, peerJid);
      await reload();
      await until('asked');
      await settle();
      await run(look, peerJid);
    },
  },
  {
    name: 'LoginPanel.render replaced: another way in',
    login: false,
    settings: { show_controlbox_by_default: true },
    plugin() {
      converse.plugins.add('idiom', {
        overrides: {
          LoginPanel: {
            insertOAuthProviders() {
              this.el.insertAdjacentHTML('beforeend', '<div class="idiom-providers"><button type="button">Another way in</button></div>');
              note('inserted', Boolean(this.el.querySelector('form')));
            },
            render(cfg) {
              const result = this.__super__.render.apply(this, arguments);
              if (!this.el.querySelector('.idiom-providers')) this.insertOAuthProviders();
              return result;
            },
          },
        },
        initialize() { window._converse = this._converse; },
      });
    },
    async drive({ run, until, settle }) {
      await until('inserted');
      await settle();
      await run(() => note('there', document.querySelectorAll('#controlbox .idiom-providers').length));
    },
  },
  {
    name: 'events of views',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          window._converse = _converse;
          for (const name of ['chatBoxInitialized', 'chatBoxOpened', 'chatBoxClosed', 'chatBoxMinimized', 'chatBoxMaximized', 'afterMessagesFetched', 'controlBoxOpened', 'controlBoxClosed']) {
            _converse.api.listen.on(name, (view) => {
              const type = view?.model?.get('type');
              const seen = (window.seen ??= new Set());
              if (type === 'controlbox' || seen.has(name)) return;
              seen.add(name);
              note(name, type);
            });
          }
        },
      });
    },
    async drive({ run, settle, peerJid, until }) {
      await run(open, peerJid);
      await until('chatBoxInitialized');
      await settle();
      await run((peerJid) => _converse.chatboxviews.get(peerJid).minimize(), peerJid);
      await settle();
      await run((peerJid) => _converse.chatboxviews.get(peerJid).maximize(), peerJid);
      await settle();
      await run((peerJid) => _converse.chatboxviews.get(peerJid).close(), peerJid);
      await until('chatBoxClosed');
      await settle();
      await run((peerJid) => note('gone', _converse.chatboxes.get(peerJid), _converse.chatboxviews.get(peerJid)), peerJid);
    },
  },
  {
    name: 'a dialog of a plugin',
    plugin() {
      converse.plugins.add('idiom', {
        initialize() {
          const { _converse } = this;
          window._converse = _converse;
          note('classes', typeof _converse.BootstrapModal);
          if (!_converse.BootstrapModal) return;
          window.Dialog = _converse.BootstrapModal.extend({
            initialize() {
              _converse.BootstrapModal.prototype.initialize.apply(this, arguments);
              this.model.on('change', this.render, this);
            },
            toHTML() {
              return '<div class="modal" id="idiom-dialog" tabindex="-1" role="dialog"><div class="modal-dialog" role="document"><div class="modal-content"><div class="modal-header"><h5 class="modal-title">Title</h5></div><div class="modal-body">Words of the plugin</div><div class="modal-footer"></div></div></div></div>';
            },
            afterRender() {
              note('afterRender', Boolean(this.el.querySelector('.modal-body')));
            },
          });
        },
      });
    },
    async drive({ run, settle }) {
      await run(() => {
        if (window.Dialog) {
          const dialog = new Dialog({ model: new converse.env.Backbone.Model({}) });
          dialog.show();
        }
      });
      await settle();
      await settle();
      await run(() => note('shown', document.querySelector('#idiom-dialog .modal-body')?.getBoundingClientRect().height > 0));
    },
  },
];
